"""What the words of a kind may say: bounds, numbers of options, what a choice may be. Rules as in `check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from .kinds.arm import Arm
from .kinds.companions import Unentered
from .kinds.date import DateQuestion
from .kinds.decimal import DecimalQuestion
from .kinds.integer import Integer
from .kinds.range import Range
from .kinds.rank import Rank
from .kinds.scale import MOST_POINTS, Scale
from .kinds.select_multiple import ANSWERED, SelectMultiple
from .kinds.select_one import SelectOne
from .kinds.typed import LARGEST
from .outline import Asked, Part, word
from .problems import Finding

BOUNDS = "The start (%(start)s) is above the end (%(end)s)."


def check_kind(question: Asked) -> Iterator[Finding]:
    """What a question's own words get wrong beside one another."""
    yield from _choices(question)
    yield from _fixed(question)
    for cls, check in _CHECKS:
        if question.of(cls):
            yield from check(question)
    if "required_message" in question.data and question.data.get("required") in (None, False):
        yield (*question.path, "required_message"), "There is a message for a question that is not required.", {}
    if "constraint_message" in question.data and "constraint" not in question.data:
        yield (*question.path, "constraint_message"), "There is a message for a constraint that is not there.", {}


def _choices(question: Asked) -> Iterator[Finding]:
    """Each word of a choice has kinds that it can be used with."""
    own = question.choices or []
    for path, choice in own:
        if choice.get("exclusive") is True and not question.of(SelectMultiple):
            yield (*path, "exclusive"), "Only options of select_multiple can be exclusive.", {}
        if choice.get("specify") is True and not question.of(SelectMultiple, SelectOne):
            yield (*path, "specify"), "Only options of select_one and select_multiple can ask for words.", {}
        if "share" in choice and not question.of(Arm):
            yield (*path, "share"), "Only the arms of an experiment have shares.", {}
        if question.of(SelectMultiple) and word(choice, "code") == ANSWERED:
            yield (*path, "code"), "The code “%(code)s” is used in counting; choose another.", {"code": ANSWERED}
    for path, _ in [part for part in own if part[1].get("specify") is True][1:]:
        yield (*path, "specify"), "Only one option of a question can ask for words.", {}


def _fixed(question: Asked) -> Iterator[Finding]:
    """What keeps its place stands in a random order. A shared list may be in one elsewhere."""
    if question.parameters.get("randomize") is True or question.cls is None:
        return
    own: list[Part] = [] if question.choices_path[:1] == ("choices",) else (question.choices or [])
    for path, part in [*own, *question.rows()]:
        if part.get("fixed") is True:
            yield (*path, "fixed"), "This keeps its place in a random order, but the order here is not random.", {}


def _whole_bounds(question: Asked) -> Iterator[Finding]:
    yield from _crossed(question, *_numbers(question, start=0, end=LARGEST))


def _crossed(question: Asked, start: Any, end: Any) -> Iterator[Finding]:
    if start is not None and end is not None and start > end:
        yield (*question.path, "parameters"), BOUNDS, {"start": start, "end": end}


def _numbers(question: Asked, **defaults: int | None) -> list[Any]:
    """Parameters that are numbers; None for one that cannot be read."""
    given = {name: question.parameters.get(name, default) for name, default in defaults.items()}
    return [n if isinstance(n, int | float) and not isinstance(n, bool) else None for n in given.values()]


def _range(question: Asked) -> Iterator[Finding]:
    start, end, step = _numbers(question, start=0, end=100, step=1)
    yield from _crossed(question, start, end)
    if start is None or end is None or not step or start > end:
        return
    if (end - start) % step:
        message = "The steps of %(step)s from %(start)s do not lead to the end (%(end)s)."
        yield (*question.path, "parameters"), message, {"step": step, "start": start, "end": end}


def _decimal(question: Asked) -> Iterator[Finding]:
    start, end, decimals = _numbers(question, start=0, end=None, decimals=1)
    yield from _crossed(question, start, end)
    if decimals not in (1, 2, 3, 4):
        return
    largest = Decimal(LARGEST) / 10**decimals
    for name, bound in (("start", start), ("end", end)):
        path = (*question.path, "parameters", name)
        if bound is not None and bound > largest:
            message = "With so many digits after the point, numbers are %(largest)s at most."
            yield path, message, {"largest": largest}
        elif bound is not None and -Decimal(str(bound)).normalize().as_tuple().exponent > decimals:  # type: ignore[operator]
            message = "This bound has more digits after the point than answers may have (%(decimals)s)."
            yield path, message, {"decimals": decimals}


def _date(question: Asked) -> Iterator[Finding]:
    start, end = word(question.parameters, "start"), word(question.parameters, "end")
    if start and end:
        yield from _crossed(question, start, end)


def _scale(question: Asked) -> Iterator[Finding]:
    data, path = question.data, question.path
    if "choices" in data and "parameters" in data:
        yield (*path, "parameters"), "A scale has choices, or start and end as parameters, not both.", {}
    elif "choices" not in data and "parameters" not in data:
        yield path, "A scale needs choices, or start and end as parameters.", {}
    elif "choices" in data:
        for end in ("low", "high"):
            if end in data:
                yield (*path, end), "The ends are named beside start and end; a scale of choices has labels.", {}
    else:
        yield from _points(question)


def _points(question: Asked) -> Iterator[Finding]:
    start, end = _numbers(question, start=None, end=None)
    for name in ("low", "high"):
        if name not in question.data:
            yield question.path, "The end “%(name)s” of the scale needs words.", {"name": name}
    yield from _crossed(question, start, end)
    if start is not None and end is not None and start <= end and not 2 <= end - start + 1 <= MOST_POINTS:
        message = "A scale has 2 to %(most)s points; this one has %(points)s."
        yield (*question.path, "parameters"), message, {"most": MOST_POINTS, "points": end - start + 1}


def _multiple(question: Asked) -> Iterator[Finding]:
    least, most = _numbers(question, minimum=None, maximum=None)
    path = (*question.path, "parameters")
    if least is not None and most is not None and least > most:
        message = "The minimum (%(minimum)s) is above the maximum (%(maximum)s)."
        yield path, message, {"minimum": least, "maximum": most}
    several = None if question.choices is None else [c for _, c in question.choices if c.get("exclusive") is not True]
    for name, number in (("minimum", least), ("maximum", most)):
        if several is not None and number is not None and number > len(several):
            yield (*path, name), TOO_FEW, {"number": number, "count": len(several)}


TOO_FEW = "Only %(count)s of the options can be chosen together, not %(number)s."


def _rank(question: Asked) -> Iterator[Finding]:
    (most,) = _numbers(question, maximum=None)
    if most is not None and question.choices is not None and most > len(question.choices):
        message = "There are %(count)s options to rank, not %(number)s."
        path = (*question.path, "parameters", "maximum")
        yield path, message, {"number": most, "count": len(question.choices)}


_OF_ANSWERS = ("required", "constraint", "dont_know", "refused", "variants", "fixed")


def _unentered(question: Asked) -> Iterator[Finding]:
    for name in _OF_ANSWERS:
        if question.data.get(name):
            message = "A question of this kind is not shown, so “%(word)s” says nothing of it."
            yield (*question.path, name), message, {"word": name}


_CHECKS: list[tuple[type[Any], Callable[[Asked], Iterator[Finding]]]] = [
    (Integer, _whole_bounds),
    (Range, _range),
    (DecimalQuestion, _decimal),
    (DateQuestion, _date),
    (Scale, _scale),
    (SelectMultiple, _multiple),
    (Rank, _rank),
    (Unentered, _unentered),
]
