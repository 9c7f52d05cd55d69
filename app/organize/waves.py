"""Opening and closing waves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.accounts.access import current
from app.storage import surveys
from app.storage.models import Wave

from .survey import known, wave_state


def _trimmed(typed: str | None) -> str:
    return (typed or "").strip()


_WORD = [DataRequired(), Length(max=60), Regexp(r"^[\w .,()/-]+\Z")]


class OpenForm(FlaskForm):
    """A wave to be opened; times are UTC."""

    key = StringField(validators=[DataRequired(), Length(max=60), Regexp(r"^[a-z0-9][a-z0-9-]*\Z")], filters=[_trimmed])
    opens_at = DateTimeLocalField(validators=[Optional()])
    closes_at = DateTimeLocalField(validators=[Optional()])
    mode = StringField(validators=_WORD, filters=[_trimmed])
    population = StringField(validators=_WORD, filters=[_trimmed])


def open_wave(key: str) -> Any:
    """Asks for the wave and opens it with the newest version, at once or at its time."""
    now = datetime.now(UTC)
    state = known(key, now)
    form = _form(key, now)
    if request.method == "GET":
        return _page(state, form, {})
    form.validate()
    errors = {**_messages(form), **_time_errors(form, now)} or _opened(key, form, now)
    if errors:
        return _page(state, form, errors), 422
    flash(_("The wave “%(wave)s” is set up.", wave=form.key.data))
    return redirect(url_for("organize.survey", key=key), 303)


def _form(key: str, now: datetime) -> OpenForm:
    suggested = f"{now:%Y-%m}"
    taken = any(wave.key == suggested for wave in surveys.waves(key))
    first = {"key": f"{now:%Y-%m-%d}" if taken else suggested, "mode": "web", "population": "opt-in"}
    return OpenForm(data=first)  # type: ignore[no-untyped-call]


def _messages(form: OpenForm) -> dict[str, str]:
    said = {
        "key": _("Give the wave a key of lower-case letters, figures and hyphens, at most 60, as in 2026-11."),
        "opens_at": _("Enter date and time, as in 2026-11-23 09:00."),
        "closes_at": _("Enter date and time, as in 2026-11-23 09:00."),
        "mode": _("Say how people answer in a few words, as in web or phone."),
        "population": _("Say who is asked in a few words, as in opt-in or panel."),
    }
    return {name: said[name] for name in said if name in form.errors}


def _time_errors(form: OpenForm, now: datetime) -> dict[str, str]:
    opens_at, closes_at = _utc(form.opens_at.data), _utc(form.closes_at.data)
    errors = {}
    if opens_at and opens_at < now.replace(second=0, microsecond=0):
        errors["opens_at"] = _("This time is past. Leave it empty to open the wave at once.")
    if closes_at and closes_at <= (opens_at or now):
        errors["closes_at"] = _("The wave would close before it opens.")
    return errors


def _opened(key: str, form: OpenForm, now: datetime) -> dict[str, str]:
    """Opens the wave, or says what is in the way, by field."""
    opens_at, closes_at = _utc(form.opens_at.data), _utc(form.closes_at.data)
    wave, mode, population = form.key.data or "", form.mode.data or "", form.population.data or ""
    try:
        surveys.open_wave(
            key,
            wave,
            now,
            opens_at=opens_at,
            closes_at=closes_at,
            mode=mode,
            population=population,
            by=current().email,
        )
    except surveys.WaveError as error:
        return {"key": _(error.message) % error.params}
    return {}


def _utc(typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=UTC) if typed else None


def _page(state: surveys.SurveyState, form: OpenForm, errors: dict[str, str]) -> str:
    typed = request.form if request.method == "POST" else form.data
    in_order = [(name, errors[name]) for name in form.data if name in errors]
    return render_template("organize/open_wave.html", state=state, values=typed, told=errors, errors=in_order)


def close_wave(key: str, wave: str) -> Any:
    """Closes a wave once its key has been typed."""
    now = datetime.now(UTC)
    found = surveys.wave(known(key, now).key, wave)
    if found is None:
        abort(404)
    if request.method == "GET":
        return _close_page(key, found, now)
    if request.form.get("key", "").strip() != wave:
        return _close_page(key, found, now, _("This is not the key of the wave.")), 422
    try:
        surveys.close_wave(key, wave, now, current().email)
    except surveys.WaveError as error:
        return _close_page(key, found, now, _(error.message) % error.params), 422
    flash(_("The wave “%(wave)s” is closed.", wave=wave))
    return redirect(url_for("organize.survey", key=key), 303)


def _close_page(key: str, wave: Wave, now: datetime, error: str | None = None) -> str:
    return render_template(
        "organize/close_wave.html",
        survey=key,
        wave=wave,
        state=wave_state(wave, now),
        hours=current_app.extensions["settings"].finish_hours,
        typed=request.form.get("key", "")[:60],
        errors=[("key", error)] if error else [],
    )
