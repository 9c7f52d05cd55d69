"""What respondents repeat, panels and rows: with us so many times, each shown when the one before is in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.interchange.drafts.draft import Draft, Term, Words
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase

from .conversion import MOST_COPIES, Conversion
from .element import Element
from .variables import Scope

REPEATED = "It can be repeated %(most)s times; each time is shown when the one before is in use."
FIXED = "It is repeated %(most)s times."
ONCE = "It is not repeated: there would be too many questions."
USUAL = 3


@dataclass
class Copies:
    """The copies of one element, while they are made. `word` is what its questions call it: panel or row."""

    conversion: Conversion
    element: Element
    scope: Scope
    word: str
    stem: str
    first: int = 0
    most: int = 0
    last: list[str] = field(default_factory=list)
    """The names of the questions of the last copy made."""

    def made(self, drafts: Sequence[Draft]) -> None:
        self.last = [d["name"] for d in drafts if d["kind"] not in ("note", "calculate", "matrix", "allocate")]


def copies_of(copies: Copies, count: str, least: str, most: str, usual: int) -> Iterator[tuple[Scope, list[Term]]]:
    """The scope of each copy, and the terms under which it is shown. Copies are to be reported as `made`."""
    element, scope = copies.element, copies.scope
    start = element.number(count)
    wanted = int(max(usual if start is None else start, element.number(least) or 0))
    limit = int(element.number(most) or MOST_COPIES)
    copies.first = max(1, min(wanted, copies.conversion.copies))
    copies.most = copies.first
    if _may_grow(element):
        copies.most = max(copies.first, min(USUAL, limit, copies.conversion.copies))
    path = f"{scope.path}{element.name}"
    for number in range(1, copies.most + 1):
        place = f"{path}[{number - 1}]"
        copies.conversion.variables.copies.setdefault(path, []).append(place)
        constants = {key: str(number) for key in (f"{copies.word}Index", f"visible{copies.word.title()}Index")}
        words = dict.fromkeys(copies.conversion.languages, str(number)) if copies.most > 1 else {}
        is_optional = number > max(wanted, 1) or wanted == 0
        label = joined(scope.label, words)
        beside = {f"prev{copies.word}": f"{path}[{number - 2}]", f"next{copies.word}": f"{path}[{number}]"}
        inner = scope.inside(copies.word, f"{copies.stem}_{number}", place, label, constants, is_optional, beside)
        yield inner, [_in_use(copies)] if number > copies.first and copies.last else []


def _may_grow(element: Element) -> bool:
    keys = ("allowAddPanel", "allowAddRows")
    return not any(element.take(key) is False for key in keys)


def _in_use(copies: Copies) -> Term:
    """Whether anything in the last copy was answered."""
    answered = phrase.any_of(
        phrase.comparison("!=", phrase.variable(name), phrase.NOTHING) for name in copies.last[:20]
    )

    def said(to: Any) -> Phrase:
        return answered

    return Term(said, (copies.element.where, copies.element.item, copies.element.name))


def told(copies: Copies) -> tuple[str, dict[str, int]]:
    """How often it can be repeated, as a message."""
    if copies.conversion.copies == 1:
        return ONCE, {}
    return REPEATED if copies.most > copies.first else FIXED, {"most": copies.most}


def joined(first: Words, second: Words) -> Words:
    """Words after others, in each language."""
    languages = dict.fromkeys((*first, *second))
    return {lang: " – ".join(w for w in (first.get(lang, ""), second.get(lang, "")) if w) for lang in languages}
