"""Who is answering what: the survey, this browser's token, and the response stored under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any

from flask import abort, current_app, render_template, request, url_for

from app.incoming import Response
from app.language import LANGUAGES, select, speak
from app.questionnaire.kept import Kept
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import Path, Screen, known, path_of
from app.storage import invitations, responses, surveys
from app.storage.responses import Stored

from .place import remember, token_in

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
    languages: tuple[str, ...]
    """Those in which the wave is fielded."""
    invited_only: bool
    _known: tuple[Stored | None, Answers] | None = None
    _path: tuple[Stored | None, Path] | None = None

    @property
    def language(self) -> str:
        """The reader's language if the wave is fielded in it, else its first."""
        language = select()
        return language if language in self.languages else self.languages[0]

    @property
    def answers(self) -> Answers:
        """The answers stored, and what the response's seed gave. Found anew only when something was stored."""
        if self._known is None or self._known[0] is not self.stored:
            self._known = self.stored, self.known(self._kept.answers)
        return self._known[1]

    def answers_on(self, screen: Screen) -> Answers:
        """The answers stored to the questions of a screen."""
        return self._kept.some(variable.name for variable in screen.variables)

    @property
    def path(self) -> Path:
        """The screens of this response as it stands."""
        if self._path is None or self._path[0] is not self.stored:
            self._path = self.stored, path_of(self._kept, *self._begun)
        return self._path[1]

    def known(self, given: Answers) -> Answers:
        """Answers with what else decides what this response meets."""
        return known(self.questionnaire, given, *self._begun)

    @property
    def _kept(self) -> Kept:
        return self.stored.kept if self.stored else Kept(self.questionnaire, "{}")

    @property
    def _begun(self) -> tuple[int, str]:
        """The response's seed, and the day on which it was begun."""
        stored = self.stored
        seed, begun = (stored.id, stored.started_at) if stored else (responses.response_id(self.token), self.now)
        return seed, begun.date().isoformat()

    @property
    def finish_by(self) -> datetime | None:
        """Until when the response can be sent, once its wave has closed; None while the wave is open."""
        if self.stored is None or self.stored.closes_at is None or self.now < self.stored.closes_at:
            return None
        return self.stored.closes_at + finish_within(self.stored.finish_hours)

    @property
    def finish_hours(self) -> int:
        """For how many hours after its wave closes the response can be sent."""
        return finish_within(self.stored.finish_hours if self.stored else None) // timedelta(hours=1)

    @property
    def time_zone(self) -> str:
        """Of the times of the response's wave."""
        return self.stored.time_zone if self.stored else "UTC"

    def address(self, endpoint: str, **values: Any) -> str:
        return _address(request.script_root, endpoint, self.survey, **values)

    def page(self, screen: Screen, checking: bool = False) -> str:
        """The address of a screen; `checking` leads back to the check page from it."""
        query = {"from": "check"} if checking else {}
        if screen.name == self.path[0].name:
            return self.address("first_screen", **query)
        return self.address("screen", name=screen.name, **query)


@lru_cache(maxsize=4096)
def _address(_root: str, endpoint: str, survey: str, **values: Any) -> str:
    """Built once: only where the application is mounted can change it."""
    return url_for(f"respond.{endpoint}", survey=survey, **values)


def visiting(view: Callable[..., ViewResult]) -> Callable[..., ViewResult]:
    """Gives a view its Visit, or answers in its place: unknown, not yet open or closed surveys."""

    @wraps(view)
    def opened(survey: str, **values: Any) -> ViewResult:
        visit = _begin(survey)
        return view(visit, **values) if isinstance(visit, Visit) else visit

    return opened


def _begin(survey: str) -> Visit | ViewResult:
    now = datetime.now(UTC)
    token = token_in(survey)
    stored = responses.find(token) if token else None
    if token and stored and stored.survey == survey and (stored.state == "done" or _takes_answers(stored, now)):
        questionnaire = stored.kept.questionnaire
        languages = surveys.fielded_languages(questionnaire, stored.languages)
        settle_language(languages)
        return Visit(survey, questionnaire, stored.wave_id, token, stored, now, languages, stored.invited_only)
    opened = surveys.open_now(survey, now) if _KEY.fullmatch(survey) else None
    if opened is None:
        return _not_open(survey, now, stored if stored and stored.survey == survey else None)
    settle_language(opened.languages)
    if opened.invited_only:
        link = invitations.find(token) if token and stored is None else None
        if link is None or link.wave_id != opened.wave_id:
            return render_template("respond/by_invitation.html", survey=opened.questionnaire), 403
    elif token is None or stored is not None:  # What was left in an earlier wave stays there.
        token = remember(survey, responses.new_token())
    assert token is not None  # noqa: S101
    return Visit(survey, opened.questionnaire, opened.wave_id, token, None, now, opened.languages, opened.invited_only)


def finish_within(hours: int | None) -> timedelta:
    """How long who has begun may finish after a wave closed: as the wave says, else the settings."""
    within: timedelta = current_app.extensions["settings"].to_finish(hours)
    return within


def _takes_answers(stored: Stored, now: datetime) -> bool:
    """Who began while the wave was open may finish for a while after it closed, whatever has opened since."""
    within = finish_within(stored.finish_hours)
    return stored.opens_at <= now and (stored.closes_at is None or now - within < stored.closes_at)


def settle_language(languages: Sequence[str]) -> None:
    """The whole page in one language, where a survey is not fielded in the reader's."""
    if select() not in languages:
        speak(next((language for language in languages if language in LANGUAGES), select()))


def _not_open(survey: str, now: datetime, left: Stored | None) -> ViewResult:
    """Says when the survey opens or that it closed; to who `left` a response unsent, that it is too late for it."""
    state = surveys.survey_state(survey, now) if _KEY.fullmatch(survey) else None
    if state is None:
        abort(404)
    wave = state.wave
    settle_language(surveys.fielded_languages(state.questionnaire, wave.languages if wave else ""))
    if wave is None:
        return render_template("respond/not_open.html", survey=state.questionnaire, wave=None), 403
    if state.opens_later:
        page = render_template("respond/not_open.html", survey=state.questionnaire, wave=wave)
        return page, 403, {"Retry-After": str(int((wave.opens_at - now).total_seconds()) + 1)}
    within = finish_within(wave.finish_hours)
    was_begun = left is not None and left.wave_id == wave.id and wave.closes_at is not None
    page = render_template(
        "respond/closed.html",
        survey=state.questionnaire,
        wave=wave,
        hours=within // timedelta(hours=1),
        ended_at=wave.closes_at + within if was_begun and wave.closes_at else None,
    )
    return page, 410


def see_other(address: str) -> Response:
    """A redirect after a POST, to be fetched with GET."""
    return Response("", 303, {"Location": address})
