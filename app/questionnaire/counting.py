"""From answers to counts: the cell a person belongs to, what the answers add, and which groups are published."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.estimation.measure import Measure
from app.estimation.suppression import WHOLE, Domain
from app.estimation.tally import Change, Layout

from .kinds.base import DONT_KNOW, RESERVED, Answers, Variable
from .logic import parse
from .model import Breakdown, Questionnaire

SEPARATOR = "|"


@lru_cache(maxsize=64)
def layout_of(questionnaire: Questionnaire) -> Layout:
    """The columns of the questionnaire's tallies, in the order asked."""
    variables = questionnaire.variables.values()
    return Layout(tuple((v.name, key) for v in variables for key in v.question.tally_keys()))


def cell_of(questionnaire: Questionnaire, answers: Answers) -> str:
    """The codes of the weighting variables; every way of not answering is the same level, "missing"."""
    given = (answers.get(name) for name in questionnaire.weighting)
    return SEPARATOR.join("" if code is None or code in RESERVED else str(code) for code in given)


def change_of(questionnaire: Questionnaire, answers: Answers, delta: int = 1) -> Change:
    """What one submitted response adds to the tallies, or takes away with delta -1."""
    layout = layout_of(questionnaire)
    columns: list[int] = []
    amounts: list[int] = []
    for name, answer in answers.items():
        for key, amount in questionnaire.variables[name].question.tally(answer):
            columns.append(layout.position(name, key))
            amounts.append(amount)
    return Change(cell_of(questionnaire, answers), columns, amounts, delta)


def measure_of(variable: Variable) -> Measure:
    """What the estimates need to know of a published variable."""
    question = variable.question
    codes = tuple(o.code for o in question.options if not o.apart)
    base = codes + tuple(o.code for o in question.apart if o.code == DONT_KNOW)
    if question.measure == "number":
        return Measure(variable.name, "number")
    if question.measure == "text":
        raise ValueError(f"{variable.name} is text, which has no estimate")
    if question.measure != "scale":
        return Measure(variable.name, question.measure, base)
    scores: dict[str, float | None] = {code: float(code) for code in codes}
    middle = (min(map(int, codes)) + max(map(int, codes))) / 2
    return Measure(
        variable.name,
        "scale",
        base,
        scores,
        frozenset(code for code in codes if int(code) > middle),
        frozenset(code for code in codes if int(code) < middle),
    )


def domains_of(questionnaire: Questionnaire, cells: Sequence[str]) -> list[Domain]:
    """The whole and every published domain.

    Those whom a breakdown leaves over (who gave no age, say) are no group: withholding ages to hide them would
    empty every breakdown of a small wave.
    """
    codes = [cell.split(SEPARATOR) for cell in cells]
    columns = {name: [row[i] for row in codes] for i, name in enumerate(questionnaire.weighting)}
    found = [Domain(WHOLE, WHOLE, np.ones(len(cells), bool))]
    for breakdown in questionnaire.breakdowns:
        members = _members(questionnaire, breakdown, columns)
        found += [Domain(f"{breakdown.name}={code}", breakdown.name, inside) for code, inside in members]
    return found


def _members(
    questionnaire: Questionnaire, breakdown: Breakdown, columns: dict[str, list[str]]
) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    if not breakdown.groups:
        column = np.array(columns[breakdown.name])
        options = questionnaire.variables[breakdown.name].options
        return [(o.code, column == o.code) for o in options if not o.apart]
    return [(group.code, _where(group.where, columns)) for group in breakdown.groups]


def _where(source: str, columns: dict[str, list[str]]) -> npt.NDArray[np.bool_]:
    """Which cells meet a condition, asked once per combination of the variables that it names."""
    expression = parse(source)
    names = tuple(dict.fromkeys(expression.names))
    rows = list(zip(*(columns[name] for name in names), strict=True))
    known = {row: expression.holds(dict(zip(names, row, strict=True))) for row in set(rows)}
    return np.array([known[row] for row in rows], bool)
