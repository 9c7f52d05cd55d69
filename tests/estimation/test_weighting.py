"""What is always true of weights: margins are met, what cannot be met is said, order does not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.estimation.collapse import Rule, Wanted
from app.estimation.estimate import estimate_domains
from app.estimation.measure import Measure
from app.estimation.sums import Sums
from app.estimation.tally import (
    Change,
    Layout,
    Tally,
    add_to_tally,
    base_of,
    canonical,
    empty_tally,
    merge,
    with_base,
    without_base,
)
from app.estimation.terms import Method
from app.estimation.trimming import Trim, trim
from app.estimation.weighting import Part, weigh

LAYOUT = Layout((("q", "a"), ("q", "b"), ("q", "c"), ("q", "-8"), ("q", "-9"), ("q", "-7")))
QUESTION = Measure("q", "nominal", ("a", "b", "c"))
SHARES = {"x": np.array([0.2, 0.3, 0.5]), "y": np.array([0.6, 0.4])}

people = st.tuples(
    st.integers(0, 2),
    st.integers(0, 1),
    st.sampled_from([1.0, 0.952, 1.126, 3.7, 1 / 3]),
    st.sampled_from([0, 1, 2, 5]),
)


def cell(x: int, y: int, d: float) -> str:
    return with_base(f"{x}|{y}", d)


def changes(drawn: list[tuple[int, int, float, int]]) -> list[Change]:
    return [Change(cell(x, y, d), [column], [1]) for x, y, d, column in drawn]


def tally_of(drawn: list[tuple[int, int, float, int]]) -> Tally:
    return add_to_tally(empty_tally(LAYOUT), changes(drawn))


def margins(tally: Tally) -> tuple[Wanted, ...]:
    codes = [without_base(name).split("|") for name in tally.cells]
    return tuple(
        Wanted(name, tuple(map(str, range(len(shares)))), shares, np.array([int(row[place]) for row in codes], np.intp))
        for place, (name, shares) in enumerate(SHARES.items())
    )


def part(tally: Tally, method: Method = "rake", rule: Rule | None = None, limits: Trim | None = None) -> Part:
    everyone = np.ones(len(tally.cells), bool)
    return Part("all", everyone, method, margins(tally), 1000.0, True, rule or Rule(), trim=limits)


def sums(tally: Tally, weights: np.ndarray, wanted: Wanted) -> np.ndarray:
    return np.bincount(wanted.level, weights * tally.n, len(wanted.levels))


def full(drawn: list[tuple[int, int, float, int]]) -> list[tuple[int, int, float, int]]:
    """Somebody in every combination, so that every margin can be met."""
    return [*drawn, *((x, y, 1.0, 0) for x in range(3) for y in range(2))]


@pytest.mark.parametrize("method", ["rake", "calibrate-linear", "calibrate-raking"])
@given(st.lists(people, max_size=60))
@settings(deadline=None)
def test_every_margin_is_met(method: Method, drawn: list[tuple[int, int, float, int]]) -> None:
    tally = tally_of(full(drawn))
    weights = weigh(tally, [part(tally, method)])
    assert weights.outcomes[0].converged
    for wanted in margins(tally):
        np.testing.assert_allclose(sums(tally, weights.u, wanted), 1000 * wanted.shares, rtol=1e-10)
    assert weights.u @ tally.n == pytest.approx(1000)


@given(st.lists(people, min_size=1, max_size=40), st.integers(1, 8))
@settings(deadline=None)
def test_margins_are_met_after_levels_were_put_together_and_it_is_said(
    drawn: list[tuple[int, int, float, int]], minimum: int
) -> None:
    tally = tally_of(drawn)
    weights = weigh(tally, [part(tally, rule=Rule(minimum))])
    [outcome] = weights.outcomes
    for wanted in margins(tally):
        group = {level: {level} for level in wanted.levels}
        for one in (one for one in outcome.collapsed if one.margin == wanted.name):
            assert one.into is not None
            joined = group[one.level] | group[one.into]
            group.update(dict.fromkeys(joined, joined))
        people_of = np.bincount(wanted.level, tally.n, len(wanted.levels))
        made = sums(tally, weights.u, wanted)
        for members in {frozenset(one) for one in group.values()}:
            places = [int(level) for level in members]
            assert people_of[places].sum() >= minimum or len(members) == len(wanted.levels)
            if outcome.converged:
                assert made[places].sum() == pytest.approx(1000 * wanted.shares[places].sum(), rel=1e-8)


def test_an_empty_level_is_said_with_the_level_that_took_it() -> None:
    tally = tally_of([(0, 0, 1.0, 0), (0, 1, 1.0, 1), (2, 0, 1.0, 0), (2, 1, 1.0, 1)])
    [outcome] = weigh(tally, [part(tally)]).outcomes
    assert [(one.margin, one.level, one.into, one.empty) for one in outcome.collapsed] == [("x", "1", "2", True)]


def test_what_cannot_be_met_is_reported() -> None:
    # Everybody of x=0 has y=0 and nobody else has: 0.2 and 0.6 cannot both be.
    tally = tally_of([(0, 0, 1.0, 0), (1, 1, 1.0, 1), (2, 1, 1.0, 1)])
    [outcome] = weigh(tally, [part(tally)]).outcomes
    assert not outcome.converged
    assert outcome.off > 0.1


def test_who_has_no_level_keeps_a_share() -> None:
    tally = tally_of([(0, 0, 1.0, 0), (1, 1, 1.0, 1), (2, 1, 1.0, 1), (2, 0, 1.0, 0)])
    wanted = Wanted("x", ("0", "1", "2"), SHARES["x"], np.array([0, 1, -1, 2]))
    weights = weigh(tally, [Part("all", np.ones(4, bool), "rake", (wanted,), 1000.0)])
    assert weights.outcomes[0].missing == (("x", 1),)
    np.testing.assert_allclose(weights.u, [150, 225, 250, 375])


def test_who_has_no_level_can_be_left_out() -> None:
    tally = tally_of([(0, 0, 1.0, 0), (1, 1, 1.0, 1), (2, 1, 1.0, 1), (2, 0, 1.0, 0)])
    wanted = Wanted("x", ("0", "1", "2"), SHARES["x"], np.array([0, 1, -1, 2]))
    weights = weigh(tally, [Part("all", np.ones(4, bool), "rake", (wanted,), 1000.0, missing="exclude")])
    np.testing.assert_allclose(weights.u, [200, 300, 0, 500])
    assert (weights.size, weights.outcomes[0].excluded) == (3, 1)


@given(st.lists(people, max_size=60), st.data())
@settings(deadline=None)
def test_order_batches_and_withdrawals_never_change_an_estimate(
    drawn: list[tuple[int, int, float, int]], data: st.DataObject
) -> None:
    drawn = full(drawn)
    shuffled = data.draw(st.permutations(changes(drawn)))
    size = data.draw(st.integers(1, len(drawn)))
    batches = [shuffled[low : low + size] for low in range(0, len(drawn), size)]
    merged = merge((add_to_tally(empty_tally(LAYOUT), batch) for batch in batches), LAYOUT)
    gone = data.draw(st.lists(st.sampled_from(shuffled), max_size=1))
    away = add_to_tally(merged, [one._replace(delta=-1) for one in gone])
    again = add_to_tally(away, gone)
    straight = tally_of(drawn)
    assert canonical(again).cells == canonical(straight).cells
    for one, other in zip(figures(straight), figures(again), strict=True):
        assert other == pytest.approx(one, rel=1e-12, abs=1e-15)


def figures(tally: Tally) -> list[float]:
    everyone = np.ones((1, len(tally.cells)), bool)
    [[found]] = estimate_domains(Sums(tally, weigh(tally, [part(tally)]), [QUESTION], everyone))
    return [
        number
        for code in sorted(found.figures)
        for number in (found.figures[code].value, found.figures[code].se or 0.0, found.effective_n)
    ]


@given(
    st.lists(st.floats(0.01, 100), min_size=2, max_size=20),
    st.floats(0.1, 0.9),
    st.floats(1.1, 5),
    st.data(),
)
def test_trimmed_weights_keep_their_sum_and_strict_ones_their_limits(
    weights: list[float], lower: float, upper: float, data: st.DataObject
) -> None:
    given_weights = np.array(weights)
    n = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(weights), max_size=len(weights))))
    mean = given_weights @ n / n.sum()
    once, strict = (trim(given_weights, n, Trim(lower, upper, "mean", strict)) for strict in (False, True))
    within = (given_weights >= lower * mean) & (given_weights <= upper * mean)
    if within.any():
        assert once @ n == pytest.approx(given_weights @ n, rel=1e-9)
        moved = (once - given_weights)[within]
        assert moved.max() - moved.min() <= 1e-9 * mean
    assert ((once == np.clip(given_weights, lower * mean, upper * mean)) | within).all()
    if strict @ n == pytest.approx(given_weights @ n, rel=1e-9):
        assert (strict >= lower * mean * (1 - 1e-9)).all()
        assert (strict <= upper * mean * (1 + 1e-9)).all()


@given(st.floats(1e-9, 1e9))
def test_a_cell_names_its_base_weight_exactly(weight: float) -> None:
    assert base_of(with_base("a|b", weight)) == weight
    assert without_base(with_base("a|b", weight)) == "a|b"
