"""Responses as a data file: CSV as RFC 4180 has it (lines end in CR LF), UTF-8, one row per submitted response.

Columns are the fixed ones, then those of the newest version in the order asked, then what only older versions had.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from app.questionnaire import quality
from app.questionnaire.check_names import BASE_WEIGHT, PARADATA, QUALITY_COLUMNS
from app.questionnaire.kinds.base import (
    NOT_ASKED,
    STANDARD_LABELS,
    Answer,
    AnsweredQuestion,
    Answers,
    quote_formula,
)
from app.questionnaire.model import Questionnaire
from app.questionnaire.wave_counts import seconds_between

FIXED = ("response_id", "survey", "wave", "questionnaire", "language", "started_at", "submitted_at", "synthetic")
CHUNK = 65_536
_REMEMBERED = 1000

Cell = str | int


class Fielding(NamedTuple):
    """What the rows of one wave share."""

    wave: str
    questionnaire: Questionnaire
    synthetic: bool
    least_seconds: float | None = None
    """Who took less is marked as speeding; None where that cannot be told."""


class Submission(Protocol):
    """A submitted response, as storage gives it."""

    @property
    def id(self) -> int: ...
    @property
    def wave_id(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def submitted_at(self) -> datetime: ...
    @property
    def base_weight(self) -> float | None: ...
    @property
    def paradata(self) -> Mapping[str, str] | None: ...
    @property
    def shares_trace(self) -> bool | None: ...


def write_data_file(
    versions: Sequence[Questionnaire],
    fieldings: Mapping[int, Fielding],
    responses: Iterable[Submission],
    language: str | None = None,
    bom: bool = False,
    beside: Sequence[str] = (),
) -> Iterator[bytes]:
    """The file in chunks of about 64 KB. `versions` begin with the newest; `fieldings` are by wave id.

    Codes, or labels in a language. `beside`: base_weight and columns of paradata, where there are any, and those of
    quality, all or none. Memory does not grow with the responses.
    """
    columns = (*FIXED, *beside, *columns_of(versions))
    makers = {key: _RowMaker(fielding, columns, language, beside) for key, fielding in fieldings.items()}
    rows = (makers[response.wave_id].row(response) for response in responses)
    return csv_chunks(chain([columns], rows), bom)


def columns_of(versions: Sequence[Questionnaire]) -> tuple[str, ...]:
    """The columns of all variables: of the newest version in its order, then what only older ones have."""
    named = (names for version in versions for names in variable_columns(version).values())
    return tuple(dict.fromkeys(chain.from_iterable(named)))


def variable_columns(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """The columns of each variable of a version."""
    return {name: variable.question.columns(name) for name, variable in questionnaire.variables.items()}


def csv_chunks(rows: Iterable[Sequence[Cell]], bom: bool) -> Iterator[bytes]:
    """Rows as CSV text in UTF-8, about 64 KB at a time."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    if bom:
        text.write("\ufeff")
    for row in rows:
        write(row)
        if text.tell() >= CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    if text.tell():
        yield text.getvalue().encode()


def file_time(moment: datetime) -> str:
    """2026-11-23T04:05:06Z. Times come from storage, in UTC."""
    return moment.isoformat(timespec="seconds")[:19] + "Z"


class _Cells(dict[object, Cell | tuple[Cell, ...]]):
    """What an answer to one question is in the file, remembered: most answers are one of a few.

    One cell, or a tuple of them for a question of several columns. A list of codes is looked up as a tuple.
    """

    def __init__(self, question: AnsweredQuestion, language: str | None) -> None:
        self.question = question
        self.language = language

    def __missing__(self, key: object) -> Cell | tuple[Cell, ...]:
        answer: Answer = list(key) if isinstance(key, tuple) else key  # type: ignore[assignment]
        cells = self.question.cells(answer, self.language)
        found = cells[0] if len(cells) == 1 else cells
        if len(self) < _REMEMBERED:
            self[key] = found
        return found


class _RowMaker:
    """Makes the rows of one wave: first in the order of its own version, then in that of the file."""

    def __init__(
        self, fielding: Fielding, columns: tuple[str, ...], language: str | None, beside: Sequence[str]
    ) -> None:
        questionnaire = fielding.questionnaire
        own: list[str] = [*FIXED, *beside]
        self.beside = beside
        self.places: dict[str, tuple[int | slice, _Cells]] = {}
        for name, names in variable_columns(questionnaire).items():
            place = len(own) if len(names) == 1 else slice(len(own), len(own) + len(names))
            self.places[name] = place, _Cells(questionnaire.variables[name].question, language)
            own += names
        absent = STANDARD_LABELS[NOT_ASKED]
        not_asked = NOT_ASKED if language is None else absent.get(language, absent["en"])
        self.fielding = fielding
        self.marked = set(QUALITY_COLUMNS) <= set(beside)
        self.start = [questionnaire.survey, quote_formula(fielding.wave), questionnaire.hash]
        self.synthetic = int(fielding.synthetic)
        self.end = [not_asked] * (len(columns) - len(FIXED) - len(beside))
        known = set(own)
        own += [column for column in columns if column not in known]
        at = {column: number for number, column in enumerate(own)}
        self.order = None if own == list(columns) else itemgetter(*(at[column] for column in columns))

    def row(self, response: Submission) -> Sequence[Cell]:
        times = file_time(response.started_at), file_time(response.submitted_at)
        marks = self._marks(response) if self.marked else {}
        beside = [marks[column] if column in marks else _beside(response, column) for column in self.beside]
        cells: list[Any] = [str(response.id), *self.start, quote_formula(response.language), *times]
        cells += [self.synthetic, *beside, *self.end]
        places = self.places
        for name, answer in response.answers.items():
            place, known = places[name]
            cells[place] = known[tuple(answer) if answer.__class__ is list else answer]  # type: ignore[index]
        return self.order(cells) if self.order else cells

    def _marks(self, response: Submission) -> dict[str, Cell]:
        """What is told of a response's quality, by column."""
        case = quality.Case(seconds_between(response.started_at, response.submitted_at), response.shares_trace)
        told = quality.marks(self.fielding.questionnaire, response.answers, case, self.fielding.least_seconds)
        return dict(zip(QUALITY_COLUMNS, told, strict=True))


def _beside(response: Submission, column: str) -> str:
    if column == BASE_WEIGHT:
        return "" if response.base_weight is None else repr(response.base_weight)
    return quote_formula((response.paradata or {}).get(column.removeprefix(PARADATA), ""))
