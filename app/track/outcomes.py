"""What did not go as a weighting scheme wants it, in words: levels put together, margins given up or not met."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext as _

from app.estimation.terms import PLUS
from app.language import in_language
from app.questionnaire.kinds.base import Variable
from app.questionnaire.scheme import CROSS, FrozenScheme, variables_of
from app.storage import schemes, weightings
from app.storage.estimates import shown_scheme
from app.storage.weightings import Went

from .asked import Survey
from .divisions import divisions_of


class Note(NamedTuple):
    """What happened to a part of the respondents, with each case and in how many periods it did, the most first."""

    text: str
    cases: list[str]


def notes(survey: Survey) -> list[Note]:
    """Everything that happened to the scheme that pages show, each once; none where all went well."""
    key = shown_scheme(survey.key)
    frozen = next((one for one in schemes.current(survey.key) if one.scheme.key == key), None)
    if frozen is None:
        return []
    weighted = weightings.of_survey(survey.key, key)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in weighted:
        for text, case in dict.fromkeys(told for part in one.parts for told in _of_part(survey, frozen, part)):
            found[text][case] += 1
    return [
        Note(text, [_counted(*case, len(weighted)) for case in cases.most_common()]) for text, cases in found.items()
    ]


def _counted(case: str, periods: int, all_periods: int) -> str:
    count = _("%(count)s of %(all)s periods", count=periods, all=all_periods)
    return _("%(case)s (%(count)s)", case=case, count=count) if case else count


def _of_part(survey: Survey, frozen: FrozenScheme, went: Went) -> Iterator[tuple[str, str]]:
    """(what happened, the case of it) of a part in a period."""
    part = _part(survey, frozen, went.part)
    for one in went.collapsed:
        level, where = _level(survey, one.margin, one.level), {"part": part, "margin": _margin(survey, one.margin)}
        if one.into is None:
            yield (
                _("%(part)s, %(margin)s: the shares of groups from which nobody answered were given up.", **where),
                level,
            )
        else:
            into = _level(survey, one.margin, one.into)
            text = _("%(part)s, %(margin)s: groups from which too few answered were counted with others.", **where)
            yield text, _("%(level)s with %(into)s", level=level, into=into)
    for margin in went.dropped:
        where = {"part": part, "margin": _margin(survey, margin)}
        yield _("%(part)s, %(margin)s: not used for weighting, for fewer than two groups of it answered.", **where), ""
    if not went.converged:
        text = _("%(part)s: the population's figures could not all be met at once.", part=part)
        off = f"{100 * went.off:.2g}"
        if went.worst is None or not went.worst[1]:  # Those who gave no answer are no group.
            yield text, _("one is off by %(off)s%% of its target", off=off)
        else:
            margin, levels = went.worst
            level = " + ".join(_level(survey, margin, one) for one in levels.split(PLUS))
            where = {"margin": _margin(survey, margin), "level": level}
            yield text, _("%(margin)s, %(level)s: off by %(off)s%% of its target", off=off, **where)


def _part(survey: Survey, frozen: FrozenScheme, key: str) -> str:
    """The part's label, or that of the group of a breakdown that is called like it."""
    part = next((one for one in frozen.scheme.whole if one.key == key), None)
    if part is None or (key == "all" and not part.label):
        return _("Everyone")
    if part.label:
        return in_language(part.label)
    divisions = divisions_of(survey.versions.values()).values()
    return next((d.labels[name] for d in divisions for name in d.domains if name == f"{d.name}={key}"), key)


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
