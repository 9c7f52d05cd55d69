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
    """A quota in words. size: as it was typed."""

    group: Group
    label: str
    size: str


def quota_lines(wave_id: int, questionnaire: Questionnaire) -> list[Line]:
    """The quotas of a wave in the reader's words."""
    return [
        Line(one, _label(one.cell, questionnaire), request.form.get(f"size_{one.number}", str(one.size)))
        for one in storage.of_wave(wave_id)
    ]


def _label(cell: dict[str, str], questionnaire: Questionnaire) -> str:
    """What the group is called: its options, in the order of the questionnaire."""
    named = [name for name in questionnaire.weighting if name in cell]
    options = [
        next((o.label for o in questionnaire.variables[name].options if o.code == cell[name]), {"": cell[name]})
        for name in named
    ]
    return " × ".join(in_language(label) for label in options) or str(_("Everybody"))
