"""The frame of a chart: what is drawn, the rectangle it is drawn in, and how days and values map into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .axis import Axis
from .label import Block, text_width, wrap


@dataclass(frozen=True)
class Mark:
    """One estimate: `x` in days, `value` with its interval where there is one.

    level: where the line stands there, and its band (low, high). change: 1 or -1 where it is significantly above or
    below the wave before.
    """

    x: float
    value: float
    low: float | None
    high: float | None
    level: tuple[float, float, float] | None = None
    change: int = 0


@dataclass(frozen=True)
class Series:
    """One group: each run of marks is joined by a line, through its levels where it has them; no line joins two runs.

    number: its place among the groups, which gives it its colour and shape whichever others are shown.
    """

    label: str
    runs: tuple[tuple[Mark, ...], ...]
    number: int

    @property
    def marks(self) -> list[Mark]:
        """Every mark in order of time."""
        return [mark for run in self.runs for mark in run]


@dataclass(frozen=True)
class Break:
    """A day between two runs, and why they are not joined; or, where a declaration joined them, that it did."""

    x: float
    words: str
    joined: bool = False


@dataclass(frozen=True)
class Happening:
    """An event on its day, by its number in the list. declared: the line may jump there."""

    x: float
    number: int
    declared: bool


@dataclass(frozen=True)
class Size:
    """What a chart is drawn for, in its own pixels; it grows higher if its labels need it.

    label_width: room for the names beside the plot, 0 for none. foot: room below the plot, in em. ticks: days named.
    """

    width: float
    height: float
    font: float
    label_width: float
    foot: float
    ticks: int


class Frame:
    """The plot's rectangle, and how days and values map into it. `days`: every day that has a mark, in order."""

    def __init__(
        self, series: Sequence[Series], breaks: Sequence[Break], axis: Axis, size: Size, days: Sequence[float]
    ) -> None:
        self.series, self.breaks, self.axis, self.size = series, breaks, axis, size
        self.wrapped = [wrap(one.label, size.label_width, size.font) if size.label_width else [] for one in series]
        self.line_height = 1.25 * size.font
        widest = max((text_width(line, size.font) for lines in self.wrapped for line in lines), default=0)
        self.left = max(text_width(words, size.font) for _, words in axis.ticks) + 8
        self.right = size.width - (widest + 2.4 * size.font if widest else size.font)
        self.first, self.last = (days[0], days[-1]) if days else (0.0, 0.0)
        slot = self._slot(days)
        self.dodge = min(0.5 * size.font, 0.7 * slot / max(len(series), 1))
        self.radius = max(min(0.34 * size.font, 0.3 * slot), 0.15 * size.font)
        self.rows = self._rows()
        self.top = size.font + self.line_height * (max(self.rows, default=-1) + 1)
        heights = sum(len(lines) * self.line_height + 4 for lines in self.wrapped if lines)
        self.bottom = self.top + max(size.height - (1 + size.foot) * size.font, heights)

    def _slot(self, days: Sequence[float]) -> float:
        """The room for the marks of one day, which stand beside one another so that no interval covers another."""
        if len(days) < 2:
            return self.right - self.left
        closest = min(b - a for a, b in pairwise(days))
        return closest / (self.last - self.first) * (self.right - self.left)

    def x(self, day: float) -> float:
        """Where a day stands, in pixels from the left."""
        inset = self.dodge * len(self.series) / 2 + 0.5 * self.size.font
        room = self.right - self.left - 2 * inset
        share = (day - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return self.left + inset + room * min(max(share, 0.0), 1.0)

    def y(self, value: float) -> float:
        """Where a value stands, in pixels from the top."""
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)

    def blocks(self) -> list[Block]:
        """The labels, each wanting to stand beside the last mark of its series."""
        return [
            Block(self.y(one.marks[-1].value), len(lines) * self.line_height + 4)
            for one, lines in zip(self.series, self.wrapped, strict=True)
        ]

    def _rows(self) -> list[int]:
        """For each break the row of its words above the plot, counted upwards, so that none overlap; -1 without words.

        From the right to the left: what stands higher begins further left, and no mark runs through words.
        """
        taken: list[list[tuple[float, float]]] = []
        rows = [-1] * len(self.breaks)
        worded = [i for i, one in enumerate(self.breaks) if one.words]
        for i in sorted(worded, key=lambda i: -self.breaks[i].x):
            start, end, _ = self.span(self.breaks[i])
            row = next((n for n, spans in enumerate(taken) if all(end < a or b < start for a, b in spans)), len(taken))
            taken += [[]] if row == len(taken) else []
            taken[row].append((start - 8, end + 8))
            rows[i] = row
        return rows

    def span(self, one: Break) -> tuple[float, float, bool]:
        """Where the words of a break begin and end, and whether they stand to the right of it."""
        x, width = self.x(one.x), text_width(one.words, self.size.font)
        rightward = x + 4 + width <= self.size.width
        return (x + 4, x + 4 + width, True) if rightward else (x - 4 - width, x - 4, False)
