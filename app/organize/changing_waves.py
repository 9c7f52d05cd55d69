"""Changing a wave: all of it until it opens, then its end."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import current
from app.storage import surveys, wave_changes
from app.storage.models import Wave
from app.storage.wave_changes import Plan, plan_of
from app.zones import zones

from .survey import wave_state
from .wave import known_wave
from .waves import OpenForm, chosen_languages, messages, times

_OF_AN_OPEN_WAVE = ("closes_at", "finish_hours")


def change_wave(key: str, wave: str) -> Any:
    """The plan of a wave as a form; of one that is open, its end."""
    now = datetime.now(UTC)
    found = known_wave(key, wave)
    if found.synthetic or wave_state(found, now) not in ("open", "later"):
        abort(404)
    form = OpenForm(data=_shown(found))  # type: ignore[no-untyped-call]
    if request.method == "GET":
        return _page(key, found, now, form, {})
    wanted, errors = _wanted(form, found, now)
    if errors:
        return _page(key, found, now, form, errors), 422
    try:
        if wave_changes.change_wave(key, wave, request.form.get("seen", ""), wanted, now, current().email):
            flash(_("The wave “%(wave)s” is changed.", wave=wanted.key))
    except wave_changes.ChangedMeanwhile:
        return _page(key, known_wave(key, wave), now, form, {}, is_conflict=True), 409
    except surveys.WaveError as error:
        field = str(error.params.get("field", "key"))
        return _page(key, found, now, form, {field: _(error.message) % error.params}), 422
    return redirect(url_for("organize.wave", key=key, wave=wanted.key), 303)


def _shown(found: Wave) -> dict[str, Any]:
    """What stands in the form: times to the minute, by the clocks of the wave."""
    zone = ZoneInfo(found.time_zone)
    clock = {
        name: at.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0) if at else None
        for name, at in (("opens_at", found.opens_at), ("closes_at", found.closes_at))
    }
    plan = plan_of(found)
    hours = current_app.extensions["settings"].finish_hours if plan.finish_hours is None else plan.finish_hours
    who = "sample" if plan.probability_sample else "yes" if plan.invited_only else ""
    return {**asdict(plan), **clock, "finish_hours": hours, "invited_only": who}


def _wanted(form: OpenForm, found: Wave, now: datetime) -> tuple[Plan, dict[str, str]]:
    """The plan as typed, and what is wrong with it, by field. What was not touched stays to the second."""
    is_open = found.opens_at <= now
    form.validate()
    if is_open:
        form.time_zone.data, form.opens_at.data = found.time_zone, None
    opens_at, closes_at, errors = times(form, now)
    errors = {**messages(form), **errors}
    shown, was = _shown(found), plan_of(found)
    same_zone = form.time_zone.data == found.time_zone
    if same_zone and form.closes_at.data == shown["closes_at"]:
        closes_at = was.closes_at
    if is_open:
        errors = {name: told for name, told in errors.items() if name in _OF_AN_OPEN_WAVE}
        if closes_at and closes_at <= now:
            errors["closes_at"] = _("This time is past. Close the wave to end it at once.")
        hours = _hours(form, shown, was)
        return replace(was, closes_at=closes_at, finish_hours=hours), errors
    if same_zone and form.opens_at.data == shown["opens_at"]:
        opens_at = was.opens_at
    made = Plan(
        form.key.data or "",
        opens_at or now,
        closes_at,
        form.time_zone.data or "",
        _hours(form, shown, was),
        tuple(sorted(chosen_languages(), key=lambda one: _place(one, found))),
        form.invited_only.data in ("yes", "sample"),
        form.invited_only.data == "sample",
        form.mode.data or "",
        form.population.data or "",
    )
    return made, errors


def _hours(form: OpenForm, shown: dict[str, Any], was: Plan) -> int | None:
    typed: int | None = form.finish_hours.data
    return was.finish_hours if typed == shown["finish_hours"] else typed


def _place(language: str, found: Wave) -> int:
    """Languages are kept in the order of the questionnaire; others come last, and are refused."""
    spoken = surveys.questionnaire(found.questionnaire_hash).languages
    return spoken.index(language) if language in spoken else len(spoken)


def _page(
    key: str, found: Wave, now: datetime, form: OpenForm, errors: dict[str, str], is_conflict: bool = False
) -> str:
    shown = _shown(found)
    posted = request.method == "POST"
    values = {
        name: value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value
        for name, value in shown.items()
    }
    return render_template(
        "organize/change_wave.html",
        key=key,
        wave=found,
        seen=plan_of(found).mark,
        is_open=found.opens_at <= now,
        is_conflict=is_conflict,
        values={**values, **request.form} if posted else values,
        all_languages=surveys.questionnaire(found.questionnaire_hash).languages,
        languages=chosen_languages() if posted else shown["languages"],
        zones=zones(),
        told=errors,
        errors=[(name, errors[name]) for name in form.data if name in errors],
    )
