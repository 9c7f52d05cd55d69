"""An experiment: each response belongs to one of its arms, by its seed."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Choice, Meaning, Text
from .companions import Unentered
from .select_one import Chosen

SHARE: Text = {"en": "%(share)g of every %(total)g responses", "ja": "回答 %(total)g 件につき %(share)g 件"}


class Arm(Unentered, Chosen):
    kind: Literal["arm"]
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=100)
    choice_words: ClassVar[tuple[str, ...]] = ("share",)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        total = sum(choice.share for choice in self.choices)
        return tuple(Meaning(c.code, c.label, _said(SHARE, share=c.share, total=total)) for c in self.choices)


def _said(words: Text, **numbers: float) -> dict[str, str]:
    return {language: text % numbers for language, text in words.items()}
