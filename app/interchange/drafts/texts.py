"""Another program's texts in our words: HTML becomes plain text, and expressions in braces become names of answers.

What is more than the name of an answer becomes a calculation of its own, which stands before the question.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.interchange.formulas.tree import FormulaError
from app.interchange.naming import Numbering, as_name
from app.interchange.report import Outcome, Report
from app.interchange.safe_text import plain_text
from app.interchange.texts import FILLED

from .draft import Say, Words

REDUCED = "Formatting, links or images were reduced to plain text."
NOT_SAID = "“%(expression)s” cannot be shown: “…” stands for it. %(reason)s"
NOT_THERE = "Answers cannot be shown there: “…” stands for them."
CUT = "It is longer than %(limit)s characters, and was cut there."
NO_LANGUAGE = "“%(language)s” is not one of this survey's languages."
_LONGEST_SOURCE = 50_000
_LONGEST = 10_000
_REFERENCE = re.compile(r"\$\{[A-Za-z0-9_]+\}")
_PLACE = "\ue000%d\ue001"
_PLACES = re.compile("\ue000([0-9]{1,6})\ue001")


@dataclass
class Writer(ABC):
    """Writes the texts of one survey. `calculations` are the questions that texts of the present one need."""

    languages: Sequence[str]
    report: Report
    names: Numbering
    calculations: list[dict[str, Any]] = field(default_factory=list)
    _made: dict[str, str] = field(default_factory=dict)

    @abstractmethod
    def split(self, source: str) -> Iterator[tuple[str, bool]]:
        """The pieces of a text, and whether each is an expression in braces, given without them."""

    @abstractmethod
    def shown(self, expression: str, text: Say, own: str, language: str) -> str:
        """What stands for an expression: words, or the name of an answer. Raises FormulaError."""

    def say(self, text: Say, own: str) -> dict[str, str]:
        """A text in every language in which one of its parts has words."""
        found: dict[str, str] = {}
        lost = False
        for language in self.languages:
            if not any(words.get(language) for words in text.parts):
                continue
            parts = [self._part(words, text, own, language) for words in text.parts]
            lost = lost or any(reduced for _, reduced in parts)
            if said := text.joint.join(words for words, _ in parts if words):
                found[language] = self._cut(said, text)
        others = {language for words in text.parts for language in words} - set(self.languages)
        if found or others:
            outcome: Outcome = "changed" if lost else "kept"
            self.report.add(text.where, "text", text.field, outcome, REDUCED if lost else "")
        for language in sorted(others):
            field_ = f"{text.field} ({language})"
            self.report.add(text.where, "text", field_, "dropped", NO_LANGUAGE, language=language)
        return found

    def _part(self, words: Words, text: Say, own: str, language: str) -> tuple[str, bool]:
        """One part of a text; where only other languages have it, in the first of these."""
        other = language if words.get(language) else next((one for one in self.languages if words.get(one)), "")
        if other not in ("", language):
            self.report.add(text.where, "text", text.field, "changed", FILLED, language=language, other=other)
        return self._plain(words.get(other, ""), text, own, language)

    def heading(self, text: Say) -> dict[str, str]:
        """A text in which no answers can be shown, such as a title."""
        made = dict(self._made)
        found = self.say(text, "")
        self._made = made
        if any(_REFERENCE.search(words) for words in found.values()):
            self.report.add(text.where, "text", text.field, "changed", NOT_THERE)
        return {language: _REFERENCE.sub("…", words) for language, words in found.items()}

    @staticmethod
    def plain(words: str) -> str:
        """Words without expressions."""
        return plain_text(words[:_LONGEST_SOURCE])[0].replace("${", "$ {")

    def _cut(self, words: str, text: Say) -> str:
        """A text that is too long ends before a name that would be cut."""
        if len(words) <= _LONGEST:
            return words
        self.report.add(text.where, "text", text.field, "changed", CUT, limit=_LONGEST)
        words = words[:_LONGEST]
        return words[: words.rindex("${")] if words.rfind("${") > words.rfind("}") else words

    def _plain(self, source: str, text: Say, own: str, language: str) -> tuple[str, bool]:
        source = source[:_LONGEST_SOURCE]
        if "{" not in source:
            return plain_text(source)
        said: list[str] = []
        pieces: list[str] = []
        for piece, is_expression in self.split(source):
            if is_expression:
                pieces.append(_PLACE % len(said))
                said.append(self._said(piece, text, own, language))
            else:
                pieces.append(piece.replace("\ue000", "").replace("\ue001", ""))
        words, lost = plain_text("".join(pieces))
        words = words.replace("${", "$ {")

        def put(place: re.Match[str]) -> str:
            found = said[int(place[1])]
            # Braces that stayed in the text, after a sign for money, would look like the name of an answer.
            return f" {found}" if found.startswith("{") and words[: place.start()].endswith("$") else found

        return _PLACES.sub(put, words), lost

    def _said(self, expression: str, text: Say, own: str, language: str) -> str:
        try:
            return self.shown(expression, text, own, language)
        except FormulaError as error:
            thing = text.where, "text", text.field
            self.report.add(*thing, "changed", NOT_SAID, expression=expression[:200], reason=error.told)
            return "…"

    def calculation(self, value: str, stem: str, expression: str, text: Say) -> str:
        """The name of an answer that is the value of an expression of ours."""
        if value not in self._made:
            name = self.names.free(as_name(f"{stem}_text"), lambda name: {name.lower()})
            label = dict.fromkeys(self.languages, f"{{{expression}}}"[:500])
            made = {"name": name, "kind": "calculate", "label": label, "calculation": value}
            self.report.stands(text.where, "text", text.field, at=made, is_part=True)
            self.calculations.append(made)
            self._made[value] = name
        return f"${{{self._made[value]}}}"
