"""The settings: defaults, what is refused and in which words, and the key that makes itself."""

import os
import secrets
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine, make_url, text

import config
from config import ROOT, Settings, SettingsError, load_settings, weakness_of_key

GOOD_KEY = "w7Jt0qVh2LrXz5Nc_Bk9Ye3Gm-Ds8Pf4UaQo1Ti6EvWn"
POSTGRESQL = "postgresql+psycopg://user:hidden@db.example.org/barometer"
LOAD = "from config import load_settings; print(load_settings().secret_key.get_secret_value())"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("SURVEYS_DIR", str(tmp_path))


def complaints() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value).splitlines()


def test_defaults_need_nothing_set(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.app_env == "development"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/barometer.sqlite"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.max_answer_bytes, settings.max_upload_bytes) == (262_144, 4_194_304)
    assert (settings.minimum_group, settings.unfinished_days) == (10, 30)
    assert (settings.jobs_interval_seconds, settings.lease_seconds) == (60, 30)
    assert settings.ratelimit_storage_uri == "memory://"


def test_folders_default_to_the_root_of_the_project() -> None:
    assert Settings.model_fields["instance_dir"].default == ROOT / "instance"
    assert Settings.model_fields["surveys_dir"].default == ROOT / "surveys"


def test_environment_is_read_and_empty_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8080")
    monkeypatch.setenv("MINIMUM_GROUP", "")
    settings = load_settings()
    assert settings.port == 8080
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.minimum_group == 10


def test_overrides_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8080")
    assert load_settings(port=9000).port == 9000


def test_no_env_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9999\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings().port == 8000


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_through_psycopg(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://user:p%40ss@db/barometer?sslmode=require")
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    assert load_settings().database_url == "postgresql+psycopg://user:p%40ss@db/barometer?sslmode=require"


@pytest.mark.parametrize("address", ["sqlite:///:memory:", "sqlite://"])
def test_a_database_in_memory_stays_there(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    assert make_url(load_settings().database_url) == make_url(address)


def test_a_path_with_unusual_characters_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "日本 50%"
    monkeypatch.setenv("INSTANCE_DIR", str(folder))
    engine = create_engine(load_settings().database_url)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE one (number INTEGER)"))
    engine.dispose()
    assert (folder / "barometer.sqlite").is_file()


def test_relative_sqlite_path_starts_at_the_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "ROOT", tmp_path / "project")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///data/a.sqlite")
    assert load_settings().database_url == f"sqlite:///{tmp_path}/project/data/a.sqlite"
    assert (tmp_path / "project" / "data").is_dir()


def test_database_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/a.sqlite")
    assert complaints()[0].startswith(f"DATABASE_URL: cannot make the folder {tmp_path}/file")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mysql://root:hidden@db/x", "must begin with sqlite:// or postgresql+psycopg://, not mysql://"),
        ("postgresql+psycopg2://u:hidden@db/x", "not postgresql+psycopg2://"),
        ("sqlite+aiosqlite:///x", "not sqlite+aiosqlite://"),
        ("hidden words", "is not a database address"),
        ("postgresql://u:hidden@db:port/x", "is not a database address"),
        ("postgresql://u:hid@hidden@db/x", "write %40 for it"),
    ],
)
def test_other_databases_are_refused(monkeypatch: pytest.MonkeyPatch, address: str, reason: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    (line,) = complaints()
    assert line.startswith("DATABASE_URL: ")
    assert reason in line
    assert "hidden" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("APP_ENV", "prod"),
        ("MAIL_TLS", "yes"),
        ("MINIMUM_GROUP", "0"),
        ("MAX_ANSWER_BYTES", "-1"),
        ("LEASE_SECONDS", "1.5"),
        ("BASE_URL", "barometer.example.org"),
        ("BASE_URL", "ftp://barometer.example.org"),
        ("BASE_URL", "https://barometer.example.org/?a=b"),
        ("SIGN_IN_LIMIT", "often"),
        ("SURVEYS_DIR", "/no/such/folder"),
    ],
)
def test_wrong_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    (line,) = complaints()
    assert line.startswith(f"{name}: ")
    assert f"'{value}'" in line


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "DATABASE_URL", "JOBS_INTERVAL_SECONDS"):
        monkeypatch.setenv(name, "wrong")
    assert sorted(line.split(":")[0] for line in complaints()) == [
        "DATABASE_URL",
        "JOBS_INTERVAL_SECONDS",
        "PORT",
    ]


