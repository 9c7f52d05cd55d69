"""A whole number between two bounds."""

from typing import Literal

from pydantic import Field

from .base import Answer, Meaning, Model, Text, Whole
from .typed import LARGEST, Number, whole_number

RANGE: Text = {"en": "A whole number from %(start)s to %(end)s", "ja": "%(start)s から %(end)s までの整数"}


class IntegerParameters(Model):
    """Bounds, both allowed. Never negative: the reserved codes are negative numbers in data files."""

    start: Whole = Field(default=0, ge=0, le=LARGEST)
    end: Whole = Field(default=LARGEST, ge=0, le=LARGEST)


class Integer(Number):
    kind: Literal["integer"]
    parameters: IntegerParameters = IntegerParameters()

    def number(self, text: str) -> Answer:
        return whole_number(text, self.parameters.start, self.parameters.end)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        bounds = {"start": self.parameters.start, "end": self.parameters.end}
        return (Meaning("", {language: text % bounds for language, text in RANGE.items()}),)
