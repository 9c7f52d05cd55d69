"""What a new version of a questionnaire does to the trends of the one published before it."""

from __future__ import annotations

from dataclasses import dataclass

from app.questionnaire.kinds.base import Variable
from app.questionnaire.model import Questionnaire, fingerprint

SAME, CHANGED, NEW, GONE = "same", "changed", "new", "gone"


@dataclass(frozen=True)
class Compared:
    """One variable in two versions."""

    name: str
    state: str
    label: dict[str, str]


def compare(before: Questionnaire, after: Questionnaire) -> list[Compared]:
    """Every variable of either version: in the order asked, then those that are gone."""
    found = [
        Compared(name, _state(before.variables.get(name), variable), variable.label)
        for name, variable in after.variables.items()
    ]
    gone = [v for name, v in before.variables.items() if name not in after.variables]
    return found + [Compared(variable.name, GONE, variable.label) for variable in gone]


def _state(before: Variable | None, after: Variable) -> str:
    if before is None:
        return NEW
    return SAME if fingerprint(before) == fingerprint(after) else CHANGED
