"""Rows answered on one scale: one question per row, under one stem."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Row, Variable
from .select_one import Chosen


class Matrix(Chosen):
    kind: Literal["matrix"]
    rows: tuple[Row, ...] = Field(min_length=1, max_length=100)
    measure: ClassVar[Literal["scale"]] = "scale"

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(self, row) for row in self.rows)
