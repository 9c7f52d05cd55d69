"""Answers to questions of which nothing is assumed but their kind: each function draws those of many people at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import numpy.typing as npt

from app.questionnaire.kinds.allocate import Allocate
from app.questionnaire.kinds.base import AnsweredQuestion
from app.questionnaire.kinds.date import DateQuestion
from app.questionnaire.kinds.decimal import DecimalQuestion
from app.questionnaire.kinds.integer import Integer
from app.questionnaire.kinds.range import Range
from app.questionnaire.kinds.rank import Rank
from app.questionnaire.kinds.select_multiple import SelectMultiple
from app.questionnaire.kinds.typed import LARGEST

Objects = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

# Where a question sets no bound: how far numbers reach, and the first day of dates.
_FAR = 100
_FIRST = date(1940, 1, 1)
_ALL_PLACES = 0.85
# How far people who divide a total differ: the larger, the more alike.
_ALIKE = 2.0


def objects(items: Sequence[object]) -> Objects:
    """An array of objects of any kind, lists among them."""
    found = np.empty(len(items), object)
    for number, item in enumerate(items):  # Assigned together, lists would be rows of a table.
        found[number] = item
    return found


def numbers(rng: np.random.Generator, question: AnsweredQuestion, size: int) -> Objects:
    """Numbers spread normally about the middle of the bounds."""
    start, end, unit = _scale(question)
    drawn = rng.normal((start + end) / 2, (end - start) / 6, size)
    steps = np.clip(np.rint((drawn - start) / unit), 0, np.floor((end - start) / unit + 1e-9)).astype(int)
    if isinstance(question, DecimalQuestion):
        return _decimals(question, steps)
    return (int(start) + int(unit) * steps).astype(object)


def _scale(question: AnsweredQuestion) -> tuple[float, float, float]:
    """The first and last number that people give, and the step from one to the next."""
    if isinstance(question, Range):
        return question.parameters.start, question.parameters.end, question.parameters.step
    if isinstance(question, DecimalQuestion):
        start, end = map(float, question.bounds)
        return start, end if question.parameters.end is not None else min(start + _FAR, end), 1 / question.divisor
    assert isinstance(question, Integer)  # noqa: S101
    start, end = question.parameters.start, question.parameters.end
    return start, min(start + _FAR, end) if end == LARGEST else end, 1


def _decimals(question: DecimalQuestion, steps: npt.NDArray[np.int64]) -> Objects:
    """From the first number on that has so many digits, as storage has them."""
    unit = Decimal(1) / question.divisor
    first, last = (
        (bound / unit).to_integral_value(way) * unit
        for bound, way in zip(question.bounds, (ROUND_CEILING, ROUND_FLOOR), strict=True)
    )
    return objects([question.number(format(min(first + int(step) * unit, last), "f")) for step in steps])


def days(rng: np.random.Generator, question: DateQuestion, size: int, today: date) -> Objects:
    """Days evenly between the bounds; where there is none, from long ago to today."""
    given = question.parameters
    end = date.fromisoformat(given.end) if given.end else max(today, date.fromisoformat(given.start or "0001-01-01"))
    start = date.fromisoformat(given.start) if given.start else min(_FIRST, end)
    drawn = rng.integers(0, (end - start).days + 1, size).tolist()
    return objects([(start + timedelta(days=day)).isoformat() for day in drawn])


def rankings(rng: np.random.Generator, question: Rank, weights: Floats, size: int) -> Objects:
    """Options in order, the heavier the sooner; some people fill the first places only."""
    codes = [choice.code for choice in question.choices]
    order = np.argsort(-(np.log(weights) + rng.gumbel(size=(size, len(codes)))), axis=1)
    short = rng.integers(1, question.places + 1, size)
    filled = np.where(rng.random(size) < _ALL_PLACES, question.places, short).tolist()
    return objects([[codes[i] for i in row[:n]] for row, n in zip(order.tolist(), filled, strict=True)])


def parts(rng: np.random.Generator, question: Allocate, weights: Floats, size: int) -> dict[str, Objects]:
    """The total divided among the rows, by row."""
    shares = rng.dirichlet(np.maximum(weights * _ALIKE * len(weights), 0.1), size)
    drawn = rng.multinomial(question.parameters.total, shares)
    return {row.name: drawn[:, number].astype(object) for number, row in enumerate(question.rows)}


def choices(rng: np.random.Generator, question: SelectMultiple, rates: Floats) -> Objects:
    """Options chosen each by its rate (people × options that do not stand alone), as many as may be chosen."""
    several = [choice.code for choice in question.choices if not choice.exclusive]
    alone = [choice.code for choice in question.choices if choice.exclusive]
    chosen = rng.random(rates.shape) < rates
    least, most = question.parameters.minimum or 1, question.parameters.maximum or len(several)
    order = rng.random(rates.shape) - chosen  # Those chosen come first.
    counts = chosen.sum(axis=1)
    wrong = np.flatnonzero((counts > most) | ((counts < least) & (counts > 0 if alone else True)))
    for person in wrong:
        chosen[person] = False
        chosen[person, np.argsort(order[person])[: min(max(counts[person], least), most)]] = True
    return objects([[several[i] for i in np.flatnonzero(row)] or alone[:1] for row in chosen])
