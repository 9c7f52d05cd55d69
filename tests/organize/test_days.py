"""Where the bars of the responses per day stand."""

from datetime import date, timedelta

import pytest

from app.organize.days import BOTTOM, LEFT, RIGHT, SHOWN, TOP, day_chart

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (127, [0, 50, 100, 150]),
        (10_000, [0, 2_000, 4_000, 6_000, 8_000, 10_000]),
    ],
)
def test_marks_are_round_and_reach_the_highest_bar(most: int, marks: list[int]) -> None:
    chart = day_chart({DAY: most}, DAY)
    assert [value for _, value in chart.values] == marks
    assert (chart.values[0][0], chart.values[-1][0]) == (BOTTOM, TOP)


def test_heights_are_in_proportion_and_days_without_responses_stay_empty() -> None:
    chart = day_chart({DAY - timedelta(days=2): 10, DAY: 5}, DAY)
    assert [bar.n for bar in chart.bars] == [10, 0, 5]
    high, none, half = (bar.height for bar in chart.bars)
    assert none == 0
    assert half == pytest.approx(high / 2)
    assert all(bar.y + bar.height == pytest.approx(BOTTOM) for bar in chart.bars)
    assert (chart.total, chart.most.n) == (15, 10)


def test_only_the_last_days_are_shown() -> None:
    chart = day_chart({DAY - timedelta(days=i): 1 for i in range(500)}, DAY)
    assert len(chart.bars) == chart.total == SHOWN
    assert chart.bars[-1].day == DAY
    assert chart.bars[0].x >= LEFT
    assert chart.bars[-1].x + chart.bars[-1].width <= RIGHT
    assert len(chart.days) == 5


def test_old_responses_before_the_days_shown() -> None:
    chart = day_chart({DAY - timedelta(days=400): 7}, DAY)
    assert (len(chart.bars), chart.total) == (SHOWN, 0)
    assert [value for _, value in chart.values] == [0, 1]
