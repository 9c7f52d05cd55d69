"""What a question asks of its answers: whether one must be given, which options are open, which answers fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from .expressions import Context, Given, Unknown, parse
from .expressions.values import TODAY as TODAY
from .kinds.base import RESERVED, Answer, AnsweredQuestion, AnswerError, Question

REQUIRED = "Please answer this question."
CONSTRAINT = "This answer does not fit. Please check it."
FILTERED = "This answer is no longer one of those to choose from. Please choose another."


def context(answers: Mapping[str, object], own: Answer = None, choice: Mapping[str, str] | None = None) -> Context:
    """What expressions read besides the answers."""
    today = answers.get(TODAY)
    return Context(today=_day(today) if isinstance(today, str) else None, own=own, choice=choice)


@lru_cache(maxsize=64)
def _day(text: str) -> date:
    return date.fromisoformat(text)


def is_required(question: Question, answers: Given) -> bool:
    """Whether the question must be answered by whoever gave these answers."""
    if not isinstance(question, AnsweredQuestion):
        return False
    if isinstance(question.required, bool):
        return question.required
    return parse(question.required).holds(answers, context(answers))


def filtered(question: AnsweredQuestion, answers: Given) -> frozenset[str] | None:
    """The codes that a choice_filter leaves; None where there is none."""
    source: str | None = getattr(question, "choice_filter", None)
    if not source:
        return None
    expression = parse(source, attributes=True)
    choices = getattr(question, "choices", ())
    seen = ((c.code, context(answers, choice={"name": c.code, **c.attributes})) for c in choices)
    return frozenset(code for code, found in seen if expression.may_hold(answers, found))


def unfit(question: AnsweredQuestion, answers: Given) -> dict[str, AnswerError]:
    """What is wrong with the answers given to a question, beside the others: by variable name, or by the question's
    where they do not go together."""
    found: dict[str, AnswerError] = {}
    allowed = filtered(question, answers)
    every = {variable.name: answers.get(variable.name) for variable in question.variables()}
    given = {name: answer for name, answer in every.items() if not isinstance(answer, Unknown)}
    own = {variable.name for variable in question.variables() if variable.question is question}
    for name, answer in given.items():
        if answer is None or answer in RESERVED or name not in own:
            continue
        if allowed is not None and not _codes(question, answer) <= allowed:
            found[name] = AnswerError(FILTERED)
        elif question.constraint and not _may_hold(question.constraint, answers, answer):
            found[name] = AnswerError(CONSTRAINT)
    if not found and len(given) == len(every) and any(answer is not None for answer in given.values()):
        try:
            question.check_together(given)
        except AnswerError as problem:
            found[question.name] = problem
    return found


def _may_hold(constraint: str, answers: Given, own: Answer) -> bool:
    return parse(constraint, dot=True).may_hold(answers, context(answers, own))


def _codes(question: AnsweredQuestion, answer: Answer) -> set[str]:
    """The options chosen, but for ways of not answering."""
    chosen = answer if isinstance(answer, list) else [str(answer)]
    return set(chosen) - {option.code for option in question.apart}
