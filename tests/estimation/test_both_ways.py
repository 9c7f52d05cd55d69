"""Figures with weights and without them, taken together by someone who knows the weights, tell of no small group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.both_ways import Cells, Sum, Weighted, telling, tried_out
from app.estimation.suppression import Domain, suppress
from app.estimation.tally import Floats

MINIMUM = 10


def sums(cells: dict[str, list[bool]], factor: int) -> list[Sum]:
    return [Sum(key, np.array(inside), factor) for key, inside in cells.items()]


def test_two_sums_over_two_cells_are_solved_and_one_of_them_goes() -> None:
    everybody, women = {"all": [True, True]}, np.array([True, False])
    factors = np.array([[1.0, 1.0], [125.0, 5.2]])
    assert telling(sums(everybody, 1), sums(everybody, 0), [women], factors) == {"all"}
    alike = np.array([[1.0, 1.0], [7.0, 7.0]])
    assert telling(sums(everybody, 1), sums(everybody, 0), [women], alike) == frozenset()


def test_where_weights_are_many_nothing_more_has_to_go() -> None:
    """Women of two ages with weights of their own: two equations for three unknown numbers."""
    everybody, women = {"all": [True, True, True]}, np.array([True, True, False])
    factors = np.array([[1.0, 1.0, 1.0], [9.0, 4.0, 1.0]])
    assert telling(sums(everybody, 1), sums(everybody, 0), [women], factors) == frozenset()


def test_who_has_no_weight_is_the_difference() -> None:
    everybody = {"all": [True, True, True]}
    factors = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    assert telling(sums(everybody, 1), sums(everybody, 0), [np.array([False, False, True])], factors) == {"all"}


def test_what_is_known_already_is_no_reason_to_withhold() -> None:
    known = sums({"all": [True, True], "m": [False, True]}, 1)
    factors = np.array([[1.0, 1.0], [2.0, 3.0]])
    assert telling(known, sums({"all": [True, True]}, 0), [np.array([True, False])], factors) == frozenset()


def test_an_error_is_a_sum_of_squares_of_weights() -> None:
    """Three sums of everybody tell all of three cells; with the third value of a square nobody can tell them apart."""
    women, plain = np.array([True, False, False]), np.ones(3)
    weights = np.array([9.0, 4.0, 1.0])
    everybody = {"all": [True] * 3}
    loose = [*sums(everybody, 1), *sums(everybody, 2)]
    assert telling(sums(everybody, 0), loose, [women], np.stack([plain, weights, weights**2])) == {"all"}
    fourth = [np.append(row, more) for row, more in ((plain, 1.0), (weights, 6.0), (weights**2, 36.0))]
    more = {"all": [True] * 4}
    loose = [*sums(more, 1), *sums(more, 2)]
    assert telling(sums(more, 0), loose, [np.append(women, False)], np.stack(fourth)) == frozenset()


@pytest.mark.parametrize("different", [2, 3, 4, 30])
def test_many_cells_of_a_group_tell_no_more_than_their_different_weights(different: int) -> None:
    """Of a group of many cells only some are looked at: they tell whether its weights are few."""
    men = 5.0 + np.arange(different)[np.arange(60) % different]
    weights = np.concatenate([[1.0], men])
    factors = np.stack([np.ones(61), weights, weights**2])
    everybody, women = {"all": [True] * 61}, np.arange(61) == 0
    loose = [*sums(everybody, 1), *sums(everybody, 2)]
    told = telling(sums(everybody, 0), loose, [women], factors)
    assert told == ({"all"} if different < 3 else frozenset())


@pytest.mark.parametrize(("others", "different", "told"), [(4, 5, True), (4, 30, False), (30, 31, False)])
def test_what_a_figure_hangs_on_can_be_tried_out_where_its_weights_are_few(
    others: int, different: int, told: bool
) -> None:
    weights = np.arange(1.0, 2.0 + others)
    few, men = np.arange(1 + others) == 0, np.arange(1 + others) > 0
    everybody = np.ones(1 + others, bool)
    asked = [Weighted("all", everybody, different), Weighted("men", men, different - 1)]
    assert tried_out([everybody, men], asked, [few], weights) == ({"all"} if told else frozenset())


def test_weights_that_say_nothing_of_a_group_tell_nothing_of_it() -> None:
    """Of 4 women: both ages have women and men, who have the same weight."""
    women, everybody = np.array([True, False, True, False]), np.ones(4, bool)
    asked = [Weighted("all", everybody, 2)]
    assert tried_out([everybody], asked, [women], np.array([2.0, 2.0, 3.0, 3.0 + 1e-15])) == frozenset()
    assert tried_out([everybody], asked, [women], np.array([2.0, 2.5, 3.0, 3.5])) == {"all"}


def in_span(known: list[Floats], wanted: Floats) -> bool:
    if not known:
        return False
    matrix = np.stack(known, axis=1)
    residual = matrix @ np.linalg.lstsq(matrix, wanted, rcond=None)[0] - wanted
    return bool(np.abs(residual).max() < 1e-9)


@given(st.data())
def test_no_small_group_is_a_combination_of_all_that_is_published(data: st.DataObject) -> None:
    """Attacked over the cells themselves: random people in three variables, and weights that are few or many."""
    shape = (2, 3, 2)
    cells = np.array(list(np.ndindex(*shape)))
    base = np.array(data.draw(st.lists(st.integers(0, 40), min_size=len(cells), max_size=len(cells))))
    of_variable = data.draw(st.sampled_from([(0,), (1,), (0, 1), (0, 2), (0, 1, 2)]))
    rng = np.random.default_rng(data.draw(st.integers(0, 9)))
    levels = [rng.choice([0.0, 0.5, 1.0, 3.0, 7.5], size) for size in shape]
    weight = np.prod([levels[one][cells[:, one]] for one in of_variable], axis=0).astype(np.float64)
    domains = [Domain("all", "all", np.ones(len(cells), bool))]
    domains += [Domain(f"{v}={k}", str(v), cells[:, v] == k) for v, size in enumerate(shape) for k in range(size)]
    hidden = suppress(domains, base, MINIMUM)
    shown = [one for one in domains if one.key not in hidden and base[one.cells].any()]
    small: list[Cells] = [one.cells for one in domains if 0 < base[one.cells].sum() < MINIMUM]
    filled = base > 0
    if not filled.any() or not weight[filled].any():
        return
    powers = np.stack([np.ones(len(cells)), weight, weight**2])[:, filled]
    fixed = [Sum(one.key, one.cells[filled], 0) for one in shown]
    loose = [Sum(one.key, one.cells[filled], power) for one in shown for power in (1, 2)]
    gone = telling(fixed, loose, [one[filled] for one in small], powers)
    published = [one.cells[filled] * powers[0] for one in shown]
    published += [one.cells[filled] * power for one in shown if one.key not in gone for power in powers[1:]]
    assert not any(in_span(published, one[filled].astype(np.float64)) for one in small)
