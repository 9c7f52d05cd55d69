"""Conditions about several options at once: equal lists, contains, anyof, allof, noneof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError, Items, Name, Node, Number, Text, Truth

from .variables import Variable

if TYPE_CHECKING:
    from .translation import Translator

NEVER = "“%(name)s” has no answer “%(code)s”, so the comparison never holds."
CASE = "Capital and small letters are different letters here."
LISTS = "It compares lists, which our conditions cannot."

Literal = Text | Number | Truth


@dataclass(frozen=True)
class Known(Name):
    """A variable that was found already."""

    variable: Variable

    def __init__(self, variable: Variable) -> None:
        object.__setattr__(self, "name", variable.name)
        object.__setattr__(self, "variable", variable)


def with_items(to: Translator, operator: str, variable: Variable, items: Sequence[Node]) -> Phrase:
    """A list is the same where it has the same items, in any order."""
    if operator not in ("=", "!="):
        raise FormulaError(LISTS)
    if variable.sort in ("codes", "rank"):
        count = phrase.call("count-selected", [variable.value()])
        as_many = phrase.comparison("=", count, phrase.number(str(len(items))))
        same = phrase.all_of([*(_selected(to, variable, item) for item in items), as_many])
    elif len(items) == 1:
        return to.comparison(operator, Known(variable), items[0])
    else:
        same = phrase.NO
    return same if operator == "=" else phrase.negation(same)


def of_set(to: Translator, operator: str, left: Node, right: Node) -> Phrase:
    if operator in ("notcontains", "noneof"):
        return phrase.negation(of_set(to, "contains" if operator == "notcontains" else "anyof", left, right))
    items: Sequence[Node] = right.items if isinstance(right, Items) else (right,)
    if isinstance(left, Items) and isinstance(right, Name):  # ['a', 'b'] contains {q}
        items, left, operator = left.items, right, "anyof"
    if not isinstance(left, Name):
        raise FormulaError(LISTS)
    variable = to.variable(left)
    join = phrase.any_of if operator == "anyof" else phrase.all_of
    has = _has if operator == "contains" else _selected
    return join([has(to, variable, to.constant(item)) for item in items])


def _has(to: Translator, variable: Variable, item: Node) -> Phrase:
    """Whether an answer has an option among those chosen, or words within."""
    if variable.sort in ("codes", "rank"):
        return _selected(to, variable, item)
    if variable.sort == "code" and isinstance(item, Text | Number):
        words = item.value.lower()
        found = [code for theirs, code in variable.codes.items() if words in theirs.lower()]
        return phrase.any_of(phrase.comparison("=", variable.value(), phrase.text(code)) for code in found)
    if isinstance(item, Text):
        to.notes.append((CASE, {}))
    return phrase.call("contains", [variable.value(), to.value(item)])


def _selected(to: Translator, variable: Variable, item: Node) -> Phrase:
    if variable.sort not in ("codes", "rank"):
        return to.comparison("=", Known(variable), item)
    if isinstance(item, Name):
        other = to.variable(item)
        if other.is_recoded or variable.is_recoded or other.sort not in ("code", "text", "number"):
            raise FormulaError("It compares the codes of two questions, and the codes have become others.")
        return phrase.call("selected", [variable.value(), other.value()])
    if not isinstance(item, Literal):
        raise FormulaError(LISTS)
    words = str(item.value).lower() if isinstance(item, Truth) else item.value.strip()
    code = variable.code(words)
    if code is None:
        to.notes.append((NEVER, {"name": variable.name, "code": words}))
        return phrase.NO
    return phrase.call("selected", [variable.value(), phrase.text(code)])
