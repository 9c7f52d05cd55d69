"""A database that is away or has other tables: commands end with one line and exit code 1, pages are a 503."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from app.storage.trouble import OTHER_TABLES
from tests.conftest import ENGINES, ROOT, make_settings
from tests.site import free_port

SURVEY = "domestic-diplomacy"
_number = itertools.count(1)
COMMANDS = [
    ("survey", "publish", str(ROOT / "surveys" / f"{SURVEY}.yaml")),
    ("survey", "export", SURVEY),
    ("wave", "open", SURVEY, "w1"),
    ("wave", "close", SURVEY, "w1"),
    ("responses", "export", SURVEY),
    ("responses", "import", SURVEY, "w1", str(ROOT / "README.md")),
    ("tally", "verify"),
    ("tally", "rebuild"),
    ("jobs", "once", "roll_up"),
    ("jobs", "list"),
    ("user", "create", "you@example.org", "--role", "organizer", "--password-stdin"),
    ("demo", "load"),
]


@pytest.fixture(params=ENGINES)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without tables."""
    address = f"sqlite:///{tmp_path}/bare.sqlite"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres")
        name = f"bare_{tmp_path.name.replace('-', '_')}_{next(_number)}"
        with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        address = server.format(name)
    made = create_app(make_settings(tmp_path, address))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def away(tmp_path: Path) -> Flask:
    """The application with the address of a PostgreSQL that nobody serves."""
    return create_app(make_settings(tmp_path, f"postgresql://somebody:open-sesame@127.0.0.1:{free_port()}/barometer"))


def run(app: Flask, command: tuple[str, ...]) -> str:
    """Standard error of a command that fails; there must be no traceback, which would be raised here."""
    result = app.test_cli_runner().invoke(args=command, input="a long enough password\n", catch_exceptions=False)
    assert result.exit_code == 1
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_tables(bare: Flask, command: tuple[str, ...]) -> None:
    assert run(bare, command) == OTHER_TABLES + "\n"


@pytest.mark.parametrize("command", [*COMMANDS, ("prepare",), ("db", "upgrade")], ids=" ".join)
def test_an_unreachable_server(away: Flask, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    said = run(away, command)
    port = away.config["SQLALCHEMY_DATABASE_URI"].rpartition(":")[2].partition("/")[0]
    assert said.startswith(f"The database at 127.0.0.1:{port} cannot be reached: ")
    assert "Connection refused" in said
    assert said.count("\n") == 1
    assert "open-sesame" not in said


def test_an_older_version(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_account DROP COLUMN created_at")
    assert run(app, ("user", "create", "you@example.org", "--role", "organizer", "--password-stdin")) == (
        OTHER_TABLES + "\n"
    )


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "notes.sqlite"
    file.write_text("These are my notes, and they are long enough to be looked at. " * 20)
    said = run(create_app(make_settings(tmp_path, f"sqlite:///{file}")), ("jobs", "list"))
    assert said == f"The database at {file} cannot be used: file is not a database\n"


@pytest.mark.parametrize("address", ["/", f"/s/{SURVEY}", f"/trends/{SURVEY}", f"/methods/{SURVEY}"])
def test_pages_without_tables(bare: Flask, address: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = bare.test_client().get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "We cannot answer just now" in answer.text
    assert [record.getMessage().partition(" (met on")[0] for record in caplog.records] == [OTHER_TABLES]
    assert caplog.records[0].exc_info is None


def test_pages_without_a_server(away: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = away.test_client().get(f"/s/{SURVEY}")
    assert answer.status_code == 503
    (line,) = [record.getMessage() for record in caplog.records]
    assert "cannot be reached" in line
    assert "open-sesame" not in caplog.text
