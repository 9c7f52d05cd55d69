"""Opening and closing waves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.accounts.access import current
from app.language import select
from app.questionnaire.narrow import narrow
from app.storage import surveys
from app.storage.models import Wave
from app.storage.wave_changes import FEW_WORDS
from app.zones import ZoneError, check_zone, moment_at, zones

from .survey import known, wave_state

MOST_HOURS = 720


def _trimmed(typed: str | None) -> str:
    return (typed or "").strip()


def _narrowed(typed: str | None) -> str:
    return narrow(typed or "")


_WORD = [DataRequired(), Regexp(FEW_WORDS)]


class OpenForm(FlaskForm):
    """A wave to be opened; times are those of the clocks in its time zone."""

    key = StringField(
        validators=[DataRequired(), Length(max=60), Regexp(r"^[a-z0-9][a-z0-9-]*\Z")], filters=[_narrowed]
    )
    time_zone = StringField(filters=[_narrowed])
    opens_at = DateTimeLocalField(validators=[Optional()])
    closes_at = DateTimeLocalField(validators=[Optional()])
    finish_hours = IntegerField(validators=[InputRequired(), NumberRange(0, MOST_HOURS)])
    languages = StringField()
    invited_only = StringField()
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
    opens_at, closes_at, errors = times(form, now)
    errors = {**messages(form), **errors} or _opened(key, form, opens_at, closes_at, now)
    if errors:
        return _page(state, form, errors), 422
    flash(_("The wave “%(wave)s” is set up.", wave=form.key.data))
    return redirect(url_for("organize.survey", key=key), 303)


def _form(key: str, now: datetime) -> OpenForm:
    suggested = f"{now:%Y-%m}"
    before = surveys.waves(key)
    taken = any(wave.key == suggested for wave in before)
    real = [wave.time_zone for wave in before if not wave.synthetic]
    first = {
        "key": f"{now:%Y-%m-%d}" if taken else suggested,
        "time_zone": real[-1] if real else "Asia/Tokyo" if select() == "ja" else "UTC",
        "finish_hours": current_app.extensions["settings"].finish_hours,
        "mode": "web",
        "population": "opt-in",
    }
    return OpenForm(data=first)  # type: ignore[no-untyped-call]


def messages(form: OpenForm) -> dict[str, str]:
    """What is wrong with what was typed, by field."""
    said = {
        "key": _("Give the wave a key of lower-case letters, figures and hyphens, at most 60, as in 2026-11."),
        "opens_at": _("Enter date and time of the opening, as in 2026-11-23 09:00."),
        "closes_at": _("Enter date and time of the closing, as in 2026-11-23 09:00."),
        "finish_hours": _("Enter the hours to finish in as a whole number from 0 to %(most)s.", most=MOST_HOURS),
        "mode": _("Say how people answer in a few words, as in web or phone."),
        "population": _("Say who is asked in a few words, as in opt-in or panel."),
    }
    errors = {name: said[name] for name in said if name in form.errors}
    if not chosen_languages():
        errors["languages"] = _("Choose one language or more.")
    return errors


def chosen_languages() -> list[str]:
    """The languages whose boxes are ticked."""
    return request.form.getlist("languages")


def times(form: OpenForm, now: datetime) -> tuple[datetime | None, datetime | None, dict[str, str]]:
    """When the wave opens and closes, and what is wrong with it, by field."""
    zone = form.time_zone.data or ""
    if not zone:
        return None, None, {"time_zone": _("Enter a time zone, as in Asia/Tokyo or America/New_York.")}
    try:
        check_zone(zone)
    except ZoneError as error:
        return None, None, {"time_zone": _(error.message) % error.params}
    found: dict[str, datetime | None] = {}
    errors: dict[str, str] = {}
    for name, typed in (("opens_at", form.opens_at.data), ("closes_at", form.closes_at.data)):
        try:
            found[name] = moment_at(typed, zone) if typed else None
        except ZoneError as error:
            errors[name] = _(error.message) % error.params
    opens_at, closes_at = found.get("opens_at"), found.get("closes_at")
    if opens_at and opens_at < now.replace(second=0, microsecond=0):
        errors["opens_at"] = _("This time is past. Leave it empty to open the wave at once.")
    if closes_at and closes_at <= (opens_at or now):
        errors["closes_at"] = _("The wave would close before it opens.")
    return opens_at, closes_at, errors


def _opened(
    key: str, form: OpenForm, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> dict[str, str]:
    """Opens the wave, or says what is in the way, by field."""
    try:
        surveys.open_wave(
            key,
            form.key.data or "",
            now,
            opens_at=opens_at,
            closes_at=closes_at,
            mode=form.mode.data or "",
            population=form.population.data or "",
            time_zone=form.time_zone.data or "",
            languages=chosen_languages(),
            finish_hours=form.finish_hours.data,
            invited_only=form.invited_only.data == "yes",
            probability_sample=form.invited_only.data == "sample",
            by=current().email,
        )
    except surveys.WaveError as error:
        field = "languages" if "language" in error.params else error.params.get("field", "key")
        return {str(field): _(error.message) % error.params}
    return {}


def _page(state: surveys.SurveyState, form: OpenForm, errors: dict[str, str]) -> str:
    typed = request.form if request.method == "POST" else form.data
    in_order = [(name, errors[name]) for name in form.data if name in errors]
    return render_template(
        "organize/open_wave.html",
        state=state,
        values=typed,
        languages=chosen_languages() if request.method == "POST" else state.questionnaire.languages,
        zones=zones(),
        told=errors,
        errors=in_order,
    )


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
        hours=current_app.extensions["settings"].to_finish(wave.finish_hours) // timedelta(hours=1),
        typed=request.form.get("key", "")[:60],
        errors=[("key", error)] if error else [],
    )
