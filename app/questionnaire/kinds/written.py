"""What kinds with typed words share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from .base import (
    NOT_ASKED,
    RESERVED,
    SKIPPED,
    Answer,
    AnsweredQuestion,
    AnswerError,
    Meaning,
    Text,
    check_text,
    quote_formula,
    unquote_formula,
)

FREE_TEXT: Text = {
    "en": "Text as typed; an apostrophe stands before text that a spreadsheet would take for a formula",
    "ja": "入力されたままの文章。表計算ソフトが数式とみなす文字で始まる場合は、先頭にアポストロフィを付けています",
}


class Written(AnsweredQuestion):
    """Words that a respondent types. They have no estimate."""

    measure: ClassVar[Literal["text"]] = "text"

    def words(self, text: str, limit: int) -> str | None:
        """A typed text that can be kept, None for an empty one. Raises AnswerError."""
        text = check_text(text, limit)
        if text in RESERVED:  # In storage and data files this would be no text, but a way of not answering.
            raise AnswerError("Please write this in words: “%(text)s” alone cannot be kept.", text=text)
        return text or None

    def show(self, answer: Answer, language: str) -> str:
        return "" if answer is None else str(answer)

    def cells(self, answer: Answer, language: str | None) -> tuple[str | int, ...]:
        if answer is None or answer == NOT_ASKED:
            return super().cells(answer, None)
        return (quote_formula(str(answer)),)

    def from_cells(self, cells: Sequence[str]) -> Answer:
        if cells[0] in ("", NOT_ASKED, SKIPPED):
            return super().from_cells(cells)
        return self.read([unquote_formula(cells[0])])

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        return (Meaning("", FREE_TEXT),)
