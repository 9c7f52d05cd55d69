"""Who is asked what: the pages and questions in order with their conditions, and what answers lead to or rule out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template, request

from app.questionnaire.conditions import TODAY
from app.questionnaire.draft.salvage import salvage
from app.questionnaire.expressions import NOT_YET, Unknown
from app.questionnaire.kinds.base import Answer, Answers, Question, Variable
from app.questionnaire.model import Questionnaire
from app.questionnaire.relevance import conditions_of, names_in, relevance, rows_of, with_sources

from . import drafts
from .outline import words

_ANSWER = "a_"
_MOST_OPTIONS = 100


@dataclass(frozen=True)
class Chooser:
    """A variable that decides who is asked what, with the answers that can be supposed."""

    field: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Asked:
    """A question or page in the picture. seen: yes | no | perhaps, by the answers supposed."""

    name: str
    label: str
    conditions: list[str]
    seen: str
    questions: list[Asked]


def design_routing(key: str) -> str:
    """?a_NAME=CODE: answers that are supposed."""
    draft = drafts.known(key)
    questionnaire, left_out = salvage(draft.tree)
    choosers = _choosers(questionnaire) if questionnaire else []
    pages = _pages(questionnaire, _supposed(questionnaire)) if questionnaire else []
    return render_template(
        "organize/design/routing.html",
        draft=draft,
        left_out=left_out,
        choosers=choosers,
        supposed=[chooser for chooser in choosers if chooser.chosen],
        pages=pages,
        never=[one for page in pages for one in page.questions if one.seen == "no"],
        ends=[(end.when, words(end.label)) for end in questionnaire.ends] if questionnaire else [],
    )


def _pages(questionnaire: Questionnaire, answers: dict[str, Answer | Unknown]) -> list[Asked]:
    leads = relevance(questionnaire, answers)
    found = []
    for page in questionnaire.pages:
        questions = [
            Asked(question.name, words(question.label), _conditions(question), _seen(leads[question.name]), [])
            for question in page.questions
        ]
        seen = {one.seen for one in questions}
        whole = "yes" if "yes" in seen else "perhaps" if "perhaps" in seen else "no"
        found.append(Asked(page.name, words(page.title), list(conditions_of(questionnaire, page)), whole, questions))
    return found


def _conditions(question: Question) -> list[str]:
    rows = [f"{row.name}: {row.relevant}" for row in rows_of(question) if row.relevant]
    return ([question.relevant] if question.relevant else []) + rows


def _seen(leads: bool | Unknown) -> str:
    return "perhaps" if isinstance(leads, Unknown) else "yes" if leads else "no"


def _deciding(questionnaire: Questionnaire) -> list[Variable]:
    """The variables that some condition reads, in the order asked."""
    conditions = [c for page in questionnaire.pages for c in conditions_of(questionnaire, page)]
    conditions += [q.relevant for q in questionnaire.questions if q.relevant]
    conditions += [row.relevant for q in questionnaire.questions for row in rows_of(q) if row.relevant]
    wanted = set(with_sources(questionnaire, (name for condition in conditions for name in names_in(condition))))
    return [variable for name, variable in questionnaire.variables.items() if name in wanted]


def _choosers(questionnaire: Questionnaire) -> list[Chooser]:
    """Those whose answers can be listed."""
    return [
        Chooser(
            _ANSWER + variable.name,
            words(variable.label),
            [(option.code, words(option.label)) for option in variable.options],
            request.args.get(_ANSWER + variable.name, ""),
        )
        for variable in _deciding(questionnaire)
        if 0 < len(variable.options) <= _MOST_OPTIONS
    ]


def _supposed(questionnaire: Questionnaire) -> dict[str, Answer | Unknown]:
    """Every variable as not answered yet, but those that are supposed."""
    found: dict[str, Answer | Unknown] = dict.fromkeys(questionnaire.variables, NOT_YET)
    given: Answers = {TODAY: datetime.now(UTC).date().isoformat()}
    for name, variable in questionnaire.variables.items():
        code = request.args.get(_ANSWER + name, "")
        if code and any(option.code == code for option in variable.options):
            several = variable.question.measure in ("multiple", "rank") and not code.startswith("-")
            given[name] = [code] if several else code
    return {**found, **given}
