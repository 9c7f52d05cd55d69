"""The line through estimates of a stretch: when there is one, in which unit, and where it may jump."""

from __future__ import annotations

import pytest

from app.estimation.figure import Figure
from app.estimation.trend_line import FEWEST, Observed, Unit, step_at, trend_line

SHARE: tuple[float, float] = (0.0, 1.0)


def polled(values: list[float], n: int = 400, first: float = 739_000.0) -> list[Observed]:
    """Shares of n people each, a month apart."""
    return [
        Observed(first + 30 * i, Figure(p, (p * (1 - p) / (n - 1)) ** 0.5, None, None, n), float(n))
        for i, p in enumerate(values)
    ]


def test_a_line_needs_five_points() -> None:
    assert trend_line(polled([0.4] * (FEWEST - 1)), "share", SHARE) is None
    line = trend_line(polled([0.4] * FEWEST), "share", SHARE)
    assert line is not None
    assert [at.value for at in line] == pytest.approx([0.4] * FEWEST)


def test_the_band_is_narrower_than_the_points_own_intervals_and_narrows_with_more_people() -> None:
    few, many = (trend_line(polled([0.4, 0.42, 0.39, 0.41, 0.4, 0.43], n), "share", SHARE) for n in (100, 10_000))
    assert few is not None
    assert many is not None
    assert all(at.low < at.value < at.high for at in few)
    assert few[2].high - few[2].low < 2 * 1.96 * (0.39 * 0.61 / 99) ** 0.5
    assert many[2].high - many[2].low < few[2].high - few[2].low


def test_everyone_saying_yes_once_is_not_certainty() -> None:
    line = trend_line(polled([0.9, 1.0, 0.92, 0.95, 0.97], n=20), "share", SHARE)
    assert line is not None
    assert 0.9 < line[1].value < 1.0
    assert line[1].high <= 1.0


def test_a_band_never_leaves_what_is_possible() -> None:
    line = trend_line(polled([0.01, 0.0, 0.02, 0.01, 0.0], n=15), "share", SHARE)
    assert line is not None
    assert min(at.low for at in line) == 0.0


@pytest.mark.parametrize(("unit", "bounds", "spread"), [("mean", (1.0, 5.0), 1.2), ("mean", None, 40.0)])
def test_means_have_a_line_in_their_own_unit(unit: Unit, bounds: tuple[float, float] | None, spread: float) -> None:
    observed = [
        Observed(739_000.0 + 30 * i, Figure(3 + 0.1 * spread * (i % 2), spread / 20, None, None, 400), 400.0)
        for i in range(8)
    ]
    line = trend_line(observed, unit, bounds)
    assert line is not None
    assert all(3 < at.value < 3 + 0.1 * spread for at in line)


def test_means_without_any_spread_have_no_line() -> None:
    observed = [Observed(739_000.0 + i, Figure(3.0, 0.0, None, None, 20), 20.0) for i in range(8)]
    assert trend_line(observed, "mean", (1.0, 5.0)) is None
    assert step_at(observed, "mean", (1.0, 5.0), 739_004.0) is None


def test_a_declared_event_lets_the_line_jump_and_tells_how_far() -> None:
    observed = polled([0.4] * 5 + [0.6] * 5)
    event = observed[5].day - 3
    plain, told = trend_line(observed, "share", SHARE), trend_line(observed, "share", SHARE, [event])
    assert plain is not None
    assert told is not None
    assert told[4].value == pytest.approx(0.4, abs=1e-9)
    assert plain[4].value > 0.41
    effect = step_at(observed, "share", SHARE, event)
    assert effect is not None
    assert effect.value == pytest.approx(0.2)
    assert effect.p < 0.01


def test_an_event_in_the_midst_of_a_period_counts_from_the_next() -> None:
    """A month's answers were given before and after it."""
    observed = polled([0.4] * 5 + [0.6] * 5)
    late = trend_line(observed, "share", SHARE, [observed[5].day + 1])
    assert late is not None
    assert late[5].value != pytest.approx(0.6, abs=1e-3)
    assert late[6].value == pytest.approx(0.6)


@pytest.mark.parametrize("days", [-100.0, 0.0, 1000.0])
def test_an_event_outside_the_points_changes_nothing(days: float) -> None:
    observed = polled([0.4, 0.5, 0.42, 0.45, 0.44, 0.5])
    event = observed[0].day + days
    assert trend_line(observed, "share", SHARE, [event]) == trend_line(observed, "share", SHARE)
    assert step_at(observed, "share", SHARE, event) is None
