"""The geometry of a trend chart: from values and days to coordinates and paths. Knows no language and no colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from .label import Block, place, text_width, wrap
from .shape import shape


@dataclass(frozen=True)
class Mark:
    """One estimate: `x` in days, `value` with its interval where there is one."""

    x: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Series:
    """One group: each run of marks is joined by a line, and no line joins two runs."""

    label: str
    runs: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True)
class Break:
    """A day between two runs, and why they are not joined."""

    x: float
    words: str


@dataclass(frozen=True)
class Tick:
    """A day of the time axis; `opens`: the first of its year (or month, when the step is days) on the axis."""

    day: date
    step: Literal["year", "month", "day"]
    opens: bool


@dataclass(frozen=True)
class Size:
    """What a chart is drawn for, in its own pixels; it grows higher if its labels need it."""

    width: float
    height: float
    font: float
    label_width: float
    ticks: int


WIDE = Size(width=1056, height=460, font=14, label_width=200, ticks=12)
NARROW = Size(width=360, height=400, font=13, label_width=104, ticks=4)


@dataclass(frozen=True)
class Axis:
    """The value axis: bounds, and the values and words of its ticks."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Drawn:
    """A series as paths; `labels` are (x, y, text) of its lines of text."""

    line: str
    intervals: str
    marks: str
    leader: str
    labels: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class DrawnBreak:
    """A dashed mark from `top` to `bottom`, and its words on the baseline `label_y`."""

    x: float
    top: float
    bottom: float
    label_x: float
    label_y: float
    anchor: Literal["start", "end"]
    words: str


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw; `left` … `bottom` bound the plot."""

    width: float
    height: float
    font: float
    left: float
    top: float
    right: float
    bottom: float
    values: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str, str], ...]
    series: tuple[Drawn, ...]
    breaks: tuple[DrawnBreak, ...]


TickWords = Callable[[Tick], tuple[str, str]]


def lay_out(series: Sequence[Series], breaks: Sequence[Break], axis: Axis, size: Size, tick_words: TickWords) -> Chart:
    """Places everything, to a tenth of a pixel. Series need at least one mark each; there may be none."""
    frame = _Frame(series, breaks, axis, size)
    blocks = frame.blocks()
    placed = place(blocks, frame.top, frame.bottom)
    return Chart(
        size.width,
        _tenth(frame.bottom + 4.6 * size.font),
        size.font,
        _tenth(frame.left),
        _tenth(frame.top),
        _tenth(frame.right),
        _tenth(frame.bottom),
        tuple((_tenth(frame.y(value)), words) for value, words in axis.ticks),
        tuple((_tenth(frame.x(t.day.toordinal())), *tick_words(t)) for t in ticks(frame.first, frame.last, size.ticks)),
        tuple(frame.drawn(i, block, y) for i, (block, y) in enumerate(zip(blocks, placed, strict=True))),
        frame.drawn_breaks(),
    )


def _tenth(value: float) -> float:
    return round(value, 1)


class _Frame:
    """The plot's rectangle, and how days and values map into it."""

    def __init__(self, series: Sequence[Series], breaks: Sequence[Break], axis: Axis, size: Size) -> None:
        self.series, self.breaks, self.axis, self.size = series, breaks, axis, size
        self.wrapped = [wrap(one.label, size.label_width, size.font) for one in series]
        self.line_height = 1.25 * size.font
        widest = max((text_width(line, size.font) for lines in self.wrapped for line in lines), default=0)
        self.left = max(text_width(words, size.font) for _, words in axis.ticks) + 8
        self.right = size.width - (widest + 2.4 * size.font if series else size.font)
        days = sorted({mark.x for one in series for run in one.runs for mark in run})
        self.first, self.last = (days[0], days[-1]) if days else (0.0, 0.0)
        slot = self._slot(days)
        self.dodge = min(0.5 * size.font, 0.7 * slot / max(len(series), 1))
        self.radius = max(min(0.34 * size.font, 0.3 * slot), 0.15 * size.font)
        self.rows = self._rows()
        self.top = size.font + self.line_height * (max(self.rows, default=-1) + 1)
        heights = sum(len(lines) * self.line_height + 4 for lines in self.wrapped)
        self.bottom = self.top + max(size.height - 5.6 * size.font, heights)

    def _slot(self, days: list[float]) -> float:
        """The room for the marks of one day, which stand beside one another so that no interval covers another."""
        if len(days) < 2:
            return self.right - self.left
        closest = min(b - a for a, b in pairwise(days))
        return closest / (self.last - self.first) * (self.right - self.left)

    def x(self, day: float) -> float:
        inset = self.dodge * len(self.series) / 2 + 0.5 * self.size.font
        room = self.right - self.left - 2 * inset
        share = (day - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return self.left + inset + room * min(max(share, 0.0), 1.0)

    def y(self, value: float) -> float:
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)

    def blocks(self) -> list[Block]:
        """The labels, each wanting to stand beside the last mark of its series."""
        return [
            Block(self.y(one.runs[-1][-1].value), len(lines) * self.line_height + 4)
            for one, lines in zip(self.series, self.wrapped, strict=True)
        ]

    def drawn(self, i: int, block: Block, centre: float) -> Drawn:
        shift = (i - (len(self.series) - 1) / 2) * self.dodge
        runs = [[(self.x(mark.x) + shift, mark) for mark in run] for run in self.series[i].runs]
        marks = [pair for run in runs for pair in run]
        key_radius = 0.34 * self.size.font
        key_x = self.right + 1.1 * self.size.font
        last_x = marks[-1][0]
        return Drawn(
            "".join(_line([(x, self.y(mark.value)) for x, mark in run]) for run in runs if len(run) > 1),
            "".join(
                f"M{x:.1f} {self.y(m.low):.1f}V{self.y(m.high):.1f}"
                for x, m in marks
                if m.low is not None and m.high is not None
            ),
            "".join(shape(i, x, self.y(mark.value), self.radius) for x, mark in marks)
            + shape(i, key_x, centre, key_radius),
            f"M{last_x + self.radius + 2:.1f} {block.wanted:.1f}L{key_x - key_radius - 2:.1f} {centre:.1f}",
            self._lines(i, key_x + 0.8 * self.size.font, centre),
        )

    def _lines(self, i: int, x: float, centre: float) -> tuple[tuple[float, float, str], ...]:
        lines = self.wrapped[i]
        first = centre - (len(lines) - 1) / 2 * self.line_height + 0.35 * self.size.font
        return tuple((_tenth(x), _tenth(first + n * self.line_height), line) for n, line in enumerate(lines))

    def _rows(self) -> list[int]:
        """For each break the row of its words above the plot, counted upwards, so that none overlap.

        From the right to the left: what stands higher begins further left, and no mark runs through words.
        """
        taken: list[list[tuple[float, float]]] = []
        rows = {}
        for i in sorted(range(len(self.breaks)), key=lambda i: -self.breaks[i].x):
            start, end, _ = self._span(self.breaks[i])
            row = next((n for n, spans in enumerate(taken) if all(end < a or b < start for a, b in spans)), len(taken))
            taken += [[]] if row == len(taken) else []
            taken[row].append((start - 8, end + 8))
            rows[i] = row
        return [rows[i] for i in range(len(self.breaks))]

    def _span(self, one: Break) -> tuple[float, float, bool]:
        """Where the words of a break begin and end, and whether they stand to the right of it."""
        x, width = self.x(one.x), text_width(one.words, self.size.font)
        rightward = x + 4 + width <= self.size.width
        return (x + 4, x + 4 + width, True) if rightward else (x - 4 - width, x - 4, False)

    def drawn_breaks(self) -> tuple[DrawnBreak, ...]:
        drawn = []
        for one, row in zip(self.breaks, self.rows, strict=True):
            start, end, rightward = self._span(one)
            baseline = self.top - 0.5 * self.size.font - row * self.line_height
            drawn.append(
                DrawnBreak(
                    _tenth(self.x(one.x)),
                    _tenth(baseline - 0.8 * self.size.font),
                    _tenth(self.top + 2.2 * self.size.font),
                    _tenth(start if rightward else end),
                    _tenth(baseline),
                    "start" if rightward else "end",
                    one.words,
                )
            )
        return tuple(drawn)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def share_axis(words: Callable[[float], str], low: float = 0.0) -> Axis:
    """From 0 to 100 %, or from -100 to 100 points."""
    step = 0.2 if low == 0.0 else 0.5
    count = round((1 - low) / step)
    return Axis(low, 1.0, tuple((low + i * step, words(low + i * step)) for i in range(count + 1)))


