"""Responses in a CSV file by codes, as `data_file` writes them: read row by row, with every mistake and its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from app.questionnaire.kinds.base import Answers, unquote_formula
from app.questionnaire.model import Questionnaire

from .answer_cells import AnswerCells
from .beside_answers import BesideAnswers
from .csv_rows import Mistake, Problems, read_rows
from .data_file import file_time

_CLOSED = "The wave was closed already: it closed at %(time)s."
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


class Destination(NamedTuple):
    """The wave that takes the responses of a file. finish_within: after it closes, for those who had begun.

    given_at: when responses were given of which the file does not say it; None: now.
    """

    wave: str
    questionnaire: Questionnaire
    opens_at: datetime
    closes_at: datetime | None
    synthetic: bool
    finish_within: timedelta = timedelta(0)
    given_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


class Taken(NamedTuple):
    """One response of the file. `key` is its number where it came from, None where the file tells none.

    paradata: what the file says beside the answers, and under "source_id" what it calls the response.
    """

    key: int | None
    language: str
    started_at: datetime
    submitted_at: datetime
    answers: Answers
    base_weight: float | None = None
    paradata: Mapping[str, str] = MappingProxyType({})


def read_responses(
    lines: Iterable[bytes], into: Destination, now: datetime, only_wave: bool = False
) -> Iterator[Taken]:
    """The responses in the lines of a file; raises FileError after the last, with all problems of all rows.

    So whoever takes the rows must not keep them before the end. Memory does not grow with the file, but for the
    ids of responses when it has them. Lines longer than LONGEST_LINE bytes need not be whole. `only_wave`: rows that
    name another wave are passed over.
    """
    problems = Problems()
    rows = read_rows(lines, problems)
    _, header = next(rows, (0, []))
    reader = _RowReader(header, into, now, problems, only_wave) if header else None
    if reader and not problems.count:
        for line, cells in rows:
            taken = reader.read(line, cells)
            if taken:
                yield taken
    if not problems.count and not (reader and reader.count):
        empty = "The file has no rows under its header." if header else "The file is empty."
        if only_wave and header:
            empty = "The file has no rows of the wave “%(wave)s”."
        problems.add(1 if header else 0, "", empty, {"wave": into.wave})
    problems.raise_any()


class _RowReader:
    """Reads rows under one header."""

    def __init__(
        self, header: Sequence[str], into: Destination, now: datetime, problems: Problems, only_wave: bool
    ) -> None:
        self.into = into
        self.now = now
        self.only_wave = only_wave
        self.problems = problems
        self.width = len(header)
        self.at = {column: number for number, column in enumerate(header)}
        self.lines: dict[str, int] = {}
        self.count = 0
        self.answers = AnswerCells(header, into.questionnaire, problems)
        self.beside = BesideAnswers(header, problems)
        if only_wave and "wave" not in header:
            problems.add(1, "wave", "The column is missing: the file does not say which wave its rows are of.")
        if "submitted_at" not in header and not into.is_open(now) and into.given_at is None:
            message = "The column is missing: the wave is not open now, so when were these responses submitted?"
            problems.add(1, "submitted_at", message)

    def read(self, line: int, cells: list[str]) -> Taken | None:
        """The response of a row; None with its problems told, or for a row of a wave that is passed over."""
        before = self.problems.count
        if len(cells) != self.width:
            message = "The row has %(found)s cells under %(expected)s columns."
            self.problems.add(line, "", message, {"found": len(cells), "expected": self.width})
        elif self.only_wave and self._fixed("wave", cells) not in ("", self.into.wave):
            return None
        else:
            self._refuse_others(line, cells)
        self.count += 1
        # What the cells of another version mean is another thing.
        if self.problems.count > before:
            return None
        key = self._key(line, cells)
        if not self.into.synthetic and self._fixed("synthetic", cells) == "1":
            self.problems.add(line, "synthetic", "The response was made up: it cannot be taken into a real wave.")
        language = self._language(line, self._fixed("language", cells))
        times = self._times(line, cells)
        answers = self.answers.read(line, cells, times[0].date().isoformat())
        # An export of the platform names the version; its numbers are made anew here, and were nobody's name.
        source = "" if "questionnaire" in self.at else self._fixed("response_id", cells)
        beside = self.beside.read(line, cells, source)
        return Taken(key, language, *times, answers, *beside) if self.problems.count == before else None

    def _fixed(self, column: str, cells: list[str]) -> str:
        return unquote_formula(cells[self.at[column]]) if column in self.at else ""

    def _refuse_others(self, line: int, cells: list[str]) -> None:
        """Tells where the row names another survey, wave or version than that which takes it."""
        into = self.into
        other_wave = (
            "The response is of the wave “%(given)s”. Name that wave in the command,"
            " or take the rows of “%(own)s” only, with --only-wave."
        )
        other_version = "The response answers the version %(given)s of the questionnaire; this wave asks %(own)s."
        for column, own, message in (
            ("survey", into.questionnaire.survey, "The response is of the survey “%(given)s”, not of “%(own)s”."),
            ("wave", into.wave, other_wave),
            ("questionnaire", into.questionnaire.hash, other_version),
        ):
            given = self._fixed(column, cells)
            if given not in ("", own):
                self.problems.add(line, column, message, {"given": given, "own": own})

    def _key(self, line: int, cells: list[str]) -> int | None:
        """The number of the response. A file that holds the same one twice was joined from others by mistake.

        Only whole numbers count: spreadsheets write many large ones as the same 1.23E+18.
        """
        key = self._fixed("response_id", cells)
        if not (key.isascii() and key.isdigit()):
            return None
        first = self.lines.setdefault(key, line)
        if first != line:
            message = "The response “%(key)s” stands on line %(line)s already."
            self.problems.add(line, "response_id", message, {"key": key, "line": first})
        return int(key) if len(key) < 20 else None

    def _language(self, line: int, given: str) -> str:
        languages = self.into.questionnaire.languages
        if given and given not in languages:
            message = "“%(language)s” is not one of this survey's languages."
            self.problems.add(line, "language", message, {"language": given})
        return given or languages[0]

    def _times(self, line: int, cells: list[str]) -> tuple[datetime, datetime]:
        """When the response was begun and submitted: at once, and now, where the file does not say."""
        column = "submitted_at"
        try:
            submitted_at = self._submitted_at(self._fixed(column, cells))
            given = self._fixed("started_at", cells)
            column = "started_at" if given else column
            started_at = _moment(given, self.now) if given else submitted_at
            if started_at > submitted_at:
                raise Mistake("The response was begun after it was submitted.")
            if self.into.closes_at and started_at >= self.into.closes_at:
                raise Mistake(_CLOSED, time=file_time(self.into.closes_at))
        except Mistake as error:
            self.problems.add(line, column, error.message, error.params)
            return self.now, self.now
        return started_at, submitted_at

    def _submitted_at(self, given: str) -> datetime:
        """Raises Mistake if the wave did not take responses then."""
        into = self.into
        if not given and not into.is_open(self.now) and into.given_at is None:
            raise Mistake("The wave is not open now: when was this response submitted?")
        moment = _moment(given, self.now) if given else into.given_at or self.now
        # Files hold whole seconds: a response of the wave's first may seem to be older than the wave.
        if moment < into.opens_at.replace(microsecond=0):
            raise Mistake("The wave was not open yet: it opened at %(time)s.", time=file_time(into.opens_at))
        if into.closes_at and moment - into.finish_within >= into.closes_at:
            if not into.finish_within:
                raise Mistake(_CLOSED, time=file_time(into.closes_at))
            end = file_time(into.closes_at + into.finish_within)
            message = "The wave closed at %(time)s, and who had begun could finish until %(end)s."
            raise Mistake(message, time=file_time(into.closes_at), end=end)
        return moment


def _moment(given: str, now: datetime) -> datetime:
    """A time that has passed, in UTC. Raises Mistake."""
    try:
        moment = datetime.fromisoformat(given)
        if moment.tzinfo is None:
            raise ValueError(given)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Mistake("A time with its zone is expected here, such as 2026-11-23T04:05:06Z.") from None
    if moment < _EARLIEST:
        raise Mistake("The time lies too far back.")
    if moment > now:
        raise Mistake("The time lies in the future.")
    return moment
