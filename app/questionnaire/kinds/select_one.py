"""One option of several."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from .base import DONT_KNOW, REFUSED, SKIPPED, Answer, AnsweredQuestion, AnswerError, Choice, Option


class Chosen(AnsweredQuestion):
    """What all kinds with one chosen code share: select_one, scale and each row of a matrix."""

    choices: tuple[Choice, ...] = Field(min_length=2, max_length=500)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        return tuple(Option(c.code, c.label, c.exclusive) for c in self.choices) + self.apart

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(option.code for option in self.options)

    def read(self, values: Sequence[str]) -> Answer:
        given = [value for value in values if value != ""]
        if not given:
            return None
        if len(given) > 1:
            raise AnswerError("Please choose one answer only.")
        if given[0] not in self._codes:
            raise AnswerError(
                "“%(code)s” is not one of the answers. Please choose one from the list.", code=given[0][:40]
            )
        return given[0]

    def tally_keys(self) -> tuple[str, ...]:
        return (*(choice.code for choice in self.choices), DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ((SKIPPED if answer is None else str(answer), 1),)


class SelectOne(Chosen):
    kind: Literal["select_one"]
    measure: ClassVar[Literal["nominal"]] = "nominal"
