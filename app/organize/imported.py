"""From the report on a file of another program's onwards: the report and the YAML as files, or the check."""

from __future__ import annotations

import json
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.interchange.yaml_file import write_questionnaire
from app.questionnaire.problems import FileError

from .download import download
from .importing import ReportPage, Source, renamed, report_page
from .upload import allow_upload, check, first_page, follow_button, stale


def imported() -> Any:
    """Goes on with a file that waits in the page."""
    if request.method == "GET":  # Where signing in leads back to, with the file gone.
        return first_page()
    allow_upload()
    language_pressed = follow_button()
    source = Source.unpacked(request.form.get("source", ""), request.form.get("name", ""))
    if not source.content:
        abort(400)
    typed = request.form.get("key", "")
    try:
        found = source.read()
    except FileError as error:
        return first_page(error.problems), 422
    if not FlaskForm().validate():
        return report_page(source, found, typed, [("key", stale())]), 400
    if language_pressed:
        return report_page(source, found, typed)
    action = request.form.get("action")
    if action == "text":
        return download(ReportPage(found).text(), "text/plain", f"{found.questionnaire.survey}-report.txt")
    if action == "json":
        report = json.dumps(found.report.to_json(), ensure_ascii=False, indent=1)
        return download(report, "application/json", f"{found.questionnaire.survey}-report.json")
    questionnaire = renamed(found.questionnaire, typed)
    if questionnaire is None:
        told = _("Give the survey a key of lower-case letters, figures and hyphens, at most 60.")
        return report_page(source, found, typed, [("key", told)]), 422
    text = write_questionnaire(questionnaire)
    if action == "yaml":
        return download(text, "application/yaml", f"{questionnaire.survey}.yaml")
    return check(text, text.encode(), {})
