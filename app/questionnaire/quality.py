"""What makes a response doubtful as data. It is marked with that and counts like all others.

The same answer to every item of a battery is what Kim, Dykema, Stevenson, Black and Moberg, "Straightlining" (Social
Science Computer Review 37 (2), 2019), call simple nondifferentiation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from .kinds.base import Answers, Variable
from .kinds.matrix import Matrix
from .kinds.scale import Scale
from .model import Questionnaire

LEAST_ITEMS = 5
"""Fewer answers than these may well be the same."""
STRAIGHT_LINING = "straight_lining"


class Battery(NamedTuple):
    """Items of one scale that follow one another; points: their codes, ways of not answering left out."""

    names: tuple[str, ...]
    points: frozenset[str]


def flags_of(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """What the answers alone say against a response."""
    straight = any(_is_straight(battery, answers) for battery in batteries(questionnaire))
    return (STRAIGHT_LINING,) if straight else ()


def _is_straight(battery: Battery, answers: Answers) -> bool:
    """Whether at least LEAST_ITEMS points were chosen, and all are the same. Items without one are left out."""
    same, items = None, 0
    for name in battery.names:
        answer = answers.get(name)
        if answer in battery.points:
            if items and answer != same:
                return False
            same, items = answer, items + 1
    return items >= LEAST_ITEMS


@lru_cache(maxsize=64)
def batteries(questionnaire: Questionnaire) -> tuple[Battery, ...]:
    """Every matrix, and every run of matrices and scales with the same options, of LEAST_ITEMS items or more."""
    found: dict[Battery, None] = {}
    for (points, _words), run in groupby(_items(questionnaire), key=lambda item: item[:2]):
        together = [variable for _, _, variable in run] if points else []
        for _question, rows in groupby(together, key=lambda variable: variable.question.name):
            found[Battery(tuple(row.name for row in rows), frozenset(points))] = None
        found[Battery(tuple(variable.name for variable in together), frozenset(points))] = None
    return tuple(battery for battery in found if len(battery.names) >= LEAST_ITEMS)


def _items(questionnaire: Questionnaire) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Variable]]:
    """Every variable in the order of the file with the codes and words of its scale; none for what has no scale."""
    for variable in (variable for question in questionnaire.questions for variable in question.variables()):
        options = variable.options if isinstance(variable.question, Matrix | Scale) else ()
        points = [option for option in options if not option.apart]
        words = tuple(questionnaire.text(option.label, questionnaire.languages[0]) for option in points)
        yield tuple(option.code for option in points), words, variable
