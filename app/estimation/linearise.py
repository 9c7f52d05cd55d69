"""Ratios, totals and their covariance by linearisation, from totals over domains alone.

Formulae: x_i = u z_i / W - left_i · E, with z_i the residual of respondent i, W the sum of weights of the base, and E
what calibration explains of u z / W, n over all respondents of a stratum; a domain, and item non-response, sets z to 0
(Särndal, Swensson and Wretman 1992, chapters 5 and 6; Deville and Särndal 1992). All that is needed of a cell
is linear in its counts, so cells are added up first, and no matrix of codes by codes is made per cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.estimation.tally import Floats, Tally
from app.estimation.weighting import Block, Weights


@dataclass(frozen=True, eq=False)
class Totals:
    """Counts added up over domains, once per row of `Block.loads`: for every block of the weights, [..., R, K]."""

    parts: tuple[Floats, ...]

    @cached_property
    def sums(self) -> Floats:
        """float64[..., 3, K]: respondents, weights and squared weights, of all blocks."""
        found: Floats = sum(part[..., :3, :] for part in self.parts)  # type: ignore[assignment]
        return found

    def pick(self, places: Sequence[int]) -> Totals:
        """Some of the columns."""
        return self.map(lambda part: part[..., places])

    def map(self, change: Callable[[Floats], Floats]) -> Totals:
        """The totals of every block changed alike."""
        return Totals(tuple(change(part) for part in self.parts))

    def squares(self, second: Callable[[Floats], Floats]) -> list[Floats]:
        """What is made of the totals of u², block by block."""
        return [second(part[..., 2, :]) for part in self.parts]


@dataclass(frozen=True, eq=False)
class Ratio:
    """F ratios over one base, for any leading shape of domains; NaN where the base is empty.

    value float64[..., F]; covariance float64[..., F, F]; n, effective_n (Kish's) float64[...] of the base;
    varies bool[..., F]: whether respondents differ, for a standard error of 0 says nothing when they do not.
    spread float64[..., F]: the weighted variance of the values themselves.
    """

    value: Floats
    covariance: Floats
    n: Floats
    effective_n: Floats
    varies: npt.NDArray[np.bool_]
    spread: Floats

    @property
    def deff(self) -> Floats:
        """The variance over that of a simple random sample of the size (R's deff = "replace"); NaN if that is 0."""
        variance = np.diagonal(self.covariance, axis1=-2, axis2=-1)
        return variance * (self.n[..., None] - 1) / np.where(self.spread > 0, self.spread, np.nan)

    @property
    def se(self) -> Floats:
        variance = np.diagonal(self.covariance, axis1=-2, axis2=-1)
        return np.where(self.varies, np.sqrt(np.maximum(variance, 0.0)), variance * 0.0)


def domain_totals(tally: Tally, weights: Weights, domains: npt.NDArray[np.bool_], columns: list[int]) -> Totals:
    """The counts of columns added up over domains bool[D, C]: [D, R, len(columns)] per block.

    Of rows that right made, over all blocks that were calibrated together.
    """
    counts = tally.counts[:, columns].astype(np.float64)
    parts = tuple(_block_totals(block, domains, counts) for block in weights.blocks)
    for together in weights.together:
        # What calibration explains of a variable hangs on everybody who was calibrated together, in whatever stratum.
        explained = slice(3, 3 + weights.blocks[together[0]].left.shape[1])
        shared = sum(parts[number][:, explained] for number in together)
        for number in together:
            parts[number][:, explained] = shared
    return Totals(parts)


def _block_totals(block: Block, domains: npt.NDArray[np.bool_], counts: Floats) -> Floats:
    loads = domains[:, None, block.rows] * block.loads[None]
    count, rows, cells = loads.shape
    totals = loads.reshape(count * rows, cells) @ counts[block.rows]
    return totals.reshape(count, rows, counts.shape[1])


def mean_of_codes(totals: Totals, values: Floats, weights: Weights) -> Ratio:
    """Means of values float64[F, K] (0 and 1: shares) over codes that divide the base: totals [..., R, K]."""
    n, w, q = (totals.sums[..., row, :] for row in range(3))
    base = _filled(w.sum(-1))
    chosen = n[..., None, :] > 0
    least = np.where(chosen, values, np.inf).min(-1)
    most = np.where(chosen, values, -np.inf).max(-1)
    value = (w @ values.T) / base[..., None]
    # Rounding must not leave the range: everyone is 1, not 1 - 1e-16, or the wrong interval is taken. With negative
    # weights, which linear calibration can make, the range is no bound.
    if all((block.u >= 0).all() for block in weights.blocks):
        value = np.clip(value, least, most)
    residual = values - value[..., None]

    def second(squares: Floats) -> Floats:
        found: Floats = (residual * squares[..., None, :]) @ np.swapaxes(residual, -1, -2)
        return found

    covariance = _covariance(totals, residual, totals.squares(second), base, weights)
    spread = (residual**2 @ w[..., None])[..., 0] / base[..., None]
    return Ratio(value, covariance, n.sum(-1), base**2 / _filled(q.sum(-1)), most > least, spread)


def mean_of_numbers(totals: Totals, weights: Weights) -> Ratio:
    """The mean of a numeric answer: totals [..., R, 3] of columns n, sum, sumsq."""
    n, w, q = (totals.sums[..., row, :] for row in range(3))
    base = _filled(w[..., 0])
    value = w[..., 1] / base

    def second(squares: Floats) -> Floats:
        found: Floats = squares[..., 2] - 2 * value * squares[..., 1] + value**2 * squares[..., 0]
        return found[..., None, None]

    varies = second(q)[..., 0, 0] > 1e-12 * q[..., 2]
    residual = np.stack([-value, np.ones_like(value)], axis=-1)[..., None, :]
    covariance = _covariance(totals.pick([0, 1]), residual, totals.squares(second), base, weights)
    effective = base**2 / _filled(q[..., 0])
    spread = w[..., 2] / base - value**2
    return Ratio(value[..., None], covariance, n[..., 0], effective, varies[..., None], spread[..., None])


def totals_of_codes(totals: Totals, values: Floats, weights: Weights) -> tuple[Floats, Floats]:
    """Sums of weights times values float64[F, K], and their covariance: float64[..., F] and [..., F, F]."""
    w = totals.sums[..., 1, :]

    def second(squares: Floats) -> Floats:
        found: Floats = (values * squares[..., None, :]) @ values.T
        return found

    return w @ values.T, _covariance(totals, values, totals.squares(second), np.ones(w.shape[:-1]), weights)


def _covariance(totals: Totals, residual: Floats, seconds: Sequence[Floats], base: Floats, weights: Weights) -> Floats:
    """Covariance of the sums of u z / W - left · E, stratum by stratum.

    Residual z is float64[..., F, K]; seconds are Σ u² z z' [..., F, F] of each block.
    """
    parts = zip(weights.blocks, totals.parts, seconds, strict=True)
    found = [_of_block(block, part, residual, second, base) for block, part, second in parts]
    if weights.size < 2:
        return np.full(np.shape(found[0]), np.nan) if found else _nothing(base, residual)
    covariance: Floats = sum(found[1:], found[0])
    return covariance


def _nothing(base: Floats, residual: Floats) -> Floats:
    size = residual.shape[-2]
    return np.full((*base.shape, size, size), np.nan)


def _of_block(block: Block, totals: Floats, residual: Floats, second: Floats, base: Floats) -> Floats:
    """A stratum's part of the covariance. One respondent alone counts by the distance from 0, the mean over all."""
    n, size = block.size, block.left.shape[1]
    divisor = base[..., None, None]
    across = np.swapaxes(residual, -1, -2)
    explained = totals[..., 3 : 3 + size, :] @ across / divisor
    shared = np.swapaxes(totals[..., 3 + size :, :] @ across / divisor, -1, -2) @ explained
    explained_t = np.swapaxes(explained, -1, -2)
    spread = second / divisor**2 - shared - np.swapaxes(shared, -1, -2) + explained_t @ block.gram @ explained
    if n < 2:
        return spread
    centre = ((residual @ totals[..., 1, :, None])[..., 0] / base[..., None] - explained_t @ block.reach) / n
    covariance: Floats = n / (n - 1) * (spread - n * centre[..., :, None] * centre[..., None, :])
    return covariance


def _filled(total: Floats) -> Floats:
    """Totals to divide by: NaN instead of 0, so that an empty base gives NaN. Linear weights can sum to less."""
    return np.where(total == 0, np.nan, total)
