"""By which weights the figures of a page are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort

from app.language import in_language
from app.questionnaire.scheme import UNWEIGHTED
from app.storage import schemes
from app.storage.estimates import Published, shown_scheme

WITHOUT = "none"


@dataclass(frozen=True)
class Shown:
    """The scheme of the figures on a page, by its name for readers; "" without weights. others: there are both."""

    label: str
    others: bool


def named(given: str | None) -> str | None:
    """The scheme that an address asks for: `?weights=none`, or nothing. Raises BadRequest for anything else."""
    return None if given is None else UNWEIGHTED if given == WITHOUT else abort(400)


def shown(survey: str, rows: Iterable[Published]) -> Shown:
    """By which scheme these figures are made, and whether the survey has them with and without weights."""
    key = next((row.scheme for row in rows), UNWEIGHTED)
    frozen = next((one for one in schemes.current(survey) if one.scheme.key == key), None)
    label = (in_language(frozen.scheme.label) if frozen.scheme.label else key) if frozen else ""
    return Shown(label, label != "" or shown_scheme(survey) != UNWEIGHTED)


def label_of(survey: str) -> str:
    """The name of the scheme that pages of a survey show; "" where they show figures without weights."""
    key = shown_scheme(survey)
    frozen = next((one for one in schemes.current(survey) if one.scheme.key == key), None)
    return (in_language(frozen.scheme.label) if frozen.scheme.label else key) if frozen else ""
