"""What all types share: the condition, the obligation to answer, the hint, checks of answers, other attributes."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, Holds, Say, Term, Words, all_terms
from app.interchange.formulas import phrase
from app.interchange.formulas.tree import FormulaError
from app.interchange.report import Entry

from .attributes import rest_of_attributes
from .conditions import as_tree
from .conversion import Conversion
from .functions import pattern
from .numbers import bounded
from .survey import Group, Question
from .tables import Row

SOFT = "Leaving it open was allowed after a warning; here it simply may be left open."
LAST = "It is checked when the last field is answered."
LENGTH = "maximum_chars"
GONE = "Its question is not there."
_OF_FIELDS = {
    "min_answers": "count(self) >= (%s)",
    "max_answers": "count(self) <= (%s)",
    "min_num_value": "sum(self) >= (%s)",
    "max_num_value": "sum(self) <= (%s)",
    "equals_num_value": "sum(self) == (%s)",
}
"""What is asked of the fields of a question together; %s is an attribute's value."""
_ENTERED = ("note", "calculate")


def complete(conversion: Conversion, question: Question, drafts: list[Draft], terms: tuple[Term, ...]) -> None:
    """Adds to the questions that one of theirs became what its type has no part in. `terms`: when it is asked."""
    for term in () if drafts else terms:
        for thing in (term.thing, *term.also):
            conversion.report.add(*thing, "dropped", GONE)
    _obligation(conversion, question, drafts)
    _checks(conversion, question, drafts)
    for draft in drafts:
        own = draft.pop("relevant", Holds(())).terms
        draft |= all_terms(terms, own)
    if drafts and (hint := _hint(conversion, question)):
        drafts[0]["hint"] = hint
    rest_of_attributes(conversion, question)


def relevance(conversion: Conversion, question: Question, rows: list[Row]) -> tuple[Term, ...]:
    """The condition of a question: its expression, or else its rows of the table of conditions."""
    thing = (conversion.place(question), "relevance", question.code)
    also = tuple((f"conditions/{row.get('cid', '')}", "condition", row.get("cfieldname", "")) for row in rows)
    source = question.relevance
    if question.attribute("relevance"):  # Where some versions kept it.
        conversion.used.add((question.qid, "relevance"))
        source = source or question.attribute("relevance")
        also += ((conversion.place(question), "attribute", "relevance"),)
    if source not in ("", "1"):
        return (Term(source, thing, also=also),)
    if not rows:
        for where, item, name in also:
            conversion.report.add(where, item, name)
        return ()
    letters = {one.qid: one.letter for one in conversion.survey.questions}
    try:
        return (Term(as_tree(rows, letters), thing, also=also),)
    except FormulaError as error:
        for where, item, name in also:
            conversion.report.entries.append(Entry(where, item, name, "dropped", error.message, error.params))
        return ()


def group_relevance(group: Group) -> tuple[Term, ...]:
    if group.relevance in ("", "1"):
        return ()
    return (Term(group.relevance, (f"groups/{group.gid}", "relevance", "")),)


def _obligation(conversion: Conversion, question: Question, drafts: list[Draft]) -> None:
    mandatory = question.row.get("mandatory", "")
    asked = [draft for draft in drafts if not draft.pop("_optional", False) and draft["kind"] not in _ENTERED]
    if mandatory == "Y":
        for draft in asked:
            draft["required"] = True
    if mandatory in ("Y", "S") and asked:
        outcome, message = ("changed", SOFT) if mandatory == "S" else ("kept", "")
        conversion.report.add(conversion.place(question), "mandatory", question.code, outcome, message)  # type: ignore[arg-type]


def _hint(conversion: Conversion, question: Question) -> Say | None:
    """The help, and what stands before and after the field."""
    around: dict[str, Words] = {}
    for name in ("prefix", "suffix"):
        if words := question.attributes.get(name):
            around[name] = {lang: words.get(lang) or words.get("", "") for lang in conversion.survey.languages}
            conversion.attribute(question, name, "changed", "It stands in the hint.")
    if not question.help and not around:
        return None
    field: Words = dict.fromkeys(conversion.survey.languages, "…") if around else {}
    parts = (question.help, around.get("prefix", {}), field, around.get("suffix", {}))
    return Say(parts, conversion.place(question), "help", " ")


def _checks(conversion: Conversion, question: Question, drafts: list[Draft]) -> None:
    """Constraints: of each field its own, and on the last what concerns all of them."""
    asked = [draft for draft in drafts if draft["kind"] not in _ENTERED]
    each, whole = _of_each(conversion, question), _of_all(conversion, question)
    for draft in asked:
        own: tuple[Term, ...] = (*draft.pop("_checks", ()), *(each if draft["kind"] != "acknowledge" else ()))
        if draft is asked[-1]:
            own += whole
            for term in whole if len(asked) > 1 else ():
                conversion.report.add(*term.thing, "changed", LAST)
        if own:
            draft["constraint"] = Holds(own)
        if own and (tip := _tip(conversion, question)):
            draft["constraint_message"] = tip
    for draft in drafts:
        draft.pop("_checks", None)


def _of_each(conversion: Conversion, question: Question) -> tuple[Term, ...]:
    found = []
    place = conversion.place(question)
    if source := question.attribute("em_validation_sq"):
        found.append(Term(source, (place, "attribute", "em_validation_sq"), True))
        conversion.used.add((question.qid, "em_validation_sq"))
    if expression := question.row.get("preg", "").strip():
        found.append(Term(_Matches(expression), (place, "preg", question.code), True))
    limit = question.attribute(LENGTH)
    if limit.isdecimal() and question.letter in "NK":
        found.append(Term(f"strlen(this) <= {limit}", (place, "attribute", LENGTH), True))
        conversion.used.add((question.qid, LENGTH))
    return tuple(found)


def _of_all(conversion: Conversion, question: Question) -> tuple[Term, ...]:
    wanted = {"em_validation_q": "%s"} | (_OF_FIELDS if question.letter in "QK:;" else {})
    found = []
    for name, form in wanted.items():
        source = question.attribute(name)
        if source and (question.qid, name) not in conversion.used:
            conversion.used.add((question.qid, name))
            where = conversion.place(question), "attribute", name
            found.append(Term(bounded(form.replace("%s", source), source if form != "%s" else "1"), where, True))
    return tuple(found)


class _Matches:
    """A regular expression that answers must match."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __call__(self, to: object) -> phrase.Phrase:
        return phrase.call("regex", [phrase.Phrase("."), phrase.text(pattern(self.source))])


def _tip(conversion: Conversion, question: Question) -> Say | None:
    for name in ("em_validation_q_tip", "em_validation_sq_tip"):
        words = question.attributes.get(name)
        if words:
            conversion.attribute(question, name)
            both = {lang: words.get(lang) or words.get("", "") for lang in conversion.survey.languages}
            return Say((both,), conversion.place(question), name)
    return None
