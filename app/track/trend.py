"""One question over time, for the groups of one breakdown: read from the estimates, cut at its breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.estimation.figure import Figure
from app.estimation.period import period_start
from app.estimation.series import Point, Reason, Stretch, series
from app.questionnaire.kinds.base import Variable
from app.storage import estimates
from app.storage.estimates import Published

from .asked import Survey, Wording, wordings_of
from .divisions import Division

Place = tuple[str, str]
"""A wave's key and a period."""


@dataclass(frozen=True)
class Trend:
    """Estimates of one figure of a variable for one breakdown.

    stretches: by domain, in the breakdown's order. rows: the same by domain and place. days: when each place is.
    wordings: by questionnaire hash.
    """

    survey: Survey
    variable: Variable
    division: Division
    wordings: dict[str, Wording]
    stretches: dict[str, list[Stretch]]
    rows: dict[tuple[str, Place], Published]
    days: dict[Place, float]

    @property
    def synthetic(self) -> bool:
        """Whether any of it is made up."""
        return any(row.wave.synthetic for row in self.rows.values())

    @property
    def places(self) -> list[Place]:
        """Every wave and period in order of time."""
        return list(self.days)

    def figure(self, domain: str, place: Place, code: str) -> Figure | None:
        """One figure; None where there is none, or it is withheld."""
        row = self.rows.get((domain, place))
        return row.estimate.figures.get(code) if row and row.estimate else None

    def breaks(self) -> dict[tuple[str, Place], tuple[Reason, ...]]:
        """The domains and places at which a new stretch begins, and why."""
        return {
            (domain, (stretch.points[0].wave, stretch.points[0].period)): stretch.reasons
            for domain, stretches in self.stretches.items()
            for stretch in stretches
            if stretch.reasons
        }


def read_trend(survey: Survey, variable: Variable, division: Division, figure: str) -> Trend:
    """The trend of one figure of a question for one breakdown. Reads no more than that."""
    found = estimates.of_breakdown(survey.key, variable.name, division.name, [figure])
    wordings = wordings_of(survey, variable.name, found)
    days = _days(found)
    found.sort(key=lambda row: days[_place(row)])
    points: dict[str, list[Point]] = {domain: [] for domain in division.domains}
    for row in found:
        if row.domain in points:
            points[row.domain].append(_point(row, wordings[row.wave.questionnaire_hash]))
    return Trend(
        survey,
        variable,
        division,
        wordings,
        {domain: series(listed) for domain, listed in points.items() if listed},
        {(row.domain, _place(row)): row for row in found if row.domain in points},
        days,
    )


def _place(row: Published) -> Place:
    return row.wave.key, row.period


def _point(row: Published, wording: Wording) -> Point:
    wave = row.wave
    print_ = wording.fingerprint
    return Point(row.period, wave.key, print_, wave.mode, wave.population, wave.synthetic, row.estimate)


def _days(rows: Sequence[Published]) -> dict[Place, float]:
    """Where each place stands in time, in days (proleptic ordinals), in order.

    A place stands at the start of its period; waves that share a period share its length between them.
    """
    waves: dict[tuple[str, date], dict[Place, None]] = defaultdict(dict)
    for row in rows:
        start = period_start(row.period) or row.wave.opens_at.date()
        waves[row.period if period_start(row.period) else row.wave.key, start][_place(row)] = None
    days = {
        place: start.toordinal() + _length(period, start) * i / len(places)
        for (period, start), places in waves.items()
        for i, place in enumerate(places)
    }
    return dict(sorted(days.items(), key=lambda pair: pair[1]))


def _length(period: str, start: date) -> int:
    """The days of a period; one for a wave's key, which has no length of its own."""
    if period_start(period) is None or len(period) == len("2026-11-23"):
        return 1
    if "W" in period:
        return 7
    return ((start + timedelta(days=31)).replace(day=1) - start).days
