"""Translating a draft on the page and by PO files: nothing typed is lost, every bad entry is named."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.register import create_account
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.draft.tree import question_named
from app.storage import surveys
from tests.accounts.door import PASSWORD, sign_in

from .test_designing import DESIGN, form_of, send, tree

SOURCE = (Path(__file__).parents[1] / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
LANGUAGES = f"{DESIGN}/languages"
JAPANESE = f"{LANGUAGES}/ja"


@pytest.fixture
def begun(app: Flask, organizer: FlaskClient) -> FlaskClient:
    with app.app_context():
        surveys.publish(read_questionnaire(SOURCE), datetime.now(UTC))
    send(organizer, DESIGN, form_of(organizer, DESIGN), do="version")
    age = f"{DESIGN}/questions/age"
    send(organizer, age, form_of(organizer, age), **{"f.label.ja": "", "f.hint.en": "Of ${country}", "do": "save"})
    return organizer


@pytest.fixture
def translator(app: Flask, begun: FlaskClient) -> FlaskClient:
    with app.app_context():
        create_account("tr@example.org", PASSWORD, "translator", datetime.now(UTC), "small")
    browser = app.test_client()
    assert sign_in(browser, "tr@example.org").status_code == 303
    return browser


def words(app: Flask, name: str, part: str = "label") -> dict[str, str]:
    question = question_named(tree(app), name)
    assert question is not None
    found: dict[str, str] = question[part]
    return found


def take(browser: FlaskClient, content: str | bytes) -> TestResponse:
    given = content if isinstance(content, bytes) else content.encode()
    fields = form_of(browser, LANGUAGES)
    data: dict[str, object] = {"csrf_token": fields["csrf_token"], "file": (io.BytesIO(given), "x.po")}
    return browser.post(f"{JAPANESE}/take", data=data)


def test_a_translator_sees_the_texts_and_nothing_else(app: Flask, translator: FlaskClient) -> None:
    assert "/design/languages" in translator.get("/organize").text
    assert translator.get(DESIGN).status_code == 403
    page = translator.get(LANGUAGES)
    assert "Missing: 2" in page.text
    first = translator.get(JAPANESE)
    assert "How old are you?" in first.text
    fields = form_of(translator, JAPANESE, first)
    assert fields["t.age.label"] == ""
    answer = send(translator, JAPANESE, fields, **{"t.age.label": "年齢は？", "t.age.hint": "${country}", "do": "next"})
    assert answer.status_code == 303
    assert "Nothing is missing." in translator.get(LANGUAGES).text
    assert words(app, "age") == {"en": "How old are you?", "ja": "年齢は？"}
    assert words(app, "age", "hint") == {"en": "Of ${country}", "ja": "${country}"}
    assert translator.get(f"{LANGUAGES}/fr").status_code == 404
    assert translator.get(f"{JAPANESE}?page=gone").status_code == 404


def test_of_two_translators_the_second_is_shown_both(app: Flask, begun: FlaskClient, translator: FlaskClient) -> None:
    mine, theirs = form_of(translator, JAPANESE), form_of(begun, JAPANESE)
    send(begun, JAPANESE, theirs, **{"t.age.label": "何歳ですか"})
    answer = send(translator, JAPANESE, mine, **{"t.age.label": "年齢は？", "t.country.label": "居住地は"})
    assert answer.status_code == 409
    assert "何歳ですか" in answer.text
    assert words(app, "age")["ja"] == "何歳ですか"
    assert words(app, "country")["ja"] == "居住地は"
    again = form_of(translator, JAPANESE, answer)
    assert again["t.age.label"] == "年齢は？"
    assert send(translator, JAPANESE, again).status_code == 303
    assert words(app, "age")["ja"] == "年齢は？"


def test_texts_go_out_and_come_back(app: Flask, translator: FlaskClient) -> None:
    file = translator.get(f"{JAPANESE}.po").text
    assert 'msgctxt "age.label"\nmsgid "How old are you?"\nmsgstr ""' in file
    assert '"Language: ja\\n"' in file
    assert 'msgctxt "steps.rows.DD1a.label"' in file
    assert 'msgctxt "country.choices.jp.label"\nmsgid "Japan"\nmsgstr "日本"' in file
    done = file.replace('msgid "How old are you?"\nmsgstr ""', 'msgid "How old are you?"\nmsgstr "おいくつですか"')
    assert take(translator, done).status_code == 303
    assert words(app, "age")["ja"] == "おいくつですか"
    assert "Took translations from a file (ja)" not in translator.get(LANGUAGES).text


def test_every_entry_that_cannot_be_taken_is_named(app: Flask, translator: FlaskClient) -> None:
    file = translator.get(f"{JAPANESE}.po").text
    bad = file.replace('msgctxt "comment.label"', 'msgctxt "gone.label"')
    bad = bad.replace('msgid "Your view?"', 'msgid "Your old view?"')
    bad = bad.replace('msgid "Of ${country}"\nmsgstr ""', 'msgid "Of ${country}"\nmsgstr "国"')
    bad = bad.replace('msgctxt "country.label"', '#, fuzzy\nmsgctxt "country.label"')
    bad = bad.replace('msgid "How old are you?"\nmsgstr ""', 'msgid "How old are you?"\nmsgstr "年は"')
    answer = take(translator, bad)
    assert answer.status_code == 200
    for said in ("gone.label", "They are now: Your view?", "the same answers", "marked as fuzzy"):
        assert said in answer.text
    assert "Entries not taken: 4." in translator.get(LANGUAGES).text + answer.text
    assert words(app, "age")["ja"] == "年は"
    for content in ("", "msgid broken", b"\xff\xfe", 'msgid "a"\nmsgstr "b\n'):
        assert take(translator, content).status_code == 422
    told = take(translator, '\nmsgid "a"\nmsgstr "b"\n<xliff>\n').text
    assert "This is no PO file, or it is broken in line 4." in told
