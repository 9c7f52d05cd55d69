"""Which cells of the weighting variables a quota can be set on, and which of them a person belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from .kinds.base import Answers
from .model import Questionnaire

Cell = Mapping[str, str]
"""Codes of weighting variables. Variables that it does not name may be anything; an empty one is everybody."""


def codes_of(questionnaire: Questionnaire, name: str) -> list[str]:
    """The codes of a weighting variable on which a quota can be set; ways of not answering are none."""
    return [option.code for option in questionnaire.variables[name].options if not option.apart]


def crossed(questionnaire: Questionnaire, names: Sequence[str]) -> list[dict[str, str]]:
    """Every cell of some weighting variables, crossed; that of everybody where none is named."""
    return [dict(zip(names, codes, strict=True)) for codes in product(*(codes_of(questionnaire, n) for n in names))]


def belongs(answers: Answers, cell: Cell) -> bool:
    """Whether a person with these answers is of the cell, as far as they go."""
    return all(answers.get(name) == code for name, code in cell.items())
