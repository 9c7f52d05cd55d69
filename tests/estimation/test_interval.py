"""Intervals, and the quantiles they stand on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.interval import beta_interval, logit_interval, share_interval, t_interval
from app.estimation.quantile import beta_quantile, t_quantile


def one(number: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([number])


def test_quantiles_of_t_from_the_tables() -> None:
    assert t_quantile(0.975, [1, 10, 100]) == pytest.approx([12.706205, 2.228139, 1.983972], abs=1e-6)
    assert np.isnan(t_quantile(0.975, [0.0, -1.0])).all()


def test_quantiles_of_beta_and_its_ends() -> None:
    assert beta_quantile(0.025, [1.0, 0.0, 3.0], [1.0, 4.0, 0.0]) == pytest.approx([0.025, 0.0, 1.0])


def test_beta_at_whole_numbers_is_clopper_and_pearson() -> None:
    # 3 of 20: the exact interval as tabulated, 3.2 % to 37.9 %.
    low, high = beta_interval(one(0.15), one(20.0))
    assert (low[0], high[0]) == (pytest.approx(0.03207094), pytest.approx(0.37892683))


def test_an_enormous_standard_error_covers_everything_without_overflow() -> None:
    low, high = logit_interval(one(1e-9), one(10.0), one(5.0))
    assert (low[0], high[0]) == (0.0, 1.0)


def test_a_share_of_nobody_has_no_interval() -> None:
    low, high = share_interval(one(np.nan), one(np.nan), one(-1.0), one(np.nan))
    assert np.isnan([low[0], high[0]]).all()


def test_the_t_interval_is_undefined_without_degrees_of_freedom() -> None:
    low, high = t_interval(one(3.0), one(1.0), one(0.0))
    assert np.isnan([low[0], high[0]]).all()


@given(st.integers(2, 10**6), st.data())
def test_share_intervals_hold_the_share_within_0_and_1(n: int, data: st.DataObject) -> None:
    p = data.draw(st.integers(0, n)) / n
    low, high = share_interval(one(p), one((p * (1 - p) / (n - 1)) ** 0.5), one(n - 1.0), one(float(n)))
    assert 0 <= low[0] <= p <= high[0] <= 1
    assert low[0] < high[0]
    mirrored = share_interval(one(1 - p), one((p * (1 - p) / (n - 1)) ** 0.5), one(n - 1.0), one(float(n)))
    assert (1 - mirrored[1][0], 1 - mirrored[0][0]) == (pytest.approx(low[0]), pytest.approx(high[0]))
