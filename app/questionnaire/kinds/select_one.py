"""One option of several."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from .base import DONT_KNOW, REFUSED, SKIPPED, Answer, AnswerError
from .choices import Listing, Offering


class Chosen(Offering):
    """What all kinds with one chosen code share: select_one, scale and each row of a matrix."""

    def read(self, values: Sequence[str]) -> Answer:
        given = [value for value in values if value != ""]
        if not given:
            return None
        if len(given) > 1:
            raise AnswerError("Please choose one answer only.")
        self.refuse_unknown(given)
        return given[0]

    def tally_keys(self) -> tuple[str, ...]:
        codes = tuple(option.code for option in self.options if not option.apart)
        return (*codes, DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ((SKIPPED if answer is None else str(answer), 1),)


class SelectOne(Chosen, Listing):
    kind: Literal["select_one"]
    appearance: Literal["minimal"] | None = None
    measure: ClassVar[Literal["nominal"]] = "nominal"
