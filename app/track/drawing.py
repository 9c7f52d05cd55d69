"""A trend as a chart: which marks, which words."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.estimation.series import Point, Reason, Stretch

from . import words
from .chart import NARROW, WIDE, Axis, Break, Chart, Mark, Series, Size, lay_out, number_axis, share_axis
from .figures import Named
from .trend import Trend


def draw(trend: Trend, named: Named, size: Size = WIDE) -> Chart | None:
    """The chart of one figure; None when there is nothing to show."""
    shown = [one for one in _series(trend, named) if one.runs]
    if not shown:
        return None
    return lay_out(shown, _breaks(trend), _axis(shown, named), size, words.tick_words)


def draw_both(trend: Trend, named: Named) -> dict[str, Chart]:
    """The chart for wide and for narrow screens; empty when there is nothing to show."""
    wide, narrow = draw(trend, named, WIDE), draw(trend, named, NARROW)
    return {"wide": wide, "narrow": narrow} if wide and narrow else {}


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


def _series(trend: Trend, named: Named) -> Iterator[Series]:
    newest = trend.places[-1] if trend.places else None
    for domain, stretches in trend.stretches.items():
        runs = tuple(tuple(run) for stretch in stretches for run in _runs(trend, stretch, named.code))
        figure = trend.figure(domain, newest, named.code) if newest else None
        label = trend.division.label(domain)
        yield Series(f"{label} {words.number(figure.value, named.unit)}" if figure else label, runs)


def _runs(trend: Trend, stretch: Stretch, code: str) -> Iterator[list[Mark]]:
    """The marks of a stretch, cut where an estimate is withheld."""
    run: list[Mark] = []
    for point in stretch.points:
        mark = _mark(trend, point, code)
        if mark:
            run.append(mark)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _mark(trend: Trend, point: Point, code: str) -> Mark | None:
    figure = point.estimate.figures.get(code) if point.estimate else None
    if figure is None:
        return None
    return Mark(trend.days[point.wave, point.period], figure.value, figure.low, figure.high)


def _breaks(trend: Trend) -> list[Break]:
    """Each break once, halfway between the place it comes before and the one before that."""
    places = trend.places
    found: dict[tuple[float, str], Break] = {}
    for (domain, place), reasons in trend.breaks().items():
        i = places.index(place)
        day = (trend.days[place] + trend.days[places[i - 1]]) / 2 if i else trend.days[place]
        text = break_words(reasons, trend.rows[domain, place].wave.synthetic)
        found[day, text] = Break(day, text)
    return list(found.values())


def break_words(reasons: tuple[Reason, ...], synthetic_after: bool) -> str:
    """Why the points before and after a break cannot be compared, in the reader's language."""
    return " · ".join(words.reason_words(reason, synthetic_after) for reason in reasons)


def _axis(shown: list[Series], named: Named) -> Axis:
    def spoken(value: float) -> str:
        if named.unit == "mean":
            return f"{value:g}"
        return words.number(value + 0.0, named.unit) if abs(value) > 1e-9 else ("0%" if named.unit == "share" else "0")

    if named.unit != "mean" and named.bounds:
        return share_axis(spoken, named.bounds[0])
    if named.bounds:
        return number_axis(named.bounds, spoken)
    marks = [mark for one in shown for run in one.runs for mark in run]
    edges = [v for mark in marks for v in (mark.low, mark.value, mark.high) if v is not None]
    return number_axis((min(0.0, *edges), max(0.0, *edges)), spoken)
