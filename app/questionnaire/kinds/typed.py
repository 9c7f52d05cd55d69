"""What kinds share that are answered with a number or a date: typed, or a way of not answering instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from .base import DONT_KNOW, NOT_ASKED, REFUSED, RESERVED, SKIPPED, Answer, AnsweredQuestion, AnswerError

LARGEST = 1_000_000
"""The largest number that is counted: tallies keep sums of squares in 64 bits, enough for nine million such answers."""

# Commas between thousands only: "1,5" is one and a half to many, and not 15.
FIGURES = r"(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})"


class Typed(AnsweredQuestion):
    """One field to type in; full-width forms of Japanese keyboards are read as the plain ones."""

    def typed(self, values: Sequence[str], both: str) -> str | None:
        """What was typed, or the code of a way of not answering; nothing is None. Raises AnswerError(both)."""
        given = [text for value in values if (text := unicodedata.normalize("NFKC", value).strip())]
        if len(given) > 1:
            raise AnswerError(both)
        return given[0] if given else None

    def is_apart(self, text: str) -> bool:
        return any(text == option.code for option in self.apart)

    def show(self, answer: Answer, language: str) -> str:
        if answer is None or answer in RESERVED or answer == NOT_ASKED:
            return super().show(answer, language)
        return str(answer)


class Number(Typed):
    """A number. Answers are counted in whole units of which `divisor` make one."""

    measure: ClassVar[Literal["number"]] = "number"

    @property
    def divisor(self) -> int:
        return 1

    def read(self, values: Sequence[str]) -> Answer:
        text = self.typed(values, "Please give a number, or choose one of the other answers, not both.")
        return text if text is None or self.is_apart(text) else self.number(text)

    def number(self, text: str) -> Answer:
        """The number in a text that is not empty. Raises AnswerError."""
        raise NotImplementedError

    def units(self, answer: str | int) -> int:
        return int(answer)

    def tally_keys(self) -> tuple[str, ...]:
        return ("n", "sum", "sumsq", DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        if answer is None or isinstance(answer, list) or answer in RESERVED:
            return ((SKIPPED if answer is None else str(answer), 1),)
        units = self.units(answer)
        return (("n", 1), ("sum", units), ("sumsq", units * units))


def whole_number(text: str, start: int, end: int) -> int:
    """A whole number from start to end in figures. Raises AnswerError."""
    if not re.fullmatch(FIGURES, text):
        raise AnswerError("Please write a whole number in figures, such as %(example)s.", example=start)
    number = int(text.replace(",", ""))
    if not start <= number <= end:
        raise AnswerError("Please write a number from %(start)s to %(end)s.", start=start, end=end)
    return number
