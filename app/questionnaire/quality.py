"""What makes a response doubtful as data. It is marked with that, and counts like all others.

The same answer to every item of a battery is what Kim, Dykema, Stevenson, Black and Moberg, "Straightlining" (Social
Science Computer Review 37 (2), 2019), call simple nondifferentiation. That speed is told by the median of all who
answered is as in Greszki, Meyer and Schoen, "Exploring the effects of removing 'too fast' responses" (Public Opinion
Quarterly 79 (2), 2015); a third of it is a convention of practice, stricter than the half that others take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from .expressions import holds
from .kinds.base import Answers, Variable
from .kinds.matrix import Matrix
from .kinds.scale import Scale
from .model import Questionnaire

LEAST_ITEMS = 5
"""Fewer answers than these may well be the same."""
FRACTION = 3
"""Who took less than the median divided by this is marked as speeding."""
LEAST_TIMES = 30
"""The median of fewer responses says little."""
SPEEDING, STRAIGHT_LINING, CONTRADICTORY, DUPLICATE = "speeding", "straight_lining", "contradictory", "duplicate"


class Battery(NamedTuple):
    """Items of one scale that follow one another; points: their codes, ways of not answering left out."""

    names: tuple[str, ...]
    points: frozenset[str]


class Case(NamedTuple):
    """What is known of a response besides its answers. seconds: how long it took; shares_trace: with another one.

    None: it is not known.
    """

    seconds: int | None
    shares_trace: bool | None


def flags_of(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """What the answers alone say against a response."""
    straight = any(_is_straight(battery, answers) for battery in batteries(questionnaire))
    found = (STRAIGHT_LINING,) if straight else ()
    if any(holds(one.when, answers) for one in questionnaire.contradictions):
        return (*found, CONTRADICTORY)
    return found


def marks(questionnaire: Questionnaire, answers: Answers, case: Case, least_seconds: float | None) -> list[int | str]:
    """What stands under QUALITY_COLUMNS for a response: 1 or 0, or nothing where it cannot be told."""
    flags = flags_of(questionnaire, answers)
    known = None if least_seconds is None or case.seconds is None else case.seconds < least_seconds
    told = (
        case.seconds,
        known,
        (STRAIGHT_LINING in flags) if batteries(questionnaire) else None,
        (CONTRADICTORY in flags) if questionnaire.contradictions else None,
        case.shares_trace,
    )
    return ["" if value is None else int(value) for value in told]


def speed_limit(seconds: Mapping[int, int], median: float | None) -> float | None:
    """The seconds below which a response is marked, from how many took how long; None where too few are known."""
    return median / FRACTION if median is not None and sum(seconds.values()) >= LEAST_TIMES else None


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
