"""Rows answered on one scale: one question per row, under one stem."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Row, Variable
from .choices import Randomized
from .select_one import Chosen


class Matrix(Chosen):
    kind: Literal["matrix"]
    rows: tuple[Row, ...] = Field(min_length=1, max_length=100)
    parameters: Randomized = Randomized()
    row_words: ClassVar[tuple[str, ...]] = ("action", "relevant", "fixed")
    measure: ClassVar[Literal["scale"]] = "scale"

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(self, row) for row in self.rows)

    @property
    def shuffle(self) -> tuple[tuple[str, bool], ...]:
        return tuple((row.name, row.fixed) for row in self.rows) if self.parameters.randomize else ()
