"""How a survey's figures are made."""

from __future__ import annotations

from flask import abort, current_app, render_template

from app.storage import surveys

from . import outcomes, weighting
from .asked import find_survey
from .divisions import WHOLE, divisions_of


def methods(survey: str) -> str:
    """Base, interval, suppression and weighting of the figures, and when and among whom they were gathered."""
    known = find_survey(survey) or abort(404)
    # A cancelled wave closes as it opens: it asked nobody.
    waves = [wave for wave in surveys.waves(survey) if wave.closes_at != wave.opens_at]
    divisions = divisions_of(known.versions.values())
    return render_template(
        "track/methods.html",
        survey=known,
        waves=waves,
        divisions=[division for name, division in divisions.items() if name != WHOLE],
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=any(wave.synthetic for wave in waves),
        weights=weighting.label_of(survey),
        notes=outcomes.notes(known),
    )
