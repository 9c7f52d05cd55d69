"""Who is answering what: the survey, this browser's token, and the response stored under it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Response, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from app.language import LANGUAGES, select, speak
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import Screen, path
from app.storage import responses, surveys
from app.storage.responses import Stored

ViewResult = Any

# Not every database takes every character that an address can hold.
_KEY = re.compile(r"[a-z0-9-]{1,60}")


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

    @property
    def answers(self) -> Answers:
        return self.stored.answers if self.stored else {}

    def address(self, endpoint: str, **values: Any) -> str:
        return url_for(f"respond.{endpoint}", survey=self.survey, **values)

    def page(self, screen: Screen, checking: bool = False) -> str:
        """The address of a screen; `checking` leads back to the check page from it."""
        query = {"from": "check"} if checking else {}
        if screen.name == _first_name(self.questionnaire):
            return self.address("first_screen", **query)
        return self.address("screen", name=screen.name, **query)


@lru_cache(maxsize=64)
def _first_name(questionnaire: Questionnaire) -> str:
    return path(questionnaire, {})[0].name


def visiting(view: Callable[..., ViewResult]) -> Callable[..., ViewResult]:
    """Gives a view its Visit, or answers in its place: unknown, not yet open or closed surveys."""

    @wraps(view)
    def opened(survey: str, **values: Any) -> ViewResult:
        visit = _begin(survey)
        return view(visit, **values) if isinstance(visit, Visit) else visit

    return opened


def _begin(survey: str) -> Visit | ViewResult:
    now = datetime.now(UTC)
    token = session.get("answering", {}).get(survey)
    stored = responses.find(token) if token else None
    if token and stored and stored.survey == survey and (stored.state == "done" or _takes_answers(stored, now)):
        questionnaire = surveys.questionnaire(stored.questionnaire_hash)
        settle_language(questionnaire)
        return Visit(survey, questionnaire, stored.wave_id, token, stored, now)
    opened = surveys.open_now(survey, now) if _KEY.fullmatch(survey) else None
    if opened is None:
        return _not_open(survey, now)
    wave_id, questionnaire = opened
    settle_language(questionnaire)
    if token is None or stored is not None:  # What was left in an earlier wave stays there.
        token = remember(survey, responses.new_token())
    return Visit(survey, questionnaire, wave_id, token, None, now)


def _takes_answers(stored: Stored, now: datetime) -> bool:
    return stored.opens_at <= now and (stored.closes_at is None or now < stored.closes_at)


def settle_language(questionnaire: Questionnaire) -> None:
    """The whole page in one language, where a questionnaire is not in the reader's."""
    if select() not in questionnaire.languages:
        speak(next((language for language in questionnaire.languages if language in LANGUAGES), select()))


def remember(survey: str, token: str) -> str:
    """Keeps a token in this browser's session, so that the next page finds its response."""
    session["answering"] = {**session.get("answering", {}), survey: token}
    session.permanent = True
    return token


def forget(survey: str) -> None:
    """Takes a survey's token out of this browser's session."""
    session["answering"] = {key: token for key, token in session.get("answering", {}).items() if key != survey}


def forgery() -> str | None:
    """Why a posted form is not trusted, in the reader's language; None if it is. Asked before the form is read."""
    if not _readable():
        return _("What was sent could not be read. Please check what you typed and press the button again.")
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return _(
            "Your browser did not send back this site's cookie, which holds your place."
            " Please allow it and press the button again."
        )
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _("This page had been open for long, or in two windows. Nothing is lost: please press the button again.")
    return None


def _readable() -> bool:
    """Whether the body is UTF-8. What is not would be read, and stored, as a row of percent signs."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return True
    try:
        unquote_to_bytes(request.get_data()).decode()
    except UnicodeDecodeError:
        return False
    return True


def _not_open(survey: str, now: datetime) -> ViewResult:
    state = surveys.survey_state(survey, now) if _KEY.fullmatch(survey) else None
    if state is None:
        abort(404)
    settle_language(state.questionnaire)
    wave = state.wave
    if wave is None:
        return render_template("respond/not_open.html", survey=state.questionnaire, opens_at=None), 403
    if state.opens_later:
        page = render_template("respond/not_open.html", survey=state.questionnaire, opens_at=wave.opens_at)
        return page, 403, {"Retry-After": str(int((wave.opens_at - now).total_seconds()) + 1)}
    return render_template("respond/closed.html", survey=state.questionnaire, closed_at=wave.closes_at), 410


def see_other(address: str) -> Response:
    """A redirect after a POST, to be fetched with GET."""
    return redirect(address, 303)  # type: ignore[return-value]


def not_kept_by_browsers(response: Response) -> Response:
    """Answers, codes and links stay in no cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
