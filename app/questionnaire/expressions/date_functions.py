"""Functions of dates, which are texts as in 2026-01-31."""

from __future__ import annotations

import re
from datetime import date, timedelta

from .errors import ExpressionError
from .function import Function, Type, Want, takes
from .values import Known, bounded, date_of, number_of

_FIRST = date(1970, 1, 1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CODE = re.compile("%(.?)", re.DOTALL)


def _date(value: Known) -> Known:
    """A date as it is; a number of days since 1970 as a date."""
    number = number_of(value)
    if number is None:
        found = date_of(value)
        return found.isoformat() if found else ""
    try:
        return (_FIRST + timedelta(int(number))).isoformat()
    except OverflowError:
        return ""


def _days(value: Known) -> Known:
    found = date_of(value)
    return (found - _FIRST).days if found else ""


def _codes(found: date) -> dict[str, str]:
    """What stands for each letter of a format: XLSForm's, the words in English."""
    return {
        "Y": f"{found.year:04}",
        "y": f"{found.year % 100:02}",
        "m": f"{found.month:02}",
        "n": f"{found.month}",
        "b": _MONTHS[found.month - 1],
        "d": f"{found.day:02}",
        "e": f"{found.day}",
        "a": _DAYS[found.weekday()],
        "%": "%",
    }


def _check_format(form: str) -> str:
    for code in _CODE.findall(form):
        if code not in _codes(_FIRST):
            message = "“%(code)s” is no part of a date: there are %%Y, %%y, %%m, %%n, %%b, %%d, %%e and %%a."
            raise ExpressionError(message, code=f"%{code}")
    return form


def _format_date(value: Known, form: str) -> Known:
    found = date_of(value)
    if not found:
        return ""
    codes = _codes(found)
    return bounded(_CODE.sub(lambda match: codes[match[1]], form))


DATE_FUNCTIONS: dict[str, Function] = {
    "date": Function(_date, Type.DATE, **takes(Want.VALUE)),
    "format-date": Function(_format_date, Type.MADE, **takes(Want.DATE, Want.VALUE), prepare=_check_format),
    "decimal-date-time": Function(_days, Type.NUMBER, **takes(Want.DATE)),
}
