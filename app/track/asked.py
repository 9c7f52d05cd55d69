"""What a survey asked: its versions, its published questions, and every wording of one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.questionnaire.kinds.base import Variable
from app.questionnaire.model import Questionnaire
from app.questionnaire.versions import joined, leads_on
from app.storage import surveys
from app.storage.estimates import Published
from app.storage.models import Wave

from .line import Line


@dataclass(frozen=True)
class Survey:
    """A survey with all its published versions by hash, the newest first."""

    key: str
    versions: dict[str, Questionnaire]

    @property
    def newest(self) -> Questionnaire:
        return next(iter(self.versions.values()))

    def variable(self, name: str) -> Variable | None:
        """A question as the newest version that has it puts it; None if it is not published there."""
        found = next((v for v in self.versions.values() if name in v.variables), None)
        return next((v for v in found.published_variables if v.name == name), None) if found else None

    def published(self) -> list[Variable]:
        """Every published question: those of the newest version in its order, then those no longer asked."""
        names = dict.fromkeys(v.name for version in self.versions.values() for v in version.published_variables)
        return [variable for name in names if self.leads_on(name) == name and (variable := self.variable(name))]

    @cached_property
    def _in_order(self) -> list[Questionnaire]:
        return list(self.versions.values())[::-1]

    def leads_on(self, name: str) -> str:
        """The name under which the line of a question goes on: its own, unless another was declared to continue it."""
        return leads_on(self._in_order, name)

    def names(self, name: str) -> list[str]:
        """Every name that the question of a name has had, its own among them."""
        declared = any(version.continues for version in self.versions.values())
        return self.line(name).names if declared else [name]

    def line(self, name: str) -> Line:
        """The line that leads to a question."""
        return Line(self.key, self.versions, joined(self._in_order, name))

    def actions(self) -> dict[str, Variable]:
        """The variable that asks about each action of the catalogue, by the action's code."""
        found: dict[str, Variable] = {}
        for variable in self.published():
            if variable.action:
                found.setdefault(variable.action, variable)
        return found


@dataclass(frozen=True)
class Wording:
    """One form in which a question was put, with the waves that put it so."""

    fingerprint: str
    variable: Variable
    waves: list[Wave]

    @property
    def first(self) -> datetime:
        """When it was first asked."""
        return min(wave.opens_at for wave in self.waves)

    @property
    def last(self) -> date | None:
        """The last day on which it was asked; None while a wave that asks it has no end."""
        ends = [wave.last_day for wave in self.waves]
        return max((end for end in ends if end), default=None) if all(ends) else None


def find_survey(key: str) -> Survey | None:
    """A survey by its key; None where there is none."""
    versions = {version: surveys.questionnaire(version) for version, _ in surveys.published_versions(key)}
    return Survey(key, versions) if versions else None


def all_surveys() -> list[Survey]:
    """Every survey that has a published questionnaire."""
    return [survey for key in surveys.survey_keys() if (survey := find_survey(key))]


def wordings_of(line: Line, rows: Iterable[Published]) -> dict[str, Wording]:
    """Each wording behind some estimates, by the hash of every questionnaire that has it; in order of waves."""
    waves = {row.wave.id: row.wave for row in rows}
    by_print: dict[str, Wording] = {}
    by_version: dict[str, Wording] = {}
    for wave in waves.values():
        version = wave.questionnaire_hash
        if version not in by_version:
            key = line.fingerprint(version)
            by_version[version] = by_print.setdefault(key, Wording(key, line.variable(version), []))
        by_version[version].waves.append(wave)
    return by_version
