"""Somebody who answers a questionnaire from its first page until nothing is left unanswered."""

from __future__ import annotations

from itertools import product

from werkzeug.datastructures import MultiDict

from app.questionnaire.form import PREFIX, Cleaned, build_form, clean
from app.questionnaire.kinds.base import AnsweredQuestion, Answers, Variable
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import Screen, final_answers, known, unanswered_screen
from tests.questionnaire.made import TODAY, fitting

# What constraints ask for is tried out, one after the other.
GUESSES = ("1", "5", "18", "50", "15.5", "0", "100", "2027-01-31", "2020-01-31", "word", "0123456789", "a@example.org")


def walk(questionnaire: Questionnaire, seed: int = 1) -> Answers | None:
    """What is stored in the end; None where some page cannot be passed with any guess."""
    answers: Answers = {}
    for _ in range(len(questionnaire.questions) + 2):
        so_far = known(questionnaire, answers, seed, TODAY)
        screen = unanswered_screen(questionnaire, so_far)
        if screen is None:
            return final_answers(questionnaire, so_far)
        cleaned = _passed(questionnaire, screen, so_far)
        if cleaned is None:
            return None
        answers |= cleaned.answers
    return None


def _passed(questionnaire: Questionnaire, screen: Screen, so_far: Answers) -> Cleaned | None:
    asked = [v for q in screen.questions if isinstance(q, AnsweredQuestion) for v in q.variables()]
    values = {variable.name: values_for(variable) for variable in asked}
    posted = dict.fromkeys(values, 0)
    for _ in range(60):
        pairs = [(PREFIX + name, one) for name, at in posted.items() for one in values[name][at]]
        cleaned = clean(build_form(questionnaire, screen)(MultiDict(pairs)), lambda: so_far)
        if not cleaned.problems:
            return cleaned
        for name in (name for name in cleaned.problems if name in posted):
            posted[name] += 1
            if posted[name] >= len(values[name]):
                return None
    return None


def values_for(variable: Variable) -> list[list[str]]:
    """What may be tried, nothing at last."""
    codes = [option.code for option in variable.question.options]
    several = [list(pair) for pair in product(codes[:6], repeat=2) if pair[0] != pair[1]]
    return [*fitting(variable), *([guess] for guess in GUESSES), *([code] for code in codes), *several, []]
