"""The line through waves: against statsmodels, and what is always true of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.mlemodel import MLEModel

from app.estimation.local_level import Floats, Level, local_level, sigma_grid, sigma_weights, smooth
from benchmarks.lines import COVERED, coverage

POINTS = 0.01


def nile() -> Floats:
    return np.asarray(sm.datasets.nile.load_pandas().data["volume"], np.float64)


def test_the_nile_as_statsmodels_has_it() -> None:
    y, noise, walk = nile(), 15099.0, 1469.1
    model = sm.tsa.UnobservedComponents(y, "local level", use_exact_diffuse=True)
    wanted = model.smooth([noise, walk])
    found = smooth(y, np.full(len(y), noise), np.arange(100.0), np.array([walk**0.5]))
    np.testing.assert_allclose(found.mean[0], wanted.smoothed_state[0], rtol=6e-12)
    np.testing.assert_allclose(found.variance[0], wanted.smoothed_state_cov[0, 0], rtol=6e-12)
    # Statsmodels counts the first, diffuse observation with the constant of a density.
    assert found.loglik[0] == pytest.approx(wanted.llf + np.log(2 * np.pi) / 2, rel=1e-12)


class KnownVariances(MLEModel):  # type: ignore[misc]
    """A local level with known sampling variances and gaps."""

    def __init__(self, y: Floats, v: Floats, times: Floats, sigma: float) -> None:
        super().__init__(y, k_states=1)
        self["design", 0, 0] = self["transition", 0, 0] = self["selection", 0, 0] = 1.0
        self["obs_cov"] = v[None, None, :]
        # Statsmodels goes from each observation to the next with the state's noise of the former.
        self["state_cov"] = (sigma**2 * np.append(np.diff(times), 1.0))[None, None, :]
        self.ssm.initialize_diffuse()

    @property
    def start_params(self) -> Floats:
        return np.zeros(0)

    def update(self, params: Any, **kwargs: Any) -> None:
        """Nothing to estimate."""


WAVES = (
    np.array([0.41, 0.47, 0.44, 0.52, 0.58, 0.55, 0.49]),
    np.array([4.1, 2.2, 9.0, 1.3, 5.5, 0.9, 3.2]) * 1e-4,
    np.array([0.0, 1.0, 4.0, 4.5, 9.0, 10.0, 16.0]),
)


def test_known_variances_and_gaps_as_statsmodels_has_them() -> None:
    y, v, times = WAVES
    for sigma in (0.002, 0.02, 0.2):
        wanted = KnownVariances(y, v, times, sigma).smooth([])
        found = smooth(y, v, times, np.array([sigma]))
        np.testing.assert_allclose(found.mean[0], wanted.smoothed_state[0], rtol=6e-12)
        np.testing.assert_allclose(found.variance[0], wanted.smoothed_state_cov[0, 0], rtol=1e-10)
        assert found.loglik[0] == pytest.approx(wanted.llf + np.log(2 * np.pi) / 2, rel=1e-10)


def test_a_step_parts_the_line_in_two_that_share_how_much_opinion_moves() -> None:
    y, v, times = WAVES
    sigmas = sigma_grid(2 * POINTS)
    whole = smooth(y, v, times, sigmas, steps={3})
    first, second = (smooth(y[part], v[part], times[part], sigmas) for part in (slice(3), slice(3, None)))
    np.testing.assert_allclose(whole.mean, np.concatenate([first.mean, second.mean], axis=1), rtol=1e-13)
    np.testing.assert_allclose(whole.variance, np.concatenate([first.variance, second.variance], axis=1), rtol=1e-13)
    np.testing.assert_allclose(whole.loglik, first.loglik + second.loglik, rtol=1e-13)


def test_a_declared_step_is_not_smoothed_away() -> None:
    y = np.repeat([0.4, 0.6], 6)
    v, times = np.full(12, 6e-4), np.arange(12.0)
    plain, stepped = local_level(y, v, times, 2 * POINTS), local_level(y, v, times, 2 * POINTS, steps={6})
    assert stepped.mean == pytest.approx(y, abs=1e-12)
    assert plain.mean[5] > 0.42


def test_averaging_over_sigma_equals_a_far_finer_quadrature() -> None:
    y, v, times = WAVES
    coarse = local_level(y, v, times, 2 * POINTS)
    sigmas = np.linspace(1e-6, 1.0, 200_001)
    found = smooth(y, v, times, sigmas)
    weight = np.exp(found.loglik - found.loglik.max()) / (1 + (sigmas / (2 * POINTS)) ** 2)
    weight /= weight.sum()
    mean = weight @ found.mean
    np.testing.assert_allclose(coarse.mean, mean, atol=1e-6 * 2 * POINTS)
    sd = np.sqrt(weight @ (found.variance + (found.mean - mean) ** 2))
    np.testing.assert_allclose(coarse.sd, sd, atol=1e-5 * 2 * POINTS)


@pytest.mark.parametrize("kind", ["flat", "slow walk"])
def test_the_band_covers_what_it_says(kind: str) -> None:
    low, _ = COVERED[kind]
    rate, _plug_in = coverage(kind, trials=150, seed=20260101)
    assert low - 0.03 <= rate < 1.0


@st.composite
def waves(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    size = draw(st.integers(1, 12))
    numbers = st.floats(0.0, 1.0)
    y = draw(st.lists(numbers, min_size=size, max_size=size))
    v = draw(st.lists(st.floats(1e-6, 0.01), min_size=size, max_size=size))
    gaps = draw(st.lists(st.floats(0.05, 24.0), min_size=size, max_size=size))
    return np.array(y), np.array(v), np.cumsum(gaps)


@given(waves())
def test_the_line_stays_among_its_points_and_is_never_less_sure_than_they(case: tuple[Floats, Floats, Floats]) -> None:
    y, v, times = case
    found = smooth(y, v, times, sigma_grid(2 * POINTS))
    assert (found.mean >= y.min() - 1e-9).all()
    assert (found.mean <= y.max() + 1e-9).all()
    assert (found.variance > 0).all()
    assert (found.variance <= v * (1 + 1e-9)).all()
    assert sigma_weights(found.loglik).sum() == pytest.approx(1)


@settings(max_examples=50)
@given(waves(), st.floats(-1.0, 1.0), st.floats(0.1, 100.0))
def test_neither_the_unit_nor_the_direction_of_time_matters(
    case: tuple[Floats, Floats, Floats], shift: float, factor: float
) -> None:
    y, v, times = case
    line = local_level(y, v, times, 2 * POINTS)
    moved = local_level(y * factor + shift, v * factor**2, times, 2 * POINTS * factor)
    _same(moved, line.mean * factor + shift, line.sd * factor, 1e-8 * factor)
    back = local_level(y[::-1], v[::-1], -times[::-1], 2 * POINTS)
    _same(back, line.mean[::-1], line.sd[::-1], 1e-8)


def _same(line: Level, mean: Floats, sd: Floats, atol: float) -> None:
    np.testing.assert_allclose(line.mean, mean, atol=atol)
    np.testing.assert_allclose(line.sd, sd, atol=atol)


def test_one_point_is_its_own_line() -> None:
    line = local_level(np.array([0.4]), np.array([4e-4]), np.array([0.0]), 2 * POINTS)
    assert (line.mean[0], line.sd[0]) == (pytest.approx(0.4), pytest.approx(0.02))
    assert [edge[0] for edge in line.band] == pytest.approx([0.4 - 0.0392, 0.4 + 0.0392], abs=1e-5)


@pytest.mark.parametrize(
    ("y", "v", "times", "steps", "complaint"),
    [
        ([], [], [], (), "at least one"),
        ([0.4, 0.5], [1e-4], [0.0, 1.0], (), "as many"),
        ([0.4, 0.5], [1e-4, 0.0], [0.0, 1.0], (), "above 0"),
        ([0.4, np.nan], [1e-4, 1e-4], [0.0, 1.0], (), "finite"),
        ([0.4, 0.5], [1e-4, 1e-4], [1.0, 0.5], (), "decrease"),
        ([0.4, 0.5], [1e-4, 1e-4], [0.0, 1.0], (0,), "before and after"),
        ([0.4, 0.5], [1e-4, 1e-4], [0.0, 1.0], (2,), "before and after"),
    ],
)
def test_what_cannot_be_is_refused(
    y: list[float], v: list[float], times: list[float], steps: tuple[int, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        local_level(np.array(y), np.array(v), np.array(times), 2 * POINTS, steps)
