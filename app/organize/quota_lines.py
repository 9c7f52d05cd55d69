"""Quotas in words, for the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from app.language import in_language
from app.questionnaire.model import Questionnaire
from app.storage import quotas as storage
from app.storage.quotas import Group


@dataclass(frozen=True)
class Line:
    """A quota in words. size: as it was typed; shown: as the reader has seen it."""

    group: Group
    label: str
    size: str
    shown: str


def quota_lines(wave_id: int, questionnaire: Questionnaire, afresh: bool = False) -> list[Line]:
    """The quotas of a wave in the reader's words. afresh: what the reader has not changed stands as it is now."""
    return [_line(one, _label(one.cell, questionnaire), afresh) for one in storage.of_wave(wave_id)]


def _line(group: Group, label: str, afresh: bool) -> Line:
    now = str(group.size)
    typed, shown = (request.form.get(f"{name}_{group.number}", now) for name in ("size", "was"))
    if not afresh:
        return Line(group, label, typed, shown)
    return Line(group, label, now if typed == shown else typed, now)


def _label(cell: dict[str, str], questionnaire: Questionnaire) -> str:
    """What the group is called: its options, in the order of the questionnaire."""
    named = [name for name in questionnaire.weighting if name in cell]
    options = [
        next((o.label for o in questionnaire.variables[name].options if o.code == cell[name]), {"": cell[name]})
        for name in named
    ]
    return " × ".join(in_language(label) for label in options) or str(_("Everybody"))
