"""Differences: of two domains, arms or codes in one sample, with their covariance; and of two waves.

In one sample both sides share the calibration, and perhaps respondents, so their covariance counts:
V(a - b) = V(a) + V(b) - 2 C(a, b), all three from the same linearised values as the estimates themselves. Waves are
samples of their own: V(a) + V(b). Not for the same people asked twice, nor for two questions that the same people
answered: how their answers go together is in no tally.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from app.estimation.interval import LEVEL
from app.estimation.measure import Measure
from app.estimation.quantile import t_quantile
from app.estimation.tally import Floats, Tally
from app.estimation.weighting import Block, Weights


class NoJointCount(ValueError):
    """Two questions among the same people: a tally does not hold who gave which answer to both."""


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a difference: a figure of a measure in a domain bool[C].

    values: what each answer counts: {"4": 1, "5": 1} is the share of 4 or 5, {"4": 1, "5": 1, "1": -1, "2": -1} net
    support; codes that are not named count 0. scored: only those with one of these codes are in the base, as for a
    mean of scores. A number needs no values.
    """

    measure: Measure
    domain: npt.NDArray[np.bool_]
    values: dict[str, float]
    scored: bool = False

    @property
    def base(self) -> tuple[str, ...]:
        """The keys that divide the base."""
        if self.measure.kind == "number":
            return ("n", "sum", "sumsq")
        return tuple(code for code in self.measure.codes if not self.scored or code in self.values)


@dataclass(frozen=True)
class Contrast:
    """A difference a - b. se, low, high (of 95 %), p (two-sided, of no difference): None where it has no error."""

    value: float
    se: float | None
    low: float | None
    high: float | None
    p: float | None
    df: float


def contrast(tally: Tally, weights: Weights, a: Side, b: Side) -> Contrast:
    """The difference of two figures of one sample. Raises NoJointCount."""
    values, covariance = joint(tally, weights, [a, b])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    df = float(weights.df((a.domain | b.domain)[None])[0])
    return contrast_of(float(values[0] - values[1]), variance, df)


def between(a: tuple[float, float], b: tuple[float, float], df: tuple[float, float]) -> Contrast:
    """The difference a - b of (value, se) of two waves, whose samples are independent: strata of one design."""
    return contrast_of(a[0] - b[0], a[1] ** 2 + b[1] ** 2, sum(df))


def joint(tally: Tally, weights: Weights, sides: Sequence[Side]) -> tuple[Floats, Floats]:
    """The figures float64[F], NaN for an empty base, and their covariance float64[F, F]. Raises NoJointCount."""
    count = len(sides)
    bases = [_base(tally, weights, side) for side in sides]
    values = np.array([total / base if base else np.nan for total, base in bases])
    covariance = np.zeros((count, count))
    if weights.size < 2:
        return values, np.full((count, count), np.nan)
    made = [
        [_Part.of(tally, block, side, v, w) for side, v, (_, w) in zip(sides, values, bases, strict=True)]
        for block in weights.blocks
    ]
    for together in weights.together:
        for i in range(count):
            explained = np.sum([made[number][i].explained for number in together], axis=0)
            for number in together:
                made[number][i] = replace(made[number][i], explained=explained)
    for block, parts in zip(weights.blocks, made, strict=True):
        for i in range(count):
            for j in range(i, count):
                shared = _shared(tally, block, (sides[i], sides[j]), (parts[i], parts[j]), (values[i], values[j]))
                covariance[i, j] += _covariance(block, parts[i], parts[j], shared)
                covariance[j, i] = covariance[i, j]
    return values, covariance


def _columns(tally: Tally, side: Side) -> Floats:
    places = [tally.layout.position(side.measure.name, key) for key in side.base]
    return tally.counts[:, places].astype(np.float64)


def _scores(side: Side) -> Floats:
    return np.array([side.values.get(code, 0.0) for code in side.base])


def _base(tally: Tally, weights: Weights, side: Side) -> tuple[float, float]:
    """The weighted total of a side and the weighted number of people in its base."""
    counts = _columns(tally, side) * (side.domain * weights.u)[:, None]
    if side.measure.kind == "number":
        return float(counts[:, 1].sum()) / side.measure.divisor, float(counts[:, 0].sum())
    return float((counts @ _scores(side)).sum()), float(counts.sum())


@dataclass(frozen=True, eq=False)
class _Part:
    """A side in one block: rows' totals of u z / W, float64[c], and what calibration explains of them, float64[L]."""

    totals: Floats
    explained: Floats
    scale: Floats

    @classmethod
    def of(cls, tally: Tally, block: Block, side: Side, value: float, base: float) -> _Part:
        counts = _columns(tally, side)[block.rows]
        if side.measure.kind == "number":
            residual = counts[:, 1] / side.measure.divisor - value * counts[:, 0]
        else:
            residual = counts @ (_scores(side) - value)
        scale = side.domain[block.rows] * block.u / base if base else np.full(len(block.rows), np.nan)
        totals = residual * scale
        return cls(totals, block.right.T @ totals, scale)


def _shared(
    tally: Tally, block: Block, sides: tuple[Side, Side], parts: tuple[_Part, _Part], values: tuple[float, float]
) -> float:
    """Σ over respondents of both bases of u z / W of one side times that of the other."""
    one, other = sides
    rows = block.rows
    both = (one.domain & other.domain)[rows]
    if not (both & (block.n > 0)).any():
        return 0.0
    if one.measure.name != other.measure.name:
        raise NoJointCount(f"{one.measure.name} and {other.measure.name} were answered by the same people")
    scale = np.where(both, parts[0].scale * parts[1].scale, 0.0)
    if one.measure.kind == "number":
        n, total, squares = _columns(tally, one)[rows].T
        unit = one.measure.divisor
        products = squares / unit**2 - sum(values) * total / unit + values[0] * values[1] * n
        return float(products @ scale)
    codes = [code for code in one.base if code in other.base]
    places = [tally.layout.position(one.measure.name, code) for code in codes]
    residuals = [
        np.array([side.values.get(code, 0.0) for code in codes]) - value
        for side, value in zip(sides, values, strict=True)
    ]
    return float((tally.counts[rows][:, places] @ (residuals[0] * residuals[1])) @ scale)


def _covariance(block: Block, a: _Part, b: _Part, shared: float) -> float:
    n = block.size
    spread = shared - float(a.explained @ (block.left.T @ b.totals)) - float(b.explained @ (block.left.T @ a.totals))
    spread += float(a.explained @ block.gram @ b.explained)
    if n < 2:
        return spread
    centres = [float(part.totals.sum() - block.reach @ part.explained) / n for part in (a, b)]
    return n / (n - 1) * (spread - n * centres[0] * centres[1])


def contrast_of(value: float, variance: float, df: float) -> Contrast:
    """A difference by its value and variance: Student's t with these degrees of freedom."""
    if not variance > 0 or df < 1:
        return Contrast(value, None, None, None, None, df)
    from scipy import special

    se = float(np.sqrt(variance))
    half = float(t_quantile((1 + LEVEL) / 2, df)) * se
    p = 2 * float(special.stdtr(df, -abs(value) / se))
    return Contrast(value, se, value - half, value + half, p, df)
