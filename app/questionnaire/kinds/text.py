"""Words that a respondent types. Counted as answered or not; never published."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from .base import (
    DONT_KNOW,
    NOT_ASKED,
    REFUSED,
    RESERVED,
    SKIPPED,
    Answer,
    AnsweredQuestion,
    AnswerError,
    Model,
    Whole,
    check_text,
    quote_formula,
    unquote_formula,
)


class TextParameters(Model):
    rows: Whole = Field(default=1, ge=1, le=30)
    max_length: Whole = Field(default=500, ge=1, le=10_000)


class TextQuestion(AnsweredQuestion):
    kind: Literal["text"]
    dont_know: Literal[False] = False
    refused: Literal[False] = False
    parameters: TextParameters = TextParameters()
    measure: ClassVar[Literal["text"]] = "text"

    def read(self, values: Sequence[str]) -> Answer:
        text = check_text("\n".join(values), self.parameters.max_length)
        if text in RESERVED:  # In storage and data files this would be no text, but a way of not answering.
            raise AnswerError("Please write this in words: “%(text)s” alone cannot be kept.", text=text)
        return text or None

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
        if cells[0] in ("", NOT_ASKED, SKIPPED):
            return super().from_cells(cells)
        return self.read([unquote_formula(cells[0])])
