"""Weights per cell, and what the variance must know of how they were made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.estimation.tally import Counts, Tally

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """One weight per cell of a tally.

    n      int64[C]    respondents per cell.
    g      float64[C]  weight of each respondent in the cell, before trimming.
    basis  float64[C, L]  orthonormal under n (basis' diag(n) basis = I), spanning the margin dummies that the
           weights were calibrated to; L = 0 when calibrated to nothing. Of a cell total r, calibration
           explains g * basis @ basis' @ (r / g) per respondent.
    u      float64[C]  weight used in the estimates: g, or g trimmed.
    """

    n: Counts
    g: Floats
    basis: Floats
    u: Floats

    @cached_property
    def loads(self) -> Floats:
        """float64[3 + 2L, C]: what a cell's counts are multiplied by before they are added up over a domain:
        1, u, u*u, then basis * u / g, then basis * u * g."""
        plain = np.stack([np.ones_like(self.u), self.u, self.u**2])
        return np.concatenate([plain, (self.basis.T * (self.u / self.g)), self.basis.T * (self.u * self.g)])

    @cached_property
    def gram(self) -> Floats:
        """float64[L, L]: basis' diag(g*g*n) basis."""
        return (self.basis.T * (self.g**2 * self.n)) @ self.basis

    @cached_property
    def reach(self) -> Floats:
        """float64[L]: basis' (g*n)."""
        return self.basis.T @ (self.g * self.n)


Scheme = Callable[[Tally], Weights]


def unit_weights(tally: Tally) -> Weights:
    ones = np.ones(len(tally.cells))
    return Weights(n=tally.n, g=ones, basis=np.zeros((len(tally.cells), 0)), u=ones)


def weigh(tally: Tally, scheme: Scheme | None = None) -> Weights:
    """The weights a scheme gives to a tally; without a scheme every respondent counts as one."""
    return unit_weights(tally) if scheme is None else scheme(tally)
