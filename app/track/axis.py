"""The axes of a chart: round bounds and steps of values, and the days that are named."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Axis:
    """The value axis: bounds, and the values and words of its ticks."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Tick:
    """A day of the time axis; `opens`: the first of its year (or month, when the step is days) on the axis."""

    day: date
    step: Literal["year", "month", "day"]
    opens: bool


def share_axis(words: Callable[[float], str], low: float = 0.0, few: bool = False) -> Axis:
    """From 0 to 100 %, or from -100 to 100 points, with three ticks if they shall be few."""
    step = (1 - low) / 2 if few else 0.2 if low == 0.0 else 0.5
    count = round((1 - low) / step)
    return Axis(low, 1.0, tuple((low + i * step, words(low + i * step)) for i in range(count + 1)))


def number_axis(bounds: tuple[float, float], words: Callable[[float], str], few: bool = False) -> Axis:
    """Bounds made round, with some five ticks at round steps, or every second of them if they shall be few."""
    low, high = bounds
    span = high - low if high > low else abs(high) or 1.0
    magnitude = 10.0 ** math.floor(math.log10(span / 4))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= span / 4 - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(max(high, low + span) / step - 1e-9)
    named = range(first, last + 1, 2 if few else 1)
    return Axis(first * step, last * step, tuple((i * step, words(i * step)) for i in named))


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
