"""Publishing a questionnaire: a file is uploaded, checked, edited in place if need be, and published as checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import HiddenField, TextAreaField

from app.accounts.access import current, demand
from app.accounts.roles import TO_ORGANIZE
from app.interchange.yaml_file import write_questionnaire
from app.language import choose
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError, Problem
from app.questionnaire.versions import without_declarations
from app.storage import surveys
from app.surveys_folder import read_survey

from .comparison import Comparison, Typed, consider, typed_in
from .importing import Source, key_to_offer, report_page
from .words import problem_text

SHOWN_PROBLEMS = 200
_OVERHEAD = 65_536
_MOST_FIELDS = 20_000


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
    """A file without problems, with what is declared of it. `published_at` is when this version was, if it was."""

    comparison: Comparison
    published_at: datetime | None
    before: Questionnaire | None

    @property
    def questionnaire(self) -> Questionnaire:
        return self.comparison.questionnaire


def upload() -> Any:
    """Checks a questionnaire, shows what it does to the trends, and publishes what was checked.

    A file of another program's is shown as what became of it first.
    """
    allow_upload()
    if request.method == "GET":
        return _page(_text_to_begin_with())
    try:
        form = UploadForm()  # type: ignore[no-untyped-call]
        source = _source(form)
    except RequestEntityTooLarge:
        return _page("", error=too_large(), survey=""), 413
    language_pressed = follow_button()
    text, typed = _as_text(source.content), typed_in(request.form)
    if len(source.content) > largest_upload():
        return _page("", typed, error=too_large()), 413
    if not form.validate():
        return _page(text, typed, error=stale()), 400
    if not source.content.strip():
        missing = None if language_pressed else _("Choose a file, or paste its text.")
        return _page(text, typed, error=missing), 422 if missing else 200
    try:
        if source.is_foreign:
            imported = source.read()
            return report_page(source, imported, key_to_offer(imported, request.form.get("survey")))
    except FileError as error:
        return _page("" if source.name else text, typed, problems=error.problems, source=text), 422
    return check(text, source.content, typed, form.checked.data or "")


def check(text: str, content: bytes, typed: dict[str, Typed], seen: str = "") -> Any:
    """The page with what is wrong with a YAML text, or with what it does; publishes it where that is wanted.

    `content`: the text as it came. `seen`: the version whose check the organizer has seen.
    """
    try:
        questionnaire = read_survey(current_app.extensions["settings"].surveys_dir, content)
    except FileError as error:
        return _page(text, typed, problems=error.problems, source=text), 422
    if not current().grants.on(questionnaire.survey, TO_ORGANIZE):
        told = _("No role of yours allows to publish the survey “%(survey)s”.", survey=questionnaire.survey)
        return _page(text, typed, problems=(Problem(0, "survey", told),), source=text), 403
    checked = checked_of(questionnaire, typed)
    if checked.comparison.errors:
        return _page(text, checked=checked), 422
    if request.form.get("action") == "publish":
        if seen == checked.questionnaire.hash:
            return publish(checked.questionnaire)
        return _page(text, checked=checked, changed=True), 409
    return _page(text, checked=checked)


def first_page(problems: tuple[Problem, ...] = ()) -> str:
    """The page to begin with; with what is wrong with a file that is gone."""
    return _page("", problems=problems)


def allow_upload() -> None:
    """A larger body for this page only: a file and the text of another at once, whose line ends browsers double."""
    largest = largest_upload()
    request.max_form_memory_size = 2 * largest + _OVERHEAD
    request.max_content_length = 3 * largest + _OVERHEAD
    request.max_form_parts = _MOST_FIELDS


def follow_button() -> bool:
    """Whether a language's button sent the page; it is the reader's from now on."""
    choose(request.form.get("language", ""))
    return "language" in request.form


def largest_upload() -> int:
    """How many bytes a file may have."""
    return int(current_app.extensions["settings"].max_upload_bytes)


def stale() -> str:
    """What is said when a page's token is not valid."""
    told = _("This page had been open for long, or in two windows. Nothing is lost: please press the button again.")
    again = _("A file has to be chosen again.")
    chosen = request.files.get("file")
    return f"{told} {again}" if chosen and chosen.filename else told


def too_large() -> str:
    """What is said of a file that is larger than is taken."""
    return str(_("The file is larger than %(limit)s, which is the most that is taken here.", limit=_limit()))


def _limit() -> str:
    return f"{largest_upload() / 1_048_576:.3g} MiB"


def _source(form: UploadForm) -> Source:
    """The file if one was chosen, else the text."""
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        return Source.chosen(chosen)
    return Source((form.text.data or "").replace("\r\n", "\n").encode(), "")


def _as_text(content: bytes) -> str:
    """The text to go on with; nothing where a page could not carry it unchanged."""
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return ""
    return text if all(c.isprintable() or c.isspace() for c in text) and "\ufffd" not in text else ""


def _text_to_begin_with() -> str:
    key = request.args.get("from", "")
    newest = surveys.latest_questionnaire(key) if key in surveys.survey_keys() else None
    if newest:
        demand(key, TO_ORGANIZE)
    return write_questionnaire(without_declarations(newest)) if newest else ""


def checked_of(questionnaire: Questionnaire, typed: dict[str, Typed]) -> Checked:
    """What a version without problems does beside those published before."""
    earlier = surveys.versions(questionnaire.survey)
    comparison = consider([one for one in earlier if one != questionnaire], questionnaire, typed)
    published = dict(surveys.published_versions(questionnaire.survey))
    return Checked(comparison, published.get(comparison.questionnaire.hash), earlier[-1] if earlier else None)


def publish(questionnaire: Questionnaire) -> Any:
    """Publishes a version and goes to its survey."""
    if surveys.publish(questionnaire, datetime.now(UTC), current().email):
        flash(_("Version %(version)s is published.", version=questionnaire.hash[:12]))
    else:
        flash(_("Version %(version)s was published already. Nothing has changed.", version=questionnaire.hash[:12]))
    return redirect(url_for("organize.survey", key=questionnaire.survey), 303)


def _page(
    text: str,
    typed: dict[str, Typed] | None = None,
    problems: tuple[Problem, ...] = (),
    checked: Checked | None = None,
    error: str | None = None,
    changed: bool = False,
    source: str = "",
    survey: str | None = None,
) -> str:
    """`source`: the text in which the problems were found, for the lines that they name. `survey`: the key of the one
    that a new version is written of, if not what the address or the form says."""
    lines = source.split("\n")
    if len(problems) == 1 and not problems[0].line:  # It is about the whole file: said where the file is chosen.
        error, problems = problem_text(problems[0]), ()
    errors = [("file", error)] if error else [("problems", _("The file has problems."))] if problems else []
    errors += checked.comparison.errors if checked else []
    return render_template(
        "organize/upload.html",
        text=text,
        typed=typed or {},
        problems=[_line(problem, lines) for problem in problems[:SHOWN_PROBLEMS]],
        more=max(0, len(problems) - SHOWN_PROBLEMS),
        checked=checked,
        changed=changed,
        error=error,
        errors=errors,
        limit=_limit(),
        survey=request.args.get("from") or request.form.get("survey", "") if survey is None else survey,
    )


def _line(problem: Problem, lines: list[str]) -> ProblemLine:
    excerpt = lines[problem.line - 1].strip()[:120] if 0 < problem.line <= len(lines) else ""
    return ProblemLine(problem.line, problem.where, problem_text(problem), excerpt)
