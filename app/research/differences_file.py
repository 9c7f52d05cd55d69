"""Differences between groups, arms and waves, as `flask estimates export --differences` prints them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.estimation.contrast import Contrast, between
from app.estimation.contrasts import Cells, asked_figures, contrasts
from app.estimation.difference import holm
from app.estimation.figure import Figure
from app.estimation.measure import Measure
from app.estimation.suppression import Domain
from app.questionnaire.model import Questionnaire
from app.storage.computing import Computed
from app.storage.estimates import shown_figures

COLUMNS = (
    *("survey", "scheme", "version", "kind", "by", "domain", "wave", "period", "variable", "figure"),
    *("first", "second"),
    *("difference", "se", "low", "high", "df", "p", "p_adjusted", "family", "method", "first_n", "second_n"),
    "synthetic",
)
METHOD = "holm"
WAVES, GROUPS, ARMS = "waves", "groups", "arms"


def arms_of(questionnaire: Questionnaire) -> list[str]:
    """The experiments by whose arms the tallies are divided."""
    return [name for name in questionnaire.cell if questionnaire.variables[name].question.kind == "arm"]


_Shown = dict[str, tuple[Domain, Cells, Mapping[str, Figure]]]
"""Of each domain that is shown: itself, its cells among those of the period, and its figures."""


@dataclass(frozen=True)
class _Before:
    """A figure of a domain in the last period that had it. size: respondents of the period."""

    wave: str
    period: str
    size: int
    figure: Figure
    df: float


@dataclass
class Differences:
    """Collects the differences of an export, period by period."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    last: dict[tuple[str, str, str], _Before] = field(default_factory=dict)

    def add(
        self,
        at: Mapping[str, Any],
        computed: Computed,
        measure: Measure,
        hidden: frozenset[str],
        minimum: int,
        step: str | None,
    ) -> None:
        """Those of a question in a period: between its groups, and of each against the period before.

        at: what all rows share. step: of the periods; None: the period before does not compare.
        """
        number = [one.name for one in computed.sums.measures].index(measure.name)
        shown: _Shown = {}
        for domain, members, estimate in zip(
            computed.domains, computed.sums.members, computed.estimates[number], strict=True
        ):
            if domain.key not in hidden and estimate.n:
                shown[domain.key] = domain, members, shown_figures(estimate, minimum)
        self.rows += self._between_groups(at, computed, measure, shown)
        self.rows += self._since(at, computed, measure, shown, step)

    def _between_groups(
        self,
        at: Mapping[str, Any],
        computed: Computed,
        measure: Measure,
        shown: _Shown,
    ) -> Iterator[dict[str, Any]]:
        by: dict[str, list[str]] = defaultdict(list)
        for key, (domain, _, _) in shown.items():
            by[domain.breakdown].append(key)
        arms = arms_of(computed.stack.questionnaire)
        for breakdown, keys in by.items():
            for code, asked in asked_figures(computed.stack.tally, measure):
                own = [key for key in keys if code in shown[key][2]]
                if len(own) < 2:
                    continue
                for a, b, found in contrasts(computed.sums.weights, asked, [shown[key][1] for key in own]):
                    figures = shown[own[a]][2][code], shown[own[b]][2][code]
                    yield {
                        **at,
                        "kind": ARMS if breakdown in arms else GROUPS,
                        "by": breakdown,
                        "figure": code,
                        **_sides((own[a], own[b]), figures, found),
                    }

    def _since(
        self,
        at: Mapping[str, Any],
        computed: Computed,
        measure: Measure,
        shown: _Shown,
        step: str | None,
    ) -> Iterator[dict[str, Any]]:
        """Against the period before, if the two compare."""
        variable = at["variable"]
        size = _size(computed, np.logical_or.reduce(computed.sums.members))
        asked = dict(asked_figures(computed.stack.tally, measure)) if step else {}
        before = {key: one for key, one in self.last.items() if key[0] == variable}
        for key in before:
            del self.last[key]
        for domain, members, figures in shown.values():
            df = float(computed.sums.weights.df(members[None])[0])
            for code, figure in figures.items():
                old = before.get((variable, domain.key, code))
                self.last[variable, domain.key, code] = _Before(at["wave"], at["period"], size, figure, df)
                if old is None or step is None:
                    continue
                together = np.logical_and(computed.stack.rows_of(old.period, step), old.wave == at["wave"])
                if not together.any():  # Samples of their own share nobody: no covariance.
                    errors = figure.se or 0.0, old.figure.se or 0.0
                    found = between((figure.value, errors[0]), (old.figure.value, errors[1]), (df, old.df))
                elif _size(computed, together) == old.size:  # Groups of one sample that was weighted as a whole.
                    sides = [members, domain.cells & together]
                    of_sample = list(contrasts(computed.sums.weights, asked[code], sides))
                    if not of_sample:
                        continue
                    [(_, _, found)] = of_sample
                else:
                    continue
                yield {
                    **at,
                    "kind": WAVES,
                    "by": domain.breakdown,
                    "domain": domain.key,
                    "figure": code,
                    **_sides((at["period"], old.period), (figure, old.figure), found),
                }

    def adjusted(self) -> list[dict[str, Any]]:
        """All rows, with p-values adjusted for the family of each: its kind, grouping and figure in one period."""
        families: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows:
            if row["p"] is not None:
                families[row["kind"], row["by"], row["figure"], row["wave"], row["period"]].append(row)
        for listed in families.values():
            for row, p in zip(listed, holm([row["p"] for row in listed]).tolist(), strict=True):
                row.update(p_adjusted=p, family=len(listed), method=METHOD)
        return self.rows


def _size(computed: Computed, rows: Cells) -> int:
    return int(computed.stack.tally.n[rows].sum())


def _sides(names: tuple[str, str], figures: tuple[Figure, Figure], found: Contrast) -> dict[str, Any]:
    if not all(figure.se for figure in figures):  # Where all say the same, an error of 0 says nothing.
        found = Contrast(found.value, None, None, None, None, found.df)
    return {
        "first": names[0],
        "second": names[1],
        "difference": found.value,
        "se": found.se,
        "low": found.low,
        "high": found.high,
        "df": found.df,
        "p": found.p,
        "first_n": figures[0].n,
        "second_n": figures[1].n,
    }
