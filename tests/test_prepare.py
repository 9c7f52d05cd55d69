"""`flask prepare` makes a database ready to serve, any number of times, and says what stands in the way."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.conftest import ROOT, make_settings
from tests.site import free_port


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application on a database that does not exist yet, and on a free port."""
    monkeypatch.chdir(ROOT)
    return create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/fresh.sqlite", port=free_port()))


def prepare(app: Flask) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["prepare"], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_all_is_made_once(fresh: Flask) -> None:
    code, said, _ = prepare(fresh)
    assert code == 0
    assert "Published domestic-diplomacy" in said
    assert "Opened the wave" in said
    assert fresh.test_client().get("/s/domestic-diplomacy").status_code == 200
    code, said, _ = prepare(fresh)
    assert code == 0
    assert "Published" not in said
    assert "Opened" not in said


def test_a_newer_database(fresh: Flask) -> None:
    prepare(fresh)
    with fresh.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of tomorrow'")
    code, _, complaint = prepare(fresh)
    assert code == 1
    assert complaint.startswith("The database is of a version that is not known here")
    assert "of tomorrow" in complaint
    assert complaint.count("\n") == 1


def test_a_taken_port(fresh: Flask) -> None:
    port = fresh.extensions["settings"].port
    with socket.create_server(("127.0.0.1", port)):
        code, _, complaint = prepare(fresh)
    assert code == 1
    assert f"Port {port} cannot be used" in complaint
    assert f"PORT={port + 1} make run" in complaint
