"""What kinds with a list of choices share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import ClassVar

from pydantic import Field

from .base import Answer, AnsweredQuestion, AnswerError, Choice, Flag, Model, Option, Source, Variable
from .companions import Specified

FORGOTTEN = "You wrote beside an answer that you did not choose. Please choose it as well, or delete what you wrote."
OTHER = "_other"
"""What the name of the variable that keeps the words beside a choice adds to the question's."""


class UnknownCode(AnswerError):
    """A code that is none of the question's options."""


class Offering(AnsweredQuestion):
    """A question that is answered with codes of a list."""

    choices: tuple[Choice, ...] = Field(min_length=2, max_length=500)
    choice_words: ClassVar[tuple[str, ...]] = ()
    """What an editor asks of each choice besides its code and label."""

    @cached_property
    def options(self) -> tuple[Option, ...]:
        own = tuple(Option(c.code, c.label, c.exclusive, specify=c.specify) for c in self.choices)
        return own + self.apart

    @cached_property
    def codes(self) -> frozenset[str]:
        """What can be chosen, ways of not answering among it."""
        return frozenset(option.code for option in self.options)

    def refuse_unknown(self, codes: Iterable[str]) -> None:
        """Raises AnswerError where one of the codes is no option."""
        unknown = set(codes) - self.codes
        if unknown:
            raise UnknownCode(
                "“%(code)s” is not one of the answers. Please choose from the list.", code=min(unknown)[:40]
            )


class Randomized(Model):
    """Whether what is listed comes in random order."""

    randomize: Flag = False


class Listing(Offering):
    """A list of choices that a filter may shorten, that may come in random order, and may have an "other"."""

    choice_filter: Source | None = None
    parameters: Randomized = Randomized()
    choice_words: ClassVar[tuple[str, ...]] = ("fixed", "specify", "attributes")

    @property
    def shuffle(self) -> tuple[tuple[str, bool], ...]:
        """Ordinary options first: "other", and what stands alone, come after them in any order."""
        if not self.parameters.randomize:
            return ()
        in_order = sorted(self.choices, key=lambda choice: (choice.exclusive, choice.specify))
        return tuple((c.code, c.fixed or c.exclusive or c.specify) for c in in_order)

    @cached_property
    def _specified(self) -> tuple[Variable, ...]:
        """The words beside the choice that asks for them."""
        found = [choice for choice in self.choices if choice.specify][:1]
        return tuple(Variable(self._beside(choice)) for choice in found)

    def _beside(self, choice: Choice) -> Specified:
        label = {
            language: f"{text} – {choice.label.get(language, choice.code)}" for language, text in self.label.items()
        }
        return Specified(name=self.name + OTHER, label=label, parent=self.name, code=choice.code)

    @cached_property
    def hangs_on_others(self) -> bool:
        return bool(self.constraint or self.choice_filter or isinstance(self.required, str) or self._specified)

    def check_together(self, answers: Mapping[str, Answer]) -> None:
        """Words beside one option are dropped if another was chosen in its place; elsewhere a choice was forgotten."""
        chosen = answers.get(self.name)
        is_forgotten = chosen is None or isinstance(chosen, list)
        for beside in self._specified:
            closed = isinstance(beside.question, Specified) and not beside.question.is_open(chosen)
            if closed and is_forgotten and answers.get(beside.name):
                raise AnswerError(FORGOTTEN)

    def variables(self) -> tuple[Variable, ...]:
        return (Variable(self), *self._specified)
