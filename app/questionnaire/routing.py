"""Which questions a person meets: a pure function of the questionnaire and the answers.

A page whose question depends on another question of the same page is shown as several screens, so that
routing works without scripts: the dependent question comes on the next screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from .kinds.base import Answer, Answers, Question, Variable
from .logic import NOT_YET, Unknown, holds, parse
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
    return _way(questionnaire, _decisive(questionnaire, answers)).questions


def relevant_variables(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Variable, ...]:
    """The variables that these answers lead to, in order."""
    return _way(questionnaire, _decisive(questionnaire, answers)).variables


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Screen, ...]:
    """The screens that these answers lead to, each with its relevant questions only."""
    return _way(questionnaire, _decisive(questionnaire, answers)).screens


@dataclass(frozen=True)
class _Way:
    """What some answers lead to."""

    questions: dict[str, Question]
    variables: tuple[Variable, ...]
    screens: tuple[Screen, ...]


_Decisive = tuple[str | int | tuple[str, ...] | None, ...]


@lru_cache(maxsize=64)
def _conditional(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The variables that some condition names: nothing else decides who is asked what."""
    conditions = [page.relevant for page in questionnaire.pages]
    conditions += [question.relevant for question in questionnaire.questions]
    return tuple(dict.fromkeys(name for condition in conditions if condition for name in parse(condition).names))


def _decisive(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> _Decisive:
    given = (answers.get(name) for name in _conditional(questionnaire))
    return tuple(tuple(answer) if isinstance(answer, list) else answer for answer in given)


@lru_cache(maxsize=4096)
def _way(questionnaire: Questionnaire, decisive: _Decisive) -> _Way:
    """Found once for all who gave the same decisive answers: they are few, and every page asks."""
    names = _conditional(questionnaire)
    answers = {n: list(a) if isinstance(a, tuple) else a for n, a in zip(names, decisive, strict=True)}
    counted: Answers = {}
    found: dict[str, Question] = {}
    for page in questionnaire.pages:
        if not holds(page.relevant, counted):
            continue
        for question in page.questions:
            if not holds(question.relevant, counted):
                continue
            found[question.name] = question
            counted.update((v.name, answers[v.name]) for v in question.variables() if v.name in answers)
    shown = (
        replace(screen, questions=tuple(q for q in screen.questions if q.name in found))
        for screen in screens(questionnaire)
    )
    variables = tuple(v for question in found.values() for v in question.variables())
    return _Way(found, variables, tuple(screen for screen in shown if screen.questions))


def ended_by(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> End | None:
    """The screening rule that these answers meet, if any.

    What may still be answered is not known: a rule such as `${adult} != 'yes'` waits for it. That is every relevant
    variable that was not passed, and all that come after the last answer.
    """
    if not questionnaire.ends:
        return None
    relevant = relevant_variables(questionnaire, answers)
    given: dict[str, Answer | Unknown] = {v.name: answers.get(v.name, NOT_YET) for v in relevant}
    for name in reversed(questionnaire.variables):
        if name in given and name in answers:
            break
        given[name] = NOT_YET
    return next((end for end in questionnaire.ends if holds(end.when, given)), None)


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
