"""Ratios and their covariance by linearisation, from totals over domains alone.

Formulae: x_i = A z_i - B with z_i the residual of respondent i, A = u / W and B the part of A z that
calibration explains, n over all respondents of the tally; a domain, and item non-response, sets z to 0
(Särndal, Swensson and Wretman 1992, chapters 5 and 6; Deville and Särndal 1992). All that is needed of a cell
is linear in its counts, so cells are added up first, and no matrix of codes by codes is made per cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.estimation.tally import Tally
from app.estimation.weighting import Floats, Weights


@dataclass(frozen=True)
class Ratio:
    """F ratios over one base, for any leading shape of domains; NaN where the base is empty.

    value float64[..., F]; covariance float64[..., F, F]; n, effective_n (Kish's) float64[...] of the base;
    varies bool[..., F]: whether respondents differ, for a standard error of 0 says nothing when they do not.
    """

    value: Floats
    covariance: Floats
    n: Floats
    effective_n: Floats
    varies: npt.NDArray[np.bool_]

    @property
    def se(self) -> Floats:
        variance = np.diagonal(self.covariance, axis1=-2, axis2=-1)
        return np.where(self.varies, np.sqrt(np.maximum(variance, 0.0)), variance * 0.0)


def domain_totals(tally: Tally, weights: Weights, domains: npt.NDArray[np.bool_], columns: list[int]) -> Floats:
    """float64[D, R, len(columns)]: counts added up over domains bool[D, C], once per row of weights.loads."""
    loads = domains[:, None, :] * weights.loads[None]
    count, rows, cells = loads.shape
    totals = loads.reshape(count * rows, cells) @ tally.counts[:, columns].astype(np.float64)
    return totals.reshape(count, rows, len(columns))


def mean_of_codes(totals: Floats, values: Floats, weights: Weights) -> Ratio:
    """Means of values float64[F, K] (0 and 1: shares) over codes that divide the base: totals [..., R, K]."""
    n, w, q = totals[..., 0, :], totals[..., 1, :], totals[..., 2, :]
    base = _filled(w.sum(-1))
    chosen = n[..., None, :] > 0
    least = np.where(chosen, values, np.inf).min(-1)
    most = np.where(chosen, values, -np.inf).max(-1)
    # Rounding must not leave the range: everyone is 1, not 1 - 1e-16, or the wrong interval is taken.
    value = np.clip((w @ values.T) / base[..., None], least, most)
    residual = values - value[..., None]
    second = (residual * q[..., None, :]) @ np.swapaxes(residual, -1, -2)
    covariance = _covariance(totals, residual, second, base, weights)
    return Ratio(value, covariance, n.sum(-1), base**2 / _filled(q.sum(-1)), most > least)


def mean_of_numbers(totals: Floats, weights: Weights) -> Ratio:
    """The mean of a numeric answer: totals [..., R, 3] of columns n, sum, sumsq."""
    w, q = totals[..., 1, :], totals[..., 2, :]
    base = _filled(w[..., 0])
    value = w[..., 1] / base
    second = q[..., 2] - 2 * value * q[..., 1] + value**2 * q[..., 0]
    varies = second > 1e-12 * q[..., 2]
    residual = np.stack([-value, np.ones_like(value)], axis=-1)[..., None, :]
    covariance = _covariance(totals[..., :2], residual, second[..., None, None], base, weights)
    effective = base**2 / _filled(q[..., 0])
    return Ratio(value[..., None], covariance, totals[..., 0, 0], effective, varies[..., None])


def _covariance(totals: Floats, residual: Floats, second: Floats, base: Floats, weights: Weights) -> Floats:
    """Covariance of the totals of A z - B: residual z is float64[..., F, K], second Σu²zz' [..., F, F]."""
    n, size = int(weights.n.sum()), weights.basis.shape[1]
    if n < 2:
        return np.full_like(second, np.nan)
    divisor = base[..., None, None]
    across = np.swapaxes(residual, -1, -2)
    explained = totals[..., 3 : 3 + size, :] @ across / divisor
    shared = np.swapaxes(totals[..., 3 + size :, :] @ across / divisor, -1, -2) @ explained
    explained_t = np.swapaxes(explained, -1, -2)
    spread = second / divisor**2 - shared - np.swapaxes(shared, -1, -2) + explained_t @ weights.gram @ explained
    centre = ((residual @ totals[..., 1, :, None])[..., 0] / base[..., None] - explained_t @ weights.reach) / n
    covariance: Floats = n / (n - 1) * (spread - n * centre[..., :, None] * centre[..., None, :])
    return covariance


def _filled(total: Floats) -> Floats:
    """Totals to divide by: NaN instead of 0, so that an empty base gives NaN."""
    return np.where(total > 0, total, np.nan)
