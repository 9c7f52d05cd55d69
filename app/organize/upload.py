"""Publishing a questionnaire: a file is uploaded, checked, edited in place if need be, and published as checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField

from app.accounts.access import require
from app.accounts.account import ORGANIZER
from app.catalogue import catalogue
from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError, Problem
from app.storage import surveys

from .comparison import SAME, Compared, compare

SHOWN_PROBLEMS = 200
_OVERHEAD = 65_536


class UploadForm(FlaskForm):
    """A file, or the text of one; `checked` is the version that the organizer has seen the check of."""

    file = FileField()
    text = TextAreaField()
    checked = HiddenField()


@dataclass(frozen=True)
class ProblemLine:
    """A problem for the page: its line (0 for the whole file), place, message, and what stands in the line."""

    line: int
    where: str
    message: str
    excerpt: str


@dataclass(frozen=True)
class Checked:
    """A file without problems. `published_at` is when this version was published, if it was."""

    questionnaire: Questionnaire
    published_at: datetime | None
    before: Questionnaire | None
    compared: list[Compared]

    @property
    def moved(self) -> list[Compared]:
        """The questions that are not what they were."""
        return [one for one in self.compared if one.state != SAME]


@require(ORGANIZER)
def upload() -> Any:
    """Checks a questionnaire, and publishes what was checked."""
    _allow_upload()
    form = UploadForm()  # type: ignore[no-untyped-call]
    if request.method == "GET":
        return _page(_text_to_begin_with())
    content = _content(form)
    text = _as_text(content)
    if not form.validate():
        told = _("This page had been open for long, or in two windows. Nothing is lost: please press the button again.")
        return _page(text, error=told), 400
    if not content.strip():
        return _page(text, error=_("Choose a file, or paste its text.")), 422
    actions = {action.code: action.status for action in catalogue().actions}
    try:
        questionnaire = read_questionnaire(content, actions)
    except FileError as error:
        return _page(text, problems=error.problems), 422
    if request.form.get("action") == "publish":
        if form.checked.data == questionnaire.hash:
            return _publish(questionnaire)
        return _page(text, checked=_checked(questionnaire), changed=True), 409
    return _page(text, checked=_checked(questionnaire))


def _allow_upload() -> None:
    """A larger body for this page only: a file and the text of another at once, whose line ends browsers double."""
    largest = current_app.extensions["settings"].max_upload_bytes
    request.max_form_memory_size = 2 * largest + _OVERHEAD
    request.max_content_length = 3 * largest + _OVERHEAD


def _content(form: UploadForm) -> bytes:
    """The file if one was chosen, else the text."""
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        content = chosen.stream.read()
    else:
        content = (form.text.data or "").replace("\r\n", "\n").encode()
    if len(content) > current_app.extensions["settings"].max_upload_bytes:
        abort(413)
    return content


def _as_text(content: bytes) -> str:
    """The text to go on with; nothing where a page could not carry it unchanged."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return ""
    return text if all(c.isprintable() or c.isspace() for c in text) and "\ufffd" not in text else ""


def _text_to_begin_with() -> str:
    key = request.args.get("from")
    newest = surveys.latest_questionnaire(key) if key in surveys.survey_keys() else None
    return write_questionnaire(newest) if newest else ""


def _checked(questionnaire: Questionnaire) -> Checked:
    before = surveys.latest_questionnaire(questionnaire.survey)
    published = dict(surveys.published_versions(questionnaire.survey))
    compared = compare(before, questionnaire) if before else []
    return Checked(questionnaire, published.get(questionnaire.hash), before, compared)


def _publish(questionnaire: Questionnaire) -> Any:
    if surveys.publish(questionnaire, datetime.now(UTC)):
        flash(_("Version %(version)s is published.", version=questionnaire.hash[:12]))
    else:
        flash(_("Version %(version)s was published already. Nothing has changed.", version=questionnaire.hash[:12]))
    return redirect(url_for("organize.survey", key=questionnaire.survey), 303)


def _page(
    text: str,
    problems: tuple[Problem, ...] = (),
    checked: Checked | None = None,
    error: str | None = None,
    changed: bool = False,
) -> str:
    lines = text.split("\n")
    errors = [("file", error)] if error else [("problems", _("The file has problems."))] if problems else []
    return render_template(
        "organize/upload.html",
        text=text,
        problems=[_line(problem, lines) for problem in problems[:SHOWN_PROBLEMS]],
        more=max(0, len(problems) - SHOWN_PROBLEMS),
        checked=checked,
        changed=changed,
        error=error,
        errors=errors,
    )


def _line(problem: Problem, lines: list[str]) -> ProblemLine:
    excerpt = lines[problem.line - 1].strip()[:120] if 0 < problem.line <= len(lines) else ""
    return ProblemLine(problem.line, problem.where, _(problem.message) % problem.params, excerpt)
