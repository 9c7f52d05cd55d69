"""The page of the audit log, and its file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.organize.audit import ON_A_PAGE
from app.questionnaire.model import Questionnaire
from app.storage import audit

from .test_people import ADMINISTRATOR, SURVEY, administrator, local, person

__all__ = ["administrator", "local"]
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/organize/audit.csv?{query}").text)))


def test_the_page_says_who_did_what(app: Flask, fielded: Questionnaire, administrator: FlaskClient) -> None:
    page = administrator.get("/organize/audit").text
    assert "published a version" in page
    assert "command line" in page
    assert f"<code>{fielded.hash[:12]}</code>" in page
    assert "2 Dec" not in page
    japanese = administrator.get("/organize/audit?lang=ja").text
    assert "版を公開" in japanese


def test_filters_and_pages(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context():
        for number in range(ON_A_PAGE + 5):
            audit.record("a@example.org", "data.taken", NOW, survey="small", file=f"file-{number}")
    page = administrator.get("/organize/audit?survey=small&action=data.taken").text
    assert "file-104" in page
    assert "file-4<" not in page
    older = administrator.get(f"/organize/audit?survey=small&before={len(rows(administrator)) - ON_A_PAGE}")
    assert older.status_code == 200
    assert "The newest entries" in older.text
    assert {row["survey"] for row in rows(administrator, "survey=small")} == {"small"}
    assert len(rows(administrator, "survey=small")) == ON_A_PAGE + 5
    assert len(rows(administrator, f"person={ADMINISTRATOR}&action=account.signed_in")) == 1
    assert "No entry fits this filter." in administrator.get("/organize/audit?person=nobody").text


def test_the_file_holds_formulas_as_text_and_the_chain(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context():
        audit.record("=cmd()", "data.taken", NOW)
        whole = audit.verify()
    newest = rows(administrator)[0]
    assert newest["actor"] == "'=cmd()"
    assert (newest["number"], newest["hash"]) == (str(whole.entries), whole.hash)
    assert newest["at"] == "2026-11-27T12:00:00Z"


def test_who_administers_one_survey_reads_of_that_only(app: Flask, fielded: Questionnaire, local: FlaskClient) -> None:
    person(app, "theirs@example.org", "viewer", "other-survey")
    for query in ("", "survey=other-survey", "person=theirs@example.org"):
        assert {row["survey"] for row in rows(local, query)} <= {SURVEY}
        shown = local.get(f"/organize/audit?{query}").text.partition("<table class")[2].partition("</table>")[0]
        assert "theirs@example.org" not in shown
    assert rows(local)


@pytest.mark.parametrize("query", ["before=x", "before=²", "before=-1", f"before={10**30}", "survey=%00", "person=%00"])
def test_queries_that_mean_nothing(administrator: FlaskClient, query: str) -> None:
    assert administrator.get(f"/organize/audit?{query}").status_code == 400


def test_downloads_are_in_it(app: Flask, fielded: Questionnaire, administrator: FlaskClient) -> None:
    administrator.get(f"/research/{fielded.survey}/responses.csv?labels=ja").close()
    (taken,) = rows(administrator, "action=data.taken")
    assert (taken["actor"], taken["survey"]) == (ADMINISTRATOR, fielded.survey)
    assert "responses-ja" in taken["detail"]
