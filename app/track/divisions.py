"""The ways in which a survey's estimates are divided, and the names of their groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _

from app.language import in_language
from app.questionnaire.model import Breakdown, Questionnaire

WHOLE = "all"
COUNTRY, STAKEHOLDER, HOSTS = "country", "stakeholder", "hosts"


@dataclass(frozen=True)
class Division:
    """One breakdown: its name and title, and its domains (key -> label in each language) in order."""

    name: str
    title: str
    domains: dict[str, dict[str, str]]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The domains' names in the reader's language."""
        if self.name == WHOLE:
            return {WHOLE: self.title}
        return {key: in_language(label) for key, label in self.domains.items()}

    def label(self, domain: str) -> str:
        """A domain's name in the reader's language."""
        return self.labels[domain]


def divisions_of(versions: Iterable[Questionnaire]) -> dict[str, Division]:
    """Every breakdown by its name, as the first version that has it puts it; then the whole.

    Groups that only later versions in the list have come after those of the first.
    """
    found: dict[str, Division] = {}
    for questionnaire in versions:
        for breakdown in questionnaire.breakdowns:
            title, domains = _read(questionnaire, breakdown)
            known = found.setdefault(breakdown.name, Division(breakdown.name, title, {}))
            for key, label in domains.items():
                known.domains.setdefault(key, label)
    found[WHOLE] = Division(WHOLE, _("Everyone"), {WHOLE: {"en": "Everyone", "ja": "全体"}})
    return found


def _read(questionnaire: Questionnaire, breakdown: Breakdown) -> tuple[str, dict[str, dict[str, str]]]:
    if breakdown.groups:
        return in_language(breakdown.label), {f"{breakdown.name}={g.code}": g.label for g in breakdown.groups}
    variable = questionnaire.variables[breakdown.name]
    levels = {f"{breakdown.name}={o.code}": o.label for o in variable.options if not o.apart}
    return in_language(breakdown.label or variable.label), levels
