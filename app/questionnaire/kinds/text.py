"""Words that a respondent types. Counted as answered or not; never published."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from .base import (
    DONT_KNOW,
    NOT_ASKED,
    REFUSED,
    SKIPPED,
    Answer,
    AnsweredQuestion,
    Model,
    check_text,
    quote_formula,
    unquote_formula,
)


class TextParameters(Model):
    rows: int = Field(default=1, ge=1, le=30)
    max_length: int = Field(default=500, ge=1, le=10_000)


class TextQuestion(AnsweredQuestion):
    kind: Literal["text"]
    dont_know: Literal[False] = False
    refused: Literal[False] = False
    parameters: TextParameters = TextParameters()
    measure: ClassVar[Literal["text"]] = "text"

    def read(self, values: Sequence[str]) -> Answer:
        return check_text("\n".join(values), self.parameters.max_length) or None

    def show(self, answer: Answer, language: str) -> str:
        return "" if answer is None else str(answer)

    def tally_keys(self) -> tuple[str, ...]:
        return ("answered", DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ((SKIPPED if answer is None else "answered", 1),)

    def cells(self, answer: Answer, language: str | None) -> tuple[str | int, ...]:
        if answer is None or answer == NOT_ASKED:
            return super().cells(answer, None)
        return (quote_formula(str(answer)),)

    def from_cells(self, cells: Sequence[str]) -> Answer:
        return (
            super().from_cells(cells)
            if cells[0] in (NOT_ASKED, SKIPPED)
            else super().from_cells([unquote_formula(cells[0])])
        )
