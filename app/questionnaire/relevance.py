"""Who is asked what: a function of the questionnaire and of what is known of the response, page by page.

A page is decided by the few variables that its conditions name, and kept for all responses with the same answers to
them: a page costs what it asks itself, however long the questionnaire is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from msgspec import UNSET

from .conditions import TODAY, context
from .expressions import NOT_YET, Given, Unknown, all_hold, parse, text_of
from .kept import Kept
from .kinds.base import RESERVED, Answer, Question, Row
from .kinds.calculate import Calculate
from .kinds.sample import Sample
from .model import Page, Questionnaire

Leads = Mapping[str, bool | Unknown]
"""Whether the answers lead to each question, row and variable, by its name."""

Key = tuple[str | int | tuple[str, ...] | Unknown | None, ...]
"""The answers that decide a page, in the order of `PageRule.names`."""


@dataclass(frozen=True)
class PageRule:
    """What decides a page, and which of its own variables decide later ones."""

    earlier: tuple[str, ...]
    own: tuple[str, ...]
    decides: tuple[tuple[Question, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that decide the page: of earlier pages, and its own."""
        return self.earlier + self.own


def rows_of(question: Question) -> tuple[Row, ...]:
    """The rows of a question that has some."""
    rows: tuple[Row, ...] = getattr(question, "rows", ())
    return rows


def names_in(source: str) -> tuple[str, ...]:
    """The variables that an expression reads, in any of the places where one may stand."""
    return parse(source, dot=True, attributes=True).names


def with_sources(questionnaire: Questionnaire, names: Iterable[str]) -> tuple[str, ...]:
    """The names, and for each calculated one those that it is calculated from."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        variable = questionnaire.variables.get(name)
        if name not in found and variable and isinstance(variable.question, Calculate):
            waiting += names_in(variable.question.calculation)
        found[name] = None
    return tuple(found)


def relevance(questionnaire: Questionnaire, answers: Given) -> Leads:
    """Whether the answers lead to each variable, by its name; NOT_YET where that hangs on an answer that is NOT_YET."""
    return _relevance(questionnaire, decisive(questionnaire, answers))


@lru_cache(maxsize=4096)
def _relevance(questionnaire: Questionnaire, decided: Key) -> Leads:
    found: dict[str, bool | Unknown] = {}
    for number, key in enumerate(keys(questionnaire, decided)):
        found.update(page_leads(questionnaire, number, key))
    return found


def decisive(questionnaire: Questionnaire, answers: Given) -> Key:
    """Those of the answers that decide who is asked what: whoever gave the same ones meets the same."""
    return _key(map(answers.get, _deciding(questionnaire)))


def decisive_kept(kept: Kept, today: str) -> tuple[Any, ...]:
    """The same of a response that was begun on a day, and of which nothing is drawn or calculated; but UNSET for what
    is not given."""
    return _key((today, *_of_slots(kept.questionnaire)(kept.slots)))


@lru_cache(maxsize=64)
def _of_slots(questionnaire: Questionnaire) -> Callable[[Any], tuple[Any, ...]]:
    """Takes what decides out of slots, all at once."""
    names = _deciding(questionnaire)[1:]  # The first is the day.
    if len(names) > 1 and questionnaire.variables.keys() >= set(names):
        return attrgetter(*names)
    return lambda slots: tuple(getattr(slots, name, UNSET) for name in names)


@lru_cache(maxsize=64)
def _deciding(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Everything that decides who is asked what."""
    return tuple(dict.fromkeys([TODAY, *(name for rule in _rules(questionnaire) for name in rule.names)]))


def _key(answers: Iterable[Answer | Unknown]) -> Key:
    found: Any = tuple(answers)
    try:
        hash(found)
    except TypeError:  # There is a list among them.
        return tuple(tuple(answer) if isinstance(answer, list) else answer for answer in found)
    key: Key = found
    return key


@lru_cache(maxsize=4096)
def keys(questionnaire: Questionnaire, decided: Key) -> tuple[Key, ...]:
    """For each page the answers that decide it, of those that are `decisive`. Answers to what is not asked decide
    nothing. Found once for all who gave the same decisive answers, as one person does on most pages."""
    answers = _answers(_deciding(questionnaire), decided)
    counted: dict[str, Answer | Unknown] = {TODAY: answers.get(TODAY)}
    found = []
    for number, rule in enumerate(_rules(questionnaire)):
        key = _key([*map(counted.get, rule.earlier), *map(answers.get, rule.own)])
        found.append(key)
        if rule.decides:
            leads = page_leads(questionnaire, number, key)
            for question, name in rule.decides:
                if leads[name] is False:
                    continue
                if isinstance(question, Calculate):
                    counted[name] = calculated(question, counted)
                elif name in answers:
                    counted[name] = answers[name]
    return tuple(found)


