"""Tallies equal a recount of the responses, whatever happened in which order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import bulk, recount, responses, surveys, tallies, watching
from app.storage.base import writing
from app.storage.fieldwork_tables import ResponseTrace
from app.storage.models import Completes, QueuedResponse, Response, StalePeriod, StoredCounts, TallyRow

START = datetime(2026, 1, 15, tzinfo=UTC)
STEPS = ("start", "edit", "submit", "submit twice", "withdraw", "roll up", "roll up one", "crash", "rebuild")


class Crash(Exception):
    """The machine stops."""


def answers(number: int) -> dict[str, str | int | list[str] | None]:
    return {
        "consent": "yes",
        "country": ("jp", "us")[number % 2],
        "group": "public",
        "gender": (None, "female", "-9")[number % 3],
        "DD6a": ("1", "5", "-8", None)[number % 4],
        "contact": (["study", "work"], ["none"], None)[number % 3],
    }


def act(step: str, person: int, tokens: dict[int, str], wave_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.setdefault(person, responses.new_token())
    now = START + timedelta(days=9 * person)
    stored = responses.find(token)
    if step == "start":
        responses.start(token, wave_id, "ja", answers(person), now)
    elif step == "edit" and stored:
        responses.save(token, stored, {"DD6a": "2"}, "en", now)
    elif step.startswith("submit") and stored:
        for _ in step.split():
            responses.submit(token, stored, lambda given: given, now, trace=("here", None, "there")[person % 3])
    elif step == "withdraw":
        responses.withdraw(token)
    elif step == "roll up":
        tallies.roll_up(100)
    elif step == "roll up one":
        tallies.roll_up(1)
    elif step == "rebuild":
        recount.rebuild()
    elif step == "crash":
        with monkeypatch.context() as patch:
            patch.setattr(watching, "put", crash)
            with pytest.raises(Crash) if tallies.waiting() else pytest.MonkeyPatch.context():
                tallies.roll_up(100)


def crash(*_: object) -> None:
    raise Crash


def empty() -> None:
    with writing() as session:
        for table in (ResponseTrace, QueuedResponse, StalePeriod, Completes, StoredCounts, TallyRow, Response):
            session.execute(delete(table))


def counted() -> int:
    return int(db.session.execute(select(func.coalesce(func.sum(TallyRow.respondents), 0))).scalar_one())


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), max_size=30))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_leaves_tallies_equal_to_the_recount(
    app: Flask, fielded: Questionnaire, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, int]]
) -> None:
    with app.app_context():
        empty()
        wave_id = surveys.waves(fielded.survey)[0].id
        tokens: dict[int, str] = {}
        for step, person in steps:
            act(step, person, tokens, wave_id, monkeypatch)
            assert recount.verify() == []
        while tallies.roll_up(2):
            pass
        assert recount.verify() == []
        done = [token for token in tokens.values() if (found := responses.find(token)) and found.state == "done"]
        assert counted() == len(done)
        assert sum(n for _, _, n in watching.completes([wave_id])) == len(done)
        left = db.session.execute(select(func.count()).where(Response.state == "withdrawn")).scalar_one()
        assert left == 0


def test_verify_names_the_cells_that_differ(app: Flask, fielded: Questionnaire) -> None:
    with app.app_context():
        wave_id = surveys.waves(fielded.survey)[0].id
        for person in range(4):
            token = responses.new_token()
            responses.start(token, wave_id, "ja", answers(person), START)
            stored = responses.find(token)
            assert stored
            responses.submit(token, stored, lambda given: given, START)
        assert tallies.roll_up(100) == 4
        assert recount.verify() == []
        with writing() as session:
            cell = session.execute(select(TallyRow.cell).limit(1)).scalar_one()
            session.execute(update(TallyRow).where(TallyRow.cell == cell).values(respondents=TallyRow.respondents + 1))
        assert [found.cell for found in recount.verify()] == [cell]
        assert recount.rebuild() == 4
        assert recount.verify() == []


def test_a_withdrawn_response_is_hidden_at_once_and_deleted_by_the_next_roll_up(
    app: Flask, fielded: Questionnaire
) -> None:
    with app.app_context():
        wave_id = surveys.waves(fielded.survey)[0].id
        token = responses.new_token()
        responses.start(token, wave_id, "ja", answers(1), START)
        stored = responses.find(token)
        assert stored
        responses.submit(token, stored, lambda given: given, START)
        tallies.roll_up(100)
        assert responses.withdraw(token)
        assert responses.find(token) is None
        assert list(bulk.read_submitted([wave_id])) == []
        assert not responses.withdraw(token)
        assert tallies.roll_up(100) == 1
        assert counted() == 0
        assert db.session.execute(select(func.count()).select_from(Response)).scalar_one() == 0
