"""Actions by their lowest support, the ranks that they may have, and the consensus beside it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.common_ground import certainly_above, common_ground, consensus
from app.estimation.figure import Figure


def share(p: float, n: int) -> Figure:
    return Figure(p, (p * (1 - p) / (n - 1)) ** 0.5, p * 0.9, min(1.0, p * 1.1), n)


def test_actions_stand_in_the_order_of_their_lowest_support() -> None:
    people = 5000
    rows = [[0.9, 0.2, 0.8], [0.6, 0.5, 0.55], [0.7, 0.65, 0.4]]
    found = common_ground([[share(p, people) for p in row] for row in rows])
    assert [(g.floor, g.group, g.rank) for g in found] == [(0.2, 1, 3), (0.5, 1, 1), (0.4, 2, 2)]
    assert [(g.best, g.worst) for g in found] == [(3, 3), (1, 1), (2, 2)]


def test_few_people_leave_every_rank_possible() -> None:
    found = common_ground([[share(p, 12) for p in row] for row in ([0.6, 0.5], [0.5, 0.4], [0.55, 0.45])])
    assert [(g.best, g.worst) for g in found] == [(1, 3)] * 3


def test_equal_floors_share_a_rank() -> None:
    found = common_ground([[share(0.5, 100), share(0.6, 100)]] * 2)
    assert [g.rank for g in found] == [1, 1]


def test_one_action_alone_is_first() -> None:
    [only] = common_ground([[share(0.5, 100), share(0.6, 100)]])
    assert (only.rank, only.best, only.worst) == (1, 1, 1)


def test_an_unknown_error_is_no_evidence() -> None:
    unknown = Figure(1.0, None, None, None, 1)
    found = common_ground([[unknown, unknown], [share(0.1, 9000), share(0.1, 9000)]])
    assert [(g.best, g.worst) for g in found] == [(1, 2), (1, 2)]


@pytest.mark.parametrize(
    "floors", [[0.5] * 8, [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65], [0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7]]
)
def test_the_sets_of_ranks_hold_together_in_nineteen_of_twenty_surveys(floors: list[float]) -> None:
    """Groups at the floor, just above it and far above: where a lowest of several is most biased."""
    rng = np.random.default_rng(20260101)
    truth = np.array(floors)[:, None] + np.array([0.0, 0.0, 0.01, 0.2])
    n = np.array([60, 150, 150, 900])
    missed = 0
    for _ in range(200):
        p = rng.binomial(n, truth) / n
        above = certainly_above(p, np.sqrt(p * (1 - p) / (n - 1)))
        missed += bool((above & (truth.min(1)[:, None] <= truth.min(1))).any())
    assert missed / 200 <= 0.05


def test_large_surveys_do_tell_the_floors_apart() -> None:
    value = np.array([[0.60, 0.7], [0.55, 0.7], [0.30, 0.9]])
    assert certainly_above(value, np.full_like(value, 0.01)).tolist() == [
        [False, True, True],
        [False, False, True],
        [False, False, False],
    ]


@given(
    st.lists(
        st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(10, 10**5)), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_every_rank_lies_among_those_that_it_may_be(rows: list[list[tuple[float, int]]]) -> None:
    found = common_ground([[share(p, n) for p, n in row] for row in rows])
    for ground, row in zip(found, rows, strict=True):
        assert 1 <= ground.best <= ground.rank <= ground.worst <= len(rows)
        assert ground.floor == min(p for p, _ in row)
        assert 0 < ground.consensus < 1
    for one, other in itertools.permutations(found, 2):
        assert (one.floor > other.floor) == (one.rank < other.rank)


def test_consensus_is_the_product_of_smoothed_agreement() -> None:
    # 8 of 10 and 1 of 4 agree: 9/12 · 2/6.
    assert consensus(np.array([[0.8, 0.25]]), np.array([[10.0, 4.0]]))[0] == pytest.approx(0.25)


@given(st.floats(0.0, 1.0), st.integers(1, 1000), st.integers(1, 1000))
def test_one_group_against_it_is_enough_to_lower_the_consensus(p: float, n: int, m: int) -> None:
    agreed, against = (consensus(np.array([[p, q]]), np.array([[float(n), float(m)]]))[0] for q in (1.0, 0.0))
    assert against < agreed
