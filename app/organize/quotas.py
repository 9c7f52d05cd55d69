"""The quotas of a wave: groups of weighting variables, alone or crossed, and how many answers are wanted of each."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from math import prod
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.accounts.access import current
from app.interchange.quotas_file import LARGEST, read_quotas, read_size
from app.language import in_language
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError, Problem
from app.questionnaire.quotas import codes_of, crossed
from app.storage import quotas as storage
from app.storage import surveys
from app.storage.models import Wave
from app.storage.quotas import MOST, SizedMeanwhile, TooMany

from .quota_lines import quota_lines
from .upload import SHOWN_PROBLEMS, ProblemLine
from .wave import known_wave
from .words import of_field, problem_text

_SIZE = re.compile("size_([0-9]{1,9})")


class QuotaForm(FlaskForm):
    """The fields are named by the groups; the form has its token only."""


def quotas(key: str, wave: str) -> Any:
    """Adds quotas, by ticking variables or from a file, and changes their sizes."""
    found = known_wave(key, wave)
    questionnaire = surveys.questionnaire(found.questionnaire_hash)
    form = QuotaForm()  # type: ignore[no-untyped-call]
    if request.method == "GET":
        return _page(key, found, questionnaire)
    form.validate()
    acts = {"sizes": _change, "file": _take_file}
    return acts.get(request.form.get("action", ""), _cross)(key, found, questionnaire)


def _cross(key: str, wave: Wave, questionnaire: Questionnaire) -> Any:
    """A quota for every combination of the variables that are ticked."""
    names = [name for name in questionnaire.weighting if name in request.form.getlist("variables")]
    size = read_size(request.form.get("size", "").strip())
    if size is None:
        return _page(key, wave, questionnaire, {"size": _a_number()}), 422
    if prod(len(codes_of(questionnaire, name)) for name in names) > MOST:
        return _page(key, wave, questionnaire, {"variables": _too_many()}), 422
    return _put(key, wave, questionnaire, [(cell, size) for cell in crossed(questionnaire, names)], "variables")


def _take_file(key: str, wave: Wave, questionnaire: Questionnaire) -> Any:
    chosen = request.files.get("file")
    content = chosen.read() if chosen is not None else b""
    if not content.strip():
        return _page(key, wave, questionnaire, {"file": _("Choose a file that is not empty.")}), 422
    try:
        wanted = read_quotas(io.BytesIO(content), questionnaire)
    except FileError as error:
        return _page(key, wave, questionnaire, problems=error.problems), 422
    return _put(key, wave, questionnaire, wanted, "file")


def _change(key: str, wave: Wave, questionnaire: Questionnaire) -> Any:
    """New sizes; a quota whose size is emptied is taken away. Only what was changed by the reader is written."""
    sizes = ((_SIZE.fullmatch(name), size.strip()) for name, size in request.form.items())
    typed = {found[1]: size for found, size in sizes if found}
    errors = {f"size_{n}": _a_number() for n, size in typed.items() if size and read_size(size) is None}
    if errors:
        return _page(key, wave, questionnaire, errors), 422
    shown = {number: read_size(request.form.get(f"was_{number}", "")) for number in typed}
    wanted = {int(n): (shown[n] or 0, read_size(size)) for n, size in typed.items() if read_size(size) != shown[n]}
    try:
        storage.resize(key, wave.key, wave.id, wanted, datetime.now(UTC), current().email)
    except SizedMeanwhile as other:
        told = {f"size_{n}": _set_meanwhile(size) for n, size in other.sizes.items() if size is not None}
        if None in other.sizes.values():
            flash(_("Somebody has taken a quota away whose number you changed."), "warning")
        return _page(key, wave, questionnaire, told, afresh=True), 409
    flash(_("The quotas are saved."))
    return redirect(url_for("organize.quotas", key=key, wave=wave.key), 303)


def _set_meanwhile(size: int) -> str:
    return str(_("Somebody has set this to %(n)s meanwhile. Save again to set it to what you typed.", n=size))


def _put(
    key: str, wave: Wave, questionnaire: Questionnaire, wanted: list[tuple[dict[str, str], int]], field: str
) -> Any:
    try:
        storage.put(key, wave.key, wave.id, wanted, datetime.now(UTC), current().email)
    except TooMany:
        return _page(key, wave, questionnaire, {field: _too_many()}), 422
    flash(_("The quotas are saved."))
    return redirect(url_for("organize.quotas", key=key, wave=wave.key), 303)


def _a_number() -> str:
    return str(_("Enter a whole number from 0 to %(most)s.", most=f"{LARGEST:,}"))


def _too_many() -> str:
    return str(_("A wave has at most %(most)s quotas.", most=MOST))


def _page(
    key: str,
    wave: Wave,
    questionnaire: Questionnaire,
    told: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
    afresh: bool = False,
) -> str:
    told = told or {}
    lines = quota_lines(wave.id, questionnaire, afresh)
    groups = {f"size_{line.group.number}": line.label for line in lines}
    shown = [ProblemLine(one.line, one.where, problem_text(one), "") for one in problems[:SHOWN_PROBLEMS]]
    return render_template(
        "organize/quotas.html",
        key=key,
        wave=wave,
        lines=lines,
        variables=[
            (name, in_language(questionnaire.variables[name].question.label)) for name in questionnaire.weighting
        ],
        ticked=request.form.getlist("variables"),
        size=request.form.get("size", ""),
        told=told,
        errors=[(name, of_field(groups[name], said) if name in groups else said) for name, said in told.items()]
        or ([("problems", _("The file has problems."))] if problems else []),
        problems=shown,
        more=max(0, len(problems) - SHOWN_PROBLEMS),
    )
