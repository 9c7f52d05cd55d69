"""Marks of different shapes, so that groups are told apart without colour."""

from __future__ import annotations

import math

# Corners as (angle in degrees from the right, clockwise; distance in radii). The first shape is a circle.
_POLYGONS: tuple[tuple[tuple[float, float], ...], ...] = (
    tuple((45 + 90 * i, 1.3) for i in range(4)),  # square
    tuple((-90 + 120 * i, 1.45) for i in range(3)),  # triangle
    tuple((90 * i, 1.4) for i in range(4)),  # diamond
    tuple((90 + 120 * i, 1.45) for i in range(3)),  # triangle pointing down
    tuple((a, r) for i in range(4) for a, r in ((90 * i - 20, 1.4), (90 * i + 20, 1.4), (90 * i + 45, 0.68))),  # cross
    tuple((-90 + 36 * i, 1.6 if i % 2 == 0 else 0.7) for i in range(10)),  # star
    tuple((45 + a, r) for i in range(4) for a, r in ((90 * i - 20, 1.4), (90 * i + 20, 1.4), (90 * i + 45, 0.68))),
)
COUNT = 1 + len(_POLYGONS)
_CORNERS = tuple(
    tuple((d * math.cos(math.radians(a)), d * math.sin(math.radians(a))) for a, d in polygon) for polygon in _POLYGONS
)


def shape(number: int, x: float, y: float, radius: float) -> str:
    """The path of mark `number` (they repeat after `COUNT`) around a point."""
    which = number % COUNT
    if which == 0:
        radius = round(radius, 1)  # Arcs whose ends are not exactly a diameter apart are no circle.
        arc, across = f"a{radius:.1f} {radius:.1f} 0 1 0 ", 2 * radius
        return f"M{x - radius:.1f} {y:.1f}{arc}{across:.1f} 0{arc}{-across:.1f} 0z"
    return "M" + "L".join(f"{x + dx * radius:.1f} {y + dy * radius:.1f}" for dx, dy in _CORNERS[which - 1]) + "z"
