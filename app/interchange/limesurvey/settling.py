"""Drafts of LimeSurvey's questions become questions: how conditions are translated, what equations compute."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, Term
from app.interchange.drafts.settling import NOT_SAID, Note, Settling
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError

from .calculation import Worth, calculated
from .conversion import Conversion
from .grammar import read_expression
from .texts import LimeWriter
from .translation import LESS, Translator

NOT_COMPUTED = "What it computes cannot be said here."
ONE_LANGUAGE = "It computes the same in every language: what “%(language)s” says."
_LONGEST_ORIGINAL = 1_000


class LimeSettling(Settling):
    """`own` is a question's id. `asked` are the terms under which each question is asked."""

    def __init__(self, conversion: Conversion, writer: LimeWriter, asked: dict[str, tuple[Term, ...]]) -> None:
        super().__init__(conversion.report, writer)
        self.conversion = conversion
        self.words = writer
        self.asked = asked
        self._conditions: dict[str, Phrase | None] = {}

    def settle(self, own: str, draft: Draft) -> list[Draft]:
        if isinstance(worth := draft.get("calculation"), Worth) and not self._calculate(own, worth, draft):
            return []
        return super().settle(own, draft)

    def translate(self, own: str, term: Term) -> tuple[Phrase, list[Note]]:
        translator = self._translator(own, term.checks)
        said = self._of(term, translator)
        unique = {(message, tuple(params.items())): (message, params) for message, params in translator.notes}
        # What is asked whether it is empty may well be.
        notes = [
            (message, params)
            for message, params in unique.values()
            if message != LESS or f"${{{params['name']}}} != ''" not in said.text
        ]
        return said, notes

    def _of(self, term: Term, translator: Translator) -> Phrase:
        if callable(term.source):
            found: Phrase = term.source(translator)
            return found
        node = read_expression(term.source) if isinstance(term.source, str) else term.source
        return translator.condition(node)

    def _translator(self, qid: str, checks: bool = False) -> Translator:
        several = len(self.conversion.variables.of(qid)) > 1
        own = Phrase(".") if checks else None
        return Translator(self.conversion.variables, qid, own, not several, asked=self.is_asked)

    def is_asked(self, qid: str) -> Phrase | None:
        """The condition under which a question is asked; None where it always is, or where that cannot be said."""
        if qid not in self._conditions:
            self._conditions[qid] = None  # A circle ends here.
            translator = self._translator(qid)
            try:
                found = phrase.all_of(self._of(term, translator) for term in self.asked.get(qid, ()))
                self._conditions[qid] = None if found == phrase.YES else found
            except FormulaError:
                pass
        return self._conditions[qid]

    def _calculate(self, qid: str, worth: Worth, draft: Draft) -> bool:
        """Writes what an equation computes; whether that could be said."""
        languages = [*self.conversion.survey.languages, ""]
        language = next((language for language in languages if worth.words.get(language, "").strip()), "")
        words = worth.words.get(language, "")
        thing = f"questions/{qid}", "equation", ""
        try:
            said = calculated(words, self.words, self._translator(qid))
            self.refuse_later(said, draft)
            draft["calculation"] = said.text
        except FormulaError as error:
            self.report.add(*thing, "dropped", NOT_SAID, original=words[:_LONGEST_ORIGINAL], reason=error.told)
            self.tell(draft, "dropped", NOT_COMPUTED)
            self.lost[draft["name"]] = f"equation: {self.words.plain(words)}"
            return False
        self.report.add(*thing, at=draft, key="calculation")
        if len({text for text in worth.words.values() if text.strip()}) > 1:
            self.report.add(*thing, "changed", ONE_LANGUAGE, language=language)
        return True
