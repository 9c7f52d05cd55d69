"""What figures with weights and figures without tell together: several sums over the same people are equations.

A figure is a sum over cells in which each person counts as one, or by a weight that whoever knows the targets knows;
its standard error and effective n are sums of the squares of weights. Where weights are few, women and men say, a
group that is withheld may be the solution: then one of the sums has to go. And what cannot be solved for may be tried
out.
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
MOST_TRIED = 20
"""Of how many weights one may try out how many people have each; the digits of a figure would fit more than one way."""


class Sum(NamedTuple):
    """A published sum over cells bool[C], by the number of the factor with which people count in it.

    Sums of one key are published together or not at all.
    """

    key: str
    cells: Cells
    factor: int


class Weighted(NamedTuple):
    """A group bool[C] of which a weighted figure is published, and how many different weights its people have.

    Also those who are not among the cells: who did not answer the question has a weight, and who did is not known.
    """

    key: str
    cells: Cells
    different: int


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


def tried_out(
    plain: Sequence[Cells], weighted: Sequence[Weighted], small: Sequence[Cells], u: Floats
) -> frozenset[str]:
    """Keys of the weighted figures that tell of a small group bool[C] to whoever tries out how many people there are.

    Counts are whole numbers: where a figure hangs on few that are unknown, its last digits fit one set of them only.
    So it tells how many have each of its weights. plain: the groups of which it is known how many people are in them.
    u float64[C]: the weights.
    """
    found = set[str]()
    for one in weighted:
        inside = [few for few in small if not (few & ~one.cells).any()]
        if not inside or one.different > MOST_TRIED + len(plain):
            continue
        number = alike(u[one.cells])
        classes = np.zeros((number.max(), len(u)), bool)
        classes[number - 1, np.flatnonzero(one.cells)] = True
        unknown = [each for each in classes if not any((each == group).all() for group in plain)]
        if unknown and one.different - (len(classes) - len(unknown)) <= MOST_TRIED:
            columns = np.stack([*plain, *unknown], axis=1).astype(np.float64)
            if any(spanned(columns, np.stack(inside, axis=1).astype(np.float64))):
                found.add(one.key)
    return frozenset(found)


def alike(u: Floats) -> npt.NDArray[np.intp]:
    """A number from 1 on for each weight, the same for those that differ by rounding only."""
    order = np.argsort(u, kind="stable")
    ranked = u[order]
    found = np.empty(len(u), np.intp)
    found[order] = np.cumsum(np.diff(ranked, prepend=-np.inf) > 1e-9 * np.abs(ranked))
    return found


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
