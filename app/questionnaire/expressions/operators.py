"""What operators do with values that are known. Nothing here raises: what has no result gives the empty text."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import date, timedelta

from .values import Known, Number, date_of, number_of, rounded, text_of, truth_of, written_number

Compare = Callable[[Known, Known], bool]
Calculate = Callable[[Known, Known], Known]


def equal(left: Known, right: Known) -> bool:
    """XPath's equality: as truths if one is a truth, as numbers if one is a number, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth_of(left) is truth_of(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        number = written_number(left)
        return number is not None and number == written_number(right)
    return text_of(left) == text_of(right)


def _unequal(left: Known, right: Known) -> bool:
    return not equal(left, right)


def _ordered(compare: Callable[[Number, Number], bool]) -> Compare:
    """Numbers by size, dates by time; nothing else has an order."""

    def holds(left: Known, right: Known) -> bool:
        if type(left) is int and type(right) is int:
            return compare(left, right)  # Most are these: an age and a bound.
        a, b = number_of(left), number_of(right)
        if a is not None and b is not None:
            return compare(a, b)
        before, after = date_of(left), date_of(right)
        return before is not None and after is not None and compare(before.toordinal(), after.toordinal())

    return holds


COMPARISONS: dict[str, Compare] = {
    "=": equal,
    "!=": _unequal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
}


def _plus(left: Known, right: Known) -> Known:
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return rounded(a + b)
    if b is not None:
        return _shifted(date_of(left), b)
    return "" if a is None else _shifted(date_of(right), a)


def _minus(left: Known, right: Known) -> Known:
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return rounded(a - b)
    begin, end = date_of(right), date_of(left)
    if begin is not None and end is not None:
        return (end - begin).days
    return "" if b is None else _shifted(end, -b)


def _shifted(day: date | None, days: Number) -> str:
    """The day so many whole days later."""
    try:
        return "" if day is None else (day + timedelta(math.floor(days))).isoformat()
    except OverflowError:
        return ""


def _on_numbers(calculate: Callable[[Number, Number], Number]) -> Calculate:
    def result(left: Known, right: Known) -> Known:
        a, b = number_of(left), number_of(right)
        return "" if a is None or b is None else rounded(calculate(a, b))

    return result


def _divided(a: Number, b: Number) -> Number:
    return a / b if b else math.nan


def _remainder(a: Number, b: Number) -> Number:
    """With the sign of what is divided, as in XPath."""
    return math.fmod(a, b) if b else math.nan


ARITHMETIC: dict[str, Calculate] = {
    "+": _plus,
    "-": _minus,
    "*": _on_numbers(operator.mul),
    "div": _on_numbers(_divided),
    "mod": _on_numbers(_remainder),
}


def negative(value: Known) -> Known:
    number = number_of(value)
    return "" if number is None else rounded(-number)
