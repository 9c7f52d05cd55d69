"""From answers to counts: the cell a person belongs to, what the answers add, and which groups are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt

from app.estimation.measure import Measure
from app.estimation.suppression import WHOLE, Domain
from app.estimation.tally import Change, Layout, with_base, without_base

from .expressions import parse
from .kinds.base import DONT_KNOW, RESERVED, Answers, Variable
from .kinds.rank import Rank
from .kinds.typed import Number
from .model import Breakdown, Questionnaire

SEPARATOR = "|"


@lru_cache(maxsize=64)
def layout_of(questionnaire: Questionnaire) -> Layout:
    """The columns of the questionnaire's tallies, in the order asked."""
    variables = questionnaire.variables.values()
    return Layout(tuple((v.name, key) for v in variables for key in v.question.tally_keys()))


def cell_of(questionnaire: Questionnaire, answers: Answers, base_weight: float | None = None) -> str:
    """The codes of the weighting variables and arms, and the base weight if it is not 1.

    Every way of not answering is the same level, "missing".
    """
    given = (answers.get(name) for name in questionnaire.cell)
    codes = SEPARATOR.join("" if code is None or code in RESERVED else str(code) for code in given)
    return with_base(codes, base_weight)


def cell_columns(questionnaire: Questionnaire, cells: Sequence[str]) -> Mapping[str, list[str]]:
    """The codes of the cells by variable; "" where there is none."""
    return _columns_once(questionnaire, tuple(cells))


@lru_cache(maxsize=4)
def _columns_once(questionnaire: Questionnaire, cells: tuple[str, ...]) -> Mapping[str, list[str]]:
    """Asked for twice of the same cells: for the groups that are published, and for the weighting."""
    codes = [without_base(cell).split(SEPARATOR) for cell in cells]
    return {name: [row[place] for row in codes] for place, name in enumerate(questionnaire.cell)}


def change_of(
    questionnaire: Questionnaire, answers: Answers, delta: int = 1, base_weight: float | None = None
) -> Change:
    """What one submitted response adds to the tallies, or takes away with delta -1."""
    layout = layout_of(questionnaire)
    columns: list[int] = []
    amounts: list[int] = []
    for name, answer in answers.items():
        for key, amount in questionnaire.variables[name].question.tally(answer):
            columns.append(layout.position(name, key))
            amounts.append(amount)
    return Change(cell_of(questionnaire, answers, base_weight), columns, amounts, delta)


def measure_of(variable: Variable) -> Measure:
    """What the estimates need to know of a published variable."""
    question = variable.question
    codes = tuple(o.code for o in question.options if not o.apart)
    base = codes + tuple(o.code for o in question.apart if o.code == DONT_KNOW)
    if isinstance(question, Number):
        return Measure(variable.name, "number", divisor=question.divisor)
    if isinstance(question, Rank):
        places = {code: question.keys_of(code) for code in codes} if question.places > 1 else {}
        return Measure(variable.name, "rank", base, places=places)
    if question.measure == "nominal" or question.measure == "multiple":
        return Measure(variable.name, question.measure, base)
    if question.measure != "scale":
        raise ValueError(f"{variable.name} has no estimate")
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
    columns = cell_columns(questionnaire, cells)
    found = [Domain(WHOLE, WHOLE, np.ones(len(cells), bool))]
    for breakdown in questionnaire.breakdowns:
        members = _members(questionnaire, breakdown, columns)
        found += [Domain(f"{breakdown.name}={code}", breakdown.name, inside) for code, inside in members]
    return found


def crossed_domains(questionnaire: Questionnaire, cells: Sequence[str], by: Sequence[str]) -> list[Domain]:
    """The domains that breakdowns or cell variables divide the cells into when they are crossed.

    KeyError for what is neither. Domains of nobody in the cells are left out.
    """
    columns = cell_columns(questionnaire, cells)
    declared = {breakdown.name: breakdown for breakdown in questionnaire.breakdowns}
    divided = [
        [
            (f"{name}={code}", inside)
            for code, inside in _members(questionnaire, _breakdown(name, declared, questionnaire), columns)
        ]
        for name in by
    ]
    found = []
    for combined in product(*divided):
        inside = np.logical_and.reduce([cells for _, cells in combined])
        if inside.any():
            found.append(Domain(",".join(key for key, _ in combined), ",".join(by), inside))
    return found


def _breakdown(name: str, declared: Mapping[str, Breakdown], questionnaire: Questionnaire) -> Breakdown:
    if name not in declared and name not in questionnaire.cell:
        raise KeyError(name)
    return declared.get(name) or Breakdown(name=name)


def _members(
    questionnaire: Questionnaire, breakdown: Breakdown, columns: Mapping[str, list[str]]
) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    if not breakdown.groups:
        column = np.array(columns[breakdown.name])
        options = questionnaire.variables[breakdown.name].options
        return [(o.code, column == o.code) for o in options if not o.apart]
    return [(group.code, cells_where(group.where, columns)) for group in breakdown.groups]


def cells_where(source: str, columns: Mapping[str, list[str]]) -> npt.NDArray[np.bool_]:
    """Which cells meet a condition, asked once per combination of the variables that it names."""
    expression = parse(source)
    names = tuple(dict.fromkeys(expression.names))
    rows = list(zip(*(columns[name] for name in names), strict=True))
    known = {row: expression.holds(dict(zip(names, row, strict=True))) for row in set(rows)}
    return np.array([known[row] for row in rows], bool)
