"""Where groups agree: actions by the lowest support that any group gives them, and how sure their order is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.estimation.difference import holm, known_error
from app.estimation.figure import Figure
from app.estimation.quantile import Floats, normal_tail

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Ground:
    """An action among others. floor: the lowest support, by the group of that number.

    rank: 1 for the highest floor. best, worst: the ranks that it may have; all actions' sets hold together at 95 %.
    consensus: Polis's group-aware consensus, from 0 to 1.
    """

    floor: float
    group: int
    rank: int
    best: int
    worst: int
    consensus: float


def common_ground(support: Sequence[Sequence[Figure]]) -> list[Ground]:
    """Each action of support[action][group], of which there are at least two groups, the same for all actions."""
    value = _array([[figure.value for figure in row] for row in support])
    error = _array([[known_error(figure) for figure in row] for row in support])
    n = _array([[figure.n for figure in row] for row in support])
    floor, group = value.min(1), value.argmin(1)
    rank = 1 + (floor[None, :] > floor[:, None]).sum(1)
    above = certainly_above(value, error)
    best, worst = 1 + above.sum(0), len(value) - above.sum(1)
    agreed = consensus(value, n)
    columns = (floor, group, rank, best, worst, agreed)
    return [Ground(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def certainly_above(value: Floats, error: Floats) -> npt.NDArray[np.bool_]:
    """bool[A, A]: whether the floor of one action is above that of another, all such claims together at 95 %.

    Action a's floor is above b's if some group supports b less than every group supports a. For one group of b that is
    an intersection-union test over the groups of a, each at full level; Bonferroni over the groups of b; Holm over all
    ordered pairs. Ranks are then bounded by counting, as in Mogstad, Romano, Shaikh and Wilhelm (2024). Bootstrapped
    ranks would be simpler, but their sets do not hold where floors are close, and a lowest of several is biased.
    """
    actions, groups = value.shape
    with np.errstate(invalid="ignore"):
        z = (value[:, :, None, None] - value) / np.sqrt(error[:, :, None, None] ** 2 + error**2)
    # Without an error there is no evidence.
    surest = np.where(np.isnan(z), -np.inf, z).min(1).max(2)
    apart = ~np.eye(actions, dtype=bool)
    found = np.zeros((actions, actions), bool)
    if actions > 1:
        found[apart] = holm(np.minimum(groups * normal_tail(surest[apart]), 1.0)) < 1 - LEVEL
    return found


def consensus(support: Floats, n: Floats) -> Floats:
    """Polis's group-aware consensus of shares [A, G] among n people: the product over groups of (agree + 1)/(n + 2).

    Small, Bjorkegren, Erkkilä, Shaw and Megill (2021), "Polis: scaling deliberation by mapping high dimensional opinion
    spaces". Their n counts those who passed as well, as the base here counts "don't know".
    """
    product: Floats = ((n * support + 1) / (n + 2)).prod(1)
    return product


def _array(rows: list[list[float]]) -> Floats:
    return np.array(rows, np.float64)
