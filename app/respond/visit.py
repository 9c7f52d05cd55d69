"""Who is answering what: the survey, this browser's token, and the response stored under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from app.language import select
from app.questionnaire.model import Questionnaire
from app.storage import responses, surveys
from app.storage.responses import Stored

ViewResult = Any


@dataclass
class Visit:
    """One request of a respondent."""

    survey: str
    questionnaire: Questionnaire
    wave_id: int
    token: str
    stored: Stored | None
    now: datetime

    @property
    def language(self) -> str:
        """The reader's language if the questionnaire has it, else its first."""
        language = select()
        return language if language in self.questionnaire.languages else self.questionnaire.languages[0]

    def address(self, endpoint: str, **values: Any) -> str:
        return url_for(f"respond.{endpoint}", survey=self.survey, **values)


def visiting(view: Callable[..., ViewResult]) -> Callable[..., ViewResult]:
    """Gives a view its Visit, or answers in its place: unknown, not yet open or closed surveys, finished responses."""

    @wraps(view)
    def opened(survey: str, **values: Any) -> ViewResult:
        visit = _begin(survey)
        answer = view(visit, **values) if isinstance(visit, Visit) else visit
        response = make_response(answer)
        response.headers["Cache-Control"] = "no-store"
        return response

    return opened


def _begin(survey: str) -> Visit | ViewResult:
    now = datetime.now(UTC)
    token = session.get("answering", {}).get(survey)
    stored = responses.find(token) if token else None
    if token and stored and stored.survey == survey:
        if stored.state == "done" or (stored.opens_at <= now and (stored.closes_at is None or now < stored.closes_at)):
            questionnaire = surveys.questionnaire(stored.questionnaire_hash)
            return Visit(survey, questionnaire, stored.wave_id, token, stored, now)
    state = surveys.survey_state(survey, now)
    if state is None:
        abort(404)
    if not state.is_open or state.wave is None:
        return _not_open(state)
    questionnaire = surveys.questionnaire(state.wave.questionnaire_hash)
    return Visit(survey, questionnaire, state.wave.id, token or remember(survey, responses.new_token()), None, now)


def remember(survey: str, token: str) -> str:
    """Keeps a token in this browser's session, so that the next page finds its response."""
    session["answering"] = {**session.get("answering", {}), survey: token}
    session.permanent = True
    return token


def forget(survey: str) -> None:
    """Takes a survey's token out of this browser's session."""
    session["answering"] = {key: token for key, token in session.get("answering", {}).items() if key != survey}


def forgery() -> str | None:
    """Why a posted form is not trusted, in the reader's language; None if it is."""
    if not request.cookies:
        return _(
            "Your browser did not send back this site's cookie, which holds your place. Please allow it and press the button again."
        )
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _("This page had been open for long, or in two windows. Nothing is lost: please press the button again.")
    return None


def _not_open(state: surveys.SurveyState) -> ViewResult:
    wave = state.wave
    if state.opens_later and wave is not None:
        page = render_template("respond/not_open.html", survey=state.questionnaire, opens_at=wave.opens_at)
        seconds = int((wave.opens_at - datetime.now(UTC)).total_seconds()) + 1
        return page, 403, {"Retry-After": str(seconds)}
    closed_at = wave.closes_at if wave else None
    return render_template("respond/closed.html", survey=state.questionnaire, closed_at=closed_at), 410


def see_other(address: str) -> Response:
    """A redirect after a POST, to be fetched with GET."""
    return redirect(address, 303)  # type: ignore[return-value]
