"""The migrations make the schema of the models, on both engines, and carry data forward."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import bulk, responses, surveys
from app.storage.base import Base

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def test_the_migrated_schema_is_that_of_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_line_of_revisions() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert len(script.get_heads()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())


def test_every_constraint_is_named(app: Flask) -> None:
    with app.app_context():
        inspector = inspect(db.engine)
        for table in inspector.get_table_names():
            if table == "alembic_version":
                continue
            assert inspector.get_pk_constraint(table)["name"], table
            found = (
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
                *inspector.get_check_constraints(table),
            )
            assert all(item["name"] for item in found), table


def test_the_keys_stay_open_to_many_machines(app: Flask) -> None:
    with app.app_context():
        inspector = inspect(db.engine)
        assert inspector.get_unique_constraints("response") == []
        assert inspector.get_pk_constraint("response")["constrained_columns"] == ["id"]
        assert inspector.get_pk_constraint("tally_queue")["constrained_columns"] == ["response_id"]
        named = {key["name"] for key in inspector.get_foreign_keys("tally_queue")}
        assert named == {"fk_tally_queue_response"}
        for table in set(inspector.get_table_names()) - {"tally_queue"}:
            assert all(key["referred_table"] != "response" for key in inspector.get_foreign_keys(table)), table


@pytest.fixture
def with_data(app: Flask, fielded: Questionnaire) -> Flask:
    """The newest schema with a response in it."""
    with app.app_context():
        wave = surveys.waves(fielded.survey)[0]
        token = responses.new_token()
        responses.start(token, wave.id, "ja", {"consent": "yes"}, datetime.now(UTC))
        stored = responses.find(token)
        assert stored is not None
        responses.submit(token, stored, lambda given: given, datetime.now(UTC))
    return app


def test_the_migrations_run_again_on_a_database_with_data(with_data: Flask) -> None:
    from flask_migrate import upgrade

    with with_data.app_context():
        upgrade(str(MIGRATIONS))
        assert surveys.survey_keys() == ["domestic-diplomacy"]
        assert len(list(bulk.read_submitted([surveys.waves("domestic-diplomacy")[0].id]))) == 1
