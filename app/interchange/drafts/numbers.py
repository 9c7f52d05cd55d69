"""Questions answered with numbers: their kind and bounds."""

from __future__ import annotations

import math
import re
from typing import Any

from app.questionnaire.kinds.typed import LARGEST

from .draft import Draft

BOUNDED = "It takes numbers from %(start)s to %(end)s, with %(decimals)s digits after the point."
WHOLE = "It takes whole numbers from %(start)s to %(end)s."
BELOW = "Numbers below 0 cannot be answered here."


def figure(text: str) -> float | None:
    """The number that a text writes; None where it is something else, or nothing."""
    return float(text) if re.fullmatch(r"\s*[-+]?[0-9]{1,12}(\.[0-9]{1,6})?\s*", text) else None


def number_between(low: float | None, high: float | None, whole: bool) -> Draft:
    """The kind of a number between two bounds, as far as ours reach."""
    start, end = max(low or 0, 0), high
    if end is not None and (end < start or end > LARGEST):
        end = None
    if whole:
        bounds = {"start": min(math.ceil(start), LARGEST), "end": LARGEST if end is None else math.floor(end)}
        return {"kind": "integer", "parameters": bounds if bounds["start"] <= bounds["end"] else {}}
    # Digits after the point: as many as numbers up to the end leave room for, two at most.
    decimals = 1 if end is None else min(2, max(1, math.floor(math.log10(LARGEST / max(end, 1)))))
    largest = LARGEST / 10**decimals
    parameters: dict[str, Any] = {"start": _plain(min(start, largest), decimals), "decimals": decimals}
    if end is not None:
        parameters["end"] = _plain(min(end, largest), decimals)
    return {"kind": "decimal", "parameters": parameters}


def _plain(number: float, decimals: int) -> int | float:
    number = round(number, decimals)
    return int(number) if number == int(number) else number


def bounds_told(draft: Draft) -> tuple[str, dict[str, Any]]:
    """How a number is bounded, as a message."""
    parameters = draft["parameters"]
    if draft["kind"] == "integer":
        return WHOLE, {"start": parameters.get("start", 0), "end": parameters.get("end", LARGEST)}
    decimals = int(parameters["decimals"])
    end = parameters.get("end", LARGEST // 10**decimals)
    return BOUNDED, {"start": parameters["start"], "end": end, "decimals": decimals}
