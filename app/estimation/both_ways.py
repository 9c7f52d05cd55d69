"""What figures with weights and figures without tell together: several sums over the same people are equations.

A figure is a sum over cells in which each person counts as one, or by a weight that whoever knows the targets knows;
its standard error and effective n are sums of the squares of weights. Where weights are few, women and men say, a
group that is withheld may be the solution: then one of the sums has to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.estimation.recovery import combination, spanned
from app.estimation.suppression import distinct_columns
from app.estimation.tally import Floats

Cells = npt.NDArray[np.bool_]
_STANDING = 6
"""How many cells of a block and factor stand for all."""


class Sum(NamedTuple):
    """A published sum over cells bool[C], by the number of the factor with which people count in it.

    Sums of one key are published together or not at all.
    """

    key: str
    cells: Cells
    factor: int


def telling(fixed: Sequence[Sum], loose: Sequence[Sum], small: Sequence[Cells], factors: Floats) -> frozenset[str]:
    """Keys of the loose sums to withhold, so that no small group bool[C] is a linear combination of all the others.

    factors float64[S, C]: what a person of each cell counts as. Of loose sums that would do, the first go. What the
    fixed ones tell by themselves is known already: nothing that is withheld now would help.
    """
    if not small or not loose:
        return frozenset()
    members = {id(cells): cells for cells in (*(one.cells for one in (*fixed, *loose)), *small)}
    rows = _rows(np.stack(list(members.values())), factors)
    wanted = [cells[rows].astype(np.float64) for cells in small]
    sizes = [float(size) or 1.0 for size in np.abs(factors).max(axis=1)]  # A scheme may weight nobody of these.
    columns = {id(one): one.cells[rows] * (factors[one.factor][rows] / sizes[one.factor]) for one in (*fixed, *loose)}
    open_, withheld = list(loose), set[str]()
    while wanted:
        listed = [*fixed, *open_]
        known = np.stack([columns[id(one)] for one in listed], axis=1)
        exposed = [number for number, told in enumerate(spanned(known, np.stack(wanted, axis=1))) if told]
        if not exposed:
            break
        # Should rounding ever hide how, withhold something all the same.
        places = combination(known, wanted[exposed[0]]) or range(len(listed))
        used = [listed[place] for place in places if place >= len(fixed)]
        if not used:
            wanted.pop(exposed[0])
            continue
        open_ = [one for one in open_ if one.key != used[0].key]
        withheld.add(used[0].key)
    return frozenset(withheld)


def _rows(members: Cells, factors: Floats) -> npt.NDArray[np.intp]:
    """Cells that stand for all: of those in the same sums some of each factor's values, spread evenly from end to end.

    What a few powers of a weight add up to where it takes as many values as this, it adds up to wherever.
    """
    _, block = distinct_columns(members)
    picked = []
    for factor in factors:
        order = np.lexsort((factor, block))
        steps = np.diff(block[order], prepend=-1) != 0
        new = steps | (np.diff(factor[order], prepend=np.nan) != 0)
        first, own = order[new], block[order][new]
        starts = np.flatnonzero(np.diff(own, prepend=-1))
        sizes = np.diff(starts, append=len(own))
        spread = np.linspace(0, 1, _STANDING)
        places = starts[:, None] + np.rint((sizes - 1)[:, None] * spread).astype(np.intp)
        picked.append(first[places.ravel()])
    return np.unique(np.concatenate(picked))
