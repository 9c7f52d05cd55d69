"""Beginning a draft: of a new survey or of another version, with nothing, with what was published, or with a file."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.access import current
from app.accounts.roles import TO_ORGANIZE
from app.interchange.draft_file import draft_of_file, write_draft
from app.interchange.yaml_file import write_questionnaire
from app.language import LANGUAGES
from app.organize.importing import Source
from app.organize.upload import allow_upload, largest_upload, stale, too_large
from app.organize.words import problem_text
from app.questionnaire.draft.tree import begun
from app.questionnaire.narrow import narrow
from app.questionnaire.problems import FileError
from app.questionnaire.versions import without_declarations
from app.storage import drafts as stored
from app.storage import surveys
from app.surveys_folder import blocks_of

from . import drafts

_LONGEST_TITLE = 200
_SHOWN = 50


def new_survey() -> Any:
    """Asks for the key of a survey that does not exist yet, and its title, and begins its draft."""
    if request.method == "GET":
        return _new_page({}, {})
    key = narrow(request.form.get("key", ""))
    title = {code: request.form.get(f"title_{code}", "").strip()[:_LONGEST_TITLE] for code in LANGUAGES}
    spoken = [code for code in LANGUAGES if request.form.get(f"language_{code}")]
    errors = {}
    if not drafts.key_fits(key):
        errors["key"] = _("Give the survey a key of lower-case letters, figures and hyphens, at most 60.")
    elif not current().grants.on(key, TO_ORGANIZE):
        errors["key"] = _("No role of yours allows to begin a survey of this key. An administrator can give you one.")
    elif key in surveys.survey_keys() or stored.newest(key):
        errors["key"] = _("There is a survey of this key already.")
    if not spoken:
        errors["language_ja"] = _("Choose one language or more.")
    if errors:
        return _new_page(request.form, errors), 422
    tree = begun(key, {code: title[code] for code in spoken if title[code]}, spoken)
    drafts.begin(key, write_draft(tree), "begun.empty")
    return redirect(url_for("organize.design", key=key), 303)


def _new_page(values: Any, errors: dict[str, str]) -> str:
    return render_template(
        "organize/design/new.html",
        values=values,
        told=errors,
        errors=list(errors.items()),
        all_languages=LANGUAGES.items(),
    )


def start(key: str) -> Any:
    """The ways to begin the draft of a survey that has none."""
    newest = surveys.latest_questionnaire(key) if key in surveys.survey_keys() else None
    if request.method == "POST":
        if request.form.get("do") == "version" and newest:
            _begin_with_version(key, "begun.version")
        elif request.form.get("do") == "empty":
            spoken = list(newest.languages) if newest else list(LANGUAGES)
            drafts.begin(key, write_draft(begun(key, newest.title if newest else {}, spoken)), "begun.empty")
        return redirect(url_for("organize.design", key=key), 303)
    return render_template("organize/design/start.html", key=key, newest=newest, limit=_limit())


def _begin_with_version(key: str, action: str) -> None:
    newest = surveys.latest_questionnaire(key)
    if newest:
        text = write_questionnaire(without_declarations(newest))
        drafts.begin(key, text, action, version=newest.hash[:12])


def source(key: str) -> Any:
    """The whole draft as text, to be changed, replaced by a file, or begun again with the published version."""
    allow_upload()
    draft = drafts.find(key)
    newest = surveys.latest_questionnaire(key) if key in surveys.survey_keys() else None
    text, number = (draft.state.source, draft.number) if draft else ("", 0)
    if request.method == "GET":
        return _source_page(key, text, number)
    try:
        given = request.form.get("text", "").replace("\r\n", "\n")
        if not _token_holds():
            return _source_page(key, given, number, [("file", stale())]), 400
        if request.form.get("do") == "version" and newest:
            if request.form.get("state") != str(number):
                return _source_page(key, text, number, [("text", _over_others())]), 409
            _begin_with_version(key, "replaced.version" if draft else "begun.version")
            return redirect(url_for("organize.design", key=key), 303)
        return _take(key, given, draft.number if draft else 0)
    except RequestEntityTooLarge:
        return _source_page(key, text, number, [("file", too_large())]), 413


def _token_holds() -> bool:
    return bool(FlaskForm().validate())


def _take(key: str, given: str, number: int) -> Any:
    """Takes a file, else the text, for the draft."""
    chosen = request.files.get("file")
    file = Source.chosen(chosen) if chosen is not None and chosen.filename else None
    content = file.content if file else given.encode()
    if len(content) > largest_upload():
        return _source_page(key, "" if file else given, number, [("file", too_large())]), 413
    if request.form.get("state") != str(number) and request.form.get("do") != "replace":
        told = _("Somebody has changed the draft meanwhile. Your text stands below: compare before you send it again.")
        draft = drafts.find(key)
        seen = (draft.state.source if draft else "", "file", _over_others()) if file else (given, "text", told)
        return _source_page(key, seen[0], number, [seen[1:]]), 409
    blocks = blocks_of(current_app.extensions["settings"].surveys_dir)
    try:
        made = draft_of_file(content, file.name if file else "", key, blocks)
    except FileError as error:
        field = "file" if file else "text"
        told_of = [(field, _line(problem.line, problem_text(problem))) for problem in error.problems[:_SHOWN]]
        return _source_page(key, "" if file else given, number, told_of), 422
    action = ("replaced." if number else "begun.") + ("file" if file else "text" if number else "file")
    drafts.begin(key, made, action, file=file.name[:100] if file else "–")
    flash(_("The draft is now as in the file.") if file else _("The draft is now as in the text."))
    return redirect(url_for("organize.design", key=key), 303)


def _over_others() -> str:
    return _("Somebody has changed the draft meanwhile, as it stands below. Send it again to replace that too.")


def _line(line: int, message: str) -> str:
    return _("Line %(line)s: %(message)s", line=line, message=message) if line else message


def _source_page(key: str, text: str, number: int, errors: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "organize/design/source.html",
        key=key,
        text=text,
        number=number,
        errors=errors or [],
        limit=_limit(),
        is_published=key in surveys.survey_keys(),
    )


def _limit() -> str:
    return f"{largest_upload() / 1_048_576:.3g} MiB"
