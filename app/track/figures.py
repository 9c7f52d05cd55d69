"""Which figures each kind of question has, and what they are called. A new measure is one more entry in `_OF`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.language import in_language, select
from app.questionnaire.kinds.base import DONT_KNOW, Option, Variable
from app.questionnaire.kinds.range import Range
from app.questionnaire.kinds.rank import Rank

from .words import Unit


@dataclass(frozen=True)
class Named:
    """One figure of a variable: its code in the estimates, its name, and the unit it is in.

    bounds: lowest and highest possible value, None where the data say. summary: made of several answers.
    """

    code: str
    label: str
    unit: Unit = "share"
    bounds: tuple[float, float] | None = (0.0, 1.0)
    summary: bool = False


def figures_of(variable: Variable) -> list[Named]:
    """Every figure of a published variable in the reader's language; the first is the one shown unasked."""
    return _OF[variable.question.measure](variable)


def _options(variable: Variable) -> list[Named]:
    counted = (option for option in variable.options if not option.apart or option.code == DONT_KNOW)
    return [Named(option.code, in_language(option.label)) for option in counted]


def _ranked(variable: Variable) -> list[Named]:
    """Of a ranking the first place, and the mean place of each option among those who gave it one."""
    listed, question = _options(variable), variable.question
    most = question.places if isinstance(question, Rank) else 1
    first = [
        named if named.code == DONT_KNOW else replace(named, label=_("“%(option)s” in first place", option=named.label))
        for named in listed
    ]
    means = [
        Named(f"place:{named.code}", _mean_place(named.label, most), "mean", (1.0, float(most)), True)
        for named in listed
        if named.code != DONT_KNOW
    ]
    return [*first, *means] if most > 1 else first


def _mean_place(option: str, most: int) -> str:
    return _("Mean place of “%(option)s”, from 1 (first) to %(most)s", option=option, most=most)


def _scale(variable: Variable) -> list[Named]:
    codes = [option for option in variable.options if not option.apart]
    low, high = float(codes[0].code), float(codes[-1].code)
    middle = (low + high) / 2
    upper = [option for option in codes if float(option.code) > middle]
    lower = [option for option in codes if float(option.code) < middle]
    of_action = variable.action is not None
    return [
        Named("support", _("Support") if of_action else _joined(upper), summary=True),
        Named("oppose", _("Oppose") if of_action else _joined(lower), summary=True),
        Named("net", _net_label(of_action), "net", (-1.0, 1.0), True),
        Named(
            "mean",
            _("Mean, from %(low)s to %(high)s", low=codes[0].code, high=codes[-1].code),
            "mean",
            (low, high),
            True,
        ),
        *_options(variable),
    ]


def _net_label(of_action: bool) -> str:
    return _("Net support (support minus oppose)") if of_action else _("Upper half minus lower half")


def _joined(options: list[Option]) -> str:
    """One name for a half of a scale, made of its labels."""
    labels = [in_language(option.label) for option in options]
    if len(labels) == 1:
        return labels[0]
    first, last = labels[0], labels[-1]
    if len(labels) > 2:
        return _("From “%(first)s” to “%(last)s”", first=first, last=last)
    if select() == "en":
        last = last[:1].lower() + last[1:]
    return _("%(first)s or %(last)s", first=first, last=last)


def _number(variable: Variable) -> list[Named]:
    question = variable.question
    if isinstance(question, Range):
        given = question.parameters
        label = _("Mean, from %(low)s to %(high)s", low=given.start, high=given.end)
        return [Named("mean", label, "mean", (float(given.start), float(given.end)), True)]
    return [Named("mean", _("Mean"), "mean", None, True)]


_OF: dict[str, Callable[[Variable], list[Named]]] = {
    "scale": _scale,
    "nominal": _options,
    "multiple": _options,
    "rank": _ranked,
    "number": _number,
}
