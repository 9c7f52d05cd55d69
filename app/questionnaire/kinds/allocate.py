"""A total divided among rows: each row is a variable with its part."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from .base import Answer, AnswerError, Answers, Meaning, Row, Text, Variable, Whole
from .choices import Randomized
from .typed import LARGEST, Number, whole_number

PART: Text = {"en": "A whole number from 0 to %(total)s", "ja": "0 から %(total)s までの整数"}


class AllocateParameters(Randomized):
    total: Whole = Field(default=100, ge=1, le=LARGEST)


class Allocate(Number):
    kind: Literal["allocate"]
    dont_know: Literal[False] = False
    refused: Literal[False] = False
    rows: tuple[Row, ...] = Field(min_length=2, max_length=100)
    parameters: AllocateParameters = AllocateParameters()
    row_words: ClassVar[tuple[str, ...]] = ("relevant", "fixed")

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(self, row) for row in self.rows)

    @property
    def shuffle(self) -> tuple[tuple[str, bool], ...]:
        return tuple((row.name, row.fixed) for row in self.rows) if self.parameters.randomize else ()

    def number(self, text: str) -> Answer:
        return whole_number(text, 0, self.parameters.total)

    def complete(self, answers: Mapping[str, Answer]) -> Answers:
        """Who divides the total gives nothing to the rows left blank; who leaves all blank skips the question."""
        is_divided = any(answer is not None for answer in answers.values())
        return {name: 0 if is_divided and answer is None else answer for name, answer in answers.items()}

    def check_together(self, answers: Mapping[str, Answer]) -> None:
        given = [answer for answer in answers.values() if isinstance(answer, int)]
        if given and sum(given) != self.parameters.total:
            message = "These numbers make %(sum)s together; they must make %(total)s."
            raise AnswerError(message, sum=sum(given), total=self.parameters.total)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        total = {"total": self.parameters.total}
        return (Meaning("", {language: text % total for language, text in PART.items()}),)
