"""What is known of a function: how many values it takes, of which sort, and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from .values import Known


class Type(Enum):
    """What a part of an expression gives, as far as that is known before there are answers."""

    NUMBER = auto()
    DATE = auto()
    TEXT = auto()
    """Typed by a respondent, or written in quotes: no number."""
    MADE = auto()
    """A text that a function makes: it may well be a number."""
    TRUTH = auto()
    CODE = auto()
    CODES = auto()
    EMPTY = auto()
    """The empty text, which stands beside anything."""
    ANY = auto()


class Want(Enum):
    """What a place takes."""

    VALUE = auto()
    NUMBER = auto()
    ORDERED = auto()
    """Numbers or dates."""
    DATE = auto()
    OPTIONS = auto()
    CONDITION = auto()


Run = Callable[..., Known]


@dataclass(frozen=True)
class Function:
    """`run` takes values that are known; where one is not known yet, the function's is not either.

    `gives` None: what its arguments give. `most` None: any number. The last of `takes` stands for all that follow.
    `prepare` makes what `run` takes instead of its second argument, a text in quotes, when the expression is read.
    """

    run: Run | None
    gives: Type | None
    takes: tuple[Want, ...]
    least: int
    most: int | None
    prepare: Callable[[str], Any] | None = None

    def want(self, number: int) -> Want:
        """What it takes as its argument of a number, from 0."""
        return self.takes[min(number, len(self.takes) - 1)]

    @property
    def count(self) -> str:
        """How many arguments it takes: 2, 1–2 or 2+."""
        if self.most is None:
            return f"{self.least}+"
        return str(self.least) if self.least == self.most else f"{self.least}–{self.most}"


def takes(*wants: Want, least: int | None = None, more: bool = False) -> dict[str, Any]:
    """The arguments of a function: `least` of them must be there, all if left out; `more` may follow."""
    return {
        "takes": wants or (Want.VALUE,),
        "least": len(wants) if least is None else least,
        "most": None if more else len(wants),
    }
