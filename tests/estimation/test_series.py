"""Periods and breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.figure import Estimate
from app.estimation.period import Step, counted_at, period_end, period_of, period_start
from app.estimation.series import Point, series

TOKYO = timezone(timedelta(hours=9))
FIRST = Point("2026-01", "w1", "aa", "web", "adults", False, Estimate("DD1a", 50, 40, 40.0))


def point(month: int, **changes: object) -> Point:
    return replace(FIRST, period=f"2026-{month:02}", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "period"),
    [("day", "2026-11-23"), ("week", "2026-W48"), ("month", "2026-11"), ("wave", "autumn")],
)
def test_the_period_of_a_moment(step: Step, period: str) -> None:
    assert period_of(datetime(2026, 11, 23, 12, tzinfo=UTC), step, "autumn") == period


def test_periods_are_cut_in_utc() -> None:
    # 8 in the morning of the first of December in Tokyo is still November.
    assert period_of(datetime(2026, 12, 1, 8, tzinfo=TOKYO), "month", "w") == "2026-11"
    assert period_of(datetime(2026, 12, 1, 8), "month", "w") == "2026-12"  # noqa: DTZ001


def test_the_week_of_new_year_belongs_to_the_iso_year() -> None:
    assert period_of(datetime(2027, 1, 1, tzinfo=UTC), "week", "w") == "2026-W53"
    assert period_start("2026-W53") == date(2026, 12, 28)


def test_what_is_finished_after_the_wave_counts_at_its_end() -> None:
    end = datetime(2026, 12, 1, tzinfo=UTC)
    early, late = end - timedelta(seconds=1), end + timedelta(hours=3)
    assert [counted_at(early, None), counted_at(late, None), counted_at(early, end)] == [early, late, early]
    assert period_of(counted_at(late, end), "day", "w") == period_of(counted_at(end, end), "day", "w") == "2026-11-30"


@pytest.mark.parametrize("key", ["autumn", "2026", "2026-13", "2026-W54", "2026-02-30", "w-2026-11", "２０２６-11", ""])
def test_what_is_no_date_has_no_start(key: str) -> None:
    assert period_start(key) is None


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), st.sampled_from(["day", "week", "month"]))  # noqa: DTZ001
def test_a_period_starts_at_or_before_its_moments_and_contains_its_start(moment: datetime, step: Step) -> None:
    start = period_start(period_of(moment, step, "w"))
    assert start is not None
    assert timedelta(0) <= moment.date() - start < timedelta({"day": 1, "week": 7, "month": 31}[step])
    first = datetime(start.year, start.month, start.day, tzinfo=UTC)
    assert period_of(first, step, "w") == period_of(moment, step, "w")


def test_no_points_no_stretches() -> None:
    assert series([]) == []


def test_points_without_change_are_one_stretch_though_months_are_missing() -> None:
    points = [point(1), point(2, wave="w2"), point(9, estimate=None)]
    [stretch] = series(points)
    assert (stretch.points, stretch.reasons) == (tuple(points), ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"questionnaire": "bb"}, "questionnaire"),
        ({"mode": "phone"}, "mode"),
        ({"population": "residents"}, "population"),
        ({"synthetic": True}, "synthetic"),
    ],
)
def test_each_change_breaks_and_is_named(change: dict[str, object], reason: str) -> None:
    before, after = series([point(1), point(2), point(3, **change), point(4, **change)])
    assert (len(before.points), len(after.points)) == (2, 2)
    assert after.reasons == (reason,)


def test_changes_at_once_are_all_named_and_changing_back_is_a_break_again() -> None:
    stretches = series([point(1), point(2, mode="phone", synthetic=True), point(3)])
    assert [stretch.reasons for stretch in stretches] == [(), ("mode", "synthetic"), ("mode", "synthetic")]


def test_dated_points_are_put_in_order_and_waves_are_left_as_given() -> None:
    assert series([point(3), point(1), point(2)])[0].points == (point(1), point(2), point(3))
    waves = (replace(FIRST, period="spring"), replace(FIRST, period="autumn"))
    assert series(waves)[0].points == waves


@given(st.lists(st.tuples(st.integers(1, 12), st.sampled_from("ab"), st.booleans())))
def test_stretches_hold_every_point_once_and_nothing_changes_inside(
    made: list[tuple[int, str, bool]],
) -> None:
    points = [point(month, questionnaire=asked, synthetic=synthetic) for month, asked, synthetic in made]
    stretches = series(points)
    flat = [p for stretch in stretches for p in stretch.points]
    assert sorted(flat, key=lambda p: p.period) == flat
    assert sorted(map(repr, flat)) == sorted(map(repr, points))
    for stretch in stretches:
        assert len({(p.questionnaire, p.synthetic) for p in stretch.points}) == 1
    assert all(stretch.reasons for stretch in stretches[1:])


def test_another_version_of_the_weights_breaks_the_line() -> None:
    found = series([point(1), point(2, weighting="aa"), point(3, weighting="aa"), point(4, weighting="bb")])
    assert [stretch.reasons for stretch in found] == [(), ("weighting",), ("weighting",)]


@pytest.mark.parametrize(
    ("period", "end"),
    [("2026-11-23", (2026, 11, 24)), ("2026-W53", (2027, 1, 4)), ("2026-12", (2027, 1, 1)), ("2026-02", (2026, 3, 1))],
)
def test_a_period_ends_where_the_next_one_begins(period: str, end: tuple[int, int, int]) -> None:
    assert period_end(period) == date(*end)
    assert period_end("autumn") is None
