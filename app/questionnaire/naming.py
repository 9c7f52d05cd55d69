"""What an expression may name where it stands: what was asked before, and nothing that may come later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .declared import calculated, declared_of, variables_of
from .expressions import ExpressionError, parse
from .expressions.types import Declared, Scope
from .kinds.calculate import Calculate
from .outline import Asked, word
from .problems import Finding, Path
from .sequence import Sequence, Spot

LATER = "It names “%(name)s”, which comes later."
ITSELF = "It names “%(name)s”, which is this question itself."
ANSWER = "It names “%(name)s”, which is this question itself: its answer is “.” here."
CIRCLE = "It names “%(name)s”, which is calculated from this in turn."
NOTHING = "It names “%(name)s”, which is no question."
UNANSWERED = "It names “%(name)s”, which takes no answer itself."


@dataclass(frozen=True)
class Here:
    """Where an expression stands: its spot, None where the order does not matter, and the names of its own question."""

    spot: Spot | None = None
    own: tuple[str, ...] = ()


@dataclass
class Known:
    """What may be named. It grows as a document is read from its beginning to its end."""

    variables: dict[str, Declared] = field(default_factory=dict)
    sequence: Sequence | None = None
    unknown: str = NOTHING
    told: dict[str, str] = field(default_factory=dict)
    """What is said of other names."""
    spots: dict[str, Spot] = field(default_factory=dict)
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What each calculated variable is calculated from."""
    hanging: dict[str, list[str]] = field(default_factory=dict)

    def expect(self, asked: Iterable[Asked]) -> None:
        """Learns what will come."""
        self.hanging.clear()
        for question in asked:
            self.told |= {name: UNANSWERED for _, name in question.named() if self.told.get(name) != LATER}
            self.told |= dict.fromkeys(variables_of(question), LATER)
            if question.of(Calculate):
                self.sources[question.name] = _names_in(word(question.data, "calculation"))

    def add(self, question: Asked, spot: Spot) -> None:
        """A question has been asked: from here on its variables may be named."""
        found = declared_of(question)
        if question.of(Calculate) and question.name in found:
            found[question.name] = self._calculated(word(question.data, "calculation"))
        self.variables |= found
        self.spots |= dict.fromkeys(found, spot)

    def _calculated(self, source: str) -> Declared:
        try:
            return calculated(parse(source), Scope(self.variables))
        except ExpressionError:
            return calculated(parse("''"), Scope())

    def check(self, path: Path, names: Iterable[str], here: Here) -> Iterator[Finding]:
        """What is wrong with the names in an expression or a text."""
        for name in names:
            if name in here.own:
                yield path, ANSWER if path[-1] == "constraint" else ITSELF, {"name": name}
            elif name in self.variables:
                yield from self._random(path, name, here)
            elif path[-1] == "calculation" and set(here.own) & set(self._hangs_on(name)):
                yield path, CIRCLE, {"name": name}
            else:
                yield path, self.told.get(name, self.unknown), {"name": name}

    def _random(self, path: Path, name: str, here: Here) -> Iterator[Finding]:
        """A question that is asked earlier by some may be asked later by others."""
        if here.spot is None or self.sequence is None:
            return
        for source in self._hangs_on(name):
            later = self.sequence.may_come_later(self.spots[source], here.spot) if source in self.spots else None
            if later:
                message, place = later
                yield path, message, {"name": source, "place": place}
                return

    def _hangs_on(self, name: str) -> list[str]:
        """A variable, and all that it is calculated from; looked for once, however many name it."""
        if name in self.hanging:
            return self.hanging[name]
        found: dict[str, None] = {}
        waiting = [name]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                waiting += self.sources.get(one, ())
        self.hanging[name] = list(found)
        return self.hanging[name]


def _names_in(source: str) -> tuple[str, ...]:
    try:
        return parse(source).names
    except ExpressionError:
        return ()
