"""Drafts of SurveyJS's elements become questions: how conditions are translated, what expressions compute."""

from __future__ import annotations

from typing import Any

from app.interchange.drafts.draft import Draft, Term
from app.interchange.drafts.settling import NOT_SAID, Note, Settling
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError

from .conversion import Conversion
from .element import Element
from .grammar import read_expression
from .texts import JsonWriter
from .translation import Translator
from .variables import Scope

NOT_COMPUTED = "What it computes cannot be said here."


class JsonSettling(Settling):
    """`own` is a question's name with us."""

    def __init__(self, conversion: Conversion, writer: JsonWriter) -> None:
        super().__init__(conversion.report, writer)
        self.conversion = conversion

    def settle(self, own: str, draft: Draft) -> list[Draft]:
        draft.pop("_done", None)
        computes = draft.pop("_computes", None)
        if computes is not None and not self._calculate(draft, *computes):
            return []
        return super().settle(own, draft)

    def translator(self, own: str) -> Translator:
        return Translator(self.conversion.variables, self.conversion.scopes.get(own, Scope()), own)

    def translate(self, own: str, term: Term) -> tuple[Phrase, list[Note]]:
        translator = self.translator(own)
        if callable(term.source):
            return term.source(translator), translator.notes
        said = translator.truth(read_expression(str(term.source)))
        unique: dict[str, Note] = {message % params: (message, params) for message, params in translator.notes}
        return said, list(unique.values())

    def _calculate(self, draft: Draft, element: Element, key: str) -> bool:
        """Writes what an expression computes; whether that could be said."""
        source = element.word(key)
        thing: tuple[str, str, str] = (element.where, "property", key)
        try:
            said = self.translator(draft["name"]).value(read_expression(source))
            self.refuse_later(said, draft)
            draft["calculation"] = said.text
        except FormulaError as error:
            params: dict[str, Any] = {"original": source[:1_000], "reason": error.told}
            self.report.add(*thing, "dropped", NOT_SAID, **params)
            self.tell(draft, "dropped", NOT_COMPUTED)
            self.lost[draft["name"]] = f"{element.type}: {source}"
            return False
        self.report.add(*thing, at=draft, key="calculation")
        return True
