"""The words of reports on files, in the reader's language. Words of the file's own format stay as they are."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.interchange.report import Entry, Outcome
from app.questionnaire.problems import Problem


def of_field(label: str, said: str) -> str:
    """What is wrong with a field, for the head of a page: it names the field where several may have the mistake."""
    return gettext("%(field)s: %(said)s", field=label, said=said)


_OUTCOMES = {"kept": _("Kept"), "changed": _("Changed"), "dropped": _("Dropped")}
_SORTS = {
    "answer": _("answer option"),
    "answers": _("answer options"),
    "assessment": _("assessment"),
    "attribute": _("attribute"),
    "calculated value": _("calculated value"),
    "calculation": _("calculation"),
    "choice": _("choice"),
    "column": _("column"),
    "condition": _("condition"),
    "default value": _("default value"),
    "element": _("element"),
    "equation": _("equation"),
    "group": _("group"),
    "heading": _("heading of a column"),
    "item": _("field"),
    "label": _("words of a label"),
    "language": _("language"),
    "mandatory": _("obligation to answer"),
    "options": _("answer options"),
    "page": _("page"),
    "panel": _("panel"),
    "parameter": _("parameter of an address"),
    "plugin": _("plugin"),
    "preg": _("pattern of an answer"),
    "property": _("property"),
    "question": _("question"),
    "quota member": _("member of a quota"),
    "quota": _("quota"),
    "randomization_group": _("group in random order"),
    "relevance": _("condition"),
    "repeat": _("repeated group"),
    "row": _("row"),
    "script": _("script"),
    "setting": _("setting"),
    "sheet": _("sheet"),
    "subquestion": _("subquestion"),
    "subquestions": _("subquestions"),
    "survey": _("survey"),
    "text": _("text"),
    "theme": _("theme"),
    "trigger": _("trigger"),
    "validator": _("validator"),
}


def outcome_word(outcome: Outcome) -> str:
    return str(_OUTCOMES[outcome])


def sort_of_thing(item: str) -> str:
    """What a thing is, as people call it; the format's own word for what has no other."""
    return str(_SORTS.get(item, item))


def entry_text(entry: Entry) -> str:
    """How a thing was changed, or why it was dropped; nothing for what was kept."""
    return entry.said(gettext)


def problem_text(problem: Problem) -> str:
    """What is wrong with a file."""
    return problem.said(gettext)