def _answers(names: Sequence[str], key: Key) -> dict[str, Answer | Unknown]:
    given = (
        (name, list(answer) if isinstance(answer, tuple) else answer) for name, answer in zip(names, key, strict=True)
    )
    return dict(given)


@lru_cache(maxsize=64)
def _rules(questionnaire: Questionnaire) -> tuple[PageRule, ...]:
    named = [_names_of(questionnaire, page) for page in questionnaire.pages]
    deciding = {name for names in named for name in names}
    rules = []
    for page, names in zip(questionnaire.pages, named, strict=True):
        own = [(question, variable.name) for question in page.questions for variable in question.variables()]
        decides = tuple((question, name) for question, name in own if name in deciding)
        inside = {name for _, name in own}
        earlier = tuple(name for name in names if name not in inside)
        rules.append(PageRule(earlier, tuple(name for name in names if name in inside), decides))
    return tuple(rules)


def _names_of(questionnaire: Questionnaire, page: Page) -> tuple[str, ...]:
    """The variables that decide who is asked what on a page."""
    conditions = list(conditions_of(questionnaire, page))
    for question in page.questions:
        conditions += [c for c in (question.relevant, *(row.relevant for row in rows_of(question))) if c]
    names = [name for condition in conditions for name in names_in(condition)]
    samples = _samples(questionnaire)
    items = [name for q in page.questions for name in (q.name, *(row.name for row in rows_of(q)))]
    names += [samples[item] for item in items if item in samples]
    day = [TODAY] if any("today" in condition for condition in conditions) else []
    return tuple(dict.fromkeys([*with_sources(questionnaire, names), *day]))


def conditions_of(questionnaire: Questionnaire, page: Page) -> tuple[str, ...]:
    """What must hold for a page: the conditions of the groups that it is in, and its own."""
    groups = {group.name: group for group in questionnaire.groups}
    found = [page.relevant]
    name = page.group
    while name is not None:
        found.append(groups[name].relevant)
        name = groups[name].group
    return tuple(condition for condition in found if condition)


@lru_cache(maxsize=64)
def _samples(questionnaire: Questionnaire) -> dict[str, str]:
    """The sample that each sampled question or row belongs to."""
    return {name: q.name for q in questionnaire.questions if isinstance(q, Sample) for name in q.of}


@lru_cache(maxsize=16_384)
def page_leads(questionnaire: Questionnaire, number: int, key: Key) -> Leads:
    """Whether the answers that decide a page lead to each of its questions, rows and variables."""
    page = questionnaire.pages[number]
    counted = _answers(_rules(questionnaire)[number].names, key)
    above = conditions_of(questionnaire, page)
    samples = _samples(questionnaire)
    found: dict[str, bool | Unknown] = {}
    for question in page.questions:
        leads = _all((_hold((*above, question.relevant), counted), _drawn(samples, question.name, counted)))
        for row in rows_of(question):
            found[row.name] = _all((leads, _hold((row.relevant,), counted), _drawn(samples, row.name, counted)))
        rows = [found[row.name] for row in rows_of(question)]
        found[question.name] = _any(rows) if rows else leads
        for variable in question.variables():
            found.setdefault(variable.name, leads)
        _count_own(question, counted, found)
    return found


def _count_own(question: Question, counted: dict[str, Answer | Unknown], found: Leads) -> None:
    """On its own page an answer counts only if the question is asked; what is calculated there is calculated anew."""
    for variable in question.variables():
        if isinstance(question, Calculate) and variable.name in counted:
            counted[variable.name] = calculated(question, counted)
        if found[variable.name] is False:
            counted.pop(variable.name, None)


def _hold(conditions: Sequence[str | None], counted: Given) -> bool | Unknown:
    return all_hold(conditions, counted, context(counted))


def _drawn(samples: Mapping[str, str], name: str, answers: Given) -> bool | Unknown:
    """Whether a question or row is asked of a response with this draw."""
    if name not in samples:
        return True
    chosen = answers.get(samples[name])
    # Where nothing was drawn, as in answers that come from a file, it is not known who was asked.
    return name in chosen if isinstance(chosen, list) else NOT_YET


def calculated(question: Calculate, answers: Given) -> str | Unknown | None:
    """The value of a calculation as an answer: a text; None where it is empty. A truth is "true" or "false"."""
    value = parse(question.calculation).value(answers, context(answers))
    if isinstance(value, Unknown):
        return value
    text = text_of(value)
    # Minus seven as a number is no question skipped.
    return f"{text}.0" if text in RESERVED else text or None


def _all(parts: Iterable[bool | Unknown]) -> bool | Unknown:
    known = list(parts)
    return False if False in known else NOT_YET if NOT_YET in known else True


def _any(parts: Iterable[bool | Unknown]) -> bool | Unknown:
    known = list(parts)
    return True if True in known else NOT_YET if NOT_YET in known else False
