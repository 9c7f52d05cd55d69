"""`flask survey import` and `flask survey export`: between files of other programs and ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.interchange.importing import read_any
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from tests.conftest import ROOT
from tests.interchange.walking import walk
from tests.respond.person import Person

from .test_said import run

VISIT = ROOT / "tests" / "fixtures" / "xlsform" / "visit.md"


def test_a_form_becomes_a_file_that_can_be_published(app: Flask, tmp_path: Path) -> None:
    target, report = tmp_path / "visit.yaml", tmp_path / "report.json"
    options = ["--key", "visit", "--to", str(target), "--report", str(report)]
    code, said = run(app, "survey", "import", str(VISIT), *options)
    assert code == 0
    assert said.startswith("XLSForm: ")
    assert "survey!31 question" in said
    assert json.loads(report.read_text(encoding="utf-8"))["source"] == "XLSForm"
    assert run(app, "survey", "check", str(target))[0] == 0
    code, said = run(app, "survey", "publish", str(target))
    assert (code, said.split()[0]) == (0, "visit")


def test_what_was_imported_can_be_answered_to_the_receipt(app: Flask, client: FlaskClient) -> None:
    questionnaire = read_any(VISIT.read_bytes(), "visit.md").questionnaire
    answers = walk(questionnaire)
    assert answers is not None
    given = {name: [str(one) for one in answer] for name, answer in answers.items() if isinstance(answer, list)}
    given |= {name: [str(answer)] for name, answer in answers.items() if isinstance(answer, str | int)}
    now = datetime.now(UTC)
    with app.app_context():
        surveys.publish(questionnaire, now)
        surveys.open_wave(questionnaire.survey, "w1", now)
    person = Person(client, "ja").open(f"/s/{questionnaire.survey}").walk(given).send()
    assert person.code()


def test_without_a_target_the_file_is_printed_and_the_report_stands_apart(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["survey", "import", str(VISIT)])
    assert read_questionnaire(result.stdout).survey == "visit-01"
    assert result.stderr.startswith("XLSForm: ")


def test_a_file_that_is_none_has_one_line_and_exit_code_1(app: Flask, tmp_path: Path) -> None:
    wrong = tmp_path / "form.xlsx"
    wrong.write_bytes(b"%PDF-1.7")
    code, said = run(app, "survey", "import", str(wrong))
    assert code == 1
    assert said.startswith(f"{wrong}:0: This is a PDF")
    assert said.count("\n") == 1


def test_a_published_survey_goes_out_as_a_workbook_and_comes_back(
    app: Flask, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    with app.app_context():
        surveys.publish(questionnaire, datetime(2026, 1, 1, tzinfo=UTC))
    target = tmp_path / "survey.xlsx"
    assert run(app, "survey", "export", questionnaire.survey, "--format", "xlsform", "--to", str(target)) == (0, "")
    assert read_any(target.read_bytes(), "survey.xlsx").questionnaire.canonical == questionnaire.canonical
    result = app.test_cli_runner().invoke(args=["survey", "export", questionnaire.survey, "--format", "xlsform"])
    assert read_any(result.stdout_bytes, "survey.xlsx").questionnaire.hash == questionnaire.hash
    code, said = run(app, "survey", "export", questionnaire.survey)
    assert (code, read_questionnaire(said)) == (0, questionnaire)
