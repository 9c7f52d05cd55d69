"""Trimming of weights, as R's trimWeights does it: what is cut off is shared out among those within the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.estimation.tally import Counts, Floats

_MOST_ROUNDS = 1_000


@dataclass(frozen=True)
class Trim:
    """Limits of a weight: multiples of the mean weight, or weights themselves. strict: again until all are within."""

    lower: float | None = None
    upper: float | None = None
    unit: Literal["mean", "weight"] = "mean"
    strict: bool = False


def trim(weights: Floats, n: Counts, limits: Trim) -> Floats:
    """Weights float64[C] of n int64[C] respondents each, trimmed. Their sum stays, unless none lies within."""
    scale = float(weights @ n) / int(n.sum()) if limits.unit == "mean" else 1.0
    lower = -np.inf if limits.lower is None else limits.lower * scale
    upper = np.inf if limits.upper is None else limits.upper * scale
    for _ in range(_MOST_ROUNDS if limits.strict else 1):
        # What was pushed a rounding error over the limit is not outside.
        outside = (weights < lower * (1 - 1e-12)) | (weights > upper * (1 + 1e-12))
        if not outside.any():
            break
        cut = np.clip(weights, lower, upper)
        inside = ~outside
        shared = float((weights - cut) @ n)
        if n[inside].sum():
            cut[inside] += shared / n[inside].sum()
        weights = cut
    return weights
