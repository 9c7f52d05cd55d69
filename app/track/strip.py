"""Several groups' support for one action as marks on one line from 0 to 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .comparing import Dot
from .shape import shape

_LEFT, _RIGHT, _Y, _RADIUS = 14, 310, 13, 5.0


@dataclass(frozen=True)
class Strip:
    """Paths in a box of 328 by 36, and the scale's ticks: (x, words).

    span: from the lowest to the highest. intervals, marks: (the group's number, path).
    """

    span: str
    intervals: tuple[tuple[int, str], ...]
    marks: tuple[tuple[int, str], ...]
    ticks: tuple[tuple[float, str], ...]


def strip(dots: Sequence[Dot], intervals_of: Sequence[Dot]) -> Strip:
    """The marks of all dots that have a figure, the highest first, and the intervals of some."""
    shown = sorted(((d.figure.value, d.group.number) for d in dots if d.figure), reverse=True)
    known = [(d.group.number, d.figure) for d in intervals_of if d.figure]
    return Strip(
        f"M{_x(shown[-1][0]):.1f} {_Y}H{_x(shown[0][0]):.1f}" if shown else "",
        tuple(
            (number, f"M{_x(figure.low):.1f} {_Y}H{_x(figure.high):.1f}")
            for number, figure in known
            if figure.low is not None and figure.high is not None
        ),
        tuple((number, shape(number, _x(value), _Y, _RADIUS)) for value, number in shown),
        tuple((_x(tick / 100), f"{tick}%") for tick in (0, 50, 100)),
    )


def _x(share: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share, 1)
