"""Options put in order. In data files each place is a column with the code of the option that has it."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from .base import DONT_KNOW, NOT_ASKED, REFUSED, SKIPPED, Answer, AnswerError, Choice, Whole
from .choices import Listing, Randomized

MOST_RANKED = 20


class RankParameters(Randomized):
    """How many places there are: as many as options if left out. Fewer may be filled, from the first on."""

    maximum: Whole | None = Field(default=None, ge=1, le=MOST_RANKED)


class Rank(Listing):
    kind: Literal["rank"]
    # The tallies count every option at every place, so there cannot be many.
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=MOST_RANKED)
    parameters: RankParameters = RankParameters()
    choice_words: ClassVar[tuple[str, ...]] = ("fixed", "attributes")
    measure: ClassVar[Literal["rank"]] = "rank"

    @property
    def places(self) -> int:
        return min(self.parameters.maximum or len(self.choices), len(self.choices))

    def read(self, values: Sequence[str]) -> Answer:
        """`values` are codes in the order of the places, empty for a place left open."""
        self.refuse_unknown(value for value in values if value != "")
        apart = [option.code for option in self.apart if option.code in values]
        places = [value for value in values if value not in apart]
        while places and places[-1] == "":
            places.pop()
        if apart and (places or len(apart) > 1):
            raise AnswerError("Please give an order, or choose one of the other answers, not both.")
        if apart or not places:
            return apart[0] if apart else None
        if len(places) > self.places:
            raise AnswerError("Please fill %(maximum)s places at most.", maximum=self.places)
        for place, code in enumerate(places, 1):
            if code == "":
                raise AnswerError("Place %(place)s is empty, but a later one is not.", place=place)
            if code in places[: place - 1]:
                message = "Places %(first)s and %(second)s have the same answer. Please choose another for one of them."
                raise AnswerError(message, first=places.index(code) + 1, second=place)
        return places

    def show(self, answer: Answer, language: str) -> str:
        if not isinstance(answer, list):
            return super().show(answer, language)
        places = (f"{place}. {self._label(code, language)}" for place, code in enumerate(answer, 1))
        return ("、" if language == "ja" else "; ").join(places)

    def tally_keys(self) -> tuple[str, ...]:
        codes = tuple(choice.code for choice in self.choices)
        later = (_counter(code, place) for place in range(2, self.places + 1) for code in codes)
        return (*codes, *later, DONT_KNOW, REFUSED, SKIPPED)

    def keys_of(self, code: str) -> tuple[str, ...]:
        """The counters of an option at every place, the first place first."""
        return tuple(_counter(code, place) for place in range(1, self.places + 1))

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        if isinstance(answer, list):
            return [(_counter(code, place), 1) for place, code in enumerate(answer, 1)]
        return ((SKIPPED if answer is None else str(answer), 1),)

    def columns(self, name: str) -> tuple[str, ...]:
        return tuple(f"{name}_{place}" for place in range(1, self.places + 1))

    def cells(self, answer: Answer, language: str | None) -> tuple[str | int, ...]:
        one = super().cells
        if not isinstance(answer, list):
            return one(answer, language) * self.places
        filled = [cell for code in answer for cell in one(code, language)]
        return (*filled, *one(None, language) * (self.places - len(filled)))

    def from_cells(self, cells: Sequence[str]) -> Answer:
        present = set(cells)
        if present <= {"", NOT_ASKED}:
            return NOT_ASKED
        if len(present) == 1 and present <= {DONT_KNOW, REFUSED}:
            return self.read([present.pop()])
        return self.read(["" if cell == SKIPPED else cell for cell in cells])


def _counter(code: str, place: int) -> str:
    """The first place counts under the code itself: who ranked what first is a choice of one."""
    return code if place == 1 else f"{code}:{place}"
