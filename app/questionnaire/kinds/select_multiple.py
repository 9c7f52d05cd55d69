"""Any number of options. In data files each option is a column of 0 and 1."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from .base import DONT_KNOW, NOT_ASKED, REFUSED, SKIPPED, Answer, AnswerError, Meaning, Text, Whole
from .choices import Listing, Randomized

ANSWERED = "answered"  # The counter of those who chose anything: no option may have this code.
CHOSEN: Text = {"en": "Chosen", "ja": "選択した"}
NOT_CHOSEN: Text = {"en": "Not chosen", "ja": "選択していない"}


class MultipleParameters(Randomized):
    """How many options may be chosen; one that stands alone always may."""

    minimum: Whole | None = Field(default=None, ge=1, le=500)
    maximum: Whole | None = Field(default=None, ge=1, le=500)


class SelectMultiple(Listing):
    kind: Literal["select_multiple"]
    parameters: MultipleParameters = MultipleParameters()
    choice_words: ClassVar[tuple[str, ...]] = ("exclusive", "fixed", "specify", "attributes")
    measure: ClassVar[Literal["multiple"]] = "multiple"

    def read(self, values: Sequence[str]) -> Answer:
        given = {value for value in values if value != ""}
        if not given:
            return None
        self.refuse_unknown(given)
        alone = [option for option in self.options if option.exclusive and option.code in given]
        if alone and len(given) > 1:
            raise AnswerError("An answer such as “none of these” cannot be chosen together with another.")
        if alone and alone[0].apart:
            return alone[0].code
        if not alone:
            self._check_number(len(given))
        return [option.code for option in self.options if option.code in given]

    def _check_number(self, chosen: int) -> None:
        least, most = self.parameters.minimum, self.parameters.maximum
        if most is not None and chosen > most:
            raise AnswerError("Please choose %(maximum)s at most; you chose %(chosen)s.", maximum=most, chosen=chosen)
        if least is not None and chosen < least:
            raise AnswerError("Please choose %(minimum)s or more; you chose %(chosen)s.", minimum=least, chosen=chosen)

    def tally_keys(self) -> tuple[str, ...]:
        return (*(choice.code for choice in self.choices), ANSWERED, DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        if isinstance(answer, list):
            return [(code, 1) for code in answer] + [(ANSWERED, 1)]
        return ((SKIPPED if answer is None else str(answer), 1),)

    def columns(self, name: str) -> tuple[str, ...]:
        return tuple(f"{name}_{choice.code}" for choice in self.choices)

    def cells(self, answer: Answer, language: str | None) -> tuple[str | int, ...]:
        if isinstance(answer, list):
            return tuple(int(choice.code in answer) for choice in self.choices)
        return super().cells(answer, language) * len(self.choices)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        return (Meaning("1", self.choices[column].label, CHOSEN), Meaning("0", NOT_CHOSEN))

    def from_cells(self, cells: Sequence[str]) -> Answer:
        present = set(cells)
        if present <= {"", NOT_ASKED}:
            return NOT_ASKED
        if present == {SKIPPED}:
            return None
        if len(present) == 1 and present <= {DONT_KNOW, REFUSED}:
            return self.read([present.pop()])
        if not present <= {"0", "1"}:
            raise AnswerError("Each option's column takes 0 or 1, or one reserved code in all of them.")
        chosen = [choice.code for choice, cell in zip(self.choices, cells, strict=True) if cell == "1"]
        if not chosen:
            raise AnswerError("No option is chosen: write -7 (skipped) in every column instead.")
        return self.read(chosen)
