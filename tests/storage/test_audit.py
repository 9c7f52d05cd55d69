"""The audit log: whole, in one chain, and silent about nothing."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from app import create_app
from app.accounts import register
from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import audit, surveys
from tests.conftest import make_settings

NOW = datetime(2026, 11, 27, 12, 0, 0, 123456, tzinfo=UTC)
APP = Path(__file__).parents[2] / "app"


def write_three() -> None:
    audit.record("a@example.org", "data.taken", NOW, survey="small", file="日本語.csv")
    audit.record("b@example.org", "account.signed_in", NOW, person="b@example.org")
    audit.record("a@example.org", "wave.closed", NOW, survey="other", wave="w1")


def execute(statement: str) -> None:
    db.session.execute(text(statement))
    db.session.commit()


def test_entries_come_back_as_they_were_written(app: Flask) -> None:
    with app.app_context():
        write_three()
        newest = audit.entries(audit.Filter())[-1]
        assert (newest.id, newest.at, newest.actor, newest.survey) == (1, NOW, "a@example.org", "small")
        assert audit.detail_of(newest) == {"file": "日本語.csv"}
        verdict = audit.verify()
        assert (verdict.entries, verdict.trouble) == (3, "")
        assert verdict.hash == audit.hash_at(3)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (audit.Filter(), [3, 2, 1]),
        (audit.Filter(survey="small"), [1]),
        (audit.Filter(person="b@example.org"), [2]),
        (audit.Filter(action="wave.closed"), [3]),
        (audit.Filter(surveys=frozenset({"other"})), [3]),
        (audit.Filter(surveys=frozenset({"other"}), survey="small"), []),
        (audit.Filter(surveys=frozenset()), []),
    ],
)
def test_filters(app: Flask, wanted: audit.Filter, numbers: list[int]) -> None:
    with app.app_context():
        write_three()
        assert [entry.id for entry in audit.entries(wanted)] == numbers
        assert [entry.id for entry in audit.all_entries(wanted)] == numbers
        assert [entry.id for entry in audit.entries(wanted, before=3, limit=1)] == [n for n in numbers if n < 3][:1]


@pytest.mark.parametrize(
    ("tampering", "trouble"),
    [
        ("UPDATE audit_entry SET actor = 'x@example.org' WHERE id = 2", "entry 2 was changed"),
        ("UPDATE audit_entry SET at = '2026-11-27 12:00:01' WHERE id = 1", "entry 1 was changed"),
        ("UPDATE audit_entry SET detail = '{}' WHERE id = 3", "entry 3 was changed"),
        ("DELETE FROM audit_entry WHERE id = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entry WHERE id = 3", "of 3 entries, 2 are there"),
        ("DELETE FROM audit_entry", "of 3 entries, 0 are there"),
        ("UPDATE audit_entry SET id = 9 WHERE id = 3", "entry 3 is missing"),
        ("UPDATE audit_head SET entries = 2", "of 2 entries, 3 are there"),
    ],
)
def test_what_was_changed_behind_its_back_shows(app: Flask, tampering: str, trouble: str) -> None:
    with app.app_context():
        write_three()
        execute(tampering)
        assert trouble in audit.verify().trouble


def test_many_writers_make_one_chain(app: Flask) -> None:
    def write(name: str) -> None:
        with app.app_context():
            for _ in range(5):
                audit.record(name, "data.taken", NOW)
            db.session.remove()

    threads = [threading.Thread(target=write, args=(f"{n}@example.org",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        verdict = audit.verify()
    assert (verdict.entries, verdict.trouble) == (30, "")


def test_a_deed_that_fails_leaves_no_entry(app: Flask, fielded: Questionnaire) -> None:
    with app.app_context():
        before = audit.verify().entries
        with pytest.raises(surveys.WaveError):
            surveys.open_wave(fielded.survey, "w1", NOW, by="a@example.org")
        assert not surveys.publish(fielded, NOW, "a@example.org")
        assert audit.verify().entries == before


def test_publishing_and_waves_are_in_it(app: Flask, fielded: Questionnaire) -> None:
    with app.app_context():
        surveys.close_wave(fielded.survey, "w1", datetime.now(UTC), "a@example.org")
        done = audit.entries(audit.Filter(survey=fielded.survey))
        assert [(entry.actor, entry.action) for entry in done] == [
            ("a@example.org", "wave.closed"),
            ("command line", "wave.opened"),
            ("command line", "version.published"),
        ]
        assert audit.detail_of(done[-1]) == {"version": fielded.hash}


def test_a_database_user_may_be_left_with_adding_only(new_database: Callable[[str], str], tmp_path: Path) -> None:
    """On PostgreSQL, as docs/accounts.md says."""
    owners = new_database("postgresql")
    with psycopg.connect(owners.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS barometer")
        owner.execute("CREATE ROLE barometer LOGIN")
        owner.execute("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO barometer")
        owner.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO barometer")
        owner.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM barometer")
    url = make_url(owners).set(username="barometer", password=None)
    app = create_app(make_settings(tmp_path, url.render_as_string(hide_password=False)))
    with app.app_context():
        register.create_account("a@example.org", "correct horse battery", "administrator", NOW)
        write_three()
        assert audit.verify().trouble == ""
        for forbidden in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
            with pytest.raises(ProgrammingError, match="permission denied for table audit_entry"):
                execute(forbidden)
            db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(owners.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("DROP OWNED BY barometer")
        owner.execute("DROP ROLE barometer")


def test_no_code_of_the_application_changes_or_deletes_an_entry() -> None:
    """Whatever stands in an UPDATE or DELETE anywhere, it is not this table; and none is written as text."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("update", "delete"):
                assert not any(isinstance(given, ast.Name) and given.id == "AuditEntry" for given in node.args), path
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "audit.py":
                assert "audit_entry" not in node.value or path.name == "models.py", path
