"""A value that follows from other answers. Kept and exported, shown to nobody, and without an estimate."""

from collections.abc import Sequence
from typing import Literal

from .base import NOT_ASKED, SKIPPED, Answer, Meaning, Source, Text, check_text, quote_formula, unquote_formula
from .companions import Unentered

LONGEST = 10_000
VALUE: Text = {"en": "A text or number that follows from other answers", "ja": "ほかの回答から求めた文字列または数値"}


class Calculate(Unentered):
    kind: Literal["calculate"]
    calculation: Source

    def read(self, values: Sequence[str]) -> Answer:
        return check_text(" ".join(values), LONGEST) or None

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        return (Meaning("", {language: f"{text}: {self.calculation}" for language, text in VALUE.items()}),)

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
