"""Where each action of the catalogue stands: its newest support, for everyone and for each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.estimation.difference import Group
from app.estimation.figure import Estimate, Figure
from app.language import in_language
from app.questionnaire.catalogue import Action, Catalogue
from app.questionnaire.kinds.base import DONT_KNOW
from app.questionnaire.scheme import UNWEIGHTED
from app.storage import estimates

from .asked import Survey, all_surveys
from .divisions import STAKEHOLDER, WHOLE, Division, divisions_of

FIGURES = ("support", "oppose", DONT_KNOW)


@dataclass(frozen=True)
class Gap:
    """The distance between the groups that support an action most and least."""

    highest: str
    lowest: str
    most: Figure
    least: Figure

    @property
    def points(self) -> float:
        return self.most.value - self.least.value


@dataclass(frozen=True)
class Standing:
    """An action with its newest estimates by domain. A domain's None is withheld; a missing one was not estimated.

    scheme, version: by which they are weighted, and its hash ("" without weights).
    """

    action: Action
    survey: Survey
    variable: str
    period: str
    synthetic: bool
    divisions: dict[str, Division]
    estimates: Mapping[str, Estimate | None] = field(default_factory=dict)
    scheme: str = UNWEIGHTED
    version: str = ""

    @property
    def title(self) -> str:
        return in_language(self.action.title)

    def support(self, domain: str = WHOLE) -> Figure | None:
        """The share that supports the action; None where it is withheld or nobody answered."""
        estimate = self.estimates.get(domain)
        return estimate.figures.get("support") if estimate else None

    def group(self, domain: str) -> Group:
        """A group that has a figure, with its estimate. KeyError without one."""
        estimate = self.estimates[domain]
        if estimate is None:
            raise KeyError(domain)
        return domain, estimate

    def withheld(self, domain: str) -> bool:
        """Whether there is an estimate that may not be shown."""
        return domain in self.estimates and self.estimates[domain] is None

    def shares(self, domain: str = WHOLE) -> tuple[float, float, float] | None:
        """Support, neither and oppose; what is missing to 1 is "don't know"."""
        estimate = self.estimates.get(domain)
        if not estimate or not estimate.figures:
            return None
        of = {code: figure.value for code, figure in estimate.figures.items()}
        neither = 1 - of["support"] - of["oppose"] - of.get(DONT_KNOW, 0.0)
        return of["support"], max(neither, 0.0), of["oppose"]

    def domains(self, division: str) -> list[str]:
        """The domains of a breakdown, in its order."""
        return list(self.divisions[division].domains) if division in self.divisions else []

    def label(self, domain: str) -> str:
        """A domain's name in the reader's language."""
        return self.divisions[domain.split("=")[0]].label(domain)

    @property
    def gap(self) -> Gap | None:
        """Between stakeholder groups; None while fewer than two can be shown."""
        known = [(figure.value, d, figure) for d in self.domains(STAKEHOLDER) if (figure := self.support(d))]
        if len(known) < 2:
            return None
        most, least = max(known), min(known)
        return Gap(most[1], least[1], most[2], least[2])


def standings(catalogue: Catalogue, of: Iterable[Action], breakdowns: Sequence[str] = ()) -> dict[str, Standing]:
    """The standing of every one of some actions that has estimates, by its code, in the catalogue's order.

    For everyone, and for the groups of `breakdowns`. Where several surveys ask about an action, as an omnibus does,
    the one of the action's own track stands: it asks everybody.
    """
    wanted = {action.code: action for action in of}
    own = {track.key: track.code for track in catalogue.tracks}
    found: dict[str, Standing] = {}
    for survey in all_surveys():
        for standing in _of_survey(survey, wanted, breakdowns):
            code = standing.action.code
            if code not in found or code.startswith(own.get(survey.key, "-")):
                found[code] = standing
    return {action.code: found[action.code] for action in catalogue.actions if action.code in found}


def _of_survey(survey: Survey, wanted: Mapping[str, Action], breakdowns: Sequence[str]) -> Iterable[Standing]:
    current = {v.name: wanted[code] for code, v in survey.actions().items() if code in wanted}
    # What was measured under an earlier name stands until the new one has figures.
    names = {old: name for name in current for old in survey.names(name)} | {name: name for name in current}
    rows = estimates.newest_of(survey.key, list(names), breakdowns, FIGURES)
    by_variable: dict[str, dict[str, Estimate | None]] = {}
    for row in rows:
        by_variable.setdefault(names[row.variable], {})[row.domain] = row.estimate
    divisions = divisions_of(survey.versions.values())
    for name, by_domain in by_variable.items():
        first = rows[0]
        place = first.period, first.wave.synthetic
        yield Standing(current[name], survey, name, *place, divisions, by_domain, first.scheme, first.version)
