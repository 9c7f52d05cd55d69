"""Responses in a CSV file by codes, as `data_file` writes them: read row by row, with every mistake and its line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from app.questionnaire.kinds.base import NOT_ASKED, Answer, AnsweredQuestion, AnswerError, Answers
from app.questionnaire.logic import NOT_YET, holds, parse
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import MOST_PROBLEMS, FileError, Problem

from .data_file import FIXED, variable_columns

LONGEST_LINE = 1_048_576
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_REMEMBERED = 1000


class Taken(NamedTuple):
    """One response of the file."""

    language: str
    submitted_at: datetime
    answers: Answers


def read_responses(
    lines: Iterable[bytes], questionnaire: Questionnaire, now: datetime, made_up: bool = True
) -> Iterator[Taken]:
    """The responses in the lines of a file; raises FileError after the last, with all problems of all rows.

    So whoever takes the rows must not keep them before the end. Memory does not grow with the file, but for the
    ids of responses when it has them. Lines longer than LONGEST_LINE bytes need not be whole. `made_up`: whether
    synthetic responses may be among them.
    """
    problems = _Problems()
    rows = _rows(lines, problems)
    _, header = next(rows, (0, []))
    reader = _RowReader(header, questionnaire, now, problems, made_up) if header else None
    found = False
    if reader and not problems.count:
        for line, cells in rows:
            found = True
            taken = reader.read(line, cells)
            if taken:
                yield taken
    if not found and not problems.count:
        empty = "The file has no rows under its header." if header else "The file is empty."
        problems.add(1 if header else 0, "", empty)
    problems.raise_any()


@dataclass
class _Problems:
    """All problems are counted, and the first are kept."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0
    line: int = 0

    def add(self, line: int, where: str, message: str, params: Mapping[str, object] = MappingProxyType({})) -> None:
        self.count += 1
        self.line = max(self.line, line)
        if len(self.kept) < MOST_PROBLEMS - 1:
            shown = {name: _shown(value) for name, value in params.items()}
            self.kept.append(Problem(line, str(_shown(where)), message, shown))

    def raise_any(self) -> None:
        more = self.count - len(self.kept)
        if more:
            last = Problem(self.line, "", "There are %(count)s problems more.", {"count": more})
            raise FileError([*self.kept, last])
        if self.kept:
            raise FileError(self.kept)


def _shown(value: object) -> object:
    """What stood in the file, fit to be printed: short, and without what a terminal would act upon."""
    if not isinstance(value, str):
        return value
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[:60])


def _rows(lines: Iterable[bytes], problems: _Problems) -> Iterator[tuple[int, list[str]]]:
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
        problems.add(begins, "", "This is not valid CSV: %(reason)s.", {"reason": str(error)})
    except _Unreadable as error:
        problems.add(reader.line_num + 1, "", error.message, error.params)


