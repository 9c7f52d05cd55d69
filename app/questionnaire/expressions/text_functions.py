"""Functions of texts and of what was chosen. Positions count from 0, as in XLSForm."""

from __future__ import annotations

from collections.abc import Callable

from .function import Function, Type, Want, takes
from .patterns import matcher
from .values import Known, bounded, is_answered, number_of, text_of, truth_of


def _codes(value: Known) -> list[str]:
    """The codes chosen; a text is codes with spaces between them."""
    return value if isinstance(value, list) else text_of(value).split()


def _selected(value: Known, code: Known) -> Known:
    return text_of(code) in _codes(value)


def _count_selected(value: Known) -> Known:
    return len(_codes(value)) if is_answered(value) else 0


def _selected_at(value: Known, position: Known) -> Known:
    codes = _codes(value)
    place = number_of(position)
    return codes[int(place)] if place is not None and 0 <= place < len(codes) else ""


def _matches(value: Known, matches: Callable[[str], bool]) -> Known:
    return matches(text_of(value))


def _concat(*values: Known) -> Known:
    return bounded("".join(map(text_of, values)))


def _substr(value: Known, start: Known, end: Known | None = None) -> Known:
    first = number_of(start)
    last = None if end is None else number_of(end)
    if first is None or (end is not None and last is None):
        return ""
    return text_of(value)[int(first) : None if last is None else int(last)]


def _translate(value: Known, found: Known, put: Known) -> Known:
    """XPath's: each character of `found` becomes the one at its place in `put`, or goes where there is none."""
    instead = text_of(put)
    table: dict[int, str | None] = {}
    for place, character in enumerate(text_of(found)):
        table.setdefault(ord(character), instead[place] if place < len(instead) else None)
    return text_of(value).translate(table)


VALUE, NUMBER, OPTIONS = Want.VALUE, Want.NUMBER, Want.OPTIONS

TEXT_FUNCTIONS: dict[str, Function] = {
    "selected": Function(_selected, Type.TRUTH, **takes(OPTIONS, VALUE)),
    "count-selected": Function(_count_selected, Type.NUMBER, **takes(OPTIONS)),
    "selected-at": Function(_selected_at, Type.MADE, **takes(OPTIONS, NUMBER)),
    "string": Function(text_of, Type.MADE, **takes(VALUE)),
    "string-length": Function(lambda text: len(text_of(text)), Type.NUMBER, **takes(VALUE)),
    "concat": Function(_concat, Type.MADE, **takes(VALUE, more=True)),
    "substr": Function(_substr, Type.MADE, **takes(VALUE, NUMBER, NUMBER, least=2)),
    "normalize-space": Function(lambda text: " ".join(text_of(text).split()), Type.MADE, **takes(VALUE)),
    "translate": Function(_translate, Type.MADE, **takes(VALUE, VALUE, VALUE)),
    "contains": Function(lambda text, part: text_of(part) in text_of(text), Type.TRUTH, **takes(VALUE, VALUE)),
    "starts-with": Function(
        lambda text, part: text_of(text).startswith(text_of(part)), Type.TRUTH, **takes(VALUE, VALUE)
    ),
    "ends-with": Function(lambda text, part: text_of(text).endswith(text_of(part)), Type.TRUTH, **takes(VALUE, VALUE)),
    "regex": Function(_matches, Type.TRUTH, **takes(VALUE, VALUE), prepare=matcher),
    "boolean": Function(truth_of, Type.TRUTH, **takes(VALUE)),
    "not": Function(lambda value: not truth_of(value), Type.TRUTH, **takes(Want.CONDITION)),
    "true": Function(lambda: True, Type.TRUTH, **takes()),
    "false": Function(lambda: False, Type.TRUTH, **takes()),
}