def test_mail_needs_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SERVER", "mail.example.org")
    (line,) = complaints()
    assert line.startswith("MAIL_FROM: ")
    monkeypatch.setenv("MAIL_FROM", "barometer@example.org")
    assert load_settings().mail_port == 587


@pytest.mark.parametrize(("name", "value"), [("DATABASE_URL", POSTGRESQL), ("APP_ENV", "production")])
def test_key_is_required_outside_the_embedded_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    (line,) = complaints()
    assert line.startswith("SECRET_KEY: is missing")
    assert not (tmp_path / "instance" / "secret_key").exists()
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    assert load_settings().secret_key.get_secret_value() == GOOD_KEY


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        GOOD_KEY[:31],
        "x" * 64,
        "0123456789abcdef" * 4,
        "abababacabababacabababacabababacd",
        "changeme-5ac0f86c02d3afa5c6a91e2b54",
        "Change-Me-5ac0f86c02d3afa5c6a91e2b5",
        "my-secret-key-5ac0f86c02d3afa5c6a91",
        "this is an example of a longer sentence",
    ],
)
def test_weak_key_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", weak)
    (line,) = complaints()
    assert line.startswith("SECRET_KEY: ")
    assert weak not in line


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_random_keys_are_taken(make: Callable[[int], str]) -> None:
    assert [key for key in (make(32) for _ in range(200)) if weakness_of_key(key)] == []


def test_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = load_settings().secret_key.get_secret_value()
    path = tmp_path / "instance" / "secret_key"
    assert weakness_of_key(first) == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_settings().secret_key.get_secret_value() == first
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_damaged_key_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "secret_key"
    path.parent.mkdir()
    path.write_text("")
    (line,) = complaints()
    assert line.startswith(f"SECRET_KEY: the key in {path} ")


def test_key_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "instance").touch()
    (line,) = complaints()
    assert line.startswith("SECRET_KEY: cannot be kept in ")


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    environment = {**os.environ, "INSTANCE_DIR": str(tmp_path / "race"), "DATABASE_URL": "sqlite://"}
    processes = [
        subprocess.Popen([sys.executable, "-c", LOAD], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0].decode().strip() for process in processes}
    assert [process.returncode for process in processes] == [0] * 4
    assert keys == {(tmp_path / "race" / "secret_key").read_text().strip()}


def test_second_to_come_takes_the_key_of_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The race itself: both saw no file, and the other one finished before this one."""
    path = tmp_path / "instance" / "secret_key"
    path.parent.mkdir()
    path.write_text(GOOD_KEY)
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert load_settings().secret_key.get_secret_value() == GOOD_KEY
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_nothing_confidential_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", POSTGRESQL)
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    monkeypatch.setenv("MAIL_PASSWORD", "hidden")
    shown = repr(load_settings())
    assert GOOD_KEY not in shown
    assert "hidden" not in shown


def test_flask_config_on_this_machine() -> None:
    settings = load_settings()
    flask = settings.flask_config()
    assert flask["SECRET_KEY"] == settings.secret_key.get_secret_value()
    assert flask["SQLALCHEMY_DATABASE_URI"] == settings.database_url
    assert flask["SESSION_COOKIE_HTTPONLY"] is True
    assert flask["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert flask["SESSION_COOKIE_SECURE"] is False
    assert flask["PERMANENT_SESSION_LIFETIME"] == timedelta(days=30)
    assert flask["MAX_CONTENT_LENGTH"] == settings.max_answer_bytes
    assert flask["WTF_CSRF_TIME_LIMIT"] is None


def test_cookies_are_secure_behind_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://barometer.example.org/")
    settings = load_settings()
    assert settings.base_url == "https://barometer.example.org"
    assert settings.flask_config()["SESSION_COOKIE_SECURE"] is True
    assert settings.flask_config()["PREFERRED_URL_SCHEME"] == "https"


@pytest.mark.parametrize(
    "key",
    [
        "12345678901234567890123456789012",
        "abcdefghijklmnopqrstuvwxyz012345",
        "qwertyuiopasdfghjklzxcvbnmqwertyu",
        "Ab1?Ab1?Ab1?xAb1?Ab1?Ab1?xAb1?Ab1?",
    ],
)
def test_keys_that_fingers_type_in_order_are_weak(key: str) -> None:
    assert weakness_of_key(key) == "can be guessed"
