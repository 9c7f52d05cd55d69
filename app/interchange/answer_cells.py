"""The answers in the rows of a CSV file by codes, held against the paths of the questionnaire."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.questionnaire.conditions import TODAY, is_required, unfit
from app.questionnaire.expressions import NOT_YET, Given, Unknown
from app.questionnaire.kinds.base import (
    DONT_KNOW,
    NOT_ASKED,
    REFUSED,
    Answer,
    AnsweredQuestion,
    AnswerError,
    Answers,
)
from app.questionnaire.kinds.calculate import Calculate
from app.questionnaire.kinds.choices import UnknownCode
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.model import ORDER, Questionnaire, order_of
from app.questionnaire.relevance import Leads, calculated, relevance
from app.questionnaire.routing import ended_by

from .asked_where import asked_where, pages_of
from .beside_answers import is_beside
from .csv_rows import Problems
from .data_file import FIXED, variable_columns

_REMEMBERED = 1000
_NO_SUCH_COLUMN = "The wave's questionnaire has no such column."
_NOR_HAS_A_FILE = (
    "The wave's questionnaire has no such column. Beside its variables a file can have: %(fixed)s, base_weight, and"
    " columns whose names begin with paradata_."
)
_NO_CODE = (
    "“%(code)s” is no code of this question; it has: %(codes)s. An empty cell is a question that was not answered."
)
_NO_DONT_KNOW = (
    "“-8” (don't know) is no answer here: the questionnaire offers it where a question has `dont_know: true`."
)
_NO_REFUSED = "“-9” (refused) is no answer here: the questionnaire offers it where a question has `refused: true`."
# Programs write a column of whole numbers with gaps so.
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")


class _Place(NamedTuple):
    """Where the cells of a variable stand, and the answers that were read from such cells before."""

    name: str
    question: AnsweredQuestion
    at: tuple[int, ...]
    known: dict[tuple[str, ...], Answer]


class AnswerCells:
    """Reads the answers of rows under one header.

    What was not asked is not known: of a column that is absent, or a cell with -1 where the path leads, nothing is
    concluded about other questions. An empty cell is a skipped question where the path leads to it.
    """

    def __init__(self, header: Sequence[str], questionnaire: Questionnaire, problems: Problems) -> None:
        self.questionnaire = questionnaire
        self.header = header
        self.problems = problems
        self.unknown: dict[str, Answer | Unknown] = dict.fromkeys(questionnaire.variables, NOT_YET)
        self.checked = list(_checked(questionnaire))
        self.ordered: dict[str, tuple[str, ...]] = {q.name + ORDER: (q.name,) for q in questionnaire.questions}
        self.ordered |= {order_of(page.name): tuple(q.name for q in page.questions) for page in questionnaire.pages}
        pages = pages_of(questionnaire)
        self.conditions = {
            name: asked_where(questionnaire, pages.get(name), v) for name, v in questionnaire.variables.items()
        }
        self.foreign: list[int] = []
        self.places = list(self._places())

    def _places(self) -> Iterator[_Place]:
        """The places of the questionnaire's variables, in its order; tells what is wrong with the header."""
        header, tell = self.header, self.problems.add
        columns = variable_columns(self.questionnaire)
        at = {column: number for number, column in enumerate(header)}
        known = {column for names in columns.values() for column in names}
        if len(header) == 1 and header[0] not in known:
            tell(1, "", "The header has one column only. Columns are separated by commas.")
            return
        for number, column in enumerate(header):
            if column in header[:number]:
                tell(1, column, "The column stands in the header twice.")
            elif column not in known and column not in FIXED and not is_beside(column):
                self._note_foreign(number)
        for name, names in columns.items():
            missing = [column for column in names if column not in at]
            if not missing:
                places = tuple(at[column] for column in names)
                yield _Place(name, self.questionnaire.variables[name].question, places, {})
            elif len(missing) < len(names):
                tell(1, missing[0], "The column is missing: the columns of “%(name)s” go together.", {"name": name})
        if known.isdisjoint(header):
            tell(1, "", "The header has no column of the wave's questionnaire.")

    def _note_foreign(self, number: int) -> None:
        """Files of several versions have the columns of all; in rows that name this one, the others' are empty."""
        if "questionnaire" in self.header:
            self.foreign.append(number)
        else:
            self.problems.add(1, self.header[number], _NOR_HAS_A_FILE, {"fixed": ", ".join(FIXED)})

    def read(self, line: int, cells: list[str], today: str) -> Answers:
        """The answers of a row, begun on a day. Tells its problems; then they are not whole."""
        before = self.problems.count
        for number in self.foreign:
            if cells[number] not in ("", NOT_ASKED):
                self.problems.add(line, self.header[number], _NO_SUCH_COLUMN)
        given, empty = self._given(line, cells)
        if not given:
            if self.problems.count == before:
                self.problems.add(line, "", "The row holds no answers.")
            return {}
        known: dict[str, Answer | Unknown] = {TODAY: today, **self.unknown, **given, **dict.fromkeys(empty)}
        leads = relevance(self.questionnaire, known)
        answers = self._on_the_path(line, given, empty, leads)
        self._calculate(line, answers, leads, today)
        known = {**{name: answer for name, answer in known.items() if name not in given}, **answers}
        self._check(line, answers, known, leads)
        # Of people whom the survey thanks and sends away nothing is kept, on any way in.
        end = ended_by(self.questionnaire, known) if self.problems.count == before else None
        if end:
            self.problems.add(line, "", "The survey screens this person out: %(when)s.", {"when": end.when})
        return answers

    def _given(self, line: int, cells: list[str]) -> tuple[Answers, set[str]]:
        """What stands in the row, and the variables of which nothing does."""
        given: Answers = {}
        empty: set[str] = set()
        for place in self.places:
            found = tuple(cells[number] for number in place.at)
            try:
                answer = place.known[found] if found in place.known else _answer(place, found)
            except AnswerError as error:
                self.problems.add(line, place.name, *_told(place.question, found, error))
                continue
            if answer != NOT_ASKED:
                given[place.name] = answer
            elif not any(found) and place.question.entered:
                empty.add(place.name)
        return given, empty

    def _on_the_path(self, line: int, given: Answers, empty: set[str], leads: Leads) -> Answers:
        """What is stored of the answers; tells those that are too many."""
        answers: Answers = {}
        for name, question, _, _ in self.places:
            beside = question if isinstance(question, Specified) else None
            lead = _is_open(beside, given, empty, leads) if beside else self._lead(name, leads)
            if lead is False and name in given:
                message = "The row's other answers do not lead here: this is asked only where %(condition)s."
                self.problems.add(line, name, message, {"condition": self.conditions[name]})
            elif name in given:
                answers[name] = given[name]
            elif name in empty and lead is True:
                answers[name] = None
        return answers

    def _lead(self, name: str, leads: Leads) -> bool | Unknown:
        """An order is there where something that comes in it is asked."""
        if name in leads:
            return leads[name]
        found = [leads[part] for part in self.ordered.get(name, ())]
        return not found or (True if True in found else NOT_YET if NOT_YET in found else False)

    def _calculate(self, line: int, answers: Answers, leads: Leads, today: str) -> None:
        """What follows from the answers is calculated anew, where all are known that it hangs on."""
        if not self.questionnaire.calculates:
            return
        counted: dict[str, Answer | Unknown] = {TODAY: today}
        for name, variable in self.questionnaire.variables.items():
            if leads.get(name) is False:
                continue
            counted[name] = answers.get(name, NOT_YET)
            is_asked = leads.get(name) is True
            question = variable.question
            value = calculated(question, counted) if isinstance(question, Calculate) and is_asked else NOT_YET
            if value is not NOT_YET:
                if answers.get(name, value) != value:
                    message = "This follows from the row's other answers, which give “%(value)s”."
                    self.problems.add(line, name, message, {"value": value or ""})
                counted[name] = answers[name] = value

    def _check(self, line: int, answers: Answers, known: Given, leads: Leads) -> None:
        """Tells the answers that are too few, or do not fit the others."""
        for question, names in self.checked:
            own = [name for name in names if name in answers]
            if not own or leads[question.name] is not True:
                continue
            answers.update(question.complete({name: answers[name] for name in own}))
            missing = [name for name in own if answers[name] is None and leads[name] is True]
            if missing and is_required(question, known):
                for name in missing:
                    self.problems.add(line, name, "This must be answered: the row's other answers lead here.")
            elif question.hangs_on_others:
                absent = {name: None for name in names if leads[name] is False}
                for name, problem in unfit(question, {**known, **absent, **answers}).items():
                    self.problems.add(line, name if name in own else own[0], problem.message, problem.params)


