"""Synthetic responses to any questionnaire, the same for the same seed. What they say is in `opinion`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.storage.responses import response_id

from .crowd import Crowd
from .paths import Paths
from .trends import Trends

AT_ONCE = 10_000
_TYPICAL_SECONDS, _SPREAD = 240, 0.45


class Month(NamedTuple):
    """A span of time in which people answer: from its beginning to just before its end."""

    begins: datetime
    ends: datetime


class Made(NamedTuple):
    """A synthetic response: what is stored of one that was answered along the questionnaire's paths.

    `origin` takes the place of a token: what is random in the response comes from the id that is made of it.
    """

    origin: str
    language: str
    started_at: datetime
    submitted_at: datetime
    answers: Answers


def generate(
    questionnaire: Questionnaire, seed: int, months: Sequence[Month], count: int
) -> Iterator[tuple[int, list[Made]]]:
    """`count` responses, about equally many in each month: (the month's number, at most AT_ONCE of its responses).

    Fewer where a screening rule turns people away for several answers together, and where somebody finds no answer
    that a constraint or filter takes to a question that must be answered; else that question is skipped.
    """
    trends = Trends(questionnaire, seed, len(months))
    paths = Paths(questionnaire)
    numbers = np.random.default_rng([seed, 0]).multinomial(count, [1 / len(months)] * len(months))
    for number, month in enumerate(months):
        rng = np.random.default_rng([seed, 1, number])
        for done in range(0, int(numbers[number]), AT_ONCE):
            size = min(AT_ONCE, int(numbers[number]) - done)
            crowd = Crowd(questionnaire, paths.excluded, trends, number, rng, size, month.begins.date())
            origin = f"demo/{questionnaire.survey}/{month.begins:%Y-%m-%d}/{seed}/{done}"
            yield number, list(_made(paths, crowd, month, rng, origin))


def _made(paths: Paths, crowd: Crowd, month: Month, rng: np.random.Generator, origin: str) -> Iterator[Made]:
    columns = {name: answers.tolist() for name, answers in crowd.answers.items()}
    rows = zip(*columns.values(), strict=True) if columns else [()] * crowd.size
    whole = int((month.ends - month.begins).total_seconds())
    offsets = rng.integers(0, max(whole, 1), crowd.size).tolist()
    taken = (_TYPICAL_SECONDS * np.exp(rng.normal(0, _SPREAD, crowd.size))).tolist()
    people = zip(crowd.language, offsets, taken, rows, strict=True)
    for number, (language, offset, seconds, row) in enumerate(people):
        submitted_at = month.begins + timedelta(seconds=offset)
        started_at = max(month.begins, submitted_at - timedelta(seconds=int(seconds)))
        own = f"{origin}/{number}"
        given = dict(zip(columns, row, strict=True))
        answers = paths.final(given, response_id(own), started_at.date().isoformat(), columns)
        if answers is not None:
            yield Made(own, language, started_at, submitted_at, answers)
