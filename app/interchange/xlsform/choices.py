"""The sheets `choices` and `external_choices`: lists of choices by name."""

from __future__ import annotations

import re
from typing import Any

from .headings import OWN
from .sheets import Column, Row
from .words import Words, own_value

Lists = dict[str, list[dict[str, Any]]]

MEDIA = "Pictures and sounds are not shown."
REASONS = dict.fromkeys(("image", "big-image", "audio", "video"), MEDIA)
NO_LIST = "The choice is in no list: it has no list_name."
UNUSED = "No question asks with this list."
NO_NAME = "The choice has no name."
ATTRIBUTE = "What a filter of choices is to read has a heading of letters, digits and _."


def read_choices(rows: list[Row], words: Words, asked: set[str]) -> Lists:
    """The lists that are asked for, each choice told of with all its cells."""
    lists: Lists = {}
    for row in rows:
        row.name = row.get("name")
        row.cover("list_name", "name")
        reason = "" if row.get("list_name") in asked else UNUSED if row.get("list_name") else NO_LIST
        if reason or not row.name:
            row.report.add(row.where, "choice", row.name, "dropped", reason or NO_NAME)
            row.close(dict.fromkeys([column.word for column in row.cells], reason or NO_NAME))
            continue
        choice: dict[str, Any] = {"code": row.name, "label": {}}
        row.report.add(row.where, "choice", row.name, at=choice)
        lists.setdefault(row.get("list_name"), []).append(choice)
        words.take(row, "label", choice)
        for column, text in row.cells.items():
            _take(row, column, text, choice)
        row.close(REASONS)
    return lists


def _take(row: Row, column: Column, text: str, choice: dict[str, Any]) -> None:
    """A cell of our own, or of a column that no one knows: an attribute for filters."""
    if column.word.startswith(OWN):
        key = column.word.removeprefix(OWN)
        if key == "attributes":
            choice.setdefault("attributes", {}).update(own_value(text))
        else:
            choice[key] = own_value(text)
        row.tell(column, at=choice, key=key)
    elif not column.word and column.raw:
        if re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,59}", column.raw):
            attributes = choice.setdefault("attributes", {})
            attributes[column.raw] = text
            row.tell(column, at=attributes, key=column.raw)
        else:
            row.tell(column, "dropped", ATTRIBUTE)
