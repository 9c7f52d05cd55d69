"""Quantiles. scipy is loaded on first use only: whoever merely reads estimates never pays for it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def t_quantile(probability: float, df: npt.ArrayLike) -> Floats:
    """Student's t; NaN where df is below 1."""
    from scipy import special

    degrees = np.asarray(df, np.float64)
    return np.asarray(special.stdtrit(np.where(degrees >= 1, degrees, np.nan), probability), np.float64)


def beta_quantile(probability: float, a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """Beta(a, b), a and b at or above 0: 0 where a is 0, 1 where b is 0."""
    from scipy import special

    first, second = np.asarray(a, np.float64), np.asarray(b, np.float64)
    inside = (first > 0) & (second > 0)
    quantile = special.betaincinv(np.where(inside, first, 1.0), np.where(inside, second, 1.0), probability)
    return np.where(inside, quantile, np.where(first > 0, 1.0, 0.0))


def t_tail(statistic: npt.ArrayLike, df: npt.ArrayLike) -> Floats:
    """The two-sided p-value of Student's t; NaN where df is below 1."""
    from scipy import special

    degrees = np.asarray(df, np.float64)
    return 2 * np.asarray(special.stdtr(np.where(degrees >= 1, degrees, np.nan), -np.abs(statistic)), np.float64)


def normal_tail(statistic: npt.ArrayLike) -> Floats:
    """The chance that a standard normal variable exceeds the statistic."""
    from scipy import special

    return np.asarray(special.ndtr(-np.asarray(statistic, np.float64)), np.float64)
