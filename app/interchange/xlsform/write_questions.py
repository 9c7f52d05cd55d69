"""Questions of ours as rows of XLSForm's sheet `survey`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from app.questionnaire.kinds.base import Question
from app.questionnaire.kinds.range import Range

from .headings import OWN
from .languages import name_of
from .words import own_text

Cells = dict[str, str]
"""A row: texts by heading."""

_TYPES = {
    **{kind: kind for kind in ("integer", "decimal", "range", "date", "text", "acknowledge", "note", "calculate")},
    "email": "text",
    "arm": "hidden",
    "sample": "hidden",
}
_LISTED = {"select_one": "select_one", "select_multiple": "select_multiple", "rank": "rank", "scale": "select_one"}
# Other programs refuse parameters that they do not know.
_PARAMETERS = {
    **dict.fromkeys(("select_one", "select_multiple", "rank"), ("randomize",)),
    "range": ("start", "end", "step"),
    "scale": ("start", "end"),
    "text": ("rows",),
}
_EXPRESSIONS = ("relevant", "constraint", "calculation", "choice_filter")
_TEXTS = ("label", "hint", "required_message", "constraint_message")
_OF_ROWS = ("required", "required_message", "constraint", "constraint_message")


class Lists:
    """Lists of choices, each written once; a list is called after the first question that has it."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._lists: dict[str, list[dict[str, Any]]] = {}

    def name(self, question: str, choices: list[dict[str, Any]]) -> str:
        key = json.dumps(choices, sort_keys=True)
        if key not in self._names:
            self._names[key] = question
            self._lists[question] = choices
        return self._names[key]

    def named(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        return iter(self._lists.items())


def question_rows(question: Question, lists: Lists) -> Iterable[Cells]:
    """The row of a question; of one with rows, a group with a row for each."""
    data = question.model_dump(mode="json", exclude_defaults=True)
    kind = question.kind
    if isinstance(question, Range):  # What is usual differs: all that is known is said.
        data["parameters"] = question.parameters.model_dump()
    if "rows" in data:
        return _group(data, kind, lists)
    sort = kind
    row: Cells = {"type": _TYPES.get(kind, ""), "name": data.pop("name")}
    choices = data.pop("choices", None)
    if kind in _LISTED and choices:
        row["type"] = f"{_LISTED[kind]} {lists.name(question.name, choices)}"
    elif choices:
        row[OWN + "list"] = lists.name(question.name, choices)
    elif kind == "scale":
        row["type"] = "range"
    elif isinstance(question, Range) and not _is_range_elsewhere(question):
        row["type"] = sort = "integer"
    if row["type"].split()[0] != kind:
        row[OWN + "kind"] = kind
    del data["kind"]
    return [row | _cells(data, sort)]


def _is_range_elsewhere(question: Range) -> bool:
    """Other programs refuse a range of a single number."""
    given = question.parameters
    return given.start + given.step <= given.end


def _cells(data: dict[str, Any], kind: str) -> Cells:
    """What XLSForm has words for under its words, everything else under ours."""
    found: Cells = {}
    for key, value in data.items():
        if key in _TEXTS:
            found |= {f"{key}::{name_of(language)}": words for language, words in value.items()}
        elif key in _EXPRESSIONS or key == "appearance":
            found[key] = value
        elif key == "required":
            found[key] = "yes" if value is True else value
        elif key == "parameters":
            found |= _parameters(value, _PARAMETERS.get(kind, ()))
        else:
            found[OWN + key] = own_text(value)
    return found


def _parameters(given: dict[str, Any], known: tuple[str, ...]) -> Cells:
    theirs = " ".join(f"{key}={own_text(value)}" for key, value in given.items() if key in known)
    ours = {key: value for key, value in given.items() if key not in known}
    return ({"parameters": theirs} if theirs else {}) | ({OWN + "parameters": own_text(ours)} if ours else {})


def _group(data: dict[str, Any], kind: str, lists: Lists) -> Iterator[Cells]:
    """A matrix or an allocation: what each of its rows must fulfil stands at each, as other programs expect it."""
    name, rows = data.pop("name"), data.pop("rows")
    sort, appearance = "integer", "field-list"
    if "choices" in data:
        sort, appearance = f"select_one {lists.name(name, data.pop('choices'))}", "table-list"
    of_rows = {key: data.pop(key) for key in _OF_ROWS if key in data}
    del data["kind"]
    yield {"type": "begin_group", "name": name, "appearance": appearance, OWN + "kind": kind} | _cells(data, kind)
    for row in rows:
        yield {"type": sort, "name": row.pop("name")} | _cells(row | of_rows, "row")
    yield {"type": "end_group"}
