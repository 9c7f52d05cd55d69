"""Drafts become questions: their texts and conditions are written, now that all variables are known."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError
from app.interchange.mending import stand_in
from app.interchange.report import Entry, Report, Thing
from app.questionnaire.kinds.choices import OTHER
from app.questionnaire.naming import ITSELF, LATER

from .draft import Draft, Holds, Leaves, Say, Term, empty_value
from .texts import Writer

NOT_SAID = "“%(original)s” cannot be said here. %(reason)s"
NOBODY = "It is asked of nobody."
_LONGEST_ORIGINAL = 1_000
_SINGLE = ("select_one", "scale", "text", "email", "integer", "decimal", "range", "date", "acknowledge")

_MADE = ("question", "column", "item")
_NAMES = re.compile(r"\$\{([A-Za-z0-9_]+)\}")

Note = tuple[str, dict[str, Any]]
"""A message, a template in English, and its parameters."""


class Settling(ABC):
    """Settles the drafts of one survey. `own` is what the program's translator knows a question by."""

    def __init__(self, report: Report, writer: Writer) -> None:
        self.report = report
        self.writer = writer
        self.lost: dict[str, str] = {}
        """The names of calculations that could not be said, and what they are in the source."""
        self.later: set[str] = set()
        """The names of the questions and rows that are still to be settled: no condition can name them."""

    @abstractmethod
    def translate(self, own: str, term: Term) -> tuple[Phrase, list[Note]]:
        """A term in our words, and what is not quite the same in them. Raises FormulaError."""

    def settle(self, own: str, draft: Draft) -> list[Draft]:
        """The question, after the calculations that its texts need; nothing where it cannot be."""
        self.writer.calculations = []
        sort, shows, instead = (draft.pop(key, None) for key in ("_stands_in", "_shows", "_instead"))
        if shows in self.lost:
            sort = self.lost[shows].replace("${", "$ {")[:_LONGEST_ORIGINAL]
            draft["label"] = instead
        self._walk(own, draft, draft)
        self.later -= names_of([draft])
        if sort:
            stand_in(draft, sort)
        made = [*self.writer.calculations, draft]
        return self.nobody(made) if draft.get("relevant") == phrase.NO.text else made

    def nobody(self, drafts: list[Draft]) -> list[Draft]:
        """What is left of questions that are asked of nobody."""
        return [draft for draft in drafts if self._nobody(draft)]

    def tell(self, draft: Draft, outcome: Any, message: str, **params: Any) -> None:
        """Tells of a question in the words of its source."""
        self.report.tell({"question": draft}, ("question",), outcome, message, **params)

    def _nobody(self, draft: Draft) -> bool:
        """What is asked of nobody: of an answer that would be one value, an empty one is left for conditions."""
        if draft["kind"] == "calculate":
            return True
        self.tell(draft, "changed", NOBODY)
        single = draft["kind"] in _SINGLE
        if single:
            empty_value(draft, phrase.NOTHING.text)
        return single

    def _walk(self, own: str, part: Draft, draft: Draft) -> None:
        for key, value in list(part.items()):
            if isinstance(value, Say):
                part[key] = self.writer.say(value, own)
                self.report.stands(value.where, "text", value.field, at=part, key=key)
                if not part[key] and key not in ("label", "low", "high"):
                    del part[key]
            elif isinstance(value, Holds | Leaves):
                found = self.condition(own, value, part, key, draft)
                self._put(part, key, found)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, dict):
                        self._walk(own, item, draft)
                if key == "rows":  # Rows that are never shown go; where all of them are, they stay to be told of.
                    part[key] = [row for row in value if row.get("relevant") != phrase.NO.text] or value
        if "constraint_message" in part and "constraint" not in part:
            del part["constraint_message"]

    def _put(self, part: Draft, key: str, found: Phrase | None) -> None:
        """A condition in its place. What always holds needs none; a question is required always, never or at times."""
        if key == "required" and found in (phrase.YES, phrase.NO):
            part[key] = found == phrase.YES
        elif found is None or found == phrase.YES:
            del part[key]
        else:
            part[key] = found.text

    def condition(
        self, own: str, value: Holds | Leaves, part: Draft, key: str, draft: Draft | None = None
    ) -> Phrase | None:
        """What the terms are together; None where none could be said."""
        terms = value.terms if isinstance(value, Holds) else tuple(t for some in value.terms.values() for t in some)
        if terms:
            # A question that is repeated has terms of its own making: they are no thing of the source.
            self.report.stands(*min((t.thing for t in terms), key=lambda thing: thing[1] in _MADE), at=part, key=key)
        itself = names_of([draft]) if draft and key != "constraint" else set()
        later = self.later - (names_of([draft]) if draft else set())
        if isinstance(value, Leaves):
            return self._filter(own, value, len(part.get("choices", ())), itself, later)
        found = [said for term in value.terms if (said := self._said(own, term, itself, later)) is not None]
        if not found:
            return None
        whole = self._together(found, terms[0].thing)
        name = draft.get("name") if draft and key == "constraint" else None
        return Phrase(whole.text.replace(f"${{{name}}}", "."), whole.strength) if whole and name else whole

    def refuse_later(self, said: Phrase, draft: Draft) -> None:
        """Raises FormulaError of what a question would be worth, if that names what comes later."""
        _refuse_unknown(said, {draft["name"]}, self.later)

    def _together(self, found: list[Phrase], thing: Thing) -> Phrase | None:
        try:
            return phrase.all_of(found)
        except FormulaError as error:
            self.report.entries.append(Entry(*thing, "dropped", error.message, error.params))
            return None

    def _filter(self, own: str, leaves: Leaves, choices: int, itself: set[str], later: set[str]) -> Phrase | None:
        """Each choice under its own condition; one that is the same for all but the code is said once."""
        wholes: dict[str, Phrase] = {}
        thing = next(term.thing for terms in leaves.terms.values() for term in terms)
        for code, terms in leaves.terms.items():
            found = [said for term in terms if (said := self._said(own, term, itself, later)) is not None]
            whole = self._together(found, thing) if found else None
            if whole and whole != phrase.YES:
                wholes[code] = whole
        general = {whole.text.replace(f"'{code}'", "name") for code, whole in wholes.items()}
        if len(general) == 1 and len(wholes) == choices > 1:
            return Phrase(general.pop(), min(whole.strength for whole in wholes.values()))
        parts = []
        for code, whole in wholes.items():
            is_other = phrase.comparison("!=", Phrase("name"), phrase.text(code))
            parts.append(is_other if whole == phrase.NO else phrase.any_of([is_other, whole]))
        return self._together(parts, thing) if parts else None

    def _said(self, own: str, term: Term, itself: set[str], later: set[str]) -> Phrase | None:
        """One term; None where it cannot be said, or names the question `itself` or `later` ones, which is reported."""
        things = (term.thing, *term.also)
        try:
            said, notes = self.translate(own, term)
            _refuse_unknown(said, itself, later)
        except FormulaError as error:
            message, params = error.message, error.params
            if original := term.original or (term.source if isinstance(term.source, str) else ""):
                message, params = NOT_SAID, {"original": original[:_LONGEST_ORIGINAL], "reason": error.told}
            self.report.entries += [Entry(*thing, "dropped", message, params) for thing in things]
            return None
        for thing in things:
            self.report.add(*thing)
        for message, params in notes:
            self.report.entries.append(Entry(*term.thing, "changed", message, params))
        return said


def names_of(drafts: Iterable[Draft]) -> set[str]:
    """The names of questions and of their rows."""
    return {name for draft in drafts for name in (draft["name"], *(row["name"] for row in draft.get("rows", ())))}


def _refuse_unknown(said: Phrase, itself: set[str], later: set[str]) -> None:
    """Raises FormulaError of a condition that names what is not answered yet."""
    for name in _NAMES.findall(said.text):
        for one in (name, name.removesuffix(OTHER)):
            if one in itself or one in later:
                raise FormulaError(ITSELF if one in itself else LATER, name=name)
