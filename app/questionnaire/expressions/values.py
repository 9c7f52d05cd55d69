"""What expressions are made from and give: texts, numbers, truths, lists of codes, and what is not known yet."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeAlias


class Unknown(Enum):
    """What an answer is that may still be given."""

    NOT_YET = "not yet"


NOT_YET = Unknown.NOT_YET

Answer: TypeAlias = str | int | list[str] | None
Given: TypeAlias = Mapping[str, Answer | Unknown]
"""Answers by name. One that is absent or None is unanswered."""
Known: TypeAlias = str | int | float | bool | list[str]
Value: TypeAlias = Known | Unknown
Number: TypeAlias = int | float

NO_ANSWERS = frozenset(("-1", "-7", "-8", "-9"))
"""Ways of not answering: not asked, skipped, don't know, refused. No numbers, though they are written like some."""
LARGEST = 10**15
"""Numbers are smaller than this, so that fifteen digits are all of them."""
LONGEST = 10_000
"""Texts that expressions make are not longer."""
TODAY = "today()"
"""The key under which answers may keep the day, as a text: no variable can have such a name."""

_NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Context:
    """What an expression reads besides answers: the day, a constraint's own answer, a choice's attributes."""

    today: date | None = None
    own: Answer | Unknown = None
    choice: Mapping[str, str] | None = None


def written_number(value: Known) -> Number | None:
    """The number that a value is or writes, as people do: no exponent, no "nan", no "+"."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        return float(value) if "." in value else int(value)
    if isinstance(value, list):
        return written_number(value[0]) if len(value) == 1 else None
    return (int(value) if isinstance(value, bool) else value) if -LARGEST < value < LARGEST else None


def number_of(value: Known) -> Number | None:
    """The number to calculate and to compare with: ways of not answering have none, and neither have lists."""
    if isinstance(value, list) or (isinstance(value, str) and value in NO_ANSWERS):
        return None
    return written_number(value)


def rounded(number: Number) -> Number | str:
    """A result as it is kept: at most fifteen digits, and fifteen after the point, so that 0.1 + 0.2 is 0.3.

    A whole number is an int; what is too large, or no number, is the empty text.
    """
    if isinstance(number, float):
        if not math.isfinite(number):
            return ""
        number = float(_digits(number))
        number = int(number) if number.is_integer() else number
    return number if -LARGEST < number < LARGEST else ""


def _digits(number: float) -> str:
    return f"{number:.15f}" if -1 < number < 1 else f"{number:.15g}"


def text_of(value: Known) -> str:
    """A value in writing: codes with spaces between them, numbers without zeros that say nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return bounded(" ".join(value))
    number = rounded(value)
    return _digits(number).rstrip("0") if isinstance(number, float) else str(number)


def truth_of(value: Known) -> bool:
    """Whether a value counts as true. The text "false" does not: so is a truth kept that was calculated."""
    return value not in ("", "false") if isinstance(value, str) else bool(value)


def date_of(value: Known) -> date | None:
    """The day that a text writes, as in 2026-01-31."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def is_answered(value: Known) -> bool:
    """Whether a value is there: neither empty nor a way of not answering."""
    return value not in NO_ANSWERS and value != "" if isinstance(value, str) else value != []


def bounded(text: str) -> str:
    """The text, or the empty one where it is too long."""
    return text if len(text) <= LONGEST else ""
