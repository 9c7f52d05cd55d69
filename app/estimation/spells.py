"""What the states of a period tell when all that is shown of them is taken together, as equations.

Who is in a cell from one state to another is a spell: those of one spell are always counted together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.estimation.recovery import TOLERANCE, combination
from app.estimation.suppression import Domain, distinct_columns
from app.estimation.tally import Counts, Floats

Cells = npt.NDArray[np.bool_]


class _Spells(NamedTuple):
    """first, last int[N]: the states of each spell; cell int[N]; n int64[N]: people."""

    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]
    cell: npt.NDArray[np.intp]
    n: Counts

    def within(self, domain: Domain, state: int) -> Cells:
        """bool[N]: who is in a domain in a state."""
        there: Cells = (self.first <= state) & (state <= self.last) & domain.cells[self.cell]
        return there


def unsolvable(
    domains: Sequence[Domain],
    bases: Sequence[Counts],
    gone: Sequence[Counts],
    shown: Sequence[frozenset[str]],
    minimum: int,
) -> list[frozenset[str]]:
    """Of the keys of domains that are to be shown of each state those by which nothing small can be worked out.

    bases int64[C] of each state; gone int64[F, C]: who went before the next, by the state in which they were first. The
    last state is the present, shown as it is. Small are groups, and changes of groups between two states, of fewer than
    the minimum. What the present tells by itself is known already.
    """
    found = list(shown)
    return _without_solutions(domains, _spells(bases, gone), found, minimum) if any(found[:-1]) else found


def _spells(bases: Sequence[Counts], gone: Sequence[Counts]) -> _Spells:
    """Should more have gone than is noted, it is those who were there first."""
    there = [bases[0].astype(np.int64)]
    ended: dict[tuple[int, int], Counts] = {}
    for state, (before, after, noted) in enumerate(zip(bases, bases[1:], gone, strict=False)):
        present = np.stack(there)
        known = np.zeros_like(present)
        known[: len(noted)] = noted[: len(present)]
        left = np.minimum(known, present)
        stayed = present - left
        more = np.maximum(before - after - left.sum(axis=0), 0)
        left += np.clip(more - (np.cumsum(stayed, axis=0) - stayed), 0, stayed)
        ended |= {(first, state): n for first, n in enumerate(left)}
        there = [*(present - left), after - before + left.sum(axis=0)]
    ended |= {(first, len(bases) - 1): n for first, n in enumerate(there)}
    spans, table = list(ended), np.stack(list(ended.values()))
    span, cell = np.nonzero(table)
    first, last = np.array(spans, np.intp).T
    return _Spells(first[span], last[span], cell, table[span, cell])


def _without_solutions(
    domains: Sequence[Domain], spells: _Spells, shown: Sequence[frozenset[str]], minimum: int
) -> list[frozenset[str]]:
    places = [(state, domain) for state in range(len(shown)) for domain in domains]
    members = np.stack([spells.within(domain, state) for state, domain in places]).reshape(len(places), -1)
    sums, block = distinct_columns(members)
    n = np.bincount(block, spells.n, minlength=sums.shape[1])
    rows = {(state, domain.key): row for (state, domain), row in zip(places, sums.astype(np.float64), strict=True)}
    small = _small(domains, rows, len(shown), n, minimum)
    present = len(shown) - 1
    fixed = [rows[present, key] for key in sorted(shown[present])]
    # Of those that would do, the oldest of the smallest groups go first.
    listed = [(state, key) for state in range(present) for key in shown[state]]
    loose = sorted(listed, key=lambda at: (n @ rows[at], at))
    while small and loose:
        known = np.stack([*(rows[at] for at in loose), *fixed], axis=1)
        told = _first_told(known, np.stack(small, axis=1))
        if told is None:
            break
        # Should rounding ever hide how, withhold something all the same.
        used = [place for place in combination(known, small[told]) or range(len(loose)) if place < len(loose)]
        if used:
            del loose[used[0]]
        else:
            del small[told]
    kept = set(loose)
    return [frozenset(key for key in keys if (state, key) in kept) for state, keys in enumerate(shown[:-1])] + [
        shown[-1]
    ]


def _small(
    domains: Sequence[Domain], rows: Mapping[tuple[int, str], Floats], states: int, n: Counts, minimum: int
) -> list[Floats]:
    """Groups of few, and changes of few, each once: float64[B] over blocks of n people."""
    wanted = list(rows.values())
    for domain in domains:
        wanted += [rows[one, domain.key] - rows[other, domain.key] for one, other in combinations(range(states), 2)]
    few = [row for row in wanted if 0 < n @ np.abs(row) < minimum]
    return list({row.tobytes(): row for row in few}.values())


def _first_told(known: Floats, wanted: Floats) -> int | None:
    """The first column of wanted [B, W] that is a linear combination of those of known [B, K]; None if none is."""
    from scipy.linalg import qr  # Only jobs load it.

    basis, triangle, _ = qr(known, mode="economic", pivoting=True)
    sizes = np.abs(np.diagonal(triangle))
    basis = basis[:, sizes > TOLERANCE * sizes[0]]
    left = np.abs(wanted - basis @ (basis.T @ wanted)).max(axis=0)
    told = np.flatnonzero(left < TOLERANCE)
    return int(told[0]) if len(told) else None
