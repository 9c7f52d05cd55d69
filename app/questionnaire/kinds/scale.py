"""A balanced scale: integer codes in order, which are the scores."""

from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from .base import Choice, Model, Option, Text, Whole
from .select_one import Chosen

MOST_POINTS = 11


class ScaleParameters(Model):
    """The scores at the two ends of a scale whose points have no words but there."""

    start: Whole = Field(ge=0, le=1000)
    end: Whole = Field(ge=0, le=1000)


class Scale(Chosen):
    kind: Literal["scale"]
    choices: tuple[Choice, ...] = Field(default=(), min_length=2, max_length=MOST_POINTS)
    parameters: ScaleParameters | None = None
    low: Text | None = None
    high: Text | None = None
    action: str | None = None
    measure: ClassVar[Literal["scale"]] = "scale"

    @cached_property
    def options(self) -> tuple[Option, ...]:
        if self.parameters is None:
            return super().options
        start, end = self.parameters.start, self.parameters.end
        ends = {start: self.low, end: self.high}
        return tuple(self._point(score, ends.get(score)) for score in range(start, end + 1)) + self.apart

    def _point(self, score: int, words: Text | None) -> Option:
        """A point without words is labelled with its score alone."""
        said = words or {}
        return Option(str(score), {language: f"{score} {said.get(language, '')}".strip() for language in self.label})
