"""A trend as a chart: which marks, which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _

from app.estimation.series import Point, Reason, Stretch

from . import words
from .axis import Axis, number_axis, share_axis
from .chart import NARROW, WIDE, Chart, Panel, lay_out, lay_out_panels
from .figures import Named
from .frame import Break, Happening, Mark, Series
from .levels import Beside
from .trend import Place, Trend

FEW = 3
"""A page shows at most this many groups in one chart, and each group of more in a panel of its own: bands and intervals
of seven groups on one another show none of them."""


@dataclass(frozen=True)
class Drawing:
    """One figure for a page: as one chart, for wide and for narrow screens, or as a panel for each group."""

    charts: tuple[Chart, Chart] | None
    panels: list[Panel]


def draw(trend: Trend, named: Named, beside: Beside) -> Chart | None:
    """One figure as one chart, for a file; None when there is nothing to show."""
    shown = _shown(trend, named, beside)
    if not shown:
        return None
    return lay_out(shown, _breaks(trend), _axis(shown, named), WIDE, words.tick_words, _happened(beside))


def draw_all(trend: Trend, named: Named, beside: Beside) -> Drawing | None:
    """The same for a page."""
    shown = _shown(trend, named, beside)
    if not shown:
        return None
    events = _happened(beside)
    if len(shown) <= FEW:
        axis, breaks = _axis(shown, named), _breaks(trend)
        wide, narrow = (lay_out(shown, breaks, axis, size, words.tick_words, events) for size in (WIDE, NARROW))
        return Drawing((wide, narrow), [])
    domains = list(trend.division.domains)
    own = [(one, _breaks(trend, domains[one.number])) for one in shown]
    return Drawing(None, lay_out_panels(own, _axis(shown, named, few=True), words.tick_words, events))


def _happened(beside: Beside) -> list[Happening]:
    return [Happening(float(told.event.date.toordinal()), told.number, told.declared) for told in beside.told]


def describe(trend: Trend, named: Named) -> str:
    """The newest figure of every group in words: the chart for who cannot see it."""
    parts = []
    for domain in trend.stretches:
        place = next((p for p in reversed(trend.places) if trend.figure(domain, p, named.code)), None)
        figure = trend.figure(domain, place, named.code) if place else None
        if place and figure:
            parts.append(
                _(
                    "%(group)s: %(value)s in %(period)s (95%% interval %(interval)s, n = %(n)s)",
                    group=trend.division.label(domain),
                    value=words.number(figure.value, named.unit),
                    period=words.period_words(place[1]),
                    interval=words.interval(figure, named.unit) or "–",
                    n=figure.n,
                )
            )
    return "; ".join(parts)


def _shown(trend: Trend, named: Named, beside: Beside) -> list[Series]:
    """Each group that has a mark, with its newest value beside its name if that is of the newest place."""
    newest = trend.places[-1] if trend.places else None
    found = []
    for number, domain in enumerate(trend.division.domains):
        stretches = trend.stretches.get(domain, [])
        marks = partial(_mark, trend, named.code, beside, domain)
        jumps = [float(told.event.date.toordinal()) for told in beside.told if told.declared]
        runs = tuple(tuple(run) for stretch in stretches for run in _runs(stretch, marks, jumps))
        figure = trend.figure(domain, newest, named.code) if newest else None
        label = trend.division.label(domain)
        if figure:
            label = _("%(group)s: %(value)s", group=label, value=words.number(figure.value, named.unit))
        if runs:
            found.append(Series(label, runs, number))
    return found


def _runs(stretch: Stretch, mark_of: Callable[[Point], Mark | None], jumps: list[float]) -> Iterator[list[Mark]]:
    """The marks of a stretch, cut where an estimate is withheld, and where the line may jump."""
    run: list[Mark] = []
    for point in stretch.points:
        mark = mark_of(point)
        if run and (mark is None or any(run[-1].x < day <= mark.x for day in jumps)):
            yield run
            run = []
        if mark:
            run.append(mark)
    if run:
        yield run


def _mark(trend: Trend, code: str, beside: Beside, domain: str, point: Point) -> Mark | None:
    figure = point.estimate.figures.get(code) if point.estimate else None
    if figure is None:
        return None
    place = point.wave, point.period
    level, change = beside.levels.get((domain, place)), beside.changes.get((domain, place))
    return Mark(
        trend.days[place],
        figure.value,
        figure.low,
        figure.high,
        (level.value, level.low, level.high) if level else None,
        (1 if change.value > 0 else -1) if change and change.significant else 0,
    )


def _breaks(trend: Trend, only: str | None = None) -> list[Break]:
    """Each break and join once, halfway between its place and the one before it; of one group or of all."""
    places = trend.places
    found: dict[tuple[float, str], Break] = {}
    for (domain, place), text, joined in _marked(trend):
        if only in (None, domain):
            i = places.index(place)
            day = (trend.days[place] + trend.days[places[i - 1]]) / 2 if i else trend.days[place]
            found[day, text] = Break(day, text, joined)
    return list(found.values())


def break_notes(trend: Trend) -> list[str]:
    """Each break and join in words, for a drawing that has no room for them: when, and why."""
    marked = sorted(_marked(trend), key=lambda one: trend.days[one[0][1]])
    notes = {(place, text): None for (_, place), text, _ in marked}
    return [_("From %(period)s: %(reason)s", period=words.period_words(p[1]), reason=text) for p, text in notes]


def _marked(trend: Trend) -> Iterator[tuple[tuple[str, Place], str, bool]]:
    """Where a line is broken or joined, in words, and whether it is joined."""
    for (domain, place), reasons in trend.breaks().items():
        yield (domain, place), break_words(reasons, trend.rows[domain, place].wave.synthetic), False
    for at in trend.joins():
        yield at, join_words(), True


def join_words() -> str:
    """That the points before and after a change may be compared, because somebody said so."""
    return _("Joined by declaration")


def break_words(reasons: tuple[Reason, ...], synthetic_after: bool) -> str:
    """Why the points before and after a break cannot be compared, in the reader's language."""
    return " · ".join(words.reason_words(reason, synthetic_after) for reason in reasons)


def _axis(shown: list[Series], named: Named, few: bool = False) -> Axis:
    def spoken(value: float) -> str:
        if named.unit == "mean":
            return f"{value:g}"
        return words.number(value + 0.0, named.unit) if abs(value) > 1e-9 else ("0%" if named.unit == "share" else "0")

    if named.unit != "mean" and named.bounds:
        return share_axis(spoken, named.bounds[0], few)
    if named.bounds:
        return number_axis(named.bounds, spoken, few)
    edges = [v for one in shown for mark in one.marks for v in (mark.low, mark.value, mark.high) if v is not None]
    return number_axis((min(0.0, *edges), max(0.0, *edges)), spoken, few)
