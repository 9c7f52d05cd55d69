"""Conditions put together by choosing a question, an operator and an answer, instead of written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.questionnaire.kinds.date import DateQuestion
from app.questionnaire.kinds.rank import Rank
from app.questionnaire.kinds.sample import Sample
from app.questionnaire.kinds.scale import Scale
from app.questionnaire.kinds.select_multiple import SelectMultiple
from app.questionnaire.kinds.select_one import Chosen
from app.questionnaire.kinds.typed import Number
from app.questionnaire.narrow import narrow
from app.questionnaire.outline import Asked, questions

from .tree import Tree

Sort = Literal["one", "many", "number", "date", "other"]
OPERATORS: dict[Sort, tuple[str, ...]] = {
    "one": ("is", "is_not", "answered", "unanswered"),
    "many": ("chosen", "not_chosen", "answered", "unanswered"),
    "number": ("at_least", "at_most", "is", "is_not", "answered", "unanswered"),
    "date": ("at_least", "at_most", "answered", "unanswered"),
    "other": ("answered", "unanswered"),
}
_PATTERNS = {
    "is": "${%s} = %s",
    "is_not": "${%s} != %s",
    "at_least": "${%s} >= %s",
    "at_most": "${%s} <= %s",
    "chosen": "selected(${%s}, %s)",
    "not_chosen": "not(selected(${%s}, %s))",
}
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Named:
    """What a condition can name: a variable, the words that it is asked with, and the answers that it has."""

    name: str
    label: object
    sort: Sort
    options: tuple[tuple[str, object], ...]


def nameable(tree: Tree, name: str, page: str) -> list[Named]:
    """What comes before the question of a name, or before the end of a page where there is none; before the page
    itself where `name` is that of the page."""
    found: list[Named] = []
    for at, asked in zip(tree["pages"], questions(tree), strict=True):
        if at["name"] == page and name == page:
            break
        for question in asked:
            if question.name == name and name:
                return found
            found += _named(question)
        if at["name"] == page:
            break
    return found


def compose(named: Named, operator: str, answer: str) -> str:
    """The condition; "" where the answer is missing or the operator does not fit."""
    if operator not in OPERATORS[named.sort]:
        return ""
    if operator in ("answered", "unanswered"):
        return f"${{{named.name}}} {'!=' if operator == 'answered' else '='} ''"
    answer = narrow(answer) if named.sort in ("number", "date") else answer.strip()
    if not answer:
        return ""
    is_number = named.sort == "number" and _NUMBER.fullmatch(answer)
    return _PATTERNS[operator] % (named.name, answer if is_number else _quoted(answer))


def joined(before: str, condition: str, word: str) -> str:
    """A condition added to another by `and` or `or`."""
    if not before.strip():
        return condition
    mixed = (" or " if word == "and" else " and ") in before
    return f"({before}) {word} {condition}" if mixed else f"{before} {word} {condition}"


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def _named(question: Asked) -> Iterator[Named]:
    sort = _sort(question)
    options = tuple((str(choice.get("code", "")), choice.get("label")) for _, choice in question.choices or ())
    if question.of(Scale) and not options:
        start, end = question.parameters.get("start"), question.parameters.get("end")
        if isinstance(start, int) and isinstance(end, int) and end - start <= 100:
            options = tuple((str(n), None) for n in range(start, end + 1))
    parts = question.rows() if question.has_rows else [(question.path, question.data)]
    for name in question.variables():
        label = next((data.get("label") for _, data in parts if data.get("name") == name), None)
        yield Named(name, label, sort, options if sort in ("one", "many") else ())


def _sort(question: Asked) -> Sort:
    if question.of(SelectMultiple, Rank, Sample):
        return "many"
    if question.of(Chosen):
        return "one"
    if question.of(Number):
        return "number"
    return "date" if question.of(DateQuestion) else "other"
