"""A whole number between two bounds."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from .base import DONT_KNOW, REFUSED, SKIPPED, Answer, AnsweredQuestion, AnswerError, Model, Whole

LARGEST = 1_000_000
# Commas between thousands only: "1,5" is one and a half to many, and not 15.
_FIGURES = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3}")


class IntegerParameters(Model):
    """Bounds, both allowed. Never negative: the reserved codes are negative numbers in data files.

    At most a million: tallies keep sums of squares in 64 bits, enough for nine million such answers in a cell.
    """

    start: Whole = Field(default=0, ge=0, le=LARGEST)
    end: Whole = Field(default=LARGEST, ge=0, le=LARGEST)


class Integer(AnsweredQuestion):
    kind: Literal["integer"]
    parameters: IntegerParameters = IntegerParameters()
    measure: ClassVar[Literal["number"]] = "number"

    def read(self, values: Sequence[str]) -> Answer:
        given = [text for value in values if (text := unicodedata.normalize("NFKC", value).strip())]
        if not given:
            return None
        if len(given) > 1:
            raise AnswerError("Please give a number, or choose one of the other answers, not both.")
        if any(given[0] == option.code for option in self.apart):
            return given[0]
        start, end = self.parameters.start, self.parameters.end
        if not _FIGURES.fullmatch(given[0]):
            raise AnswerError("Please write a whole number in figures, such as %(example)s.", example=start)
        number = int(given[0].replace(",", ""))
        if not start <= number <= end:
            raise AnswerError("Please write a number from %(start)s to %(end)s.", start=start, end=end)
        return number

    def show(self, answer: Answer, language: str) -> str:
        return str(answer) if isinstance(answer, int) else super().show(answer, language)

    def tally_keys(self) -> tuple[str, ...]:
        return ("n", "sum", "sumsq", DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        if isinstance(answer, int):
            return (("n", 1), ("sum", answer), ("sumsq", answer * answer))
        return ((SKIPPED if answer is None else str(answer), 1),)
