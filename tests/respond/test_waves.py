"""Closed, not yet open and unknown surveys say so; a new wave is a new chance to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire
from app.storage import surveys

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]
KEY = "domestic-diplomacy"


def close(app: Flask) -> None:
    with app.app_context():
        surveys.close_wave(KEY, "w1", datetime.now(UTC))


def next_wave(app: Flask) -> None:
    with app.app_context():
        surveys.open_wave(KEY, "w2", datetime.now(UTC))


def test_closed_while_answering(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "closing")
    fields = person.filled({"comment": "遅れた"})
    close(app)
    for place in ("", "/page/closing", "/check", "/later", f"/resume/{person.token}"):
        assert person.open(SURVEY + place).status == 410, place
    person.post(fields, f"{SURVEY}/page/closing")
    assert person.status == 410
    assert person.heading == "Opinion survey on the U.S.-Japan alliance"
    assert "closed" in person.page.get_text()
    person.post(fields, f"{SURVEY}/check")
    assert person.status == 410
    assert [k.state for k in kept()] == ["open"]


def test_the_receipt_outlives_the_wave(person: Person, app: Flask) -> None:
    code = person.open().walk(JAPAN).send().code()
    close(app)
    assert person.open(f"{SURVEY}/receipt").code() == code
    person.open()
    assert person.status == 200
    assert not person.page.select("main form")


def test_left_in_one_wave_begun_in_the_next(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "closing")
    close(app)
    next_wave(app)
    assert "q_consent" not in dict(person.open().fields())
    person.walk({**JAPAN, "country": "us"}).send()
    assert sorted((k.state, k.answers["country"]) for k in kept()) == [("done", "us"), ("open", "jp")]


def test_who_answered_one_wave_can_answer_the_next(person: Person, app: Flask, kept: Read) -> None:
    code = person.open().walk(JAPAN).send().code()
    close(app)
    next_wave(app)
    assert person.open(f"{SURVEY}/receipt").code() == code
    person.open()
    assert person.status == 200
    person.post(person.fields())
    person.walk(JAPAN).send()
    assert person.code() != code
    assert [k.state for k in kept()] == ["done", "done"]


def test_not_open_yet(client: FlaskClient, app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        now = datetime.now(UTC)
        surveys.publish(questionnaire, now)
    person = Person(client, "ja").open()
    assert (person.status, person.heading) == (403, questionnaire.title["ja"])
    assert "Retry-After" not in person.response.headers
    with app.app_context():
        surveys.open_wave(KEY, "w1", now, opens_at=now + timedelta(hours=2))
    person.open()
    assert person.status == 403
    assert 7100 < int(person.response.headers["Retry-After"]) <= 7201
    person.post([("q_consent", "yes")], SURVEY)
    assert person.status == 403


@pytest.mark.parametrize(
    "address",
    ["/s/nowhere", "/s/%00", "/s/a%00b/check", "/s/%ff%fe", "/s/%ed%a0%80", f"/s/{'a' * 5000}", "/s/nowhere/page/x",
     "/s/DOMESTIC-DIPLOMACY", "/s/nowhere/ended/0", "/s/nowhere/receipt", "/s/nowhere/later"],
)  # fmt: skip
def test_unknown_surveys(person: Person, address: str) -> None:
    assert person.open(address).status == 404
    assert person.page.select("h1")


def test_heads_of_pages(person: Person, app: Flask) -> None:
    person.open().walk(JAPAN, "trust")
    for address, status in (
        (SURVEY, 200), (f"{SURVEY}/page/trust", 200), (f"{SURVEY}/check", 303), ("/withdraw", 200), ("/s/none", 404),
        (f"{SURVEY}/later", 200), (f"{SURVEY}/resume/{person.token}", 303), (f"{SURVEY}/another", 405),
    ):  # fmt: skip
        answer = person.client.head(address)
        assert (answer.status_code, answer.data) == (status, b""), address
    close(app)
    assert person.client.head(SURVEY).status_code == 410
