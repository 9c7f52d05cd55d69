"""What no reader has told of: whatever the file holds besides is in the report too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .conversion import Conversion
from .element import as_word

UNUSED = "Its question has no use for it."
SHARED = ("matrixdropdown", "matrixdynamic")
_WITHIN = ("elements", "questions", "templateElements", "detailElements")
_LISTS = {
    "choices": "choice",
    "rows": "row",
    "columns": "column",
    "items": "item",
    "rateValues": "choice",
    "areas": "choice",
}
_SORTS = {"panel": "panel", "flowpanel": "panel", "html": "element", "image": "element"}
_WORDS = ("title", "description", "html")


def tell_rest(conversion: Conversion, document: dict[str, Any]) -> None:
    """Entries for elements, items and words without one."""
    report = conversion.report
    told = {entry.where for entry in report.entries}
    said = {(entry.where, entry.name) for entry in report.entries}
    for where, element in _elements(document, ""):
        if where not in told:
            sort = "page" if where.startswith("pages") and "." not in where else _SORTS.get(_type(element), "question")
            report.add(where, sort, as_word(element.get("name")), "dropped", UNUSED)
        for key, item in _LISTS.items():
            values = element.get(key)
            for number, value in enumerate(values if isinstance(values, list) else ()):
                place = f"{where}.{key}[{number}]"
                if place not in told:
                    # The choices of a table are those of its columns.
                    is_shared = key == "choices" and _type(element) in SHARED and where in told
                    word = as_word(value.get("value")) if isinstance(value, dict) else as_word(value)
                    report.add(place, item, word, "kept" if is_shared else "dropped", "" if is_shared else UNUSED)
        for key in _WORDS:
            if element.get(key) and (where, key) not in said:
                report.add(where, "text", key, "dropped", UNUSED)


def _type(element: dict[str, Any]) -> str:
    return as_word(element.get("type")).lower()


def _elements(part: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page, panel and element, with its place."""
    for key in ("pages", *_WITHIN) if not where else _WITHIN:
        values = part.get(key)
        for number, value in enumerate(values if isinstance(values, list) else ()):
            if isinstance(value, dict):
                place = f"{where}.{key}[{number}]".lstrip(".")
                yield place, value
                yield from _elements(value, place)
