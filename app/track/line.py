"""The line that leads to a question: what it was called in each version, and where it is joined by declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from app.questionnaire.kinds.base import Variable
from app.questionnaire.met import Fact, Met, Part, carried, facts, met
from app.questionnaire.model import Questionnaire
from app.questionnaire.versions import Link, fingerprint_of
from app.storage import surveys
from app.storage.estimates import Published


@dataclass(frozen=True)
class Join:
    """Two versions whose questions differ and are declared equivalent. `reasons`: of each declaration between them."""

    before: str
    after: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Fielded:
    """A wave of the line. Waves of one `number` asked what may be compared; `joined_by`: why the last wording may."""

    number: int
    joined_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A question over the versions of its survey, which are given by hash."""

    survey: str
    versions: dict[str, Questionnaire]
    segments: tuple[tuple[Link, ...], ...]

    @cached_property
    def _places(self) -> dict[str, tuple[int, int, Link]]:
        """Of each version in the line: its place in it, its segment, and the link."""
        links = [(number, link) for number, segment in enumerate(self.segments) for link in segment]
        return {link.version: (place, number, link) for place, (number, link) in enumerate(links)}

    @property
    def names(self) -> list[str]:
        """Every name that the question has had."""
        return list(dict.fromkeys(link.name for segment in self.segments for link in segment))

    def asked_as(self, version: str) -> str | None:
        """The question's name in a version; None where the version is not of this line."""
        return self._places[version][2].name if version in self._places else None

    def variable(self, version: str) -> Variable:
        """The question as a version of the line has it."""
        return self.versions[version].variables[self._places[version][2].name]

    def fingerprint(self, version: str) -> str:
        """That of the question in a version of the line."""
        return fingerprint_of(self.versions[version], self._places[version][2].name)

    def rows(self, read: Callable[[str], list[Published]]) -> list[Published]:
        """The estimates of the line in the order of waves; `read` gives all of a name."""
        found = [row for name in self.names for row in read(name) if self.asked_as(row.wave.questionnaire_hash) == name]
        return sorted(found, key=lambda row: (row.wave.opens_at, row.wave.id))

    def join(self, before: str, after: str) -> Join | None:
        """What joins the questions of two versions; None where they are the same, or not joined."""
        if before == after:
            return None
        low, high = sorted((before, after), key=lambda version: self._places[version][0])
        (first, segment, old), (last, other, new) = self._places[low], self._places[high]
        if segment != other or (old.name == new.name and not facts(old.met, self._met(high))):
            return None
        between = [link for place, _, link in self._places.values() if first < place <= last]
        return Join(before, after, tuple(link.reason for link in between if link.reason))

    def facts(self, join: Join) -> tuple[Fact, ...]:
        """In what the questions of a join differ."""
        old, new = self.variable(join.before), self.variable(join.after)
        renamed = (Fact(Part("name"), old.name, new.name),) if old.name != new.name else ()
        return renamed + facts(self._met(join.before), self._met(join.after))

    def _met(self, version: str) -> Met:
        return met(self.versions[version], self.variable(version))

    @cached_property
    def fielded(self) -> dict[int, Fielded]:
        """The waves of the line by id. A version that no wave fielded breaks nothing: nobody was asked its wording."""
        found: dict[int, Fielded] = {}
        now, before = Fielded(0), ""
        asked: Met = {}  # Since the number changed, each language as it was last put.
        for wave, version in self._waves():
            own = self._met(version)
            join = self.join(before, version) if before else None
            if join:
                now = Fielded(now.number, join.reasons)
            elif before and self._places[before][1] != self._places[version][1] and facts(asked, own):
                now, asked = Fielded(now.number + 1), {}
            found[wave], before, asked = now, version, carried(asked, own)
        return found

    def _waves(self) -> Iterator[tuple[int, str]]:
        """Id and version of each, in order of opening. A cancelled wave closes as it opens."""
        for wave in surveys.waves(self.survey):
            if wave.questionnaire_hash in self._places and wave.closes_at != wave.opens_at:
                yield wave.id, wave.questionnaire_hash
