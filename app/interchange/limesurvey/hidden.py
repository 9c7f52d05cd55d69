"""Questions that nobody sees: of those with one value, the value stays, as conditions may ask for it."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, empty_value
from app.interchange.formulas import phrase

from .conversion import Conversion
from .survey import Question
from .variables import Sort

HIDDEN = "It was hidden: it is asked of nobody, and worth what it was set to, or nothing."
HIDDEN_LOST = "It was hidden: it is asked of nobody."
SET = "It is what the hidden question is worth."
_SORTS: dict[str, Sort] = {**dict.fromkeys("STU", "text"), "N": "number", "D": "date", **dict.fromkeys("L!YG5", "code")}
_BUILT_IN = {"Y": "YN", "G": "FM", "5": "12345"}


def hidden(conversion: Conversion, question: Question) -> list[Draft]:
    """The value that a hidden question was set to."""
    sort = _SORTS.get(question.letter)
    if sort is None:
        conversion.attribute(question, "hidden", "changed", HIDDEN_LOST)
        conversion.tell(question, "dropped", HIDDEN_LOST)
        conversion.lost(question, HIDDEN_LOST)
        return []
    conversion.attribute(question, "hidden", "changed", HIDDEN)
    name = conversion.name(question.code)
    codes = {code: code for code in _BUILT_IN.get(question.letter, ())}
    codes |= {option.code: option.code for option in question.options}
    conversion.answered(question, sort, name, codes=codes)
    draft: Draft = {"name": name, "kind": "select_one", "label": conversion.words(question)}
    empty_value(draft, phrase.text(_default(conversion, question)).text)
    conversion.tell(question, "changed", HIDDEN, at=draft)
    for option in question.options:
        conversion.report.add(f"answers/{question.qid}", "answer", option.code, "dropped", HIDDEN_LOST)
    return [draft]


def _default(conversion: Conversion, question: Question) -> str:
    """The value that the question was set to; empty where there is none, or an expression."""
    tables = conversion.survey.tables
    words = {row.get("dvid"): row.get("defaultvalue", "") for row in tables.get("defaultvalue_l10ns", [])}
    for number, row in enumerate(tables.get("defaultvalues", [])):
        value = row.get("defaultvalue") or words.get(row.get("dvid")) or ""
        if row.get("qid") == question.qid and row.get("sqid", "0") == "0" and value and "{" not in value:
            conversion.set_defaults[number] = SET
            return value[:500]
    return ""
