"""Periods: the steps of a trend. Days, ISO weeks and months are cut in UTC; a wave is a period of its own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Step = Literal["day", "week", "month", "wave"]

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def period_of(moment: datetime, step: Step, wave_key: str) -> str:
    """The period a moment falls in: "2026-11-23", "2026-W48", "2026-11" or the wave's key. Naive is UTC."""
    day = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    if step == "day":
        return day.isoformat()
    if step == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if step == "month":
        return f"{day.year:04}-{day.month:02}"
    return wave_key


def coarser(period: str, step: str, wave_key: str) -> str:
    """The period of another step that a period lies in. ValueError where it does not lie in one."""
    if step == "wave":
        return wave_key
    start = period_start(period)
    own = "day" if _DAY.fullmatch(period) else "week" if _WEEK.fullmatch(period) else "month"
    if own == step:
        return period
    if start is None or own != "day":
        raise ValueError(f"{period} is not part of one {step}")
    return period_of(datetime(start.year, start.month, start.day, tzinfo=UTC), step, wave_key)  # type: ignore[arg-type]


def counted_at(submitted_at: datetime, closes_at: datetime | None) -> datetime:
    """When a response counts: at its wave's last moment if it was finished after the wave had closed.

    Otherwise a few late ones would be a period of their own, in which nobody else was asked.
    """
    if closes_at is None or submitted_at < closes_at:
        return submitted_at
    return closes_at - timedelta(microseconds=1)


def period_start(period: str) -> date | None:
    """First day of a day, week or month; None for a wave's key, which says nothing of time."""
    try:
        if match := _DAY.fullmatch(period):
            return date(*map(int, match.groups()))
        if match := _WEEK.fullmatch(period):
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
        if match := _MONTH.fullmatch(period):
            return date(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None
    return None


def period_end(period: str) -> date | None:
    """The day after the last one of a day, week or month; None for a wave's key."""
    start = period_start(period)
    if start is None or _DAY.fullmatch(period):
        return start and start + timedelta(days=1)
    if _WEEK.fullmatch(period):
        return start + timedelta(days=7)
    return (start + timedelta(days=31)).replace(day=1)
