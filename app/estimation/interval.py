"""Confidence intervals: float64 arrays in, (low, high) out, NaN where there is none to give."""

from __future__ import annotations

import numpy as np

from app.estimation.quantile import Floats, beta_quantile, t_quantile

LEVEL = 0.95


def logit_interval(p: Floats, se: Floats, df: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Symmetric on the logit scale (R's svyciprop, xlogit); for 0 < p < 1."""
    inside = (p > 0) & (p < 1)
    q = np.where(inside, p, np.nan)
    half = t_quantile((1 + level) / 2, df) * se / (q * (1 - q))
    centre = np.log(q) - np.log1p(-q)
    return _expit(centre - half), _expit(centre + half)


def beta_interval(p: Floats, effective_n: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Korn and Graubard (1998): Clopper and Pearson's exact interval at the effective n."""
    yes, no = effective_n * p, effective_n * (1 - p)
    return beta_quantile((1 - level) / 2, yes, no + 1), beta_quantile((1 + level) / 2, yes + 1, no)


def share_interval(p: Floats, se: Floats, df: Floats, kish_n: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Logit; but at p = 0 or 1, where the standard error of 0 says nothing, beta at Kish's effective n."""
    low, high = logit_interval(p, se, df, level)
    edge = (p == 0) | (p == 1)
    if edge.any():
        p, kish_n = np.broadcast_arrays(p, kish_n)
        low[edge], high[edge] = beta_interval(p[edge], kish_n[edge], level)
    return low, high


def t_interval(value: Floats, se: Floats, df: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """value ± t·se, for means and differences of shares."""
    half = t_quantile((1 + level) / 2, df) * se
    return value - half, value + half


def _expit(x: Floats) -> Floats:
    # exp of a negative number only, so that no extreme standard error overflows.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))
