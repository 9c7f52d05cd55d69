"""A spreadsheet as rows of text, whatever file it came from, and an account of every cell that is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.interchange.report import Outcome, Report
from app.questionnaire.problems import FileError, Problem

MOST_ROWS = 30_000
MOST_COLUMNS = 300
LONGEST_CELL = 40_000
MOST_CELLS = 150_000
"""About as many as a workbook within its own bounds can hold: every one that is read has its line in the report."""

NO_WORD = "There is no word for this here."
NO_HEADING = "The column has no heading."


@dataclass
class Sheet:
    """`rows`: the number of each row that holds anything, and its cells by column (from 0). The first has headings."""

    name: str
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    """Cells (row, column) whose text a formula gave; where it gave none, there is no text."""
    notes: list[str] = field(default_factory=list)
    """What stands beside the cells of the file and is not read: messages without values."""
    _cells: int = 0

    @property
    def key(self) -> str:
        return "_".join(self.name.split()).lower()

    @property
    def headings(self) -> dict[int, str]:
        return self.rows[0][1] if self.rows else {}

    def add(self, number: int, cells: dict[int, str]) -> None:
        """A row, if it holds anything. Raises FileError when there are too many rows, columns or characters."""
        kept = {column: text.strip() for column, text in cells.items() if text.strip()}
        if not kept:
            return
        self._cells += len(kept)
        for count, most, message in (
            (self._cells, MOST_CELLS, "The sheet “%(sheet)s” has more than %(limit)s cells."),
            (len(self.rows) + 1, MOST_ROWS, "The sheet “%(sheet)s” has more than %(limit)s rows."),
            (max(kept) + 1, MOST_COLUMNS, "The sheet “%(sheet)s” has more than %(limit)s columns."),
            (
                max(map(len, kept.values())),
                LONGEST_CELL,
                "A cell of the sheet “%(sheet)s” is longer than %(limit)s characters.",
            ),
        ):
            if count > most:
                raise FileError([Problem(number, "", message, {"sheet": self.name[:60], "limit": most})])
        self.rows.append((number, kept))

    def where(self, number: int, column: int | None = None) -> str:
        """A place as spreadsheets name it: survey!C12, and survey!12 for a whole row."""
        return f"{self.name}!{'' if column is None else letters(column)}{number}"


def letters(column: int) -> str:
    """A column's name: A, B … Z, AA …"""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass(frozen=True)
class Column:
    """A heading, understood: its word in XLSForm, and the language after it; `word` is empty if we have none for it."""

    index: int
    raw: str
    word: str
    language: str = ""


@dataclass
class Row:
    """One row under understood headings. Each cell is accounted for once; `close` tells of those nobody asked for."""

    sheet: Sheet
    number: int
    cells: dict[Column, str]
    report: Report
    name: str = ""
    _told: set[Column] = field(default_factory=set)

    @property
    def where(self) -> str:
        return self.sheet.where(self.number)

    def has(self, word: str) -> bool:
        return any(column.word == word for column in self.cells)

    def get(self, word: str) -> str:
        """The text under a heading, in whatever language; empty where there is none."""
        return next((text for column, text in self.cells.items() if column.word == word), "")

    def under(self, word: str) -> dict[Column, str]:
        return {column: text for column, text in self.cells.items() if column.word == word}

    def tell(
        self,
        column: Column,
        outcome: Outcome = "kept",
        message: str = "",
        *,
        at: dict[str, Any] | None = None,
        key: str = "",
        **params: object,
    ) -> None:
        """What became of one cell; `at` and `key`: where in our document it stands."""
        self._told.add(column)
        place = self.sheet.where(self.number, column.index)
        item = column.word or column.raw
        self.report.add(place, item, self.name, outcome, message, at=at, key=key, **params)
        if (self.number, column.index) in self.sheet.formulas and outcome == "kept":
            self.report.add(place, item, self.name, "changed", "It is a formula: what it gave last was taken.")

    def tell_all(
        self,
        word: str,
        outcome: Outcome = "kept",
        message: str = "",
        *,
        at: dict[str, Any] | None = None,
        key: str = "",
        **params: object,
    ) -> None:
        """The same for every cell under a heading."""
        for column in self.under(word):
            self.tell(column, outcome, message, at=at, key=key, **params)

    def cover(self, *words: str) -> None:
        """These cells are what the row is: its own entry tells of them."""
        self._told.update(column for column in self.cells if column.word in words)

    def close(self, reasons: dict[str, str]) -> None:
        """Tells why what nobody asked for is dropped, by heading."""
        for column in self.cells:
            if column not in self._told:
                message = NO_HEADING if not column.raw else reasons.get(column.word, NO_WORD)
                self.tell(column, "dropped", message)
