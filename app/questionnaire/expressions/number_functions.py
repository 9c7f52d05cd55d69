"""Functions of numbers. What is no number gives the empty text; `sum`, `min`, `max` and `count` pass over it."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_FLOOR, Context, Decimal

from .function import Function, Type, Want, takes
from .values import LARGEST, Known, Number, date_of, is_answered, number_of, rounded, text_of

_EXACT = Context(prec=60, rounding=ROUND_FLOOR)
_MOST_PLACES = 15


def _of_number(calculate: Callable[[Number], Number]) -> Callable[[Known], Known]:
    def result(value: Known) -> Known:
        number = number_of(value)
        return "" if number is None else rounded(calculate(number))

    return result


def _round(value: Known, digits: Known = 0) -> Known:
    """Half up, as XPath does: 2.5 is 3 and -2.5 is -2. Exact in decimals: 2.675 to two places is 2.68."""
    number, places = number_of(value), number_of(digits)
    if number is None or places is None or not -_MOST_PLACES <= places <= _MOST_PLACES:
        return ""
    exponent = Decimal(1).scaleb(-int(places))
    half_up = _EXACT.divide(Decimal(repr(number)), exponent) + Decimal("0.5")
    result = _EXACT.multiply(half_up.to_integral_value(ROUND_FLOOR), exponent)
    return rounded(int(result) if result == result.to_integral_value() else float(result))


def _power(base: Known, exponent: Known) -> Known:
    a, b = number_of(base), number_of(exponent)
    if a is None or b is None:
        return ""
    if isinstance(a, int) and isinstance(b, int) and 0 <= b < LARGEST.bit_length():
        return rounded(a**b)  # Exact: floating-point powers differ in their last digit from machine to machine.
    try:
        return rounded(math.pow(a, b))
    except (OverflowError, ValueError):
        return ""


def _square_root(number: Number) -> Number:
    return math.sqrt(number) if number >= 0 else math.nan


def _sum(*values: Known) -> Known:
    numbers = [number for value in values if (number := number_of(value)) is not None]
    return rounded(math.fsum(numbers)) if numbers else ""


def _count(*values: Known) -> Known:
    return sum(is_answered(value) for value in values)


def _first_or_last(choose: Callable[..., Number], choose_day: Callable[..., str]) -> Callable[..., Known]:
    def result(*values: Known) -> Known:
        numbers = [number for value in values if (number := number_of(value)) is not None]
        if numbers:
            return rounded(choose(numbers))
        days = [text_of(value) for value in values if date_of(value)]
        return choose_day(days) if days else ""

    return result


VALUE, NUMBER, ORDERED = Want.VALUE, Want.NUMBER, Want.ORDERED

NUMBER_FUNCTIONS: dict[str, Function] = {
    "number": Function(_of_number(lambda number: number), Type.NUMBER, **takes(VALUE)),
    "int": Function(_of_number(math.trunc), Type.NUMBER, **takes(NUMBER)),
    "round": Function(_round, Type.NUMBER, **takes(NUMBER, NUMBER, least=1)),
    "abs": Function(_of_number(abs), Type.NUMBER, **takes(NUMBER)),
    "sqrt": Function(_of_number(_square_root), Type.NUMBER, **takes(NUMBER)),
    "pow": Function(_power, Type.NUMBER, **takes(NUMBER, NUMBER)),
    "sum": Function(_sum, Type.NUMBER, **takes(NUMBER, more=True)),
    "min": Function(_first_or_last(min, min), None, **takes(ORDERED, more=True)),
    "max": Function(_first_or_last(max, max), None, **takes(ORDERED, more=True)),
    "count": Function(_count, Type.NUMBER, **takes(VALUE, more=True)),
}
