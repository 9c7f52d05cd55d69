"""What was typed is kept when the session has ended before it was sent."""

from __future__ import annotations

import io

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.interchange.draft_file import read_draft
from app.storage import drafts
from tests.accounts.door import sign_in

from .test_designing import form_of

NEW = "/organize/new"
TYPED = {"key": "kept", "title_en": 'A "long"\nthought & <more>', "language_en": "1"}
HERE = {"Origin": "http://localhost"}


def kept(answer: TestResponse) -> dict[str, str]:
    """What the page carries, which its button would send."""
    assert "What you typed is kept here" in answer.text
    return {
        str(one["name"]): str(one["value"]) for one in BeautifulSoup(answer.text, "html.parser").select("main input")
    }


def test_who_was_signed_out_signs_in_beside_it_and_sends_it_again(app: Flask, organizer: FlaskClient) -> None:
    fields = form_of(organizer, NEW) | TYPED
    browser = app.test_client()  # As the organizer's is when the session has ended.
    answer = browser.post(NEW, data=fields, headers=HERE)
    assert answer.status_code == 401
    again = kept(answer)
    assert {name: again[name] for name in TYPED} == TYPED
    sign_in(browser)
    answer = browser.post(NEW, data=again, headers=HERE)
    if answer.status_code == 400:  # The token was of the session before.
        answer = browser.post(NEW, data=kept(answer), headers=HERE)
    assert answer.status_code == 303
    with app.app_context():
        state = drafts.newest("kept")
    assert state is not None
    assert read_draft(state.source)["title"] == {"en": TYPED["title_en"]}


def test_a_page_of_before_another_sign_in_loses_nothing(organizer: FlaskClient) -> None:
    fields = form_of(organizer, NEW) | TYPED | {"csrf_token": "of-before"}
    answer = organizer.post(NEW, data=fields, headers=HERE)
    assert answer.status_code == 400
    assert organizer.post(NEW, data=kept(answer), headers=HERE).status_code == 303
    with_file = {**fields, "file": (io.BytesIO(b"country,size\n"), "q.csv")}
    answer = organizer.post(NEW, data=with_file, headers=HERE, content_type="multipart/form-data")
    assert "A file has to be chosen again." in answer.text


def test_what_another_site_sends_is_not_offered_to_be_sent_again(app: Flask, organizer: FlaskClient) -> None:
    fields = form_of(organizer, NEW) | TYPED | {"csrf_token": "none"}
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = organizer.post(NEW, data=fields, headers=origin)
        assert (answer.status_code, "kept" in answer.text) == (400, False)
    stranger = app.test_client()
    assert stranger.post(NEW, data=fields, headers={"Origin": "https://evil.example"}).status_code == 303
    too_much = fields | {"title_en": "x" * 2_000_000}
    assert stranger.post(NEW, data=too_much, headers=HERE).status_code == 303
