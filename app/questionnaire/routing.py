"""Which questions a person meets: a pure function of the questionnaire and the answers.

A page whose question depends on another question of the same page is shown as several screens, so that
routing works without scripts: the dependent question comes on the next screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from msgspec import UNSET

from .conditions import TODAY, is_required, unfit
from .drawing import drawn
from .expressions import NOT_YET, Given, Unknown, holds
from .kept import Kept
from .kinds.base import Answer, AnsweredQuestion, Answers, Question, Variable
from .kinds.calculate import Calculate
from .kinds.companions import Specified
from .model import ORDER, End, Page, Questionnaire, order_of, shown
from .presenting import piped
from .relevance import (
    Key,
    Leads,
    calculated,
    decisive,
    decisive_kept,
    keys,
    names_in,
    page_leads,
    relevance,
    rows_of,
    with_sources,
)


@dataclass(frozen=True)
class Screen:
    """What is shown at once. `name` is stable in addresses: the page's name, with -2, -3 … when it was divided."""

    name: str
    page: Page
    questions: tuple[Question, ...]

    @cached_property
    def asked(self) -> tuple[tuple[Question, tuple[Variable, ...]], ...]:
        """Each question with its variables."""
        return tuple((question, question.variables()) for question in self.questions)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Those of all questions."""
        return tuple(variable for _, variables in self.asked for variable in variables)


@lru_cache(maxsize=64)
def screens(questionnaire: Questionnaire) -> tuple[Screen, ...]:
    """All screens in the order of the file, with the questions that a respondent meets."""
    made: list[Screen] = []
    for page in questionnaire.pages:
        parts: list[list[Question]] = [[]]
        names: set[str] = set()
        for question in page.questions:
            if names.intersection(_needed_to_show(questionnaire, question)):
                parts.append([])
                names = set()
            if shown(question):
                parts[-1].append(question)
                names.update(variable.name for variable in question.variables())
        for number, questions in enumerate((part for part in parts if part), 1):
            made.append(Screen(page.name if number == 1 else f"{page.name}-{number}", page, tuple(questions)))
    return tuple(made)


def _needed_to_show(questionnaire: Questionnaire, question: Question) -> set[str]:
    """The variables without which it is not known whether, or in which words, a question is shown."""
    conditions = [question.relevant, getattr(question, "choice_filter", None)]
    conditions += [row.relevant for row in rows_of(question)]
    needed = {name for condition in conditions if condition for name in names_in(condition)}
    return set(with_sources(questionnaire, needed | set(piped(question))))


def known(questionnaire: Questionnaire, answers: Mapping[str, Answer], seed: int, today: str) -> Answers:
    """All that decides what a response meets: its answers, what its seed gave, what is calculated from them, and the
    day on which it was begun."""
    # The answers first: a dict is copied whole much faster than it is added to another, key by key.
    found = {**answers}
    for name, value in drawn(questionnaire, seed).items():
        found.setdefault(name, value)
    found.setdefault(TODAY, today)
    return {**found, **_calculations(questionnaire, found)} if questionnaire.calculates else found


def _calculations(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Answers:
    """The values calculated from answers on their path, in the order of the file."""
    counted: Answers = {TODAY: answers.get(TODAY)}
    found: Answers = {}
    for variable in relevant_variables(questionnaire, answers):
        if isinstance(variable.question, Calculate):
            value = calculated(variable.question, counted)
            counted[variable.name] = found[variable.name] = None if isinstance(value, Unknown) else value
        elif variable.name in answers:
            counted[variable.name] = answers[variable.name]
    return found


def relevant_questions(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> dict[str, Question]:
    """The questions that these answers lead to, in the file's order. Answers to irrelevant ones decide nothing."""
    met = _met(questionnaire, decisive(questionnaire, answers))
    return {question.name: question for page in met for question in page.questions}


