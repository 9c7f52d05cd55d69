"""Whether a total can be worked out from others: linear algebra on who is in which group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Members = npt.NDArray[np.bool_] | npt.NDArray[np.float64]
"""Who is in which group, or with what weight."""
TOLERANCE = 1e-8


def spanned(known: Members, wanted: Members) -> list[bool]:
    """Which columns of wanted [B, W] are linear combinations of those of known [B, P], P > 0."""
    columns, targets = known.astype(np.float64), wanted.astype(np.float64)
    coefficients = np.linalg.lstsq(columns, targets)[0]
    found: list[bool] = (np.abs(columns @ coefficients - targets).max(axis=0) < TOLERANCE).tolist()
    return found


def combination(known: Members, wanted: Members) -> list[int]:
    """Columns of known [B, P] that together, and not without any of them, combine to wanted [B].

    Early columns are preferred. Empty if wanted is no combination. By elimination: columns independent
    of those before them form a basis, in which the combination is unique.
    """
    table = np.column_stack([known, wanted]).astype(np.float64)
    free = np.ones(len(table), bool)
    pivots: list[tuple[int, int]] = []
    for column in range(known.shape[1]):
        row = int(np.argmax(np.where(free, np.abs(table[:, column]), 0.0)))
        if not free[row] or abs(table[row, column]) < TOLERANCE:
            continue
        table[row] /= table[row, column]
        others = table[:, column].copy()
        others[row] = 0.0
        table -= others[:, None] * table[row]
        free[row] = False
        pivots.append((row, column))
    if np.abs(table[free, -1]).max(initial=0.0) > TOLERANCE:
        return []
    return [column for row, column in pivots if abs(table[row, -1]) > TOLERANCE]
