"""Differences of two estimates, many of them together, and changes against the wave before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.estimation.figure import Estimate, Figure
from app.estimation.quantile import Floats, t_quantile, t_tail
from app.estimation.series import Point, Stretch

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Difference:
    """value: the first less the second. All but value are None where the error of either is unknown."""

    value: float
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def significant(self) -> bool:
        """At 95 %, this difference being the only one looked at."""
        return self.p is not None and self.p < 1 - LEVEL


def difference(first: Figure, second: Figure, covariance: float = 0.0, df: float | None = None) -> Difference:
    """The first figure less the second: √(V₁ + V₂ - 2·covariance), Student's t with df.

    The covariance is 0 for separate samples: two waves, two groups weighted each by itself. df None: Welch's.
    """
    return differences([first], [second], [covariance], [df])[0]


def differences(
    first: Sequence[Figure],
    second: Sequence[Figure],
    covariance: Sequence[float] | None = None,
    df: Sequence[float | None] | None = None,
) -> list[Difference]:
    """Each of the first figures less that of the second."""
    a, b = _numbers(first), _numbers(second)
    value, v, w = a[0] - b[0], a[1] ** 2, b[1] ** 2
    total = v + w - 2 * np.asarray([0.0] * len(first) if covariance is None else covariance)
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt(np.where(total > 0, total, np.nan))
        freedom = (v + w) ** 2 / (v**2 / (a[2] - 1) + w**2 / (b[2] - 1))
    if df is not None:
        freedom = np.where([one is None for one in df], freedom, np.array(df, np.float64))
    half = t_quantile((1 + LEVEL) / 2, freedom) * se
    p = t_tail(value / se, freedom)
    return [
        Difference(d, *numbers) if not any(map(math.isnan, numbers)) else Difference(d)
        for d, *numbers in zip(*(x.tolist() for x in (value, se, value - half, value + half, p)), strict=True)
    ]


Group = tuple[str, Estimate]
"""The key of a group, and its estimate."""


def group_differences(pairs: Sequence[tuple[Group, Group]], code: str) -> list[Difference]:
    """A figure of the first group of each pair less that of the second, with what the two share. Both have it."""
    shared = [b.shared.get(first) or a.shared.get(second) for (first, a), (second, b) in pairs]
    return differences(
        [a.figures[code] for (_, a), _ in pairs],
        [b.figures[code] for _, (_, b) in pairs],
        [one.covariance.get(code, 0.0) if one else 0.0 for one in shared],
        [one.df if one else None for one in shared],
    )


def known_error(figure: Figure) -> float:
    """The standard error; NaN where it is unknown.

    Where everyone said the same it is 0 and says nothing: then what half the interval comes to, on the normal scale.
    """
    if figure.se:
        return figure.se
    if figure.low is None or figure.high is None or figure.high <= figure.low:
        return math.nan
    return (figure.high - figure.low) / (2 * 1.959963984540054)


def _numbers(figures: Sequence[Figure]) -> Floats:
    """float64[3, F]: value, standard error, n."""
    return np.array([(f.value, known_error(f), f.n) for f in figures], np.float64).reshape(-1, 3).T


def holm(p: npt.ArrayLike) -> Floats:
    """p-values for the claim that none of those below the level is by chance alone (Holm 1979)."""
    values = np.asarray(p, np.float64)
    order = np.argsort(values)
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    return _put_back(np.minimum(stepped, 1.0), order)


def holm_of(found: Sequence[Difference]) -> list[float | None]:
    """The p-values of differences that are looked at together, adjusted; None where there is none."""
    adjusted = iter(holm([one.p for one in found if one.p is not None]).tolist())
    return [None if one.p is None else next(adjusted) for one in found]


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """p-values for the claim that of those below 5 % about one in twenty is by chance (Benjamini, Hochberg 1995)."""
    values = np.asarray(p, np.float64)
    order = np.argsort(values)
    stepped = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _put_back(np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0), order)


def _put_back(ordered: Floats, order: npt.NDArray[np.intp]) -> Floats:
    result = np.empty_like(ordered)
    result[order] = ordered
    return result


def changes_since(stretches: Sequence[Stretch], code: str) -> list[list[Difference | None]]:
    """The change of a figure against the point before, for each point of each stretch.

    None for the first of a stretch, for nothing before it compares, and beside a point that is withheld or has no
    figure: a change is against the last wave, never against one further back.
    """
    return [_changes(stretch.points, code) for stretch in stretches]


def _changes(points: Sequence[Point], code: str) -> list[Difference | None]:
    """What a month shares with the one before, where their wave is weighted as a whole, is known by its period."""
    known: dict[int, tuple[Group, Group]] = {}
    for i, (before, after) in enumerate(pairwise(points), 1):
        one, other = after.estimate, before.estimate
        if one and other and code in one.figures and code in other.figures:
            known[i] = (after.period, one), (before.period if before.wave == after.wave else "", other)
    found = dict(zip(known, group_differences(list(known.values()), code), strict=True))
    return [found.get(i) for i in range(len(points))]
