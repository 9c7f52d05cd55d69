"""How often the line's band holds the truth, and how often an event that did nothing is called one that did.

Simulated waves with a seed. The ranges beside the figures are those of earlier trials with the same method; what a
band reaches on jumps and cycles depends on how high and how fast these are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.api import OLS

from app.estimation.event_effect import event_effect
from app.estimation.local_level import Floats, Z, sigma_grid, sigma_weights, smooth
from app.estimation.sampling_variance import share_variance

SEED = 20260101
TRIALS = 1000
SCALE = 0.02
Generator = np.random.Generator
COVERED = {
    "flat": (0.95, 0.98),
    "slow walk": (0.95, 0.98),
    "walk": (0.95, 0.98),
    "jump": (0.87, 0.92),
    "cycle": (0.87, 0.92),
}
ALARMS = {0.0: (0.002, 0.12), 0.01: (0.033, 0.28), 0.02: (0.073, 0.45)}
"""By the walk's standard deviation per wave: false alarms of GLS, and of segmented regression with HAC errors."""


def run() -> list[str]:
    """The lines of the report."""
    covered = [_covered(kind, steps=False) for kind in (*COVERED, "fast cycle")] + [_covered("jump", steps=True)]
    return [*covered, *(_alarms(walk) for walk in ALARMS)]


def _covered(kind: str, steps: bool) -> str:
    rate, plug_in = coverage(kind, TRIALS, SEED, steps)
    known = COVERED.get(kind) if not steps else None
    told = f" (earlier trials {known[0]:.2f} to {known[1]:.2f})" if known else ""
    name = f"{kind}, its event declared" if steps else kind
    return f"lines: 95 % band covers the truth, {name}: {rate:.3f}{told}; with the likeliest σ plugged in {plug_in:.3f}"


def _alarms(walk: float) -> str:
    ours, plain = false_alarms(walk, TRIALS, SEED), segmented_alarms(walk, TRIALS, SEED)
    known, known_plain = ALARMS[walk]
    return (
        f"lines: false alarms at 5 %, opinion wanders {100 * walk:.0f} points a wave: {100 * ours:.1f} %"
        f" (earlier {100 * known:.1f} %); segmented regression with HAC errors {100 * plain:.0f} %"
        f" (earlier {100 * known_plain:.0f} %)"
    )


_TRUTH: dict[str, Callable[[int, int, Generator], npt.NDArray[np.floating[Any]]]] = {
    "flat": lambda size, at, rng: np.full(size, rng.uniform(0.3, 0.7)),
    "slow walk": lambda size, at, rng: _walk(size, 0.01, rng),
    "walk": lambda size, at, rng: _walk(size, 0.02, rng),
    "jump": lambda size, at, rng: rng.uniform(0.35, 0.55) + 0.12 * (np.arange(size) >= at),
    "cycle": lambda size, at, rng: 0.5 + 0.12 * np.sin(2 * np.pi * (np.arange(size) / 10 + rng.uniform())),
    "fast cycle": lambda size, at, rng: 0.5 + 0.1 * np.sin(2 * np.pi * (np.arange(size) / 6 + rng.uniform())),
}


def _walk(size: int, sd: float, rng: Generator) -> npt.NDArray[np.floating[Any]]:
    return np.clip(rng.uniform(0.35, 0.65) + np.cumsum(rng.normal(0, sd, size)), 0.03, 0.97)


def coverage(kind: str, trials: int, seed: int, steps: bool = False) -> tuple[float, float]:
    """Share of points whose true level lies in the band: averaged over σ, and with its likeliest value plugged in.

    8 to 24 waves of 40 to 60 people each. steps: whether the line is told when a jump came.
    """
    rng = np.random.default_rng(seed)
    held = plugged = points = 0
    for _ in range(trials):
        size = int(rng.integers(8, 25))
        at = int(rng.integers(size // 4, size - size // 4))
        truth = _TRUTH[kind](size, at, rng).astype(np.float64)
        y, v = _polled(truth, rng.integers(40, 61, size), rng)
        found = smooth(y, v, np.arange(float(size)), sigma_grid(SCALE), {at} if steps else ())
        weight = sigma_weights(found.loglik)
        mean = weight @ found.mean
        variance = weight @ (found.variance + (found.mean - mean) ** 2)
        best = int(found.loglik.argmax())
        held += int((np.abs(truth - mean) < Z * np.sqrt(variance)).sum())
        plugged += int((np.abs(truth - found.mean[best]) < Z * np.sqrt(found.variance[best])).sum())
        points += size
    return held / points, plugged / points


def false_alarms(walk: float, trials: int, seed: int) -> float:
    """How often an event halfway, at which nothing happened, has an effect significant at 5 %."""

    def alarm(y: Floats, v: Floats, times: Floats, at: float) -> bool:
        return event_effect(y, v, times, at, SCALE).p < 0.05

    return _alarm_rate(alarm, walk, trials, seed)


def segmented_alarms(walk: float, trials: int, seed: int) -> float:
    """The same of an interrupted time series by least squares with Newey and West's errors."""

    def alarm(y: Floats, v: Floats, times: Floats, at: float) -> bool:
        after = (times >= at).astype(float)
        design = np.stack([np.ones_like(times), times, after, after * (times - at)], axis=1)
        fit = OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": 2})
        return bool(fit.pvalues[2] < 0.05)

    return _alarm_rate(alarm, walk, trials, seed)


def _alarm_rate(alarm: Callable[[Floats, Floats, Floats, float], bool], walk: float, trials: int, seed: int) -> float:
    """Over 48 waves of 400 people."""
    rng = np.random.default_rng(seed)
    alarms = 0
    for _ in range(trials):
        y, v = _polled(_walk(48, walk, rng).astype(np.float64), np.full(48, 400), rng)
        alarms += alarm(y, v, np.arange(48.0), 24.0)
    return alarms / trials


def _polled(truth: Floats, n: np.ndarray[tuple[int], np.dtype[np.int64]], rng: Generator) -> tuple[Floats, Floats]:
    """Shares of samples of the truth, with their sampling variances."""
    y = rng.binomial(n, truth) / n
    return y, share_variance(y, n.astype(np.float64))
