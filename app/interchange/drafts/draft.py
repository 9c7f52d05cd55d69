"""What a question of ours is made of before all variables are known: words and conditions yet to be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.interchange.report import Thing

Draft = dict[str, Any]
"""A question, row or choice of ours, in which `Say`, `Holds` and `Leaves` stand for what they become.

Keys that begin with `_` are for those who make it: `_checks` are terms of its constraint, `_optional` says that it may
be left open whatever the source says, `_stands_in` what it was that a note stands for, `_shows` the calculation that a
note shows, and `_instead` its label where that cannot be computed.
"""

Words = dict[str, str]
"""A text by language, as written in the source."""


@dataclass(frozen=True)
class Say:
    """A text: the parts of it that have words, with the joint between them."""

    parts: tuple[Words, ...]
    where: str
    field: str
    joint: str = " – "


@dataclass(frozen=True)
class Term:
    """One condition, in a form that the program's own translator takes; `original` is how the program has it.

    `checks`: it is about the answer itself. `also`: things that share its fate.
    """

    source: Any
    thing: Thing
    checks: bool = False
    also: tuple[Thing, ...] = ()
    original: str = ""


@dataclass(frozen=True)
class Holds:
    """A condition that holds where all terms hold. Terms that cannot be said are dropped, each by itself."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Leaves:
    """A choice_filter: each choice's own condition, by code."""

    terms: dict[str, tuple[Term, ...]]


def all_terms(*groups: Iterable[Term]) -> Draft:
    """The key `relevant` where there are terms."""
    found = tuple(term for group in groups for term in group)
    return {"relevant": Holds(found)} if found else {}


def empty_value(draft: Draft, calculation: str) -> None:
    """Makes of a question the value that nobody is asked for."""
    for key in set(draft) - {"name", "label"}:
        del draft[key]
    draft |= {"kind": "calculate", "calculation": calculation}
