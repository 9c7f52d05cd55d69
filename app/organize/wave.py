"""One wave: its plan, its letters and how far the people invited have come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import mail
from app.accounts.access import current
from app.accounts.roles import TO_ORGANIZE
from app.questionnaire.quality import DUPLICATE
from app.storage import invitations, letters, surveys, watching
from app.storage.letters import KINDS
from app.storage.models import Wave

from .quota_lines import quota_lines
from .survey import known, wave_state

SHOWN = 200


def wave(key: str, wave: str) -> str:
    """The page of a wave. Addresses are shown to organizers only."""
    now = datetime.now(UTC)
    found = known_wave(key, wave)
    settings = current_app.extensions["settings"]
    questionnaire = surveys.questionnaire(found.questionnaire_hash)
    counts = watching.of_wave(found.id)
    organizes = current().grants.on(key, TO_ORGANIZE)
    planned = {one.kind: one for one in letters.planned(found.id)}
    doubtful = letters.doubtful(found.id, doubtful_before(now)) if organizes else []
    undelivered = letters.undelivered(found.id) if organizes else []
    return render_template(
        "organize/wave.html",
        key=key,
        title=questionnaire.title,
        wave=found,
        state=wave_state(found, now),
        hours=settings.to_finish(found.finish_hours) // timedelta(hours=1),
        languages=surveys.fielded_languages(questionnaire, found.languages),
        organizes=organizes and not found.synthetic,
        has_mail=mail.is_configured(settings),
        funnel=invitations.funnel(found.id, doubtful_before(now)),
        shared=counts.flags.get(DUPLICATE, 0) if counts else 0,
        quotas=quota_lines(found.id, questionnaire),
        rounds=[(kind, planned.get(kind)) for kind in KINDS],
        doubtful=doubtful[:SHOWN],
        undelivered=undelivered[:SHOWN],
        more=max(0, len(undelivered) - SHOWN),
    )


def known_wave(key: str, wave: str) -> Wave:
    """The wave of an address, else 404."""
    return surveys.wave(known(key, datetime.now(UTC)).key, wave) or abort(404)


def wave_languages(wave: Wave) -> tuple[str, ...]:
    """Those in which it is fielded."""
    return surveys.fielded_languages(surveys.questionnaire(wave.questionnaire_hash), wave.languages)


def doubtful_before(now: datetime) -> datetime:
    """What was claimed before, and not ended, was claimed by a scheduler that must be dead."""
    lease: int = current_app.extensions["settings"].lease_seconds
    return now - timedelta(seconds=lease)


def doubtful(key: str, wave: str) -> Any:
    """Sends a doubtful letter again, or counts it as sent."""
    now = datetime.now(UTC)
    found = known_wave(key, wave)
    email, kind = request.form.get("email", ""), request.form.get("kind", "")
    again = request.form.get("action") == "again"
    if "\x00" in email + kind:
        abort(400)
    decided = letters.settle(
        key, found.id, email, kind, again=again, before=doubtful_before(now), now=now, by=current().email
    )
    if not decided:
        flash(_("That letter is not in doubt any more. Nothing has changed."), "warning")
    elif again:
        flash(_("The letter to %(email)s will be sent again.", email=email))
    else:
        flash(_("The letter to %(email)s counts as sent.", email=email))
    return redirect(url_for("organize.wave", key=key, wave=wave), 303)
