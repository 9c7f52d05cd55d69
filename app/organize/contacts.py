"""Contacts of a wave, from a CSV file: all of it, or every bad row."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import current
from app.interchange.contacts import read_contacts
from app.questionnaire.problems import FileError, Problem
from app.storage import invitations
from app.storage.models import Wave

from .sent_files import Refused, sent_files
from .upload import SHOWN_PROBLEMS, ProblemLine
from .wave import known_wave, wave_languages
from .words import problem_text


def contacts(key: str, wave: str) -> Any:
    """Asks for the file and takes it."""
    found = known_wave(key, wave)
    if request.method == "GET":
        return _page(key, found)
    sent = sent_files(_("Choose a file that is not empty."))
    if isinstance(sent, Refused):
        return _page(key, found, sent.told), sent.status
    try:
        listed = read_contacts(io.BytesIO(sent[0].content), wave_languages(found))
    except FileError as error:
        return _page(key, found, problems=error.problems), 422
    rows = [(one.email, one.name, one.language) for one in listed]
    added = invitations.add_contacts(key, wave, found.id, rows, datetime.now(UTC), current().email)
    flash(_("Contacts added: %(new)s. In the wave already: %(present)s.", new=added.new, present=added.present))
    if added.opted_out:
        flash(_("%(n)s of them want no mails about this survey, and are sent none.", n=added.opted_out), "warning")
    return redirect(url_for("organize.wave", key=key, wave=wave), 303)


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
