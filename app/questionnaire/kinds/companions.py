"""Variables that come with a question without being one: the order in which it was shown, the words beside "other"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from .base import Answer, AnsweredQuestion, AnswerError, Meaning, Text
from .written import Written

LONGEST_SPECIFIED = 200


class Unentered(AnsweredQuestion):
    """What no respondent enters: it follows from the response's seed, or from other answers. It has no estimate."""

    entered: ClassVar[bool] = False
    measure: ClassVar[Literal["none"]] = "none"

    def tally_keys(self) -> tuple[str, ...]:
        return ()

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ()


class Listed(Unentered):
    """A list of codes or names, written with spaces between them."""

    meaning: ClassVar[Text] = {
        "en": "Some or all of these, with spaces between them",
        "ja": "次のうちのいくつか、またはすべて（空白区切り）",
    }

    def read(self, values: Sequence[str]) -> Answer:
        given = " ".join(values).split()
        unknown = set(given) - set(self.items)
        if unknown:
            raise AnswerError(
                "“%(code)s” is not one of the answers. Please choose from the list.", code=min(unknown)[:40]
            )
        if len(set(given)) < len(given):
            raise AnswerError("“%(code)s” stands here twice.", code=max(given, key=given.count)[:40])
        return given or None

    @property
    def items(self) -> tuple[str, ...]:
        """What may stand in the list."""
        raise NotImplementedError

    def show(self, answer: Answer, language: str) -> str:
        return " ".join(answer) if isinstance(answer, list) else ""

    def cells(self, answer: Answer, language: str | None) -> tuple[str | int, ...]:
        if isinstance(answer, list):
            return (" ".join(answer),)
        return super().cells(answer, None)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        items = " ".join(self.items)
        return (Meaning("", {language: f"{text}: {items}" for language, text in self.meaning.items()}),)


class Order(Listed):
    """The order in which options, rows, questions or pages were shown."""

    meaning: ClassVar[Text] = {
        "en": "All of these in the order shown, with spaces between them",
        "ja": "次のすべてを表示した順に（空白区切り）",
    }

    kind: str = "order"
    shown: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return self.shown


class Specified(Written):
    """The words beside an option that asks for them ("other, please say which"). `parent` has the option `code`."""

    kind: str = "specified"
    parent: str
    code: str

    def is_open(self, answer: Answer) -> bool:
        """Whether the answer to the question is one that has words beside it."""
        return self.code in answer if isinstance(answer, list) else self.code == answer

    def read(self, values: Sequence[str]) -> Answer:
        return self.words(" ".join(values), LONGEST_SPECIFIED)

    def columns(self, name: str) -> tuple[str, ...]:
        """Not `NAME_other`, which may be the column of the option "other"."""
        return (f"{name}_text",)

    def tally_keys(self) -> tuple[str, ...]:
        return ()

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ()
