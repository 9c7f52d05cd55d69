"""The links of letters: to the questionnaire, and to no more letters."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, request, url_for

from app.storage import invitations, responses, surveys
from app.storage.invitations import Link

from .place import remember
from .visit import ViewResult, see_other, settle_language


def invited(survey: str, token: str) -> ViewResult:
    """To the questionnaire, or back to where the response was left, on any device. Looking alone changes nothing."""
    known, link = _follow(survey, token)
    if known is None or link is None:
        return render_template("respond/unknown_link.html", survey=survey, is_of_a_mail=True), 404
    stored = responses.find(known)
    if stored is None and link.is_over:
        _settle(survey)
        return render_template("respond/invited_once.html", survey=survey), 410
    opened = surveys.open_now(survey, datetime.now(UTC))
    if stored is None and opened is not None and opened.wave_id != link.wave_id:
        _settle(survey)
        return render_template("respond/invited_before.html", survey=survey), 410
    remember(survey, known)
    return see_other(url_for("respond.check" if stored else "respond.first_screen", survey=survey))


def no_mail(survey: str, token: str) -> ViewResult:
    """No more letters about the survey. The link is its own proof, and mail programs send it without a page."""
    known, link = _follow(survey, token)
    if known is None or link is None:
        return render_template("respond/unknown_link.html", survey=survey, is_of_a_mail=True), 404
    _settle(survey)
    if request.method == "POST":
        invitations.opt_out(known)
        return render_template("respond/no_mail.html", survey=survey, email=link.email, is_done=True)
    return render_template("respond/no_mail.html", survey=survey, email=link.email, is_done=False)


def _follow(survey: str, token: str) -> tuple[str | None, Link | None]:
    known = responses.read_token(token)
    link = invitations.find(known) if known else None
    return (known, link) if link is not None and link.survey == survey else (None, None)


def _settle(survey: str) -> None:
    newest = surveys.latest_questionnaire(survey)
    if newest is not None:
        settle_language(newest.languages)
