"""The page of revised figures: what was shown, what is shown now, when and why."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.kinds.base import Answers

from .conftest import MINIMUM, SPLIT, Field, come_late
from .test_joined import REASON, declared

PAGE = "/revisions/opinion"
LATE: Answers = {"country": "jp", "group": "host", "DD6a": "3"}


@pytest.fixture
def revised(app: Flask, client: FlaskClient, field: Field) -> FlaskClient:
    """A month of which five answers came late."""
    field(9, SPLIT)
    come_late(app, LATE, MINIMUM)
    return client


def test_the_page_has_both_values_with_the_reason(revised: FlaskClient) -> None:
    page = revised.get(PAGE).text
    assert "Revised on 24 November 2026: responses that came late." in page
    # 15 of 30, then 20 of 35.
    assert "50.0%" in page
    assert "57.1%" in page
    assert "n = 30" in page
    assert "n = 35" in page
    assert "遅れて届いた回答" in revised.get(f"{PAGE}?lang=ja").text


def test_the_trend_page_leads_there(revised: FlaskClient) -> None:
    assert "/revisions/opinion?question=DD6a" in revised.get("/trends/opinion/DD6a").text
    assert "/revisions/" not in revised.get("/trends/opinion/view").text
    table = revised.get(f"{PAGE}?question=DD6a").text.split("<tbody>")[1]
    assert "Japan" in table
    assert "United States" not in table


def test_the_files_have_every_figure_that_changed(revised: FlaskClient) -> None:
    rows = revised.get(f"{PAGE}.json").json
    assert rows
    support = [row for row in rows["rows"] if row["figure"] == "support" and row["domain"] == "all"]
    assert [(row["earlier"], row["later"]) for row in support] == [(0.5, pytest.approx(20 / 35))]
    assert {row["question"] for row in rows["rows"]} == {"DD6a"}
    assert revised.get(f"{PAGE}.csv?question=view").text.count("\r\n") == 1


def test_where_nothing_was_revised(client: FlaskClient, field: Field) -> None:
    field(9, SPLIT)
    assert "No figure has been revised" in client.get(PAGE).text
    assert "/revisions/" not in client.get("/trends/opinion/DD6a").text
    assert client.get(f"{PAGE}?question=nothing").status_code == 400
    assert client.get("/revisions/nothing").status_code == 404


def test_a_declared_equivalence_stands_there_with_its_reason(client: FlaskClient, field: Field) -> None:
    field(9, SPLIT)
    field(10, SPLIT, version=declared("Agreement on bases"))
    page = client.get(PAGE).text
    assert REASON in page
    [row] = client.get(f"{PAGE}.json").json["rows"]  # type: ignore[index]
    assert (row["question"], row["reasons"], row["earlier"]) == ("DD6a", "equivalence", None)
    assert row["note"] == REASON
