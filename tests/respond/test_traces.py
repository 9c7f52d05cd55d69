"""Open links without rigging: what tells of doubles without an address, and a pause where very many come at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.questionnaire.quality import DUPLICATE
from app.storage import recount, responses, surveys, tallies, traces, watching
from app.storage.base import writing
from app.storage.fieldwork_tables import ResponseTrace, TraceCount, TraceKey

from .person import JAPAN, Person

KEY = "domestic-diplomacy"


def somebody(app: Flask, address: str = "198.51.100.23", kind: str = "Mosaic/0.9") -> Person:
    """A browser of a kind at an address, with all questions answered."""
    person = Person(app.test_client())
    person.client.environ_base["REMOTE_ADDR"] = address
    person.headers |= {"User-Agent": kind}
    return person.open().walk(JAPAN)


def count(app: Flask, table: type[ResponseTrace | TraceCount | TraceKey]) -> int:
    with app.app_context():
        return int(db.session.execute(select(func.count()).select_from(table)).scalar_one())


def shared(app: Flask) -> int:
    with app.app_context():
        tallies.roll_up(100)
        assert recount.verify() == []
        counts = watching.of_wave(surveys.waves(KEY)[0].id)
        return counts.flags.get(DUPLICATE, 0) if counts else 0


def test_answers_of_one_place_are_marked_and_no_address_is_kept(app: Flask, fielded: Questionnaire) -> None:
    first = somebody(app).send()
    for address, kind in (("198.51.100.24", "Mosaic/0.9"), ("198.51.100.23", "Lynx"), ("2001:db8:1:1::5", "Lynx")):
        somebody(app, address, kind).send()
    assert (shared(app), count(app, ResponseTrace)) == (0, 4)
    somebody(app).send()
    somebody(app, "2001:db8:1:1::6", "Lynx").send()
    assert shared(app) == 4
    with app.app_context():
        found = list(traces.suspects(surveys.waves(KEY)[0].id))
        assert sorted((one.group, one.n) for one in found) == [(1, 2), (1, 2), (2, 2), (2, 2)]
        rows = (str(tuple(row)) for table in db.metadata.tables.values() for row in db.session.execute(table.select()))
        stored = " ".join(rows)
    for secret in ("198.51.100", "2001:db8", "Mosaic", "Lynx"):
        assert secret not in stored
    listed = app.test_cli_runner().invoke(args=["responses", "suspects", KEY, "w1"]).output.splitlines()
    assert listed[0] == "response_id,group,answers"
    assert len(listed) == 1 + 4

    last = somebody(app).send()
    with app.app_context():
        assert responses.withdraw(last.token)
    assert count(app, ResponseTrace) == 6, "a withdrawn answer leaves no trace, at once where it was not counted yet"
    with app.app_context():
        assert responses.withdraw(first.token)
        assert len(list(traces.suspects(surveys.waves(KEY)[0].id))) == 2
    assert (shared(app), count(app, ResponseTrace)) == (2, 5), "else with the next roll-up"


def test_the_key_of_a_day_is_forgotten(app: Flask, fielded: Questionnaire) -> None:
    somebody(app).send()
    now = datetime.now(UTC)
    with app.app_context():
        assert traces.key_of(now.date()) == traces.key_of(now.date())
        assert traces.key_of(now.date()) != traces.key_of(now.date() + timedelta(days=1))
        assert traces.forget_before(now.date()) == 0
        assert traces.forget_before(now.date() + timedelta(days=2)) == 3
    assert (count(app, TraceKey), count(app, TraceCount), count(app, ResponseTrace)) == (0, 0, 1)


def test_a_crowd_of_one_place_is_slowed_down_and_not_shut_out(app: Flask, fielded: Questionnaire) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"crowd_free": 2})
    for _ in range(2):
        assert somebody(app).send().status == 200
    third = somebody(app).send()
    assert (third.status, third.response.headers["Retry-After"]) == (429, "20")
    assert "Yours are saved. Please press the button again in 20 seconds." in third.page.get_text()
    assert somebody(app, "203.0.113.9").send().status == 200, "nobody else waits"
    with app.app_context(), writing() as session:
        session.execute(update(TraceCount).values(last_at=datetime.now(UTC) - timedelta(seconds=21)))
    assert third.send().place == "receipt"
    assert somebody(app).send().status == 429, "one after another"


@pytest.mark.parametrize("free", [0, 30])
def test_without_a_crowd_nobody_waits(app: Flask, fielded: Questionnaire, free: int) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"crowd_free": free})
    assert [somebody(app).send().status for _ in range(3)] == [200] * 3
