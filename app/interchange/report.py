"""What became of each thing in a file of another program's: kept, changed or dropped, and why. Nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import Message, Path

Outcome = Literal["kept", "changed", "dropped"]
OUTCOMES: tuple[Outcome, ...] = ("kept", "changed", "dropped")

Thing = tuple[str, str, str]
"""Where it stands in the source, what it is there, and its name there."""


@dataclass(frozen=True)
class Entry:
    """What became of one thing. `message` is a template in English for `params`: how it was changed, why dropped.

    A param may be a Message: a sentence within the sentence, which `said` translates too.

    `where` and `item` are in the source's own words ("survey!C12", "relevant"). An entry without a `where` tells of
    what the source does not hold and had to be filled in: it is told, but not counted.
    """

    where: str
    item: str
    name: str
    outcome: Outcome = "kept"
    message: str = ""
    params: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def thing(self) -> Thing:
        return self.where, self.item, self.name

    def said(self, translate: Callable[[str], str]) -> str:
        """What became of it, in another language; nothing of what was kept. `translate` takes a template."""
        return Message(self.message, self.params).said(translate) if self.message else ""

    def __str__(self) -> str:
        place = " ".join(part for part in (self.where, self.item, f"“{self.name}”" if self.name else "") if part)
        return f"{place}: {self.outcome}. {self.message % self.params}".strip()


class Report:
    """The entries of one file. A thing may have several (changed twice, then dropped); it counts once, as the worst.

    A reader adds an entry for each thing, and says `at` which mapping of our document, and under which `key`, it
    went: what later checks find there is then told of the thing in the source.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        """The format's name, as people know it: XLSForm, LimeSurvey, YAML."""
        self.entries: list[Entry] = []
        self._told: set[tuple[Thing, Outcome, str, str]] = set()
        # Mappings are known by identity, as they are moved about; they are kept, so that no identity is given twice.
        self._origins: dict[int, tuple[dict[str, Any], dict[str, Thing]]] = {}
        # Of these, those that stand for a part of a thing, such as an expression in a text: what is lost with them
        # changes the thing, and leaves the rest of it.
        self._parts: set[int] = set()

    def add(
        self,
        where: str,
        item: str,
        name: str = "",
        outcome: Outcome = "kept",
        message: str = "",
        /,
        *,
        at: dict[str, Any] | None = None,
        key: str = "",
        **params: object,
    ) -> None:
        """One thing of the source. `at` and `key`: where in our document it stands; no key is the mapping itself."""
        self._append(Entry(where, item, name, outcome, message, params))
        if at is not None:
            self.stands(where, item, name, at, key)

    def _append(self, entry: Entry) -> None:
        """What is said already, as of a list that several questions share, is not said again."""
        said = (entry.thing, entry.outcome, entry.message, repr(entry.params))
        if said not in self._told:
            self._told.add(said)
            self.entries.append(entry)

    def stands(
        self, where: str, item: str, name: str, at: dict[str, Any], key: str = "", is_part: bool = False
    ) -> None:
        """Says where in our document a thing of the source, or a part of one, stands, without an entry of its own."""
        self._origins.setdefault(id(at), (at, {}))[1][key] = (where, item, name)
        if is_part:
            self._parts.add(id(at))

    def copy_of(self, node: Any) -> Any:
        """A deep copy of a part of our document: it stands for the same things of the source."""
        if isinstance(node, list):
            return [self.copy_of(item) for item in node]
        if not isinstance(node, dict):
            return node
        copied = {key: self.copy_of(value) for key, value in node.items()}
        if id(node) in self._origins:
            self._origins[id(copied)] = (copied, dict(self._origins[id(node)][1]))
            self._parts |= {id(copied)} if id(node) in self._parts else set()
        return copied

    def tell(self, document: dict[str, Any], path: Path, outcome: Outcome, message: str, /, **params: object) -> None:
        """An entry on what stands at a path of our document, in the source's words as far as they are known."""
        thing, is_part = self._thing(document, path)
        self._append(Entry(*thing, "changed" if is_part else outcome, message, params))

    def lost(self, node: Any, message: str, /, **params: object) -> None:
        """All that went into a part of our document which is gone. Its choices may stand elsewhere too."""
        if isinstance(node, list):
            for item in node:
                self.lost(item, message, **params)
        elif isinstance(node, dict):
            _, things = self._origins.get(id(node), (None, dict[str, Thing]()))
            for thing in things.values():
                self._append(Entry(*thing, "changed" if id(node) in self._parts else "dropped", message, params))
            for key, inner in node.items():
                if key != "choices":
                    self.lost(inner, message, **params)

    def _thing(self, document: dict[str, Any], path: Path) -> tuple[Thing, bool]:
        """What of the source stands at a path, and whether it is only a part of it that stands there."""
        nodes: list[tuple[dict[str, Any], str]] = []
        node: Any = document
        for part in path:
            if isinstance(node, dict):
                nodes.append((node, str(part)))
                node = node.get(part)
            else:
                node = node[part] if isinstance(node, list) and isinstance(part, int) and part < len(node) else None
        if isinstance(node, dict):
            nodes.append((node, ""))
        for mapping, key in reversed(nodes):
            _, things = self._origins.get(id(mapping), (None, dict[str, Thing]()))
            for wanted in (key, ""):
                if wanted in things:
                    return things[wanted], id(mapping) in self._parts
        return ("", str(path[-1]) if path else "", ""), False

    def worst(self) -> dict[Thing, Outcome]:
        """What became of each thing in the end."""
        found: dict[Thing, Outcome] = {}
        for entry in self.entries:
            before = found.get(entry.thing, "kept")
            found[entry.thing] = max(before, entry.outcome, key=OUTCOMES.index)
        return found

    def counts(self) -> dict[str, dict[Outcome, int]]:
        """How many things of each sort were kept, changed and dropped."""
        found: dict[str, dict[Outcome, int]] = {}
        for (where, item, _), outcome in self.worst().items():
            if where:
                found.setdefault(item, dict.fromkeys(OUTCOMES, 0))[outcome] += 1
        return found

    def total(self) -> int:
        """How many things the source holds."""
        return sum(sum(outcomes.values()) for outcomes in self.counts().values())

    def told(self) -> Iterator[Entry]:
        """The entries of what did not stay as it was."""
        return (entry for entry in self.entries if entry.outcome != "kept")

    def text(self) -> str:
        """For people, in English: the counts, then a line for each change and loss."""
        lines = [f"{self.source}: {self.total()} things"]
        for item, outcomes in self.counts().items():
            lines.append(f"  {item}: " + ", ".join(f"{count} {word}" for word, count in outcomes.items() if count))
        return "\n".join([*lines, *(str(entry) for entry in self.told())]) + "\n"

    def to_json(self) -> dict[str, Any]:
        """For programs: messages both as template with values and filled in."""
        entries = [
            {
                "where": entry.where,
                "item": entry.item,
                "name": entry.name,
                "outcome": entry.outcome,
                "message": entry.message,
                "params": {key: value if isinstance(value, int | float) else str(value) for key, value in found.items()}
                if (found := entry.params)
                else {},
                "text": entry.message % entry.params,
            }
            for entry in self.entries
        ]
        return {"source": self.source, "total": self.total(), "counts": self.counts(), "entries": entries}


@dataclass(frozen=True)
class Imported:
    """A questionnaire read from a file, sound by our checks, and what became of what the file holds."""

    questionnaire: Questionnaire
    report: Report