def _checked(questionnaire: Questionnaire) -> Iterator[tuple[AnsweredQuestion, tuple[str, ...]]]:
    """The questions that must be answered or hang on others, and the variables that are theirs alone."""
    for question in questionnaire.questions:
        if isinstance(question, AnsweredQuestion) and (question.required or question.hangs_on_others):
            yield question, tuple(v.name for v in question.variables() if v.question is question)


def _is_open(question: Specified, given: Answers, empty: set[str], leads: Leads) -> bool | Unknown:
    """Whether there can be words beside the option, as far as the row says what was chosen."""
    if leads[question.parent] is False or question.parent in empty:
        return False
    return question.is_open(given[question.parent]) if question.parent in given else NOT_YET


def _answer(place: _Place, given: tuple[str, ...]) -> Answer:
    try:
        answer = place.question.from_cells(given)
    except AnswerError:
        whole = _whole(given)
        if whole == given:
            raise
        answer = place.question.from_cells(whole)
    if len(place.known) < _REMEMBERED:
        place.known[given] = answer
    return answer


def _whole(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(found[1] if (found := _WHOLE.fullmatch(cell)) else cell for cell in cells)


def _told(question: AnsweredQuestion, cells: Sequence[str], error: AnswerError) -> tuple[str, Mapping[str, object]]:
    """What is wrong with an answer, for whoever made the file and not for who answers."""
    offered = {option.code for option in question.apart}
    for code, message in ((DONT_KNOW, _NO_DONT_KNOW), (REFUSED, _NO_REFUSED)):
        if code in _whole(cells) and code not in offered:
            return message, {}
    if isinstance(error, UnknownCode):
        return _NO_CODE, {**error.params, "codes": ", ".join(option.code for option in question.options)}
    return error.message, error.params
