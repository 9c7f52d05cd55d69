"""The migrations make the schema of the models, on both engines, and carry data forward."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import bulk, endings, quotas, recount, responses, surveys, tallies, users, watching
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


def test_roles_of_the_whole_site_become_roles_on_all_surveys(app: Flask) -> None:
    from flask_migrate import downgrade, upgrade

    with app.app_context():
        downgrade(str(MIGRATIONS), "0001")
        db.session.execute(
            text(
                "INSERT INTO user_account (id, email, password_hash, role, created_at) VALUES"
                " (7, 'o@example.org', 'hash', 'organizer', '2026-11-23'),"
                " (9, 'r@example.org', 'hash', 'researcher', '2026-11-23')"
            )
        )
        db.session.commit()
        upgrade(str(MIGRATIONS))
        assert [(user.id, user.email, user.password_hash) for user in users.everybody()] == [
            (7, "o@example.org", "hash"),
            (9, "r@example.org", "hash"),
        ]
        assert users.grants_of(7) == {("organizer", "*")}
        assert users.grants_of(9) == {("researcher", "*")}
        db.session.remove()
        downgrade(str(MIGRATIONS), "0001")
        found = db.session.execute(text("SELECT email, role FROM user_account ORDER BY id")).all()
        assert [tuple(row) for row in found] == [("o@example.org", "organizer"), ("r@example.org", "researcher")]
        db.session.remove()
        upgrade(str(MIGRATIONS))


def test_estimates_that_were_there_are_those_without_weights(with_data: Flask) -> None:
    from flask_migrate import downgrade, upgrade

    with with_data.app_context():
        wave_id = surveys.waves("domestic-diplomacy")[0].id
        db.session.remove()
        downgrade(str(MIGRATIONS), "0002")
        columns = "wave_id, variable, period, domain, document, refreshed_at"
        values = {"wave": wave_id, "now": "2026-01-01 00:00:00+00:00"}
        with db.engine.begin() as connection:
            connection.execute(
                text(f"INSERT INTO estimate ({columns}) VALUES (:wave, 'DD6a', '2026-01', 'all', 'null', :now)"), values
            )
        db.session.remove()
        upgrade(str(MIGRATIONS))
        with db.engine.begin() as connection:
            assert connection.execute(text("SELECT scheme, domain FROM estimate")).all() == [("unweighted", "all")]
            assert connection.execute(text("SELECT base_weight, paradata FROM response")).all() == [(None, None)]


def test_what_was_published_before_the_revision_log_is_revised_from_then_on(with_data: Flask) -> None:
    from flask_migrate import downgrade, upgrade

    with with_data.app_context():
        wave_id = surveys.waves("domestic-diplomacy")[0].id
        db.session.remove()
        downgrade(str(MIGRATIONS), "0005")
        columns = "wave_id, variable, scheme, period, domain, document, refreshed_at"
        values = {"wave": wave_id, "now": "2026-01-01 00:00:00+00:00"}
        with db.engine.begin() as connection:
            for variable in ("DD6a", "DD7a"):
                row = f"(:wave, '{variable}', 'unweighted', '2026-01', 'all', 'null', :now)"
                connection.execute(text(f"INSERT INTO estimate ({columns}) VALUES {row}"), values)
            connection.execute(text("INSERT INTO stale_period (wave_id, period) VALUES (:wave, '2026-02')"), values)
        db.session.remove()
        upgrade(str(MIGRATIONS))
        with db.engine.begin() as connection:
            found = connection.execute(text("SELECT period, ended_at, edition FROM published_period")).all()
            assert [tuple(row) for row in found] == [("2026-01", None, 0)]
            # What is published is made anew once, with what groups share.
            marked = connection.execute(text("SELECT period, reasons, changes FROM stale_period ORDER BY period")).all()
            assert [tuple(row) for row in marked] == [("2026-01", 0, 0), ("2026-02", 0, 0)]


def test_what_was_counted_before_the_monitor_is_counted_in_it(with_data: Flask) -> None:
    """People who met a full quota come along; the next roll-up counts the responses that the tallies have."""
    from flask_migrate import downgrade, upgrade

    with with_data.app_context():
        wave = surveys.waves("domestic-diplomacy")[0].id
        assert tallies.roll_up(10) == 1
        quotas.put("domestic-diplomacy", "w1", wave, [({}, 0), ({"country": "jp"}, 0)], datetime.now(UTC), "test")
        db.session.remove()
        downgrade(str(MIGRATIONS), revision="0011")
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE quota SET turned_away = 3"))
        upgrade(str(MIGRATIONS))
        assert endings.of_wave(wave)[endings.QUOTA_FULL] == {"": 6}
        assert watching.uncounted() == [wave]
        assert recount.count_older() == 1
        assert recount.verify() == []
