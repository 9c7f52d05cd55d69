"""The local level of a line: a random walk seen through sampling errors that are known.

    y_t = μ_t + ε_t,  ε_t ~ N(0, v_t);   μ_t = μ_{t-1} + η_t,  η_t ~ N(0, σ² Δt)

Filter, smoother and exact diffuse start after Durbin and Koopman, "Time Series Analysis by State Space Methods" (2012),
chapters 2 and 5. σ is not plugged in, for its estimate from a dozen waves is often 0: the line is averaged over σ,
with a half-Cauchy prior of scale `scale` (Gelman 2006).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

GRID = 64
"""Values of σ that a line is averaged over; twice as many would move no line by a millionth of the prior's scale."""
Z = 1.959963984540054


@dataclass(frozen=True)
class Smoothed:
    """The level for each σ of a grid. mean, variance float64[S, T]; loglik float64[S], diffuse."""

    mean: Floats
    variance: Floats
    loglik: Floats


@dataclass(frozen=True)
class Level:
    """The level averaged over σ: mean and standard deviation float64[T], in the unit of the observations."""

    mean: Floats
    sd: Floats

    @property
    def band(self) -> tuple[Floats, Floats]:
        """The 95 % band around the line, at each point for itself."""
        return self.mean - Z * self.sd, self.mean + Z * self.sd


def local_level(y: Floats, v: Floats, times: Floats, scale: float, steps: Collection[int] = ()) -> Level:
    """The line through observations float64[T] with sampling variances v > 0 at times that never decrease.

    scale: that of the prior of σ, in the unit of y per square root of the unit of time. steps: the first observation
    after each known event, at which the level may jump by any amount. ValueError where an input cannot be.
    """
    sigmas = sigma_grid(scale)
    found = smooth(y, v, times, sigmas, steps)
    weight = sigma_weights(found.loglik)
    mean = weight @ found.mean
    variance = weight @ (found.variance + (found.mean - mean) ** 2)
    return Level(mean, np.sqrt(variance))


def sigma_grid(scale: float, size: int = GRID) -> Floats:
    """The middles of `size` equal parts of the prior: on it, the posterior is the likelihood alone."""
    middles = (np.arange(size) + 0.5) / size
    return scale * np.tan(middles * np.pi / 2)


def sigma_weights(loglik: Floats) -> Floats:
    """The posterior of the σ of `sigma_grid`, which sums to 1."""
    weight = np.exp(loglik - loglik.max())
    total: Floats = weight / weight.sum()
    return total


def smooth(y: Floats, v: Floats, times: Floats, sigmas: Floats, steps: Collection[int] = ()) -> Smoothed:
    """Filter and smoother for every σ at once.

    A jump of unknown size makes the level after it as unknown as at the start, so there the filter starts anew.
    """
    _check(y, v, times, steps)
    size = len(y)
    starts = {0, *steps}
    noise = np.diff(times, prepend=times[0])[:, None] * sigmas**2
    before, after = np.empty((size, 2, len(sigmas))), np.empty((size, 2, len(sigmas)))
    loglik = np.zeros(len(sigmas))
    for t in range(size):
        if t in starts:
            after[t, 0], after[t, 1] = y[t], v[t]
            continue
        a, p = before[t] = after[t - 1, 0], after[t - 1, 1] + noise[t]
        total = p + v[t]
        gain, error = p / total, y[t] - a
        after[t] = a + gain * error, p * (1 - gain)
        loglik -= (np.log(2 * np.pi * total) + error**2 / total) / 2
    mean, variance = after[:, 0].copy(), after[:, 1].copy()
    for t in range(size - 2, -1, -1):
        if t + 1 not in starts:
            pull = after[t, 1] / before[t + 1, 1]
            mean[t] += pull * (mean[t + 1] - before[t + 1, 0])
            variance[t] += pull**2 * (variance[t + 1] - before[t + 1, 1])
    return Smoothed(mean.T, variance.T, loglik)


def _check(y: Floats, v: Floats, times: Floats, steps: Collection[int]) -> None:
    if not len(y) == len(v) == len(times) > 0:
        raise ValueError("a line needs as many variances and times as observations, and at least one")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("observations must be finite, with variances above 0")
    if (np.diff(times) < 0).any():
        raise ValueError("times must not decrease")
    if any(not 0 < step < len(y) for step in steps):
        raise ValueError("a step must have an observation before and after it")
