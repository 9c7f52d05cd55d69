"""A balanced scale: integer codes in order, which are the scores."""

from typing import ClassVar, Literal

from .select_one import Chosen


class Scale(Chosen):
    kind: Literal["scale"]
    action: str | None = None
    measure: ClassVar[Literal["scale"]] = "scale"
