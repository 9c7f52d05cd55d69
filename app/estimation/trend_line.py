"""The line through the estimates of one stretch, with its band; and what a declared event changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.estimation.event_effect import Effect, event_effect
from app.estimation.figure import Figure
from app.estimation.local_level import Floats, local_level
from app.estimation.sampling_variance import effective_size, mean_variance, share_variance

FEWEST = 5
"""Points of a line. Four steps between them are the least that tell wandering from chance at all: with fewer the band
shows the prior, and the points with their own intervals say all that is known."""
MONTH = 365.25 / 12
"""Days. Opinion wanders with time, not with how often it is asked: σ is per square root of a month."""
SPREAD = 0.04
"""The prior's scale in standard deviations of the answers: for a share of one half that is 2 points."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A figure at a day (proleptic ordinal); effective_n: Kish's."""

    day: float
    figure: Figure
    effective_n: float


@dataclass(frozen=True, slots=True)
class LevelAt:
    """Where the line stands, with its 95 % band."""

    value: float
    low: float
    high: float


Unit = Literal["share", "net", "mean"]


def trend_line(
    observed: Sequence[Observed], unit: Unit, bounds: tuple[float, float] | None, events: Iterable[float] = ()
) -> list[LevelAt] | None:
    """The line at each point of a stretch; None where there are too few, or no error is known.

    events: the days of declared events; at each the line may jump. bounds: the lowest and highest possible value.
    """
    series = _series(observed, unit, bounds)
    if series is None or len(observed) < FEWEST:
        return None
    y, v, times, scale = series
    steps = {first for day in events if (first := int((times < day / MONTH).sum())) and first < len(y)}
    found = local_level(y, v, times, scale, steps)
    low, high = (np.clip(edge, *bounds) if bounds else edge for edge in found.band)
    return [LevelAt(*point) for point in zip(found.mean.tolist(), low.tolist(), high.tolist(), strict=True)]


def step_at(
    observed: Sequence[Observed], unit: Unit, bounds: tuple[float, float] | None, event: float
) -> Effect | None:
    """What an event changed; None where the stretch has too few points, or none on one side of it."""
    series = _series(observed, unit, bounds)
    if series is None or len(observed) < FEWEST:
        return None
    y, v, times, scale = series
    if not times[0] < event / MONTH <= times[-1]:
        return None
    return event_effect(y, v, times, event / MONTH, scale)


def _series(
    observed: Sequence[Observed], unit: Unit, bounds: tuple[float, float] | None
) -> tuple[Floats, Floats, Floats, float] | None:
    """Values, sampling variances, times in months, and the prior's scale; None without any error known."""
    y, se, n, kish, days = (
        np.array(column, np.float64)
        for column in zip(
            *((o.figure.value, o.figure.se or 0.0, o.figure.n, o.effective_n, o.day) for o in observed), strict=True
        )
    )
    v = share_variance(y, effective_size(y, se, kish)) if unit == "share" else mean_variance(se, n)
    if not (v > 0).all():
        return None
    if unit == "mean" and bounds is None:
        scale = SPREAD * float(np.sqrt((n * v * n).sum() / n.sum()))
    else:
        low, high = bounds or (0.0, 1.0)
        scale = SPREAD * (high - low) / 2
    return y, v, days / MONTH, scale
