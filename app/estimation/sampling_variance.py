"""Sampling variances for a line, steadied where waves are small: what few people said of their own spread is noise."""

from __future__ import annotations

import numpy as np

from app.estimation.local_level import Floats

PRIOR_N = 30.0
"""So many people's worth of the pooled share (or spread) go into each wave's; a wave of 1,000 hardly notices."""


def share_variance(p: Floats, effective_n: Floats) -> Floats:
    """p̃(1-p̃)/n of shares p, where p̃ is p shrunk to the pooled share; n is what each share's standard error comes to."""
    pooled = _kept_inside((effective_n * p).sum() / effective_n.sum(), effective_n.sum())
    shrunk = (effective_n * p + PRIOR_N * pooled) / (effective_n + PRIOR_N)
    variance: Floats = shrunk * (1 - shrunk) / effective_n
    return variance


def mean_variance(se: Floats, n: Floats) -> Floats:
    """SE² of means, the spread behind each (SE²n) shrunk to the pooled one. All 0 where nobody ever differed."""
    spread = se**2 * n
    pooled = (n * spread).sum() / n.sum()
    variance: Floats = (n * spread + PRIOR_N * pooled) / (n + PRIOR_N) / n
    return variance


def effective_size(p: Floats, se: Floats, kish_n: Floats) -> Floats:
    """The simple random sample with the same standard error, p(1-p)/SE²; Kish's n where everyone said the same."""
    varies = (p > 0) & (p < 1) & (se > 0)
    size: Floats = np.where(varies, p * (1 - p) / np.where(varies, se, 1.0) ** 2, kish_n)
    return size


def _kept_inside(p: float, n: float) -> float:
    """A share of 0 or 1 even when pooled would have no variance: one more of each answer (Laplace)."""
    return (n * p + 1) / (n + 2)
