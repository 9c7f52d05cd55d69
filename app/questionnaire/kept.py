"""The answers of a response as its row keeps them: a JSON text, read into one slot for each variable of its version.

A page of a long questionnaire needs few of some hundred answers. Slots are read from the text in half the time of a
dictionary, and give those few at once. The dictionary is made of them where all are needed: to send the response, and
where words, options or limits on the page hang on other answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property, lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from .kinds.base import Answer, Answers
from .model import Questionnaire

_Slot = Answer | UnsetType
_encode = msgspec.json.encode


class Kept:
    """Answers to one version: never changed, only laid over. `text` is what the row holds."""

    def __init__(self, questionnaire: Questionnaire, text: str) -> None:
        self.questionnaire = questionnaire
        self.text = text

    @classmethod
    def of(cls, questionnaire: Questionnaire, answers: Answers) -> Kept:
        """As they are kept from now on."""
        return cls(questionnaire, _encode(answers).decode())

    @cached_property
    def slots(self) -> Any:
        """Each answer as the attribute of its variable's name; UNSET where there is none."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[Any, Answers]:
        """The slots, and what is kept under names that the version does not know, which must not be lost."""
        made, decode = _slots_of(self.questionnaire)
        try:
            return decode(self.text), {}
        except msgspec.ValidationError:
            every = _whole(self.text)
            known = {name: answer for name, answer in every.items() if name in self.questionnaire.variables}
            return made(**known), {name: answer for name, answer in every.items() if name not in known}

    @cached_property
    def answers(self) -> Answers:
        """All of them, by name. Do not change what you get."""
        slots, others = self._read
        given = zip(slots.__struct_fields__, msgspec.structs.astuple(slots), strict=True)
        return {name: answer for name, answer in given if answer is not UNSET} | others

    def some(self, names: Iterable[str]) -> Answers:
        """The answers to some variables; None where there is none."""
        given = ((name, getattr(self.slots, name)) for name in names)
        return {name: None if answer is UNSET else answer for name, answer in given}

    def over(self, answers: Answers) -> Kept:
        """With the answers of one page laid over them."""
        slots, others = self._read
        if others or not answers.keys() <= self.questionnaire.variables.keys():
            return Kept.of(self.questionnaire, self.answers | answers)
        laid = copy(slots)
        for name, answer in answers.items():
            setattr(laid, name, answer)
        kept = Kept(self.questionnaire, _encode(laid).decode())
        kept._read = laid, {}
        return kept


_whole = msgspec.json.Decoder(dict[str, Answer]).decode


@lru_cache(maxsize=64)
def _slots_of(questionnaire: Questionnaire) -> tuple[Callable[..., Any], Callable[[str], Any]]:
    """How slots are made, and read from JSON."""
    fields = [(name, _Slot, UNSET) for name in questionnaire.variables]
    slots = msgspec.defstruct("Slots", fields, forbid_unknown_fields=True, gc=False)
    return slots, msgspec.json.Decoder(slots).decode
