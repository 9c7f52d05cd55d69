"""Equations: a text with expressions in it, computed."""

from __future__ import annotations

from dataclasses import dataclass

from app.interchange.drafts.draft import Words
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError

from .grammar import read_expression
from .texts import LimeWriter
from .translation import Translator


@dataclass(frozen=True)
class Worth:
    """What a question is worth, until it can be written."""

    words: Words


def calculated(words: str, writer: LimeWriter, translator: Translator) -> Phrase:
    """The value of a text. Raises FormulaError."""
    found = []
    for piece, is_expression in writer.split(words):
        if is_expression:
            found.append(translator.value(read_expression(writer.decoded(piece))))
        elif plain := writer.plain(piece).strip():
            found.append(phrase.text(plain))
    if not found:
        raise FormulaError("The expression is empty.")
    return found[0] if len(found) == 1 else phrase.call("concat", found)
