"""Closed, not yet open and unknown surveys say so; a new wave is a new chance to answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import audit, surveys
from app.storage.models import TallyRow

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]
KEY = "domestic-diplomacy"


GRACE = timedelta(hours=24)


@pytest.fixture
def person(app: Flask, client: FlaskClient, questionnaire: Questionnaire) -> Person:
    """Somebody who meets a wave that has been open for some days, so that it can have been closed for a while."""
    with app.app_context():
        begun = datetime.now(UTC) - timedelta(days=9)
        surveys.publish(questionnaire, begun)
        surveys.open_wave(KEY, "w1", begun)
    return Person(client)


def close(app: Flask, since: timedelta = timedelta(0)) -> datetime:
    """Closes the wave, as it would stand that long afterwards."""
    closed_at = datetime.now(UTC) - since
    with app.app_context():
        surveys.close_wave(KEY, "w1", closed_at)
    return closed_at


def next_wave(app: Flask) -> None:
    with app.app_context():
        surveys.open_wave(KEY, "w2", datetime.now(UTC))


def test_closed_while_answering(person: Person, app: Flask, kept: Read) -> None:
    """Who has begun may finish for a day. After that nothing is taken any more."""
    person.open().walk(JAPAN, "closing")
    fields = person.filled({"comment": "遅れた"})
    close(app, GRACE)
    for place in ("", "/page/closing", "/check", "/later", f"/resume/{person.token}"):
        assert person.open(SURVEY + place).status == 410, place
    person.post(fields, f"{SURVEY}/page/closing")
    assert person.status == 410
    assert person.heading == "Opinion survey on the U.S.-Japan alliance"
    assert "Those who had begun have 24 hours from then to send their answers." in person.page.get_text()
    assert "The time to finish ended at" in person.page.get_text(), "politely, to who has begun"
    assert "The time to finish" not in Person(app.test_client()).open().page.get_text(), "and to nobody else"
    person.post(fields, f"{SURVEY}/check")
    assert person.status == 410
    assert [k.state for k in kept()] == ["open"]


def test_who_has_begun_finishes_within_a_day(
    person: Person, app: Flask, kept: Read, roll_up: Callable[[], int]
) -> None:
    person.open().walk(JAPAN, "closing")
    closed_at = close(app, GRACE - timedelta(minutes=5))
    for place in ("", "/page/closing", f"/resume/{person.token}"):
        assert person.open(SURVEY + place).status == 200, place
    end = f"{closed_at + GRACE:%Y-%m-%dT%H:%M:%SZ}"
    until = "The survey has closed. You can still finish and send your answers until"
    assert until in person.open(f"{SURVEY}/later").page.get_text()
    assert person.page.select_one(f'time[datetime="{end}"]')
    person.open(f"{SURVEY}/page/closing").walk(JAPAN)
    assert until in person.page.get_text()
    assert person.send().code() == person.token
    assert [k.state for k in kept()] == ["done"]
    assert roll_up() == 1
    # It counts in the wave's own time: the day of the wave's end, which another day may already have followed.
    with app.app_context():
        (row,) = db.session.execute(select(TallyRow.period)).all()
        assert row.period == f"{closed_at - timedelta(microseconds=1):%Y-%m}"


def test_nobody_begins_in_a_wave_that_closed(person: Person, app: Flask, kept: Read) -> None:
    fields = [*person.open().filled({"consent": "yes", "adult": "yes"}), ("action", "next")]
    close(app)
    assert person.post(fields, SURVEY).status == 410
    assert person.open().status == 410
    assert kept() == []


def test_a_wave_says_itself_how_long_and_in_which_languages(app: Flask, questionnaire: Questionnaire) -> None:
    now = datetime.now(UTC)
    begun = now - timedelta(days=9)
    with app.app_context():
        surveys.publish(questionnaire, begun)
        closes_at = now - timedelta(hours=71)
        surveys.open_wave(
            KEY, "w1", begun, closes_at=closes_at, languages=["en"], time_zone="America/New_York", finish_hours=72
        )
    person = Person(app.test_client(), "ja").open()
    assert person.status == 410
    assert person.page.html is not None
    assert person.page.html["lang"] == "en"
    assert "Those who had begun have 72 hours" in person.page.get_text()
    assert re.search(r"It closed at .* Eastern (Standard|Daylight) Time", person.page.get_text())


def test_the_scheduler_writes_the_course_of_waves_down(app: Flask, questionnaire: Questionnaire) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        surveys.publish(questionnaire, now)
        surveys.open_wave(KEY, "w1", now, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
        surveys.open_wave(KEY, "w2", now, opens_at=now + timedelta(days=3), closes_at=now + timedelta(days=4))
        assert surveys.note_course(now) == 0
        assert surveys.note_course(now + timedelta(days=1)) == 1
        assert surveys.note_course(now + timedelta(days=1)) == 0
        assert surveys.note_course(now + timedelta(days=5)) == 3, "also of what passed while nothing ran"
        entries = audit.entries(audit.Filter(survey=KEY))[:4]
        noted = [(e.actor, e.action, audit.detail_of(e)["wave"]) for e in entries]
        assert noted == [
            ("scheduler", "wave.ended", "w2"),
            ("scheduler", "wave.ended", "w1"),
            ("scheduler", "wave.began", "w2"),
            ("scheduler", "wave.began", "w1"),
        ]


def test_without_a_time_to_finish_in_a_wave_ends_for_all(person: Person, app: Flask) -> None:
    person.open().walk(JAPAN, "closing")
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"finish_hours": 0})
    assert "you still have" not in person.open(f"{SURVEY}/later").page.get_text()
    close(app)
    assert person.open(f"{SURVEY}/page/closing").status == 410
    assert "Those who had begun" not in person.page.get_text()


def test_stopping_says_how_long_the_way_back_is_open(person: Person, app: Flask) -> None:
    person.open().walk(JAPAN, "trust")
    said = "If it closes before you have finished, you still have 24 hours to send your answers."
    assert said in person.press("later").page.get_text()


def test_the_receipt_outlives_the_wave(person: Person, app: Flask) -> None:
    code = person.open().walk(JAPAN).send().code()
    close(app)
    assert person.open(f"{SURVEY}/receipt").code() == code
    person.open()
    assert person.status == 200
    assert not person.page.select("main form")


def test_left_in_one_wave_begun_in_the_next(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "closing")
    close(app, GRACE)
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
    close(app, GRACE)
    assert person.client.head(SURVEY).status_code == 410
