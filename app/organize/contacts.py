"""Contacts of a wave, from a CSV file: all of it, or every bad row."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.access import current
from app.interchange.contacts import read_contacts
from app.questionnaire.problems import FileError, Problem
from app.storage import invitations
from app.storage.models import Wave

from .upload import SHOWN_PROBLEMS, ProblemLine, allow_upload, largest_upload, stale
from .wave import known_wave, wave_languages
from .words import problem_text


class ContactsForm(FlaskForm):
    """The file comes in the request; the form has its token only."""


def contacts(key: str, wave: str) -> Any:
    """Asks for the file and takes it."""
    found = known_wave(key, wave)
    if request.method == "GET":
        return _page(key, found)
    allow_upload()
    try:
        form = ContactsForm()  # type: ignore[no-untyped-call]
        chosen = request.files.get("file")
        content = chosen.read() if chosen is not None else b""
    except RequestEntityTooLarge:
        return _page(key, found, _too_large()), 413
    if len(content) > largest_upload():
        return _page(key, found, _too_large()), 413
    if not form.validate():
        return _page(key, found, stale()), 400
    if not content.strip():
        return _page(key, found, _("Choose a file that is not empty.")), 422
    try:
        listed = read_contacts(io.BytesIO(content), wave_languages(found))
    except FileError as error:
        return _page(key, found, problems=error.problems), 422
    rows = [(one.email, one.name, one.language) for one in listed]
    added = invitations.add_contacts(key, wave, found.id, rows, datetime.now(UTC), current().email)
    flash(_("Contacts added: %(new)s. In the wave already: %(present)s.", new=added.new, present=added.present))
    if added.opted_out:
        flash(_("%(n)s of them want no mails about this survey, and are sent none.", n=added.opted_out), "warning")
    return redirect(url_for("organize.wave", key=key, wave=wave), 303)


def _too_large() -> str:
    limit = f"{largest_upload() / 1_048_576:.3g} MiB"
    return str(_("The file is larger than %(limit)s, which is the most that is taken here.", limit=limit))


def _page(key: str, wave: Wave, error: str | None = None, problems: tuple[Problem, ...] = ()) -> str:
    shown = [ProblemLine(one.line, one.where, problem_text(one), "") for one in problems[:SHOWN_PROBLEMS]]
    errors = [("file", error)] if error else [("problems", _("The file has problems."))] if problems else []
    return render_template(
        "organize/contacts.html",
        key=key,
        wave=wave,
        languages=wave_languages(wave),
        error=error,
        errors=errors,
        problems=shown,
        more=max(0, len(problems) - SHOWN_PROBLEMS),
    )