class _Unreadable(ValueError):
    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class _Text:
    """The lines as text. Raises _Unreadable."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines = iter(lines)
        self.first = True

    def __iter__(self) -> _Text:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        if len(line) > LONGEST_LINE:
            raise _Unreadable("The line is longer than %(limit)s bytes.", limit=LONGEST_LINE)
        if self.first and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _Unreadable("The file is UTF-16. Save it as “CSV UTF-8”.")
        try:
            text = line.decode("utf-8-sig" if self.first else "utf-8")
        except UnicodeDecodeError:
            raise _Unreadable("The line is not UTF-8 text. Save the file as “CSV UTF-8”.") from None
        if "\0" in text:
            raise _Unreadable("The line has a NUL byte: it is no text.")
        self.first = False
        return text


class _Place(NamedTuple):
    """Where the cells of a variable stand, and the answers that were read from such cells before."""

    name: str
    question: AnsweredQuestion
    at: tuple[int, ...]
    known: dict[tuple[str, ...], Answer]


class _RowReader:
    """Reads rows under one header."""

    def __init__(
        self, header: Sequence[str], questionnaire: Questionnaire, now: datetime, problems: _Problems, made_up: bool
    ) -> None:
        self.questionnaire = questionnaire
        self.now = now
        self.made_up = made_up
        self.problems = problems
        self.width = len(header)
        self.at = {column: number for number, column in enumerate(header)}
        self.ids: dict[str, int] = {}
        # What the file does not hold decides no screening rule.
        self.unknown = {name: NOT_YET for end in questionnaire.ends for name in parse(end.when).names}
        self.places = list(self._places(header))

    def _places(self, header: Sequence[str]) -> Iterator[_Place]:
        """The places of the questionnaire's variables, in its order; tells what is wrong with the header."""
        columns = variable_columns(self.questionnaire)
        known = {column for names in columns.values() for column in names}
        tell: Callable[..., None] = self.problems.add
        if len(header) == 1 and header[0] not in known:
            tell(1, "", "The header has one column only. Columns are separated by commas.")
            return
        for number, column in enumerate(header):
            if column in header[:number]:
                tell(1, column, "The column stands in the header twice.")
            elif column not in known and column not in FIXED:
                tell(1, column, "The wave's questionnaire has no such column.")
        for name, names in columns.items():
            missing = [column for column in names if column not in self.at]
            if not missing:
                at = tuple(self.at[column] for column in names)
                yield _Place(name, self.questionnaire.variables[name].question, at, {})
            elif len(missing) < len(names):
                tell(1, missing[0], "The column is missing: the columns of “%(name)s” go together.", {"name": name})
        if known.isdisjoint(header):
            tell(1, "", "The header has no column of the wave's questionnaire.")

    def read(self, line: int, cells: list[str]) -> Taken | None:
        """The response of a row, or None with its problems told."""
        if len(cells) != self.width:
            message = "The row has %(found)s cells under %(expected)s columns."
            self.problems.add(line, "", message, {"found": len(cells), "expected": self.width})
            return None
        before = self.problems.count
        self._refuse_repeated(line, self._fixed("response_id", cells))
        if not self.made_up and self._fixed("synthetic", cells) == "1":
            self.problems.add(line, "synthetic", "The response was made up: it cannot be taken into a real wave.")
        language = self._language(line, self._fixed("language", cells))
        submitted_at = self._time(line, self._fixed("submitted_at", cells))
        answers = self._answers(line, cells)
        if self.problems.count == before:
            self._refuse_screened(line, answers)
        return Taken(language, submitted_at, answers) if self.problems.count == before else None

    def _fixed(self, column: str, cells: list[str]) -> str:
        return cells[self.at[column]] if column in self.at else ""

    def _refuse_repeated(self, line: int, key: str) -> None:
        """A file that holds the same response twice was joined from others by mistake.

        Only whole numbers count: spreadsheets write many large ones as the same 1.23E+18.
        """
        first = self.ids.setdefault(key, line) if key.isdigit() else line
        if first != line:
            message = "The response “%(key)s” stands on line %(line)s already."
            self.problems.add(line, "response_id", message, {"key": key, "line": first})

    def _language(self, line: int, given: str) -> str:
        languages = self.questionnaire.languages
        if given and given not in languages:
            message = "“%(language)s” is not one of this survey's languages."
            self.problems.add(line, "language", message, {"language": given})
        return given or languages[0]

    def _time(self, line: int, given: str) -> datetime:
        if not given:
            return self.now
        message = "A time with its zone is expected here, such as 2026-11-23T04:05:06Z."
        try:
            moment = datetime.fromisoformat(given)
            if moment.tzinfo is not None:
                moment = moment.astimezone(UTC)
                if _EARLIEST <= moment <= self.now:
                    return moment
                message = "The time lies in the future." if moment > self.now else "The time lies too far back."
        except (ValueError, OverflowError):
            pass
        self.problems.add(line, "submitted_at", message)
        return self.now

    def _answers(self, line: int, cells: list[str]) -> Answers:
        answers: Answers = {}
        for place in self.places:
            given = tuple(cells[number] for number in place.at)
            try:
                answer = place.known[given] if given in place.known else _answer(place, given)
            except AnswerError as error:
                self.problems.add(line, place.name, error.message, error.params)
                continue
            if answer != NOT_ASKED:
                answers[place.name] = answer
        return answers

    def _refuse_screened(self, line: int, answers: Answers) -> None:
        """Of people whom the survey thanks and sends away nothing is kept, on any way in."""
        if not answers:
            self.problems.add(line, "", "The row holds no answers.")
        for end in self.questionnaire.ends:
            if holds(end.when, {**self.unknown, **answers}):
                self.problems.add(line, "", "The survey screens this person out: %(when)s.", {"when": end.when})


def _answer(place: _Place, given: tuple[str, ...]) -> Answer:
    answer = place.question.from_cells(given)
    if len(place.known) < _REMEMBERED:
        place.known[given] = answer
    return answer
