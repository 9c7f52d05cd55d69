"""A number with digits after the point, between two bounds. It is kept as text, so that it stays what was typed."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from .base import Answer, AnswerError, Meaning, Model, Text, Whole
from .typed import FIGURES, LARGEST, Number

RANGE: Text = {
    "en": "A number from %(start)s to %(end)s, digits after the point: %(decimals)s or fewer",
    "ja": "%(start)s から %(end)s までの数（小数点以下 %(decimals)s 桁まで）",
}
_WRITTEN = re.compile(rf"({FIGURES}?)(?:\.([0-9]{{0,40}}))?")

Bound = Annotated[float, Field(strict=True, ge=0, le=LARGEST)]


class DecimalParameters(Model):
    """Bounds, both allowed; the end is the largest number that can be counted if left out.

    Never negative: the reserved codes are negative numbers in data files.
    """

    start: Bound = 0.0
    end: Bound | None = None
    decimals: Whole = Field(default=1, ge=1, le=4)


class DecimalQuestion(Number):
    kind: Literal["decimal"]
    parameters: DecimalParameters = DecimalParameters()

    @property
    def divisor(self) -> int:
        return int(10**self.parameters.decimals)

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The largest is what the tallies can count in units of the last digit."""
        largest = Decimal(LARGEST) / self.divisor
        end = self.parameters.end
        return Decimal(str(self.parameters.start)), largest if end is None else Decimal(str(end))

    def number(self, text: str) -> Answer:
        start, end = self.bounds
        found = _WRITTEN.fullmatch(text.replace("。", "."))
        if not found or not any(found.groups()):
            example = _plain(
                min(start if start % 1 else start + Decimal("0.5"), end)
            )  # It shows the point, if any can.
            raise AnswerError("Please write a number in figures, such as %(example)s.", example=example)
        whole, places = found[1].replace(",", "") or "0", (found[2] or "").rstrip("0")
        if len(places) > self.parameters.decimals:
            message = "This has too many digits after the point. Please write %(decimals)s or fewer of them."
            raise AnswerError(message, decimals=self.parameters.decimals)
        number = Decimal(f"{whole}.{places or 0}")
        if not start <= number <= end:
            message = "Please write a number from %(start)s to %(end)s."
            raise AnswerError(message, start=_plain(start), end=_plain(end))
        return _plain(number)

    def units(self, answer: str | int) -> int:
        return int(Decimal(answer) * self.divisor)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        start, end = (_plain(bound) for bound in self.bounds)
        limits = {"start": start, "end": end, "decimals": self.parameters.decimals}
        return (Meaning("", {language: text % limits for language, text in RANGE.items()}),)


def _plain(number: Decimal) -> str:
    """Without zeros at the end: one number has one text."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
