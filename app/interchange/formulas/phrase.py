"""Writes expressions of our language piece by piece, with brackets only where they are needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .tree import FormulaError

OR, AND, COMPARISON, SUM, PRODUCT, WHOLE = range(6)
LONGEST = 10_000

_LEVELS = {"or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "div": PRODUCT, "mod": PRODUCT}


@dataclass(frozen=True)
class Phrase:
    """A piece of an expression, and how strongly it holds together."""

    text: str
    strength: int = WHOLE

    def __post_init__(self) -> None:
        # Checked in every piece: what says a part twice, in a part that says a part twice, grows without bounds.
        if len(self.text) > LONGEST:
            raise FormulaError("In our language it would be longer than %(limit)s characters.", limit=LONGEST)

    def within(self, strength: int) -> str:
        """The text as an operand of something of that strength."""
        return self.text if self.strength >= strength else f"({self.text})"

    def __str__(self) -> str:
        return self.text


YES = Phrase("true()")
NO = Phrase("false()")
NOTHING = Phrase("''")


def variable(name: str) -> Phrase:
    return Phrase(f"${{{name}}}")


def number(text: str) -> Phrase:
    """A number as written: digits, perhaps a point, perhaps a minus before them."""
    if not re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", text):
        raise FormulaError("The number %(number)s is too large.", number=text[:40])
    return Phrase(text, SUM if text.startswith("-") else WHOLE)


def text(value: str) -> Phrase:
    """A text in quotes; one that holds both sorts of quotes is put together."""
    value = re.sub(r"\s+", " ", value)
    if "'" not in value:
        return Phrase(f"'{value}'")
    if '"' not in value:
        return Phrase(f'"{value}"')
    return call("concat", [Phrase(f"'{part}'" if part != "'" else '"\'"') for part in re.split("(')", value) if part])


def call(function: str, arguments: Iterable[Phrase]) -> Phrase:
    return Phrase(f"{function}({', '.join(argument.text for argument in arguments)})")


def operation(operator: str, left: Phrase, right: Phrase) -> Phrase:
    """Arithmetic, from the left."""
    level = _LEVELS[operator]
    return Phrase(f"{left.within(level)} {operator} {right.within(level + 1)}", level)


def comparison(operator: str, left: Phrase, right: Phrase) -> Phrase:
    return Phrase(f"{left.within(SUM)} {operator} {right.within(SUM)}", COMPARISON)


def negation(phrase: Phrase) -> Phrase:
    if phrase in (YES, NO):
        return NO if phrase == YES else YES
    return call("not", [phrase])


def all_of(phrases: Iterable[Phrase]) -> Phrase:
    return _joined("and", phrases, YES, NO)


def any_of(phrases: Iterable[Phrase]) -> Phrase:
    return _joined("or", phrases, NO, YES)


def _joined(operator: str, phrases: Iterable[Phrase], neutral: Phrase, decisive: Phrase) -> Phrase:
    found = [phrase for phrase in dict.fromkeys(phrases) if phrase != neutral]
    if not found or decisive in found:
        return decisive if found else neutral
    level = _LEVELS[operator]
    if len(found) == 1:
        return found[0]
    return Phrase(f" {operator} ".join(phrase.within(level) for phrase in found), level)
