"""Words that a respondent types. Counted as answered or not; never published."""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from .base import DONT_KNOW, REFUSED, SKIPPED, Answer, Model, Whole
from .written import Written


class TextParameters(Model):
    rows: Whole = Field(default=1, ge=1, le=30)
    max_length: Whole = Field(default=500, ge=1, le=10_000)


class TextQuestion(Written):
    kind: Literal["text"]
    dont_know: Literal[False] = False
    refused: Literal[False] = False
    parameters: TextParameters = TextParameters()

    def read(self, values: Sequence[str]) -> Answer:
        return self.words("\n".join(values), self.parameters.max_length)

    def tally_keys(self) -> tuple[str, ...]:
        return ("answered", DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ((SKIPPED if answer is None else "answered", 1),)
