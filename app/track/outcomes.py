"""What did not go as a weighting scheme wants it, in words: levels put together, margins given up or not met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from app.language import in_language
from app.questionnaire.kinds.base import Variable
from app.questionnaire.scheme import CROSS, FrozenScheme, variables_of
from app.storage import schemes, weightings
from app.storage.estimates import shown_scheme
from app.storage.weightings import Went

from . import words
from .asked import Survey


class Note(NamedTuple):
    """One sentence for the periods that it holds for. newest: the last of them in words; all: of all periods."""

    text: str
    periods: int
    newest: str


def notes(survey: Survey) -> tuple[list[Note], int]:
    """Each thing once, with the periods in which it happened; and how many periods are weighted."""
    key = shown_scheme(survey.key)
    frozen = next((one for one in schemes.current(survey.key) if one.scheme.key == key), None)
    if frozen is None:
        return [], 0
    weighted = weightings.of_survey(survey.key, key)
    found: dict[str, list[str]] = defaultdict(list)
    for one in weighted:
        for text in dict.fromkeys(text for part in one.parts for text in _of_part(survey, frozen, part)):
            found[text].append(one.period)
    return [Note(text, len(in_), words.period_words(in_[-1])) for text, in_ in found.items()], len(weighted)


def _of_part(survey: Survey, frozen: FrozenScheme, went: Went) -> Iterator[str]:
    part = _part(frozen, went.part)
    for one in went.collapsed:
        said = {"part": part, "level": _level(survey, one.margin, one.level), "margin": _margin(survey, one.margin)}
        if one.into is None:
            yield _("%(part)s: nobody answered from “%(level)s” (%(margin)s), so its share was given up.", **said)
        else:
            into = _level(survey, one.margin, one.into)
            yield _(
                "%(part)s: too few answered from “%(level)s” (%(margin)s), so it was counted with “%(into)s”.",
                **said,
                into=into,
            )
    for margin in went.dropped:
        yield _(
            "%(part)s: %(margin)s was not used, for too few of its groups answered.",
            part=part,
            margin=_margin(survey, margin),
        )
    if not went.converged:
        yield _(
            "%(part)s: the population's figures could not all be met at once; one is off by %(off)s%% of its target.",
            part=part,
            off=f"{100 * went.off:.2g}",
        )


def _part(frozen: FrozenScheme, key: str) -> str:
    part = next((one for one in frozen.scheme.whole if one.key == key), None)
    if part is None or (key == "all" and not part.label):
        return _("Everyone")
    return in_language(part.label) if part.label else key


def _margin(survey: Survey, margin: str) -> str:
    """The variables of a margin by their titles as breakdowns, else by their labels."""
    titles = {one.name: one.label for version in survey.versions.values() for one in version.breakdowns if one.label}
    found = []
    for name in variables_of(margin):
        variable = _variable(survey, name)
        found.append(in_language(titles.get(name) or (variable.label if variable else {"en": name})))
    return " × ".join(found)


def _level(survey: Survey, margin: str, level: str) -> str:
    """The options that a level is of, by their labels."""
    found = []
    for name, code in zip(variables_of(margin), level.split(CROSS), strict=False):
        variable = _variable(survey, name)
        options = {option.code: option.label for option in variable.options} if variable else {}
        found.append(in_language(options[code]) if code in options else code)
    return " × ".join(found)


def _variable(survey: Survey, name: str) -> Variable | None:
    return next((version.variables[name] for version in survey.versions.values() if name in version.variables), None)
