"""XLSForm in one text file: CSV with the sheets one under the other, and tables of Markdown."""

from __future__ import annotations

import csv
import io
import re

from app.interchange.csv_rows import NOT_CSV, reason_of
from app.questionnaire.problems import FileError, Problem

from .sheets import LONGEST_CELL, Sheet

SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm", "barometer")
_FIRST_CELL = re.compile(rf'\s*"?(?:{"|".join(SHEETS)})"?\s*([,;\t]|\r?\n|$)', re.IGNORECASE)
_TABLE = re.compile(r"\s*\|\s*(\w+)\s*\|")
_PIPE = re.compile(r"(?<!\\)\|")


def is_csv(text: str) -> bool:
    """Whether a text begins as XLSForm's CSV does: with a sheet's name alone in its first cell."""
    return _FIRST_CELL.match(text) is not None


def is_markdown(text: str) -> bool:
    """Whether the first line that is no comment begins a table with a word: the sheet's name."""
    lines = (line for line in text.split("\n", 200)[:200] if line.strip() and not line.lstrip().startswith("#"))
    return _TABLE.match(next(lines, "")) is not None


def csv_sheets(text: str) -> list[Sheet]:
    """The sheets of a CSV text. Raises FileError."""
    divider = _FIRST_CELL.match(text)
    sign = divider[1] if divider and divider[1] in (",", ";", "\t") else ","
    if divider and divider[1] not in (",", ";", "\t"):
        following = re.search('^ *(?:"")?([,;\t])', text[divider.end() :], re.MULTILINE)
        sign = following[1] if following else ","
    sheets: list[Sheet] = []
    # The limit that the csv module sets for a field is ours too; longer ones are its error.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if cells:
                _line(sheets, number, [cell[: LONGEST_CELL + 1] for cell in cells])
    except csv.Error as error:
        raise FileError([Problem(reader.line_num, "", NOT_CSV, {"reason": reason_of(error)})]) from None
    return sheets


def markdown_sheets(text: str) -> list[Sheet]:
    """The sheets of a Markdown text: in the first column of a table stands the sheet's name. Raises FileError."""
    sheets: list[Sheet] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line.startswith("|"):
            continue
        # What follows the last pipe is a comment.
        cells = _PIPE.split(line)[1:-1] if _PIPE.search(line[1:]) else []
        if cells and not re.fullmatch(r"[|:\s-]+", line):
            _line(sheets, number, [cell.replace("\\|", "|") for cell in cells])
    return sheets


def _line(sheets: list[Sheet], number: int, cells: list[str]) -> None:
    """A line of either: the first cell begins a sheet."""
    first = cells[0].strip().removeprefix("\ufeff") if cells else ""
    if first:
        sheets.append(Sheet(first[:100]))
    if not sheets:
        if any(cell.strip() for cell in cells):
            message = "A row stands before the first sheet's name."
            raise FileError([Problem(number, "", message)])
        return
    sheets[-1].add(number, dict(enumerate(["", *cells[1:]])))
