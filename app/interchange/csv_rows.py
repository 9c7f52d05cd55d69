"""The rows of a CSV file that somebody else wrote, and what is wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.questionnaire.problems import MOST_PROBLEMS, FileError, Message, Problem

from .safe_text import can_be_printed

LONGEST_LINE = 1_048_576
_LONGEST_NAME, _LONGEST_VALUE = 60, 200
NOT_CSV = "This is not valid CSV. %(reason)s"
NEVER_CLOSED = "A quotation mark is never closed."
NOT_DOUBLED = (
    "After a closing quotation mark a separator or the end of the line is expected. "
    "A quotation mark inside a cell is written twice."
)
TOO_LONG = "A cell is longer than %(limit)s characters."
OTHERWISE = "The row cannot be read (%(words)s)."


class Mistake(ValueError):
    """What cannot be taken as it stands. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


@dataclass
class Problems:
    """All problems are counted, and the first are kept."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0
    line: int = 0

    def add(self, line: int, where: str, message: str, params: Mapping[str, object] = MappingProxyType({})) -> None:
        self.count += 1
        self.line = max(self.line, line)
        if len(self.kept) < MOST_PROBLEMS - 1:
            shown = {name: _shown(value, _LONGEST_VALUE) for name, value in params.items()}
            self.kept.append(Problem(line, str(_shown(where, _LONGEST_NAME)), message, shown))

    def raise_any(self) -> None:
        """Raises FileError if there are any."""
        more = self.count - len(self.kept)
        if more:
            last = Problem(self.line, "", "There are %(count)s problems more.", {"count": more})
            raise FileError([*self.kept, last])
        if self.kept:
            raise FileError(self.kept)


def _shown(value: object, longest: int) -> object:
    """What stood in the file, fit to be printed: short, and without what a terminal would act upon."""
    if not isinstance(value, str):
        return value
    return "".join(c if can_be_printed(c) else "\N{REPLACEMENT CHARACTER}" for c in value[:longest])


def reason_of(error: csv.Error) -> Message:
    """What the csv module found wrong, in words that can be translated."""
    words = str(error)
    if words == "unexpected end of data":
        return Message(NEVER_CLOSED)
    if "expected after" in words:
        return Message(NOT_DOUBLED)
    if words.startswith("field larger"):
        return Message(TOO_LONG, {"limit": csv.field_size_limit()})
    return Message(OTHERWISE, {"words": words})


def read_rows(lines: Iterable[bytes], problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row begins, and its cells. Empty lines are passed over; what is no CSV ends the file."""
    text = _Text(lines)
    reader = csv.reader(text, strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        problems.add(begins, "", NOT_CSV, {"reason": reason_of(error)})
    except Mistake as error:
        problems.add(reader.line_num + 1, "", error.message, error.params)


class _Text:
    """The lines as text. Raises Mistake."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines = iter(lines)
        self.first = True

    def __iter__(self) -> _Text:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        if len(line) > LONGEST_LINE:
            raise Mistake("The line is longer than %(limit)s bytes.", limit=LONGEST_LINE)
        if self.first and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Mistake("The file is UTF-16. Save it as “CSV UTF-8”.")
        try:
            text = line.decode("utf-8-sig" if self.first else "utf-8")
        except UnicodeDecodeError:
            raise Mistake("The line is not UTF-8 text. Save the file as “CSV UTF-8”.") from None
        if "\0" in text:
            raise Mistake("The line has a NUL byte: it is no text.")
        self.first = False
        return text
