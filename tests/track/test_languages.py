"""A line goes on where a language was added or dropped, and breaks where the words of one changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire
from app.storage import surveys
from tests.questionnaire.made import in_languages

from .conftest import SPLIT, Field, questionnaire
from .test_joined import PAGE, csv_rows, lines_in, wide


def version(*languages: str, ja: str = "") -> Questionnaire:
    """The survey in some languages, perhaps with other words of the question in Japanese."""
    made = json.loads(questionnaire().canonical)
    if ja:
        made["pages"][1]["questions"][0]["rows"][0]["label"]["ja"] = ja
    return Questionnaire.model_validate(in_languages(made, list(languages)))


def test_a_language_added_or_dropped_leaves_the_line_whole(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT)
    field(8, SPLIT, version=version("ja", "en", "fr"))
    field(9, SPLIT, version=version("en", "fr"))
    page = client.get(f"{PAGE}?by=all").text
    assert lines_in(wide(page)) == (1, 2)
    assert "chart-join" not in wide(page)
    assert '<div lang="fr">' in page
    assert page.count('<div lang="ja">') == 2
    rows = csv_rows(client, f"{PAGE}.csv?by=all&show=net")
    assert [row["line"] for row in rows] == ["1"] * 3
    assert len({row["fingerprint"] for row in rows}) == 3


def test_a_language_that_comes_back_in_other_words_breaks_the_line(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT)
    field(8, SPLIT, version=version("en"))
    field(9, SPLIT, version=version("en", "ja", ja="ほかの言葉"))
    assert lines_in(wide(client.get(f"{PAGE}?by=all").text)) == (1, 1)
    assert [row["line"] for row in csv_rows(client, f"{PAGE}.csv?by=all&show=net")] == ["1", "1", "2"]


def test_words_that_nobody_met_break_nothing(app: Flask, client: FlaskClient, field: Field) -> None:
    field(7, SPLIT, version=version("en"))
    with app.app_context():
        surveys.publish(version("en", "ja"), datetime(2026, 8, 1, tzinfo=UTC))
    field(9, SPLIT, version=version("en", "ja", ja="ほかの言葉"))
    assert [row["line"] for row in csv_rows(client, f"{PAGE}.csv?by=all&show=net")] == ["1", "1"]
