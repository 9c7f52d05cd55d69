"""A box to tick. Counted as ticked or not; it has no estimate."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar, Literal

from .base import SKIPPED, Answer, AnsweredQuestion, AnswerError, Option, Text

TICKED = "yes"
YES: Text = {"en": "Yes", "ja": "はい"}


class Acknowledge(AnsweredQuestion):
    kind: Literal["acknowledge"]
    dont_know: Literal[False] = False
    refused: Literal[False] = False
    measure: ClassVar[Literal["none"]] = "none"

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The box; where a language has no word for it here, the question's own words stand beside it."""
        return (Option(TICKED, {language: YES.get(language, text) for language, text in self.label.items()}),)

    def read(self, values: Sequence[str]) -> Answer:
        given = {value for value in values if value != ""}
        if given - {TICKED}:
            raise AnswerError(
                "“%(code)s” is not one of the answers. Please choose from the list.", code=min(given - {TICKED})[:40]
            )
        return TICKED if given else None

    def tally_keys(self) -> tuple[str, ...]:
        return (TICKED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ((SKIPPED if answer is None else TICKED, 1),)
