"""A trend as unbroken stretches: the line is never drawn across a break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.estimation.figure import Estimate
from app.estimation.period import period_start

Reason = Literal["questionnaire", "mode", "population", "weighting", "synthetic"]
REASONS: tuple[Reason, ...] = ("questionnaire", "mode", "population", "weighting", "synthetic")


@dataclass(frozen=True, slots=True)
class Point:
    """One estimate at one period.

    questionnaire: what was asked; points compare only if it is the same, or was declared to be and is named alike.
    estimate None: withheld, to protect a small group. weighting: the version of the scheme, "" without weights.
    """

    period: str
    wave: str
    questionnaire: str
    mode: str
    population: str
    synthetic: bool
    estimate: Estimate | None
    weighting: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive points that may be joined; `reasons`: what changed before it, empty for the first."""

    points: tuple[Point, ...]
    reasons: tuple[Reason, ...] = ()


def series(points: Iterable[Point]) -> list[Stretch]:
    """Points in order of time, cut wherever something that breaks comparison changes.

    Points are put in order by the start of their period, if all have one; waves come in the given order.
    """
    stretches: list[Stretch] = []
    current: list[Point] = []
    reasons: tuple[Reason, ...] = ()
    for point in in_order(points):
        if current and (changed := changes(current[-1], point)):
            stretches.append(Stretch(tuple(current), reasons))
            current, reasons = [], changed
        current.append(point)
    return [*stretches, Stretch(tuple(current), reasons)] if current else []


def changes(before: Point, after: Point) -> tuple[Reason, ...]:
    """The reasons why two points must not be joined."""
    return tuple(reason for reason in REASONS if getattr(before, reason) != getattr(after, reason))


def in_order(points: Iterable[Point]) -> list[Point]:
    """Points by the start of their period; as given where a period has no date."""
    listed = list(points)
    dated = [(start, point) for point in listed if (start := period_start(point.period)) is not None]
    if len(dated) < len(listed):
        return listed
    return [point for _, point in sorted(dated, key=lambda pair: pair[0])]