def relevant_variables(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[Variable, ...]:
    """The variables that these answers lead to, in the file's order; those of random orders come last."""
    met = _met(questionnaire, decisive(questionnaire, answers))
    asked = [variable for page in met for variable in page.variables]
    names = [order_of(group.name) for group in questionnaire.groups]
    groups = [questionnaire.variables[name] for name in names if name in questionnaire.shuffles]
    return (*asked, *(order for page in met for order in page.orders), *groups)


class Path(tuple[Screen, ...]):
    """Screens in the order in which they are shown."""

    @cached_property
    def _places(self) -> dict[str, int]:
        return {screen.name: place for place, screen in enumerate(self)}

    def place(self, name: str) -> int | None:
        """Where a screen stands, from 0; None if it is not on the path."""
        return self._places.get(name)


def path(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Path:
    """The screens that these answers lead to, each with its relevant questions and rows only, in the order shown."""
    decided = decisive(questionnaire, answers)
    if not questionnaire.shuffles:
        return _path(questionnaire, decided)
    met = _met(questionnaire, decided)
    in_order = sorted(range(len(met)), key=lambda number: _place(questionnaire, number, answers))
    return Path(_in_order(screen, answers) for number in in_order for screen in met[number].screens)


def path_of(kept: Kept, seed: int, today: str) -> Path:
    """The path of a response. Where nothing is drawn or calculated, few of its answers are read for it."""
    questionnaire = kept.questionnaire
    if questionnaire.calculates or questionnaire.draws:
        return path(questionnaire, known(questionnaire, kept.answers, seed, today))
    return _path_given(questionnaire, decisive_kept(kept, today))


@lru_cache(maxsize=4096)
def _path_given(questionnaire: Questionnaire, given: tuple[Any, ...]) -> Path:
    """What is not given decides as what was skipped does."""
    return _path(questionnaire, tuple(None if answer is UNSET else answer for answer in given))


@lru_cache(maxsize=4096)
def _path(questionnaire: Questionnaire, decided: Key) -> Path:
    return Path(screen for page in _met(questionnaire, decided) for screen in page.screens)


@dataclass(frozen=True)
class _Met:
    """What is met of a page."""

    questions: tuple[Question, ...]
    variables: tuple[Variable, ...]
    orders: tuple[Variable, ...]
    screens: tuple[Screen, ...]


@lru_cache(maxsize=4096)
def _met(questionnaire: Questionnaire, decided: Key) -> tuple[_Met, ...]:
    return tuple(_page(questionnaire, number, key) for number, key in enumerate(keys(questionnaire, decided)))


@lru_cache(maxsize=16_384)
def _page(questionnaire: Questionnaire, number: int, key: Key) -> _Met:
    page = questionnaire.pages[number]
    leads = page_leads(questionnaire, number, key)
    found = {q.name: _with_rows(q, leads) for q in page.questions if leads[q.name] is True}
    variables = tuple(variable for question in found.values() for variable in question.variables())
    orders = [name + ORDER for name in found if name + ORDER in questionnaire.shuffles]
    orders += [name for name in (order_of(page.name),) if found and name in questionnaire.shuffles]
    parts = [
        replace(screen, questions=tuple(found[q.name] for q in screen.questions if q.name in found))
        for screen in _screens_by_page(questionnaire)[page.name]
    ]
    shown_parts = tuple(screen for screen in parts if screen.questions)
    return _Met(tuple(found.values()), variables, tuple(questionnaire.variables[name] for name in orders), shown_parts)


@lru_cache(maxsize=64)
def _screens_by_page(questionnaire: Questionnaire) -> dict[str, list[Screen]]:
    found: dict[str, list[Screen]] = {page.name: [] for page in questionnaire.pages}
    for screen in screens(questionnaire):
        found[screen.page.name].append(screen)
    return found


def _with_rows(question: Question, leads: Mapping[str, bool | Unknown]) -> Question:
    """A question with those of its rows that are asked."""
    rows = tuple(row for row in rows_of(question) if leads[row.name] is True)
    return question if len(rows) == len(rows_of(question)) else question.model_copy(update={"rows": rows})


def _in_order(screen: Screen, answers: Mapping[str, Answer]) -> Screen:
    """A screen with its questions in the order drawn."""
    order = answers.get(order_of(screen.page.name)) if screen.page.randomize else None
    if not isinstance(order, list):
        return screen
    places = {name: place for place, name in enumerate(order)}
    in_order = sorted(screen.questions, key=lambda question: places.get(question.name, len(places)))
    return replace(screen, questions=tuple(in_order))


def _place(questionnaire: Questionnaire, number: int, answers: Mapping[str, Answer]) -> tuple[int, ...]:
    """Where a page comes: its outermost group's place in the file, then its place in each group, random or not."""
    first, chain = _chains(questionnaire)[number]
    places = [first]
    for group, part, is_random in chain:
        order = answers.get(order_of(group)) if is_random else None
        parts = order if isinstance(order, list) else questionnaire.parts[group]
        places.append(parts.index(part) if part in parts else len(parts))
    return tuple(places)


@lru_cache(maxsize=64)
def _chains(questionnaire: Questionnaire) -> tuple[tuple[int, tuple[tuple[str, str, bool], ...]], ...]:
    """For each page the number of the first page of its outermost group, and the groups that it is in from outside
    in: (group, the part of it that the page is or is in, whether its parts come in random order)."""
    groups = {group.name: group for group in questionnaire.groups}
    first: dict[str, int] = {}
    found = []
    for number, page in enumerate(questionnaire.pages):
        chain: list[tuple[str, str, bool]] = []
        part, name = page.name, page.group
        while name is not None:
            chain.insert(0, (name, part, groups[name].randomize))
            part, name = name, groups[name].group
        found.append((first.setdefault(part, number), tuple(chain)))
    return tuple(found)


def ended_by(questionnaire: Questionnaire, answers: Given) -> End | None:
    """The screening rule that these answers meet, if any.

    What may still be answered is not known: a rule such as `${adult} != 'yes'` waits for it. That is every variable
    that may be relevant and was not passed, and all that come after the last answer.
    """
    if not questionnaire.ends:
        return None
    leads = relevance(questionnaire, answers)
    given: dict[str, Answer | Unknown] = {TODAY: answers.get(TODAY)}
    for name in _screening(questionnaire):
        if leads.get(name, True) is not False:
            given[name] = answers.get(name, NOT_YET)
        else:
            given[name] = None if _is_passed(questionnaire, name, answers, leads) else NOT_YET
    return next((end for end in questionnaire.ends if holds(end.when, given)), None)


@lru_cache(maxsize=64)
def _screening(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The variables that some screening rule names."""
    return tuple(dict.fromkeys(name for end in questionnaire.ends for name in names_in(end.when)))


def _is_passed(questionnaire: Questionnaire, name: str, answers: Given, leads: Leads) -> bool:
    """Whether anything that comes after a variable was answered."""
    after = False
    for other, variable in questionnaire.variables.items():
        after = after or other == name
        given = answers.get(other, NOT_YET) is not NOT_YET
        if after and given and variable.question.entered and leads.get(other, True) is not False:
            return True
    return False


def counted_answers(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Answers:
    """The given answers to relevant questions: what was answered on a path since left is not among them."""
    return {v.name: answers[v.name] for v in relevant_variables(questionnaire, answers) if v.name in answers}


def final_answers(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Answers:
    """What is stored on submission: every relevant variable, None where it was skipped; the others are not asked.

    With them what the seed gave, where `answers` hold it, and what is calculated from the answers.
    """
    found: Answers = {}
    values = _calculations(questionnaire, answers) if questionnaire.calculates else {}
    for variable in relevant_variables(questionnaire, answers):
        question = variable.question
        if isinstance(question, Calculate):
            found[variable.name] = values[variable.name]
        elif isinstance(question, Specified):
            if question.is_open(answers.get(question.parent)):
                found[variable.name] = answers.get(variable.name)
        elif question.entered or variable.name in answers:
            found[variable.name] = answers.get(variable.name)
    return found


def unanswered_screen(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> Screen | None:
    """The first screen on the path that was never passed, or lacks an answer that is required, or has one that no
    longer fits the others."""
    for screen in path(questionnaire, answers):
        for question in screen.questions:
            if isinstance(question, AnsweredQuestion) and not _is_complete(question, answers):
                return screen
    return None


def _is_complete(question: AnsweredQuestion, answers: Mapping[str, Answer]) -> bool:
    names = [variable.name for variable in question.variables() if not isinstance(variable.question, Specified)]
    if any(name not in answers for name in names):
        return False
    if is_required(question, answers) and any(answers[name] is None for name in names):
        return False
    return not (question.hangs_on_others and unfit(question, answers))
