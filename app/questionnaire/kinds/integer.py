"""A whole number between two bounds."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from .base import DONT_KNOW, REFUSED, SKIPPED, Answer, AnsweredQuestion, AnswerError, Model


class IntegerParameters(Model):
    """Bounds, both allowed. Never negative: the reserved codes are negative numbers in data files."""

    start: int = Field(default=0, ge=0)
    end: int = Field(default=1_000_000, ge=0, le=1_000_000_000)


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
        digits = given[0].replace(",", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise AnswerError("Please write a whole number in figures, such as %(example)s.", example=start)
        if not start <= int(digits) <= end:
            raise AnswerError("Please write a number from %(start)s to %(end)s.", start=start, end=end)
        return int(digits)

    def show(self, answer: Answer, language: str) -> str:
        return str(answer) if isinstance(answer, int) else super().show(answer, language)

    def tally_keys(self) -> tuple[str, ...]:
        return ("n", "sum", "sumsq", DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        if isinstance(answer, int):
            return (("n", 1), ("sum", answer), ("sumsq", answer * answer))
        return ((SKIPPED if answer is None else str(answer), 1),)
