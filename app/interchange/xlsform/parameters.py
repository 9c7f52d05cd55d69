"""The column `parameters`, as "start=1 end=10", and what of it a question of ours has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from app.interchange.report import Outcome

from .sheets import Row

_RANGE = {"start": 1, "end": 10, "step": 1}
_WHOLE = re.compile(r"-?[0-9]{1,7}(?:\.0*)?")

ENDS_EARLIER = "Its last step ends at %(end)s."
TURNED = "It ran from %(start)s down to %(end)s: here numbers run upwards."
FRACTIONS = "It is in fractions: a number is asked for instead of a place on a line."
NEGATIVE = "Its numbers below 0 are left out: numbers are never negative here."
SOME = "Of these, other programs' parameters are left out: %(left)s."
LONG = "The field is longer than usual."


def given_parameters(row: Row) -> dict[str, str]:
    """The pairs in the cell: divided by spaces, commas or semicolons."""
    text = " ".join(row.get("parameters").split()).replace(" =", "=").replace("= ", "=")
    pairs = (pair.partition("=") for pair in re.split("[ ,;]+", text))
    return {key.lower(): value for key, sign, value in pairs if key and value}


def read_parameters(row: Row, question: dict[str, Any], is_own: bool, languages: Sequence[str]) -> None:
    """Puts the parameters that our kind has into the question; the others are told of."""
    given = given_parameters(row)
    taken: set[str] = set()
    kind = question["kind"]
    if kind in ("select_one", "select_multiple", "rank") and given.get("randomize"):
        _put(question, "randomize", given["randomize"].lower() == "true")
        taken = {"randomize"}
    elif kind in ("range", "scale") and (given or kind == "range"):
        _range(row, question, is_own, languages)
        taken = set(_RANGE)
    elif kind == "text":
        taken = _rows(row, question, given, is_own)
    if taken:
        left = ", ".join(sorted(set(given) - taken))
        outcome: Outcome = "changed" if left else "kept"
        row.tell_all("parameters", outcome, SOME if left else "", at=question, key="parameters", left=left)


def _put(question: dict[str, Any], key: str, value: object) -> None:
    question.setdefault("parameters", {})[key] = value


def _rows(row: Row, question: dict[str, Any], given: dict[str, str], is_own: bool) -> set[str]:
    rows = given.get("rows") or row.get("rows")
    if _WHOLE.fullmatch(rows):
        _put(question, "rows", min(30, max(1, int(rows))))
        row.tell_all("rows", at=question, key="parameters")
        return {"rows"}
    if not is_own and "multiline" in row.get("appearance").split():
        _put(question, "rows", 5)
        row.tell_all("appearance", "changed", LONG, at=question, key="parameters")
    return set()


def is_below_nothing(row: Row) -> bool:
    """Whether a range holds no number that could be answered here."""
    given = given_parameters(row)
    return all(given.get(key, str(_RANGE[key])).startswith("-") for key in ("start", "end"))


def _range(row: Row, question: dict[str, Any], is_own: bool, languages: Sequence[str]) -> None:
    """A range runs upwards from 0 or more in whole steps that lead to its end."""
    given, is_scale = given_parameters(row), question["kind"] == "scale"
    values = {key: given.get(key, str(usual)) for key, usual in _RANGE.items() if key != "step" or not is_scale}
    if not all(_WHOLE.fullmatch(value) for value in values.values()):
        return _as_decimal(row, question, values)
    numbers = question["parameters"] = {key: int(float(value)) for key, value in values.items()}
    if is_own or is_scale:
        return None
    start, end, step = numbers["start"], numbers["end"], max(1, abs(numbers["step"]))
    if start > end:
        row.tell_all("parameters", "changed", TURNED, start=start, end=end)
        start, end = end, start
    if start < 0:
        row.tell_all("parameters", "changed", NEGATIVE)
        start %= step
    if (end - start) % step:
        end -= (end - start) % step
        row.tell_all("parameters", "changed", ENDS_EARLIER, end=end)
    numbers.update(start=start, end=end, step=step)
    # The words at the two ends: XLSForm has the numbers alone.
    question["low"] = dict.fromkeys(languages, str(start))
    question["high"] = dict.fromkeys(languages, str(end))
    return None


def _as_decimal(row: Row, question: dict[str, Any], values: dict[str, str]) -> None:
    """Fractions are typed in. Bounds below nothing are left out: numbers are never negative here."""
    row.report.add(row.where, "question", row.name, "changed", FRACTIONS)
    places = max((len(value.split(".")[1]) for value in values.values() if "." in value), default=1)
    question["kind"] = "decimal"
    question["parameters"] = {"decimals": min(4, max(1, places))}
    for key in ("start", "end"):
        if re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]{1,9})?", values[key]):
            question["parameters"][key] = float(values[key])