def number_axis(bounds: tuple[float, float], words: Callable[[float], str]) -> Axis:
    """Bounds made round, with some five ticks at round steps."""
    low, high = bounds
    span = high - low if high > low else abs(high) or 1.0
    magnitude = 10.0 ** math.floor(math.log10(span / 4))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= span / 4 - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(max(high, low + span) / step - 1e-9)
    return Axis(first * step, last * step, tuple((i * step, words(i * step)) for i in range(first, last + 1)))


def ticks(first: float, last: float, most: int) -> list[Tick]:
    """Days to name on the time axis, at most `most`: firsts of months or years, or days where these are few."""
    start, end = date.fromordinal(math.ceil(first) or 1), date.fromordinal(math.floor(last) or 1)
    months = [n for n in range(start.year * 12 + start.month - 1, end.year * 12 + end.month) if _month(n) >= start]
    if len(months) < 2:
        return _days(start, end, most)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if sum(n % s == 0 for n in months) <= most)
    chosen = [_month(n) for n in months if n % step == 0] or [_month(months[0])]
    unit: Literal["year", "month"] = "year" if step >= 12 else "month"
    return [Tick(day, unit, i == 0 or day.year != chosen[i - 1].year) for i, day in enumerate(chosen)]


def _month(n: int) -> date:
    return date(n // 12, n % 12 + 1, 1)


def _days(start: date, end: date, most: int) -> list[Tick]:
    length = end.toordinal() - start.toordinal() + 1
    step = next(s for s in (1, 2, 5, 7, 14, 28, 62) if length <= most * s)
    chosen = [date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1, step)]
    return [Tick(day, "day", i == 0 or day.month != chosen[i - 1].month) for i, day in enumerate(chosen)]
