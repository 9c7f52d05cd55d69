"""Mergeable counts, a row per cell, a column per (variable, key): sufficient for every estimate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
BASE = "*"
"""Stands in a cell's name before the base weight of its respondents, where that is not 1."""
STORED = np.dtype("<i8")


class TallyError(ValueError):
    """A tally that cannot be right."""


class NegativeCount(TallyError):
    """More was taken away than had been added."""

    def __init__(self, cell: str, column: tuple[str, str] | None) -> None:
        self.cell, self.column = cell, column
        what = "respondents" if column is None else f"{column[0]}/{column[1]}"
        super().__init__(f"negative count of {what} in cell {cell!r}")


class LayoutMismatch(TallyError):
    """Two tallies, or a stored row and a layout, whose columns differ."""


@dataclass(frozen=True)
class Layout:
    """What each column of a tally counts: (variable, key) in stored order."""

    columns: tuple[tuple[str, str], ...]

    @cached_property
    def _index(self) -> dict[tuple[str, str], int]:
        return {column: position for position, column in enumerate(self.columns)}

    @cached_property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Columns that can never be negative: all but the sums of numeric answers."""
        return np.array([key != "sum" or (name, "sumsq") not in self._index for name, key in self.columns], bool)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, column: object) -> bool:
        return column in self._index

    def position(self, variable: str, key: str) -> int:
        """Column number; KeyError if the layout has no such column."""
        return self._index[variable, key]


@dataclass(frozen=True)
class Tally:
    """n int64[C]: respondents per cell, whatever they answered; counts int64[C, K]: by layout column.

    All respondents of a cell have the same base weight, which is part of its name. So counts are all that is kept,
    and sums of weights and of their squares follow from them without rounding.
    """

    layout: Layout
    cells: tuple[str, ...]
    n: Counts
    counts: Counts

    @cached_property
    def base(self) -> Floats:
        """float64[C]: the base weight of each respondent of the cell."""
        return np.array([base_of(cell) for cell in self.cells], np.float64)


class Change(NamedTuple):
    """One response to add (delta 1) or take away (-1): amounts[i] goes into columns[i] of its cell's row."""

    cell: str
    columns: Sequence[int]
    amounts: Sequence[int]
    delta: int = 1


def with_base(cell: str, weight: float | None) -> str:
    """The name of a cell whose respondents have a base weight; the shortest text that is read as the same number."""
    return cell if weight is None or weight == 1 else f"{cell}{BASE}{float(weight)!r}"


def base_of(cell: str) -> float:
    """The base weight in a cell's name."""
    weight = cell.partition(BASE)[2]
    return float(weight) if weight else 1.0


def without_base(cell: str) -> str:
    """The cell's name without the base weight."""
    return cell.partition(BASE)[0]


def empty_tally(layout: Layout) -> Tally:
    return Tally(layout, (), np.zeros(0, np.int64), np.zeros((0, len(layout)), np.int64))


def add_to_tally(tally: Tally, changes: Iterable[Change]) -> Tally:
    """A new tally with the changes made; new cells follow the old. NegativeCount if one falls below zero."""
    changes = list(changes)
    cells = tuple(dict.fromkeys(chain(tally.cells, (change.cell for change in changes))))
    rows = {cell: row for row, cell in enumerate(cells)}
    row = np.fromiter((rows[change.cell] for change in changes), np.int64, len(changes))
    delta = np.fromiter((change.delta for change in changes), np.int64, len(changes))
    size = np.fromiter((len(change.columns) for change in changes), np.int64, len(changes))
    column = np.fromiter(chain.from_iterable(change.columns for change in changes), np.int64)
    amount = np.fromiter(chain.from_iterable(change.amounts for change in changes), np.int64)
    n, counts = _grown(tally, len(cells))
    np.add.at(n, row, delta)
    np.add.at(counts, (np.repeat(row, size), column), amount * np.repeat(delta, size))
    return _checked(Tally(tally.layout, cells, n, counts))


def merge(tallies: Iterable[Tally], layout: Layout) -> Tally:
    """The sum of tallies of one layout, cells as they first appear. LayoutMismatch if a layout differs."""
    parts = list(tallies)
    if any(part.layout != layout for part in parts):
        raise LayoutMismatch("tallies of different layouts cannot be merged")
    cells = tuple(dict.fromkeys(chain.from_iterable(part.cells for part in parts)))
    rows = {cell: row for row, cell in enumerate(cells)}
    n, counts = _grown(empty_tally(layout), len(cells))
    for part in parts:
        places = [rows[cell] for cell in part.cells]
        n[places] += part.n
        counts[places] += part.counts
    return Tally(layout, cells, n, counts)


def canonical(tally: Tally) -> Tally:
    """The same tally without empty rows, cells sorted: equal contents give equal arrays."""
    filled = (tally.n != 0) | (tally.counts != 0).any(axis=1)
    order = sorted(np.flatnonzero(filled).tolist(), key=lambda row: tally.cells[row])
    return Tally(tally.layout, tuple(tally.cells[row] for row in order), tally.n[order], tally.counts[order])


def pack(counts_row: Counts) -> bytes:
    """One cell's counts as stored: little-endian int64, 8 bytes a column."""
    return counts_row.astype(STORED, copy=False).tobytes()


def unpack(rows: Sequence[bytes], layout: Layout) -> Counts:
    """Stored rows as one int64[C, K], read-only. LayoutMismatch if a row has not the layout's length."""
    size = STORED.itemsize * len(layout)
    if any(len(row) != size for row in rows):
        raise LayoutMismatch(f"a stored row is not {size} bytes long")
    return np.frombuffer(b"".join(rows), STORED).reshape(len(rows), len(layout)).astype(np.int64, copy=False)


def _grown(tally: Tally, size: int) -> tuple[Counts, Counts]:
    n, counts = np.zeros(size, np.int64), np.zeros((size, len(tally.layout)), np.int64)
    n[: len(tally.cells)] = tally.n
    counts[: len(tally.cells)] = tally.counts
    return n, counts


def _checked(tally: Tally) -> Tally:
    if (tally.n < 0).any():
        raise NegativeCount(tally.cells[int(np.argmax(tally.n < 0))], None)
    below = (tally.counts < 0) & tally.layout.counted
    if below.any():
        row, column = divmod(int(np.argmax(below)), len(tally.layout))
        raise NegativeCount(tally.cells[row], tally.layout.columns[column])
    return tally
