"""Which earlier values may stand beside the present ones, so that the two together tell of nobody.

Two states of a period differ by those who came and those who went. What is published of a group in both tells how
these answered, so they are a group like any other: the same suppression decides, over the people who changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.estimation.spells import unsolvable
from app.estimation.suppression import Domain, suppress
from app.estimation.tally import Counts

Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class State:
    """A variable in a period as it was published at one time.

    base int64[C]: respondents of each cell in the variable's base. shown: keys of the domains that were published.
    """

    base: Counts
    shown: frozenset[str]


@dataclass(frozen=True, eq=False)
class Moves:
    """Who came and who went between two states: respondents of each cell, and those in the base.

    came int64[C, 2]. gone int64[F, C, 2]: who went, by the state in which they were first; of those who came only since
    the state before, and are in neither, by the state after.
    elsewhere: how many came or went in other periods that are weighted together with this one.
    """

    came: Counts
    gone: Counts
    elsewhere: int = 0

    @cached_property
    def went(self) -> Counts:
        """int64[C, 2]."""
        found: Counts = self.gone.sum(axis=0)
        return found

    @property
    def moved(self) -> Counts:
        """int64[C, 2]: at least 1 wherever anybody came or went, else by how many a cell grew or shrank."""
        touched = (self.came + self.went > 0).astype(np.int64)
        found: Counts = np.maximum(np.abs(self.came - self.went), touched)
        return found

    @property
    def even(self) -> Counts:
        """int64[2]: cells in which as many came as went. These may be the same people, of whom nothing is told."""
        found: Counts = ((self.came == self.went) & (self.came > 0)).sum(axis=0)
        return found


def showable(
    domains: Sequence[Domain],
    states: Sequence[State],
    moves: Sequence[Moves],
    covers: Sequence[Cells],
    minimum: int,
) -> list[frozenset[str]]:
    """Keys of the domains to show of each state but the last, which is the present and shown as it is.

    moves: from each state to the next. covers bool[C]: everybody, and whom each weighting scheme covers.
    """
    present = states[-1]
    found: list[frozenset[str]] = []
    for number, state in enumerate(states[:-1]):
        others = [(place, replace(states[place], shown=shown)) for place, shown in enumerate(found) if shown]
        others.append((len(states) - 1, present))
        shown = state.shown & present.shown
        for place, other in others:
            between = _between(moves, *sorted((number, place)))
            # Weights hang on everybody: whoever comes or goes moves the weighted figures of all groups.
            everybody, base = between.moved.T
            if 0 < everybody.sum() + between.elsewhere < minimum + between.even[0]:
                shown = frozenset()
            for cover in covers:
                moved = np.where(cover, base, 0)
                shown -= _telling(domains, shown & other.shown, moved, minimum + int(between.even[1]))
        for cover in covers:
            if shown:
                shown -= _exposing(domains, replace(state, shown=shown), [one for _, one in others], cover, minimum)
        found.append(shown)
    for cover in covers:
        bases = [np.where(cover, state.base, 0) for state in states]
        gone = [np.where(cover, one.gone[:, :, 1], 0) for one in moves]
        found = unsolvable(domains, bases, gone, [*found, present.shown], minimum)[:-1]
    return found


def _between(moves: Sequence[Moves], first: int, last: int) -> Moves:
    part = moves[first:last]
    came, went = (np.sum([getattr(one, name) for one in part], axis=0) for name in ("came", "went"))
    return Moves(came, went[None], sum(one.elsewhere for one in part))


def _telling(domains: Sequence[Domain], shown: frozenset[str], moved: Counts, minimum: int) -> frozenset[str]:
    """The domains whose change would tell of fewer people than the minimum, and those that would give these away."""
    if not shown or not moved.any():
        return frozenset()
    return suppress([replace(domain, shown=domain.key in shown) for domain in domains], moved, minimum)


def _exposing(
    domains: Sequence[Domain], state: State, others: Sequence[State], cover: Cells, minimum: int
) -> frozenset[str]:
    """The domains of a state that would help to work out a group that was or is withheld.

    Who is in a cell in two states is taken for the same person as far as the numbers allow.
    """
    bases = np.stack([np.where(cover, one.base, 0) for one in (*others, state)])
    if any((base == bases[-1]).all() for base in bases[:-1]):
        return frozenset()
    n, cell, inside = _blocks(bases)
    listed: list[Domain] = []
    for place, one in enumerate((*others, state)):
        listed += _standing(domains, one, n, cell, inside[place], place, minimum, place < len(others))
    own = f"{len(others)}/"
    return frozenset(key.removeprefix(own) for key in suppress(listed, n, minimum) if key.startswith(own))


def _blocks(bases: npt.NDArray[np.int64]) -> tuple[Counts, npt.NDArray[np.intp], Cells]:
    """People int64[B] by the cell that they are in, and bool[S, B]: in which of the states int64[S, C]."""
    levels = np.sort(bases, axis=0)
    steps = np.diff(levels, axis=0, prepend=0)
    level, cell = np.nonzero(steps)
    return steps[level, cell], cell, bases[:, cell] >= levels[level, cell]


def _standing(
    domains: Sequence[Domain],
    state: State,
    n: Counts,
    cell: npt.NDArray[np.intp],
    inside: Cells,
    place: int,
    minimum: int,
    fixed: bool,
) -> Iterator[Domain]:
    """The domains of a state over blocks: published, to be published, or too small to be ever worked out."""
    for domain in domains:
        members = domain.cells[cell] & inside
        shown = domain.key in state.shown
        if shown or n[members].sum() < minimum:
            key, breakdown = f"{place}/{domain.key}", f"{place}/{domain.breakdown}"
            yield Domain(key, breakdown, members, shown, fixed and shown)
