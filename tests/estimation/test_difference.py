"""Differences against R's joint designs and scipy's Welch test; adjustment against statsmodels; the rule of changes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from app.estimation.difference import benjamini_hochberg, changes_since, difference, differences, holm
from app.estimation.figure import Estimate, Figure
from app.estimation.series import Point, series
from tests.estimation.reference import FOLDER, results

WAVES: dict[str, Any] = json.loads((FOLDER / "r_wavediff.json").read_text())
QUESTIONS = sorted(WAVES["strata_wave"])


def figure(value: float, se: float | None, n: int = 400, low: float | None = None, high: float | None = None) -> Figure:
    return Figure(value, se, low, high, n)


def waves_of(question: str) -> list[tuple[Figure, Figure]]:
    """(second wave, first wave) of each code, raked each by itself."""
    parts = json.loads((FOLDER / "r_wavediff_parts.json").read_text())
    columns = [
        [figure(e, s, parts[w]["n"]) for e, s in zip(*parts[w]["q"][question].values(), strict=True)] for w in "21"
    ]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("question", QUESTIONS)
def test_wave_differences_equal_those_of_r(question: str) -> None:
    wanted = WAVES["strata_wave"][question]
    found = [difference(second, first) for second, first in waves_of(question)]
    np.testing.assert_allclose([d.value for d in found], wanted["joint_diff"], rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(np.array([d.se for d in found], float), wanted["joint_se"], rtol=1e-9)


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_sample_over_both_waves_differs_by_its_factor_only(question: str) -> None:
    # R's single design has n/(n-1) for all 5,000 where two samples have it each for its own; the rest is 1e-5.
    first, second = (results(f"synth_{w}")["meta"]["n"] for w in ("w1", "w2"))
    n = first + second
    expected = [
        (n / (n - 1) * ((first - 1) / first * (b.se or 0) ** 2 + (second - 1) / second * (a.se or 0) ** 2)) ** 0.5
        for a, b in waves_of(question)
    ]
    np.testing.assert_allclose(WAVES["no_strata"][question]["joint_se"], expected, rtol=2e-5)


def test_means_of_two_samples_are_compared_as_welch_does() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.normal(3.4, 1.0, 40), rng.normal(3.0, 1.6, 15)
    wanted = stats.ttest_ind(a, b, equal_var=False)
    first, second = (figure(float(x.mean()), float(x.std(ddof=1)) / len(x) ** 0.5, len(x)) for x in (a, b))
    found = difference(first, second)
    assert found.p == pytest.approx(wanted.pvalue, rel=1e-10)
    interval = wanted.confidence_interval(0.95)
    assert found.low == pytest.approx(interval.low)
    assert found.high == pytest.approx(interval.high)


def test_a_covariance_makes_the_difference_surer() -> None:
    one, other = figure(0.6, 0.03), figure(0.5, 0.04)
    assert difference(one, other).se == pytest.approx(0.05)
    assert difference(one, other, 0.0008).se == pytest.approx(0.03)


def test_everyone_saying_the_same_is_no_certainty() -> None:
    unanimous = figure(1.0, 0.0, 20, 0.83, 1.0)
    found = difference(unanimous, figure(0.5, 0.02))
    assert found.se == pytest.approx((0.02**2 + (0.17 / 3.919928) ** 2) ** 0.5, rel=1e-6)


@pytest.mark.parametrize("unknown", [figure(3.0, None, 1), figure(3.0, 0.0, 20)])
def test_an_unknown_error_leaves_the_difference_without_one(unknown: Figure) -> None:
    found = difference(unknown, figure(2.0, 0.1))
    assert (found.value, found.se, found.low, found.p) == (1.0, None, None, None)
    assert not found.significant


def test_no_differences_of_no_figures() -> None:
    assert differences([], []) == []


shares = st.tuples(st.floats(0.01, 0.99), st.floats(0.001, 0.2), st.integers(10, 10**6))


@given(shares, shares)
def test_a_difference_turns_round(one: tuple[float, float, int], other: tuple[float, float, int]) -> None:
    there, back = difference(figure(*one), figure(*other)), difference(figure(*other), figure(*one))
    assert there.value == -back.value
    assert there.p == pytest.approx(back.p)
    assert there.low == pytest.approx(-(back.high or 0.0))
    excludes_zero = (there.low or 0.0) > 0 or (there.high or 0.0) < 0
    assert there.significant == excludes_zero


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40))
def test_adjusted_p_values_equal_those_of_statsmodels(p: list[float]) -> None:
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1], rtol=1e-12, atol=1e-300)


def test_nothing_to_adjust() -> None:
    assert len(holm([])) == len(benjamini_hochberg([])) == 0


def point(period: str, value: float | None, n: int = 400, mode: str = "web") -> Point:
    """A share of 400 people; None: withheld."""
    kept = None
    if value is not None:
        kept = Estimate("q", n, n, n, {"support": figure(value, (value * (1 - value) / (n - 1)) ** 0.5, n)})
    return Point(period, "w", "h", mode, "public", False, kept)


def test_a_change_is_marked_when_it_is_significant_at_95_per_cent() -> None:
    # 400 people each: √(2 · 0.25/399) · 1.96 is 6.9 points.
    line = series([point("2026-01", 0.50), point("2026-02", 0.56), point("2026-03", 0.48)])
    [[first, up, down]] = changes_since(line, "support")
    assert first is None
    assert up is not None
    assert (round(up.value, 9), up.significant) == (0.06, False)
    assert down is not None
    assert (round(down.value, 9), down.significant) == (-0.08, True)


def test_nothing_is_compared_across_a_break_or_a_withheld_wave() -> None:
    line = series([point("2026-01", 0.2), point("2026-02", 0.9, mode="mail"), point("2026-03", 0.5, mode="mail")])
    before, after = changes_since(line, "support")
    assert before == [None]
    assert after[0] is None
    assert after[1] is not None
    gap = series([point("2026-01", 0.2), point("2026-02", None), point("2026-03", 0.9)])
    assert changes_since(gap, "support") == [[None, None, None]]
    assert changes_since(line, "mean") == [[None], [None, None]]
