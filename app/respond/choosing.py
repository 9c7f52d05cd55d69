"""Which survey to answer: all that are open now."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, url_for

from app.storage import surveys

from .visit import ViewResult, see_other


def surveys_open() -> ViewResult:
    """The surveys open to everybody; where there is only one, that one."""
    now = datetime.now(UTC)
    opened = [surveys.open_now(key, now) for key in surveys.survey_keys()]
    found = [one.questionnaire for one in opened if one is not None and not one.invited_only]
    if len(found) == 1:
        return see_other(url_for("respond.first_screen", survey=found[0].survey))
    return render_template("respond/choosing.html", surveys=found)
