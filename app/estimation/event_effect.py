"""What an event changed: a step in a line that wanders anyway.

y = Xβ + e by generalised least squares, Σ = diag(v) + σ² min(s, t), X = [1, after]. σ is averaged over as in
`local_level`. A plain interrupted time series (segmented regression) takes the wandering for the event's doing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.estimation.local_level import Floats, Z, sigma_grid, sigma_weights


@dataclass(frozen=True)
class Effect:
    """The step at an event, its standard error, 95 % interval and two-sided p-value."""

    value: float
    se: float

    @property
    def interval(self) -> tuple[float, float]:
        return self.value - Z * self.se, self.value + Z * self.se

    @property
    def p(self) -> float:
        return math.erfc(abs(self.value) / self.se / math.sqrt(2))


def event_effect(y: Floats, v: Floats, times: Floats, event: float, scale: float) -> Effect:
    """The step at the time `event` in observations float64[T] with sampling variances v.

    Observations at the event's own time count as after it. ValueError without observations on either side.
    """
    after = times >= event
    if after.all() or not after.any():
        raise ValueError("an effect needs observations before and after the event")
    design = np.stack([np.ones_like(y), after.astype(np.float64)], axis=1)
    elapsed = times - times[0]
    walk = np.minimum(elapsed[:, None], elapsed)
    value, variance, loglik = _fitted(y, design, np.diag(v) + sigma_grid(scale)[:, None, None] ** 2 * walk)
    weight = sigma_weights(loglik)
    mean = float(weight @ value)
    return Effect(mean, math.sqrt(float(weight @ (variance + (value - mean) ** 2))))


def _fitted(y: Floats, design: Floats, covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """The last coefficient, its variance and the restricted log-likelihood, for each of covariance float64[S, T, T]."""
    root = np.linalg.cholesky(covariance)
    x = np.linalg.solve(root, np.broadcast_to(design, (len(root), *design.shape)))
    z = np.linalg.solve(root, np.broadcast_to(y[:, None], (len(root), len(y), 1)))
    information = np.swapaxes(x, 1, 2) @ x
    spread = np.linalg.inv(information)
    beta = spread @ np.swapaxes(x, 1, 2) @ z
    residual = ((z - x @ beta) ** 2).sum((1, 2))
    size = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1) * 2 + np.linalg.slogdet(information)[1]
    return beta[:, -1, 0], spread[:, -1, -1], -(size + residual) / 2
