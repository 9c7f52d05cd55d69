"""Sampling variances of small and of large waves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.sampling_variance import effective_size, mean_variance, share_variance


def test_a_large_wave_keeps_its_own_variance() -> None:
    p, n = np.array([0.3, 0.7]), np.array([1e6, 1e6])
    assert share_variance(p, n) == pytest.approx(p * (1 - p) / n, rel=1e-4)


def test_a_small_wave_leans_on_the_others() -> None:
    # Pooled over 1,020 people: (2 + 300 + 1) / 1,022; 20 of one's own mind against 30 of the pooled.
    pooled = 303 / 1022
    small = (20 * 0.1 + 30 * pooled) / 50
    assert share_variance(np.array([0.1, 0.3]), np.array([20.0, 1000.0]))[0] == pytest.approx(small * (1 - small) / 20)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1, 1e6)), min_size=1, max_size=10))
def test_no_share_is_ever_without_variance(waves: list[tuple[float, float]]) -> None:
    p, n = np.array(waves).T
    variance = share_variance(p, n)
    assert (variance > 0).all()
    assert (variance <= 0.25 / n * (1 + 1e-12)).all()


def test_the_size_behind_a_standard_error() -> None:
    p, se = np.array([0.5, 0.2, 0.0, 1.0]), np.array([0.05, 0.08, 0.0, 0.0])
    assert effective_size(p, se, np.array([90.0, 30.0, 44.0, 45.0])) == pytest.approx([100.0, 25.0, 44.0, 45.0])


def test_means_keep_their_spread_where_it_is_known_and_borrow_it_where_it_is_not() -> None:
    se, n = np.array([0.1, 0.0, 0.02]), np.array([100.0, 20.0, 2500.0])
    found = mean_variance(se, n)
    assert found[2] == pytest.approx(0.0004, rel=1e-3)
    assert found[1] > 0
    assert mean_variance(np.zeros(2), np.array([20.0, 30.0])) == pytest.approx([0.0, 0.0])
