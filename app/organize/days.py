"""Responses per day as bars: where each stands in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 712, 12, 208
SHOWN = 60
"""At most this many days stand in the chart; the table beside it has them all."""


@dataclass(frozen=True)
class Bar:
    """One day; x, y, width and height in units of the picture."""

    day: date
    n: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DayChart:
    """Bars from the first day to the last, with the marks of both axes: (where, what)."""

    bars: list[Bar]
    values: list[tuple[float, int]]
    days: list[tuple[float, date]]

    @property
    def total(self) -> int:
        return sum(bar.n for bar in self.bars)

    @property
    def most(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.n)


def day_chart(counts: dict[date, int], last: date) -> DayChart:
    """The days up to `last`, from the first that has a response, days without one included."""
    first = max(min(counts, default=last), last - timedelta(days=SHOWN - 1))
    shown = [first + timedelta(days=i) for i in range((last - first).days + 1)] or [last]
    step = _step(max((counts.get(day, 0) for day in shown), default=0))
    top = step * max(1, -(-max(counts.get(day, 0) for day in shown) // step))
    slot = (RIGHT - LEFT) / max(len(shown), 7)
    height = BOTTOM - TOP
    bars = []
    for i, day in enumerate(shown):
        n = counts.get(day, 0)
        tall = height * n / top
        bars.append(Bar(day, n, LEFT + i * slot + slot * 0.1, BOTTOM - tall, slot * 0.8, tall))
    values = [(BOTTOM - height * value / top, value) for value in range(0, top + 1, step)]
    every = -(-len(shown) // 5)
    return DayChart(bars, values, [(bar.x + bar.width / 2, bar.day) for bar in bars[::every]])


def _step(most: int) -> int:
    """The distance of the marks: 1, 2 or 5 times a power of ten, for at most five of them."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * 5 >= most:
                return factor * size
        size *= 10
