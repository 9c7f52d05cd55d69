"""One question over time, for the groups of one breakdown: read from the estimates, cut at its breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.estimation.figure import Figure
from app.estimation.period import period_start
from app.estimation.series import Point, Reason, Stretch, series
from app.questionnaire.kinds.base import Variable
from app.questionnaire.scheme import FrozenScheme, unknown_to
from app.storage import estimates, schemes
from app.storage.estimates import Published
from app.storage.models import Wave

from .asked import Survey, Wording, wordings_of
from .divisions import Division
from .line import Join, Line

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
    line: Line
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

    @property
    def waves(self) -> list[Wave]:
        """Every wave that has an estimate, in order of their opening."""
        return sorted({row.wave.id: row.wave for row in self.rows.values()}.values(), key=lambda wave: wave.opens_at)

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

    def joins(self) -> dict[tuple[str, Place], Join]:
        """The domains and places from which another wording goes on with the line, as it was declared to."""
        found = {}
        for domain, stretches in self.stretches.items():
            for before, after in (pair for stretch in stretches for pair in pairwise(stretch.points)):
                place = after.wave, after.period
                old = self.rows[domain, (before.wave, before.period)].wave.questionnaire_hash
                join = self.line.join(old, self.rows[domain, place].wave.questionnaire_hash)
                if join:
                    found[domain, place] = join
        return found


def read_trend(survey: Survey, variable: Variable, division: Division, figure: str, scheme: str | None = None) -> Trend:
    """The trend of one figure of a question for one breakdown, by the scheme that pages show unless one is named.

    Reads no more than that.
    """
    line = survey.line(variable.name)
    found = line.rows(lambda name: estimates.of_breakdown(survey.key, name, division.name, [figure], scheme))
    days = days_of(found)
    own = [row for row in found if row.domain in division.domains]
    stretches = stretches_of(own, line, days)
    return Trend(
        survey,
        variable,
        division,
        line,
        wordings_of(line, found),
        {domain: stretches[domain] for domain in division.domains if domain in stretches},
        {(row.domain, place_of(row)): row for row in own},
        days,
    )


def stretches_of(rows: Sequence[Published], line: Line, days: Mapping[Place, float]) -> dict[str, list[Stretch]]:
    """The estimates of each domain in order of time, cut where they do not compare."""
    points: dict[str, list[Point]] = defaultdict(list)
    known = {frozen.hash: frozen for frozen in schemes.current(line.survey)} if any(r.version for r in rows) else {}
    for row in sorted(rows, key=lambda row: days[place_of(row)]):
        points[row.domain].append(_point(row, line, known.get(row.version)))
    return {domain: series(listed) for domain, listed in points.items()}


def place_of(row: Published) -> Place:
    """The wave and period of an estimate."""
    return row.wave.key, row.period


def _point(row: Published, line: Line, frozen: FrozenScheme | None) -> Point:
    """frozen: by which it is weighted. A version that does not ask what the scheme weights by is weighted otherwise."""
    wave = row.wave
    asked = str(line.fielded[wave.id].number)
    without = unknown_to(line.versions[wave.questionnaire_hash], frozen) if frozen else ()
    weighting = " ".join((row.version, *without))
    return Point(row.period, wave.key, asked, wave.mode, wave.population, wave.synthetic, row.estimate, weighting)


def days_of(rows: Sequence[Published]) -> dict[Place, float]:
    """Where each place stands in time, in days (proleptic ordinals), in order.

    A place stands at the start of its period; waves that share a period share its length between them.
    """
    waves: dict[tuple[str, date], dict[Place, None]] = defaultdict(dict)
    for row in rows:
        start = period_start(row.period) or row.wave.opens_at.date()
        waves[row.period if period_start(row.period) else row.wave.key, start][place_of(row)] = None
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
