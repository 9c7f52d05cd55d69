"""A day of the calendar, kept as 2026-01-31. Counted as answered or not; it has no estimate."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from .base import DONT_KNOW, REFUSED, SKIPPED, Answer, AnswerError, Meaning, Model, Text
from .typed import Typed

EARLIEST, LATEST = "0001-01-01", "9999-12-31"
DAY: Text = {
    "en": "A day from %(start)s to %(end)s, as 2026-01-31",
    "ja": "%(start)s から %(end)s までの日付（例 2026-01-31）",
}
# As browsers send it, and as people write it where a browser has no field for dates.
_WRITTEN = re.compile(r"([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?")


def _day(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("is no day")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day") from None
    return text


Day = Annotated[str, AfterValidator(_day)]


class DateParameters(Model):
    """Bounds, both allowed."""

    start: Day | None = None
    end: Day | None = None


class DateQuestion(Typed):
    kind: Literal["date"]
    parameters: DateParameters = DateParameters()
    measure: ClassVar[Literal["none"]] = "none"

    @property
    def bounds(self) -> tuple[str, str]:
        return self.parameters.start or EARLIEST, self.parameters.end or LATEST

    def read(self, values: Sequence[str]) -> Answer:
        text = self.typed(values, "Please give a date, or choose one of the other answers, not both.")
        if text is None or self.is_apart(text):
            return text
        found = _WRITTEN.fullmatch(text)
        try:
            day = date(*map(int, found.groups())).isoformat() if found else None
        except ValueError:
            raise AnswerError("There is no such day: %(text)s.", text=text[:40]) from None
        if day is None:
            raise AnswerError("Please write a date such as %(example)s.", example="2026-01-31")
        start, end = self.bounds
        if not start <= day <= end:
            raise AnswerError("Please give a date from %(start)s to %(end)s.", start=start, end=end)
        return day

    def tally_keys(self) -> tuple[str, ...]:
        return ("answered", DONT_KNOW, REFUSED, SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        if answer is None or self.is_apart(str(answer)):
            return ((SKIPPED if answer is None else str(answer), 1),)
        return (("answered", 1),)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        start, end = self.bounds
        return (Meaning("", {language: text % {"start": start, "end": end} for language, text in DAY.items()}),)
