"""array_filter and array_filter_exclude: what is shown of a question hangs on what was answered in another.

A filter of LimeSurvey reaches through the filters of the questions it names; with us too, as what was filtered out
there has no answer.
"""

from __future__ import annotations

from app.interchange.drafts.draft import Term
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError

from .conversion import Conversion
from .survey import Question
from .translation import Translator

NO_FILTER = "There is no question “%(name)s” to filter by."
_MOST_FILTERS = 20


def filtered(conversion: Conversion, question: Question, code: str) -> tuple[Term, ...]:
    """The terms under which the subquestion or answer with a code is shown."""
    found = []
    for attribute in ("array_filter", "array_filter_exclude"):
        sources = [name.strip() for name in question.attribute(attribute).split(";") if name.strip()]
        thing = (conversion.place(question), "attribute", attribute)
        for source in sources[:_MOST_FILTERS]:
            conversion.used.add((question.qid, attribute))
            found.append(Term(_Filter(source, code, attribute == "array_filter"), thing))
    return tuple(found)


class _Filter:
    """Whether the part of another question with the same code has an answer."""

    def __init__(self, source: str, code: str, wanted: bool) -> None:
        self.source = source
        self.code = code
        self.wanted = wanted

    def __call__(self, to: Translator) -> Phrase:
        qid = to.variables.named(self.source)
        if not qid:
            raise FormulaError(NO_FILTER, name=self.source)
        # An array of figures has several answers in a row: one is enough.
        found = [
            variable.answered()
            for sgqa, variable in to.variables.of(qid)
            if sgqa.split("#")[0] == self.code or sgqa.startswith(f"{self.code}_")
        ]
        places = [variable for _, variable in to.variables.of(qid) if variable.sort == "place"]
        if places and self.code in places[0].codes:
            code = places[0].codes[self.code]
            found = [phrase.call("selected", [phrase.variable(places[0].name), phrase.text(code)])]
        if not found:  # A part that the other question does not have is not filtered.
            return phrase.YES
        return phrase.any_of(found) if self.wanted else phrase.negation(phrase.any_of(found))
