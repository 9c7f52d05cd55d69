"""The JSON of a survey as plain data: bounded in size, depth, numbers and parts."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from app.questionnaire.problems import FileError, Message, Problem

LARGEST = 10 * 1024 * 1024
MOST_PARTS = 300_000
DEEPEST = 60
_LONGEST_NUMBER = 15

NO_JSON = "The file is not valid JSON: %(reason)s"
_WRONG = {
    "Expecting value": "A value is missing.",
    "Expecting property name enclosed in double quotes": "A key in double quotes is missing.",
    "Expecting ',' delimiter": "A comma is missing.",
    "Expecting ':' delimiter": "A colon is missing.",
    "Extra data": "Something stands behind its end.",
    "Unterminated string starting at": "A text does not end.",
    "Invalid control character at": "A line end or another control character stands in a text.",
    "Invalid \\escape": "A text holds a backslash that means nothing.",
    "Invalid \\uXXXX escape": "A text holds a backslash that means nothing.",
}
"""What Python's reader finds wrong, in sentences of ours."""

TOO_DEEP = "The file is nested too deeply."


def refused(message: str, **params: object) -> FileError:
    return FileError([Problem(0, "", message, params)])


def read_json(data: bytes) -> dict[str, Any]:
    """The survey's JSON object. Raises FileError."""
    if len(data) > LARGEST:
        raise refused("The file is larger than %(limit)s bytes.", limit=LARGEST)
    try:
        found = json.loads(
            _decoded(data),
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        reason = Message(_WRONG[error.msg]) if error.msg in _WRONG else error.msg
        raise FileError([Problem(error.lineno, "", NO_JSON, {"reason": reason})]) from None
    except RecursionError:
        raise refused(TOO_DEEP) from None
    if not isinstance(found, dict):
        raise refused("The file holds no survey of SurveyJS: pages or elements are expected.")
    _refuse_excess(found)
    return found


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileError([Problem(line, "", "The file is not UTF-8 text.")]) from None


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise refused("The number %(number)s is too large.", number=text[:40])
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise refused("The number %(number)s is too large.", number=text[:40])
    return number


def _constant(text: str) -> NoReturn:
    raise refused("“%(word)s” is no number of JSON.", word=text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise refused("The key “%(key)s” stands twice in an object.", key=key[:100])
        found[key] = value
    return found


def _refuse_excess(document: dict[str, Any]) -> None:
    """Counts all parts, level by level."""
    level: list[Any] = [document]
    parts = 0
    for _ in range(DEEPEST):
        parts += len(level)
        if parts > MOST_PARTS:
            raise refused("The file has more than %(limit)s parts.", limit=MOST_PARTS)
        level = [
            inner
            for part in level
            if isinstance(part, dict | list)
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
        if not level:
            return
    raise refused(TOO_DEEP)
