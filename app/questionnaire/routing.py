"""Which questions a person meets: a pure function of the questionnaire and the answers.

A page whose question depends on another question of the same page is shown as several screens, so that
routing works without scripts: the dependent question comes on the next screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .kinds.base import Answer, Answers, Question, Variable
from .logic import holds, parse
from .model import End, Page, Questionnaire


@dataclass(frozen=True)
class Screen:
    """What is shown at once. `name` is stable in addresses: the page's name, with -2, -3 … when it was divided."""

    name: str
    page: Page
    questions: tuple[Question, ...]


@lru_cache(maxsize=64)
def screens(questionnaire: Questionnaire) -> tuple[Screen, ...]:
    """All screens in order."""
    made: list[Screen] = []
    for page in questionnaire.pages:
        parts: list[list[Question]] = [[]]
        names: set[str] = set()
        for question in page.questions:
            if question.relevant and names.intersection(parse(question.relevant).names):
                parts.append([])
                names = set()
            parts[-1].append(question)
            names.update(variable.name for variable in question.variables())
        for number, questions in enumerate(parts, 1):
            made.append(Screen(page.name if number == 1 else f"{page.name}-{number}", page, tuple(questions)))
    return tuple(made)


def relevant_questions(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Question]:
    """The questions that these answers lead to, in order. Answers to irrelevant questions decide nothing."""
    counted: Answers = {}
    found: dict[str, Question] = {}
    for page in questionnaire.pages:
        if not holds(page.relevant, counted):
            continue
        for question in page.questions:
            if not holds(question.relevant, counted):
                continue
            found[question.name] = question
            for variable in question.variables():
                if variable.name in answers:
                    counted[variable.name] = answers[variable.name]
    return found


def relevant_variables(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Variable, ...]:
    """The variables that these answers lead to, in order."""
    return tuple(v for q in relevant_questions(questionnaire, answers).values() for v in q.variables())


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Screen, ...]:
    """The screens that these answers lead to, each with its relevant questions only."""
    relevant = relevant_questions(questionnaire, answers)
    shown = (
        Screen(screen.name, screen.page, tuple(q for q in screen.questions if q.name in relevant))
        for screen in screens(questionnaire)
    )
    return tuple(screen for screen in shown if screen.questions)


def ended_by(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> End | None:
    """The screening rule that these answers meet, if any."""
    counted = counted_answers(questionnaire, answers)
    return next((end for end in questionnaire.ends if holds(end.when, counted)), None)


def counted_answers(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Answers:
    """The given answers to relevant questions: what was answered on a path since left is not among them."""
    return {v.name: answers[v.name] for v in relevant_variables(questionnaire, answers) if v.name in answers}


def final_answers(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Answers:
    """What is stored on submission: every relevant variable, None where it was skipped; the others are not asked."""
    return {v.name: answers.get(v.name) for v in relevant_variables(questionnaire, answers)}


def unanswered_screen(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Screen | None:
    """The first screen on the path that was never passed, or lacks an answer that is required."""
    for screen in path(questionnaire, answers):
        for question in screen.questions:
            for variable in question.variables():
                if variable.name not in answers or (variable.question.required and answers[variable.name] is None):
                    return screen
    return None
