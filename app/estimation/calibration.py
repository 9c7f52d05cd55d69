"""Calibration of weights to known margins, from the sizes of cells: raking, poststratification, linear calibration.

Deming and Stephan (1940); Deville and Särndal (1992); Deville, Särndal and Sautory (1993). Rows are cells of one base
weight each; nothing here knows a respondent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.estimation.tally import Counts, Floats
from app.estimation.terms import Method

TOLERANCE = 1e-13
MOST_SWEEPS = 2_000
_LOOK_BACK = 100
# R's survey package takes so many turns over the margins when it removes from a variable what raking explains.
_TURNS = 10


@dataclass(frozen=True, eq=False)
class Margin:
    """level int[C]: each row's level; totals float64[L]: the population of each level, above 0.

    names: of the levels; those that were put together are joined by PLUS, who has none is "".
    """

    level: npt.NDArray[np.intp]
    totals: Floats
    name: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What calibration made of base weights d float64[C].

    g float64[C]: the factor on d. left, right float64[C, L]: of row totals r of a weighted variable, calibration
    explains left @ (right' @ r) of each respondent. sweeps: over the margins, 0 where it takes none. off: the largest
    relative distance of a margin from its target. worst: the margin and the level of it that are so far off.
    """

    g: Floats
    left: Floats
    right: Floats
    sweeps: int
    off: float
    worst: tuple[str, str] = ("", "")

    @property
    def converged(self) -> bool:
        return self.off <= 1e-9


def calibrate(method: Method, n: Counts, d: Floats, margins: Sequence[Margin]) -> Calibrated:
    """Weights d * g that meet the margins. n int64[C]: respondents of each row, above 0."""
    if method == "none" or not margins:
        none = np.zeros((len(n), 0))
        return Calibrated(np.ones(len(n)), none, none, 0, 0.0)
    size = n * d
    dummies = np.concatenate([np.eye(len(margin.totals))[margin.level] for margin in margins], axis=1)
    if method == "calibrate-linear":
        g, sweeps = _linear(size, dummies, margins), 0
    else:
        g, sweeps = _rake(size, margins)
    off, worst = _farthest(margins, size * g)
    if method == "rake":
        left, right = _explained_by_raking(n, d * g, dummies, margins)
    else:
        left, right = _explained(size, d * g, g, dummies)
    return Calibrated(g, left, right, sweeps, off, worst)


def _farthest(margins: Sequence[Margin], weights: Floats) -> tuple[float, tuple[str, str]]:
    """The largest relative distance of a level from its target, with the margin and the level."""
    off = [np.abs(_sums(margin, weights) / margin.totals - 1) for margin in margins]
    number = int(np.argmax([distance.max() for distance in off]))
    margin, level = margins[number], int(off[number].argmax())
    return float(off[number][level]), (margin.name, margin.names[level] if margin.names else "")


def _sums(margin: Margin, weights: Floats) -> Floats:
    return np.bincount(margin.level, weights, len(margin.totals)).astype(np.float64, copy=False)


def _rake(size: Floats, margins: Sequence[Margin]) -> tuple[Floats, int]:
    """Sweeps over the margins until none moves by more than rounding, or sweeping no longer helps.

    Where the margins contradict the empty combinations of levels there is no solution: the sweeps end, far off.
    """
    level = np.stack([margin.level for margin in margins])
    _, first, cell = np.unique(level, axis=1, return_index=True, return_inverse=True)
    cells = np.bincount(cell.ravel(), size)
    g = np.ones(len(cells))
    levels = [margin.level[first] for margin in margins]
    sweep, before = 0, np.inf
    while sweep < MOST_SWEEPS:
        sweep += 1
        off = 0.0
        for margin, of_cell in zip(margins, levels, strict=True):
            reached = np.bincount(of_cell, cells * g, len(margin.totals))
            factor = np.where(reached > 0, margin.totals / np.where(reached > 0, reached, 1.0), 1.0)
            g = g * factor[of_cell]
            off = max(off, float(np.abs(factor - 1).max()))
        if off <= TOLERANCE or not np.isfinite(off):
            break
        if sweep % _LOOK_BACK == 0:
            if off > 0.999 * before:
                break
            before = off
    return g[cell.ravel()], sweep


def _linear(size: Floats, dummies: Floats, margins: Sequence[Margin]) -> Floats:
    """g = 1 + a linear function of the margins; repeated once, which removes the rounding of the first."""
    totals = np.concatenate([margin.totals for margin in margins])
    crossed = np.linalg.pinv((dummies.T * size) @ dummies, rcond=1e-12, hermitian=True)
    slope = np.zeros(dummies.shape[1])
    for _ in range(3):
        slope += crossed @ (totals - dummies.T @ (size * (1 + dummies @ slope)))
    return 1 + dummies @ slope


def _explained(size: Floats, w: Floats, g: Floats, dummies: Floats) -> tuple[Floats, Floats]:
    """As in R's calibrate() and postStratify(): the regression, weighted by d, of the variable over g."""
    _, values, across = np.linalg.svd(np.sqrt(size)[:, None] * dummies, full_matrices=False)
    kept = values > 1e-9 * values[0]
    basis = dummies @ (across[kept].T / values[kept])
    return basis * w[:, None], basis / np.where(g != 0, g, np.inf)[:, None]


def _explained_by_raking(n: Counts, w: Floats, dummies: Floats, margins: Sequence[Margin]) -> tuple[Floats, Floats]:
    """As in R's rake(): margin after margin, the mean over respondents of the variable over its weight."""
    crossed = (dummies.T * n) @ dummies
    slope = np.zeros_like(crossed)
    identity = np.eye(len(crossed))
    ends = np.cumsum([len(margin.totals) for margin in margins]).tolist()
    blocks = [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
    for _ in range(_TURNS):
        for block in blocks:
            slope[block] += (identity[block] - crossed[block] @ slope) / np.diagonal(crossed)[block, None]
    # Where the margins cannot be met a weight may sink to 0; then it bears on nothing.
    return dummies * w[:, None], (dummies @ slope.T) / np.where(w > 0, w, np.inf)[:, None]
