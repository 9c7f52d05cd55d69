"""The step at an event: against statsmodels' GLS, against the smoothed line, and how often it is a false alarm."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from app.estimation.event_effect import event_effect
from app.estimation.local_level import sigma_grid, sigma_weights, smooth
from benchmarks.lines import false_alarms
from tests.estimation.test_local_level import POINTS, WAVES

EVENT = 4.2
"""Between the third and the fourth wave."""


def test_the_effect_is_the_jump_of_the_line_that_is_told_of_the_event() -> None:
    y, v, times = WAVES
    sigmas = sigma_grid(2 * POINTS)
    line = smooth(y, v, times, sigmas, steps={3})
    weight = sigma_weights(line.loglik)
    jump = line.mean[:, 3] - line.mean[:, 2]
    variance = line.variance[:, 2] + line.variance[:, 3] + sigmas**2 * (times[3] - times[2])
    mean = weight @ jump
    found = event_effect(y, v, times, EVENT, 2 * POINTS)
    assert found.value == pytest.approx(mean, rel=1e-9)
    assert found.se == pytest.approx(np.sqrt(weight @ (variance + (jump - mean) ** 2)), rel=1e-9)


def test_the_effect_is_statsmodels_gls_averaged_over_sigma() -> None:
    y, v, times = WAVES
    design = sm.add_constant((times >= EVENT).astype(float))
    walk = np.minimum(times[:, None], times)
    values, variances, logs = [], [], []
    for sigma in sigma_grid(2 * POINTS):
        covariance = np.diag(v) + sigma**2 * walk
        fit = sm.GLS(y, design, covariance).fit(cov_type="fixed scale")
        values.append(fit.params[1])
        variances.append(fit.bse[1] ** 2)
        inverse = np.linalg.inv(covariance)
        rest = y - design @ fit.params
        information = design.T @ inverse @ design
        logs.append(-(np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1] + rest @ inverse @ rest) / 2)
    weight = sigma_weights(np.array(logs))
    mean = weight @ np.array(values)
    found = event_effect(y, v, times, EVENT, 2 * POINTS)
    assert found.value == pytest.approx(mean, rel=1e-9)
    assert found.se == pytest.approx(np.sqrt(weight @ (np.array(variances) + (np.array(values) - mean) ** 2)), rel=1e-8)


def test_where_opinion_cannot_wander_the_effect_is_the_difference_of_weighted_means() -> None:
    y, v, times = WAVES
    found = event_effect(y, v, times, EVENT, 1e-9)
    before, after = (np.average(y[part], weights=1 / v[part]) for part in (slice(3), slice(3, None)))
    assert found.value == pytest.approx(after - before, rel=1e-4)
    assert found.se == pytest.approx((1 / (1 / v[:3]).sum() + 1 / (1 / v[3:]).sum()) ** 0.5, rel=1e-4)
    low, high = found.interval
    assert (high - low) / 2 == pytest.approx(1.959964 * found.se)
    assert found.p < 0.001


def test_a_jump_of_twenty_points_is_seen_and_none_is_not() -> None:
    times, v = np.arange(16.0), np.full(16, 5e-4)
    assert event_effect(np.repeat([0.4, 0.6], 8), v, times, 8.0, 2 * POINTS).p < 1e-4
    assert event_effect(np.full(16, 0.4), v, times, 8.0, 2 * POINTS).p == pytest.approx(1.0)


@pytest.mark.parametrize("walk", [0.0, 1 * POINTS])
def test_false_alarms_are_about_as_rare_as_the_level_says(walk: float) -> None:
    assert false_alarms(walk, trials=150, seed=20260101) <= 0.08


@pytest.mark.parametrize("event", [-1.0, 0.0, 17.0])
def test_an_effect_needs_waves_before_and_after(event: float) -> None:
    with pytest.raises(ValueError, match="before and after"):
        event_effect(*WAVES, event, 2 * POINTS)
