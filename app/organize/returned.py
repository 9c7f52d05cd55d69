"""Mails that came back to a wave's letters: each file is read by itself, and all that are not taken are named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.access import current
from app.interchange.returned_mail import read_returned
from app.questionnaire.problems import FileError
from app.storage import letters
from app.storage.models import Wave

from .sent_files import Refused, SentFile, sent_files
from .wave import known_wave
from .words import of_field, problem_text


def returned(key: str, wave: str) -> Any:
    """Asks for the mails that came back, and marks their addresses."""
    found = known_wave(key, wave)
    if request.method == "GET":
        return _page(key, found)
    sent = sent_files(_("Choose one mail or several."))
    if isinstance(sent, Refused):
        return _page(key, found, [sent.told]), sent.status
    now = datetime.now(UTC)
    told = [_take(file, found.id, now) for file in sent]
    problems = [problem for problem in told if problem]
    if len(problems) < len(told):
        taken = len(told) - len(problems)
        flash(_("Mails that came back: %(n)s. Their addresses get no more mails of this wave.", n=taken))
    if problems:
        return _page(key, found, problems), 422
    return redirect(url_for("organize.wave", key=key, wave=wave), 303)


def _take(file: SentFile, wave_id: int, now: datetime) -> str | None:
    """What is wrong with a file; None if its letter is marked."""
    try:
        report = read_returned(file.content)
    except FileError as error:
        return of_field(file.name, problem_text(error.problems[0]))
    if letters.returned(report.token, report.reason, now, current().email, wave_id) is None:
        return of_field(file.name, str(_("This is no mail of this wave.")))
    return None


def _page(key: str, wave: Wave, problems: list[str] | None = None) -> str:
    return render_template("organize/returned.html", key=key, wave=wave, problems=problems or [])
