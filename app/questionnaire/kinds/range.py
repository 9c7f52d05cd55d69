"""A number on a line with named ends: a thermometer. Nothing is set before it is answered."""

from functools import cached_property
from typing import Literal

from pydantic import Field

from .base import Answer, AnswerError, Meaning, Model, Option, Text, Whole
from .typed import LARGEST, Number, whole_number

MOST_BUTTONS = 11
STEPS: Text = {
    "en": "A whole number from %(start)s (%(low)s) to %(end)s (%(high)s) in steps of %(step)s",
    "ja": "%(start)s（%(low)s）から %(end)s（%(high)s）まで、%(step)s 刻みの整数",
}


class RangeParameters(Model):
    """The numbers start, start + step … end. Never negative: the reserved codes are negative numbers in data files."""

    start: Whole = Field(default=0, ge=0, le=LARGEST)
    end: Whole = Field(default=100, ge=0, le=LARGEST)
    step: Whole = Field(default=1, ge=1, le=LARGEST)


class Range(Number):
    kind: Literal["range"]
    parameters: RangeParameters = RangeParameters()
    low: Text
    high: Text

    @cached_property
    def is_short(self) -> bool:
        """Whether the numbers are so few that each can have a button."""
        return len(self._numbers) <= MOST_BUTTONS

    @property
    def _numbers(self) -> range:
        return range(self.parameters.start, self.parameters.end + 1, self.parameters.step)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        numbers = self._numbers if self.is_short else ()
        return tuple(Option(str(n), dict.fromkeys(self.label, str(n))) for n in numbers) + self.apart

    def number(self, text: str) -> Answer:
        start, end, step = self.parameters.start, self.parameters.end, self.parameters.step
        number = whole_number(text, start, end)
        if number not in self._numbers:
            message = "Please write a number from %(start)s to %(end)s in steps of %(step)s."
            raise AnswerError(message, start=start, end=end, step=step)
        return number

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        limits = self.parameters.model_dump()
        named = {
            language: STEPS.get(language, STEPS["en"]) % {**limits, "low": low, "high": self.high.get(language, low)}
            for language, low in self.low.items()
        }
        return (Meaning("", named),)
