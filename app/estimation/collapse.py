"""Levels of a margin that have too few respondents, or none, put together with others, and those who gave no level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.estimation.calibration import Margin
from app.estimation.tally import Counts, Floats
from app.estimation.terms import PLUS, Empty


@dataclass(frozen=True, eq=False)
class Wanted:
    """A margin as it is wanted, before it meets the respondents.

    shares float64[L]: of the population; they sum to 1. level int[C]: each row's level, -1 where it has none of them.
    into: which level each goes to if it is too small, by number; the next one (the last: the one before) if not named.
    """

    name: str
    levels: tuple[str, ...]
    shares: Floats
    level: npt.NDArray[np.intp]
    into: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """What is done with levels of fewer than `minimum` respondents (1: with empty ones only).

    empty: "join": an empty level is put together with another like any small one; "drop": its people are given up.
    whole: the others then share the whole; else the weights sum to so much less, as with partial=TRUE in R's
    postStratify. Several margins could not be met at once if each gave up another number of people.
    """

    minimum: int = 1
    empty: Empty = "join"
    whole: bool = False


@dataclass(frozen=True)
class Collapsed:
    """A level that was put together with another, or given up (into None): it had no respondents, or too few."""

    margin: str
    level: str
    into: str | None
    empty: bool


def settle(
    wanted: Wanted, n: Counts, d: Floats, total: float, rule: Rule
) -> tuple[Margin | None, list[Collapsed], int]:
    """The margin that can be met, what was put together for it, and how many respondents have no level of it.

    Those without a level keep the share that they have of the base weights; the others share the rest as the
    population does. None: so few levels have respondents that nothing is left to weight by.
    """
    none = wanted.level < 0
    given_up: list[Collapsed] = []
    if rule.empty == "drop":
        wanted, given_up = _without_empty(wanted, rule.whole)
    placed = np.bincount(wanted.level[~none], n[~none], len(wanted.levels)).astype(np.int64)
    group, found = _groups(wanted, placed, rule.minimum)
    found = given_up + found
    left = sorted(set(group))
    size = n * d
    missing = float(size[none].sum() / size.sum()) if none.any() else 0.0
    if len(left) + bool(missing) < 2 or missing == 1.0:
        return None, found, int(n[none].sum())
    number = np.array([left.index(one) for one in group], np.intp)
    shares = np.bincount(number, wanted.shares, len(left)) * (1 - missing)
    level = np.where(none, len(left), number[wanted.level])
    totals: Floats = np.append(shares, missing) if missing else shares.astype(np.float64)
    names = [PLUS.join(name for name, own in zip(wanted.levels, group, strict=True) if own == one) for one in left]
    listed = (*names, "") if missing else tuple(names)
    return Margin(level, totals * total, wanted.name, listed), found, int(n[none].sum())


def _without_empty(wanted: Wanted, whole: bool) -> tuple[Wanted, list[Collapsed]]:
    """The margin without its empty levels."""
    present = np.isin(np.arange(len(wanted.levels)), wanted.level)
    number = np.append(np.cumsum(present) - 1, -1)
    kept = np.flatnonzero(present).tolist()
    shares = wanted.shares[present]
    left = Wanted(
        wanted.name,
        tuple(wanted.levels[one] for one in kept),
        shares / shares.sum() if whole and kept else shares,
        number[wanted.level],
        {int(number[a]): int(number[b]) for a, b in wanted.into.items() if present[a] and present[b]},
    )
    gone = np.flatnonzero(~present).tolist()
    return left, [Collapsed(wanted.name, wanted.levels[one], None, empty=True) for one in gone]


def _groups(wanted: Wanted, placed: Counts, minimum: int) -> tuple[list[int], list[Collapsed]]:
    """Which level each one counts as, by number."""
    count = len(wanted.levels)
    group = list(range(count))
    found: list[Collapsed] = []
    for level in sorted(range(count), key=lambda level: (int(placed[level]), level)):
        while True:
            members = [one for one in range(count) if group[one] == group[level]]
            people = int(placed[members].sum())
            if people >= max(minimum, 1) or len(members) == count:
                break
            target = _neighbour(wanted, level, members)
            found.append(Collapsed(wanted.name, wanted.levels[level], wanted.levels[target], empty=not placed[level]))
            joined = min(group[level], group[target])
            group = [joined if one in (group[level], group[target]) else one for one in group]
    return group, found


def _neighbour(wanted: Wanted, level: int, members: list[int]) -> int:
    """The level to join: the one named for any of the members, or the nearest in order that is not among them."""
    for member in (level, *members):
        named = wanted.into.get(member)
        if named is not None and named not in members:
            return named
    outside = [one for one in range(len(wanted.levels)) if one not in members]
    return min(outside, key=lambda one: (abs(one - level), one < level))
