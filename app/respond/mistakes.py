"""What is wrong with the answers of a page, in words: beside each field, and above all of them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.questionnaire.conditions import CONSTRAINT, REQUIRED
from app.questionnaire.form import PREFIX
from app.questionnaire.kinds.base import AnsweredQuestion, AnswerError, Question
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.presenting import fill_in, present
from app.questionnaire.routing import Screen

from .visit import Visit

_LONGEST_LINE = 80


def told(
    visit: Visit, screen: Screen, problems: dict[str, AnswerError]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The message beside each field by the variable's name, and (field, message) of each in the order of the page."""
    ordered = _as_shown(visit, screen, problems)
    errors = {name: _message(visit, name, problem) for name, problem in ordered.items()}
    return errors, [(PREFIX + name, _in_summary(visit, name, problem)) for name, problem in ordered.items()]


def _as_shown(visit: Visit, screen: Screen, problems: dict[str, AnswerError]) -> dict[str, AnswerError]:
    """The problems in the order in which their fields stand: rows may be in a random one."""
    names: list[str] = []
    for question in screen.questions if len(problems) > 1 else ():
        rows = present(visit.questionnaire, question, visit.answers, visit.language).rows
        names += [question.name, *(row.name for row in rows), *(variable.name for variable in question.variables())]
    place = {name: number for number, name in reversed(list(enumerate(names)))}
    return dict(sorted(problems.items(), key=lambda pair: place.get(pair[0], len(names))))


def _asked(visit: Visit, name: str) -> Question:
    """The question that a variable is of; an error of several rows together has the question's own name."""
    variable = visit.questionnaire.variables.get(name)
    question = variable.question if variable else visit.questionnaire.question(name)
    return visit.questionnaire.question(question.parent) if isinstance(question, Specified) else question


def _own_message(visit: Visit, name: str, problem: AnswerError) -> str | None:
    """What the questionnaire itself says of a problem."""
    question = _asked(visit, name)
    assert isinstance(question, AnsweredQuestion)  # noqa: S101
    own = {REQUIRED: question.required_message, CONSTRAINT: question.constraint_message}.get(problem.message)
    if own is None:
        return None
    return fill_in(visit.questionnaire, visit.questionnaire.text(own, visit.language), visit.answers, visit.language)


def _message(visit: Visit, name: str, problem: AnswerError) -> str:
    """A problem as it stands beside its field."""
    return _own_message(visit, name, problem) or _(problem.message, **problem.params)


def _in_summary(visit: Visit, name: str, problem: AnswerError) -> str:
    """The same above all questions, where a message that is for any has to say which one is meant."""
    own = _own_message(visit, name, problem)
    if own:
        return own
    asked = present(visit.questionnaire, _asked(visit, name), visit.answers, visit.language).asks(name)
    line = asked if len(asked) <= _LONGEST_LINE else asked[:_LONGEST_LINE].rstrip() + "…"
    return _("%(question)s – %(message)s", question=line, message=_(problem.message, **problem.params))
