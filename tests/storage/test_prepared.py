"""The lane to the database: a transaction by itself, on connections that are kept and can be lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Dialect, event, update
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import prepared, responses, surveys
from app.storage.base import looking, touching
from app.storage.models import Response

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TOKEN = responses.new_token()
_CLEAR = update(Response).values(answers="{}")
_STRANGE = update(Response).values(answers='{"gone": ["a"]}')


def begin(questionnaire: Questionnaire) -> None:
    surveys.publish(questionnaire, NOW)
    wave = surveys.open_wave(questionnaire.survey, "w", NOW)
    assert responses.start(TOKEN, wave, "en", {"consent": "yes"}, NOW)


def answers() -> object:
    stored = responses.find(TOKEN)
    return stored and stored.answers


def test_what_fails_in_between_leaves_nothing(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        begin(questionnaire)
        with pytest.raises(ZeroDivisionError), touching() as connection:
            assert connection.change(_CLEAR, {}) / 0
        assert answers() == {"consent": "yes"}
        with touching() as connection:  # No lock was left behind.
            assert connection.change(_CLEAR, {}) == 1
        assert answers() == {}


def test_a_connection_is_used_again(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        begin(questionnaire)
        kept = list(prepared._idle[db.engine].connections)
        for _ in range(3):
            answers()
        assert prepared._idle[db.engine].connections == kept
        assert len(kept) == 1


def test_a_wrong_statement_is_an_error_of_ours_and_harms_no_other(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        begin(questionnaire)
        with pytest.raises(DBAPIError), touching() as connection:
            connection.change(update(Response).values(state="unheard of"), {})
        assert answers() == {"consent": "yes"}


def test_connections_that_were_lost_cost_one_error_at_most(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        begin(questionnaire)
        with looking(), looking(), looking():
            pass
        idle = prepared._idle[db.engine].connections
        assert len(idle) == 3
        for connection in idle:  # As a server that was started anew does.
            connection.close()
        with pytest.raises(DBAPIError):
            answers()
        assert answers() == {"consent": "yes"}


def test_a_database_that_cannot_be_reached_is_said_as_everywhere(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        begin(questionnaire)
        db.engine.dispose()

        def refuse(dialect: Dialect, *_: object) -> None:
            raise dialect.loaded_dbapi.OperationalError("nobody listens")

        event.listen(db.engine, "do_connect", refuse)
        client = app.test_client()
        client.set_cookie(f"answering-{questionnaire.survey}", TOKEN)
        answer = client.get(f"/s/{questionnaire.survey}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        event.remove(db.engine, "do_connect", refuse)
        assert answers() == {"consent": "yes"}


def test_none_is_left_open_when_the_engine_is_disposed_of(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        begin(questionnaire)
        (connection,) = prepared._idle[db.engine].connections
        db.engine.dispose()
        assert prepared._idle[db.engine].connections == []
        driver = db.engine.dialect.loaded_dbapi
        with pytest.raises((driver.ProgrammingError, driver.OperationalError)):
            connection.execute("SELECT 1")
        assert answers() == {"consent": "yes"}


def test_a_save_loses_nothing_of_the_row(app: Flask, questionnaire: Questionnaire) -> None:
    """Neither what the version does not know, nor a page that another window saved meanwhile."""
    with app.app_context():
        begin(questionnaire)
        first, second = list(questionnaire.variables)[1:3]
        with touching() as connection:
            connection.change(_STRANGE, {})
        seen = responses.find(TOKEN)
        assert seen
        assert responses.save(TOKEN, seen, {first: "1"}, "en", NOW)
        saved = responses.save(TOKEN, seen, {second: None}, "en", NOW)  # Seen before the other was saved.
        assert answers() == (saved and saved.answers) == {"gone": ["a"], first: "1", second: None}
