"""Synthetic responses to any questionnaire, the same for the same seed. What they say is in `opinion`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from app.questionnaire.kinds.base import Answer, Answers
from app.questionnaire.logic import holds, parse
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import relevant_variables

from .crowd import Crowd
from .trends import Trends

AT_ONCE = 10_000
_TYPICAL_SECONDS, _SPREAD = 240, 0.45
_REMEMBERED = 10_000


class Month(NamedTuple):
    """A span of time in which people answer: from its beginning to just before its end."""

    begins: datetime
    ends: datetime


class Made(NamedTuple):
    """A synthetic response: what is stored of one that was answered along the questionnaire's paths."""

    language: str
    started_at: datetime
    submitted_at: datetime
    answers: Answers


def generate(
    questionnaire: Questionnaire, seed: int, months: Sequence[Month], count: int
) -> Iterator[tuple[int, list[Made]]]:
    """`count` responses, about equally many in each month: (the month's number, at most AT_ONCE of its responses).

    Fewer where a screening rule turns people away for several answers together.
    """
    trends = Trends(questionnaire, seed, len(months))
    paths = _Paths(questionnaire)
    numbers = np.random.default_rng([seed, 0]).multinomial(count, [1 / len(months)] * len(months))
    for number, month in enumerate(months):
        rng = np.random.default_rng([seed, 1, number])
        for done in range(0, int(numbers[number]), AT_ONCE):
            size = min(AT_ONCE, int(numbers[number]) - done)
            crowd = Crowd(questionnaire, paths.excluded, trends, number, rng, size)
            yield number, list(_made(paths, crowd, month, rng))


def _made(paths: _Paths, crowd: Crowd, month: Month, rng: np.random.Generator) -> Iterator[Made]:
    names = list(crowd.answers)
    columns = [crowd.answers[name].tolist() for name in names]
    rows = zip(*columns, strict=True) if columns else [()] * crowd.size
    whole = int((month.ends - month.begins).total_seconds())
    offsets = rng.integers(0, max(whole, 1), crowd.size).tolist()
    taken = (_TYPICAL_SECONDS * np.exp(rng.normal(0, _SPREAD, crowd.size))).tolist()
    for language, offset, seconds, row in zip(crowd.language, offsets, taken, rows, strict=True):
        answers = paths.final(dict(zip(names, row, strict=True)))
        if answers is not None:
            submitted_at = month.begins + timedelta(seconds=offset)
            started_at = max(month.begins, submitted_at - timedelta(seconds=int(seconds)))
            yield Made(language, started_at, submitted_at, answers)


class _Paths:
    """Which questions people meet. Remembered by the answers that decide it, for those are few."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        conditions = [page.relevant for page in questionnaire.pages]
        conditions += [question.relevant for question in questionnaire.questions]
        named = (name for condition in conditions if condition for name in parse(condition).names)
        self._decisive = tuple(dict.fromkeys(named))
        self._known: dict[tuple[object, ...], list[str]] = {}
        self.excluded = {name: self._excluded(name) for name in questionnaire.variables}

    def _excluded(self, name: str) -> frozenset[str]:
        """The codes that alone lead to a screening rule."""
        codes = (option.code for option in self.questionnaire.variables[name].options)
        return frozenset(code for code in codes if self._screened(name, code))

    def _screened(self, name: str, code: str) -> bool:
        whens = [end.when for end in self.questionnaire.ends]
        return any(name in parse(when).names and holds(when, {name: code}) for when in whens)

    def final(self, given: Mapping[str, Answer]) -> Answers | None:
        """What is stored on submission, as `routing.final_answers` has it; None for who is screened out."""
        key = tuple(str(given[name]) for name in self._decisive)
        names = self._known.get(key)
        if names is None:
            names = [variable.name for variable in relevant_variables(self.questionnaire, given)]
            if len(self._known) < _REMEMBERED:
                self._known[key] = names
        answers = {name: given[name] for name in names}
        screened = any(holds(end.when, answers) for end in self.questionnaire.ends)
        return None if screened else answers
