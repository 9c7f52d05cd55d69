"""A scheme applied to the cells of a survey: who is weighted together, and to which margins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from app.estimation.collapse import Rule, Wanted
from app.estimation.trimming import Trim
from app.estimation.weighting import Part

from .counting import cell_columns, cells_where
from .model import Questionnaire
from .scheme import (
    CROSS,
    CollapseRule,
    FrozenScheme,
    SchemePart,
    Targets,
    level_of,
    margins_of,
    population_of,
    shares_of,
    variables_of,
)


def parts_of(
    frozen: FrozenScheme, questionnaire: Questionnaire, cells: Sequence[str], groups: Sequence[str]
) -> list[Part]:
    """The parts of a scheme over rows of tallies; rows of different groups (periods) are weighted apart.

    A respondent whom several parts would take is of the first. To a variable that this version of the questionnaire
    does not weight by nobody has an answer, and a margin of it is left out.
    """
    columns = defaultdict(lambda: [""] * len(cells), cell_columns(questionnaire, cells))
    group = np.array(groups, object)
    free = np.ones(len(cells), bool)
    found: list[Part] = []
    for part in frozen.scheme.whole:
        inside = free & (cells_where(part.where, columns) if part.where else True)
        free &= ~inside
        named = margins_of(part, frozen.targets)
        unknown = tuple(name for name in named if not set(variables_of(name)) <= set(questionnaire.cell))
        known = [name for name in named if name not in unknown]
        margins = tuple(_wanted(name, frozen.targets[part.targets or ""], part.collapse, columns) for name in known)
        for one in dict.fromkeys(groups):
            made = _part(part, frozen, one, inside & (group == one), margins, unknown)
            found.append(replace(made, strata=_strata(part.strata, columns)))
    return found


def _strata(named: str | None, columns: Mapping[str, list[str]]) -> npt.NDArray[np.intp] | None:
    """Each row's stratum; those who gave no answer are one of their own."""
    if named is None:
        return None
    codes = list(zip(*(columns[variable] for variable in variables_of(named)), strict=True))
    number = {one: place for place, one in enumerate(dict.fromkeys(codes))}
    return np.array([number[one] for one in codes], np.intp)


def _part(
    part: SchemePart,
    frozen: FrozenScheme,
    group: str,
    inside: np.ndarray,
    margins: tuple[Wanted, ...],
    unknown: tuple[str, ...],
) -> Part:
    targets = frozen.targets.get(part.targets or "")
    method = (part.method or "rake") if part.weighted else "none"
    limits = part.trim
    collapse = part.collapse or CollapseRule()
    counts_people = method != "none" and targets is not None and part.total != "respondents"
    return Part(
        key=part.key,
        group=group,
        inside=inside,
        method=method,
        margins=margins,
        unknown=unknown,
        total=population_of(targets) if counts_people and targets else None,
        use_base=bool(part.base_weights),
        rule=Rule(collapse.minimum, collapse.empty, whole=method != "poststratify"),
        missing=part.missing or "share",
        trim=Trim(limits.lower, limits.upper, limits.unit, limits.strict) if limits and method != "none" else None,
    )


def _wanted(
    name: str,
    targets: Targets,
    collapse: CollapseRule | None,
    columns: Mapping[str, list[str]],
) -> Wanted:
    shares = shares_of(targets.margins[name])
    number = {level: place for place, level in enumerate(shares)}
    rows = list(zip(*(columns[variable] for variable in variables_of(name)), strict=True))
    known = {codes: number.get(CROSS.join(codes), -1) for codes in set(rows)}
    level = np.array([known[codes] for codes in rows], np.intp)
    named = {level_of(a): level_of(b) for a, b in (collapse.into.get(name, {}) if collapse else {}).items()}
    into = {number[a]: number[b] for a, b in named.items() if a in number and b in number}
    return Wanted(name, tuple(shares), np.array(list(shares.values())), level, into)
