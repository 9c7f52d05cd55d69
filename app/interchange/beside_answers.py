"""Columns of a file of responses that are no answers: the base weight, and paradata."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from app.questionnaire.check_names import BASE_WEIGHT, PARADATA, QUALITY_COLUMNS
from app.questionnaire.kinds.base import AnswerError, check_text, unquote_formula

from .csv_rows import Mistake, Problems

SOURCE_ID = "source_id"
_KEY = re.compile(rf"{PARADATA}([A-Za-z0-9_]{{1,40}})")
_MOST_COLUMNS = 50
_LONGEST = 200
_SMALLEST, _LARGEST = 1e-12, 1e12


def is_beside(column: str) -> bool:
    """Whether a column holds the base weight, paradata, or marks of quality. The marks are not read but made anew."""
    return column in (BASE_WEIGHT, *QUALITY_COLUMNS) or column.startswith(PARADATA)


class BesideAnswers:
    """Reads these columns of rows under one header."""

    def __init__(self, header: Sequence[str], problems: Problems) -> None:
        self.problems = problems
        self.weight = header.index(BASE_WEIGHT) if BASE_WEIGHT in header else None
        self.paradata: dict[str, int] = {}
        for number, column in enumerate(header):
            if not column.startswith(PARADATA):
                continue
            match = _KEY.fullmatch(column)
            if match is None:
                message = "After “paradata_” 1 to 40 letters from A to Z, digits and _ are expected."
                problems.add(1, column, message)
            elif len(self.paradata) == _MOST_COLUMNS:
                problems.add(1, column, "There are more than %(limit)s columns of paradata.", {"limit": _MOST_COLUMNS})
            else:
                self.paradata[match[1]] = number

    def read(self, line: int, cells: Sequence[str], source: str) -> tuple[float | None, dict[str, str]]:
        """The base weight and the paradata of a row; `source`: the response's number where it comes from."""
        paradata = {SOURCE_ID: source[:_LONGEST]} if source else {}
        for key, number in self.paradata.items():
            try:
                text = check_text(unquote_formula(cells[number]), _LONGEST)
            except AnswerError as error:
                self.problems.add(line, PARADATA + key, error.message, error.params)
                continue
            if text:
                paradata[key] = text
        return self._weight(line, cells), paradata

    def _weight(self, line: int, cells: Sequence[str]) -> float | None:
        if self.weight is None or not cells[self.weight].strip():
            return None
        try:
            return base_weight(cells[self.weight])
        except Mistake as error:
            self.problems.add(line, BASE_WEIGHT, error.message, error.params)
            return None


def base_weight(text: str) -> float:
    """A base weight as written. Raises Mistake."""
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if "_" in text or not _SMALLEST <= weight <= _LARGEST:
        raise Mistake("“%(given)s” is no base weight: a number above 0 is expected.", given=text)
    return weight
