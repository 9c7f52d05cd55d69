"""Every setting of the platform, read from the environment into one typed, immutable object."""

import os
import secrets
import tempfile
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
SHORTEST_KEY = 32
FEWEST_DISTINCT_CHARACTERS = 8
PLACEHOLDERS = (
    "changeme",
    "changethis",
    "replaceme",
    "yoursecret",
    "secretkey",
    "password",
    "example",
    "default",
)
HOW_TO_MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes a good one"
# What fingers type in order.
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
CONFIDENTIAL = {"secret_key", "mail_password", "database_url", "ratelimit_storage_uri"}

Count = Annotated[int, Field(gt=0)]
Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(Exception):
    """The environment holds something the platform cannot work with: one line per variable."""


class Settings(BaseSettings):
    """Each setting is the environment variable of its name in capitals; an empty one counts as unset."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")

    app_env: Literal["development", "production"] = "development"
    instance_dir: Path = ROOT / "instance"
    surveys_dir: Path = ROOT / "surveys"
    database_url: str = Field(default="", repr=False)
    secret_key: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: Port = 8000
    # How many reverse proxies stand before the site, whose word on the sender's address is taken.
    proxies: Annotated[int, Field(ge=0, le=5)] = 0
    base_url: str = ""

    mail_server: str = ""
    mail_port: Port = 587
    mail_username: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_tls: Literal["starttls", "tls", "none"] = "starttls"

    max_answer_bytes: Count = 262_144
    max_upload_bytes: Count = 4_194_304
    minimum_group: Count = 10
    sign_in_limit: str = "5 per minute;30 per hour"
    ratelimit_storage_uri: str = "memory://"
    jobs_interval_seconds: Count = 60
    lease_seconds: Count = 30
    unfinished_days: Count = 30
    # After a wave closed, until names and addresses of the people invited are deleted.
    contacts_days: Count = 90
    # For how long after a wave closes those who have begun to answer may finish, on the version that they began.
    finish_hours: Annotated[int, Field(ge=0, le=720)] = 24
    # How many answers a day are taken from one network and kind of browser without a pause, by open links; 0: no limit.
    crowd_free: Annotated[int, Field(ge=0)] = 30
    crowd_pause_seconds: Annotated[int, Field(ge=1, le=600)] = 20

    @field_validator("instance_dir", "surveys_dir")
    @classmethod
    def _from_root(cls, folder: Path) -> Path:
        return ROOT / folder

    @field_validator("surveys_dir")
    @classmethod
    def _folder_exists(cls, folder: Path) -> Path:
        if not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, address: str, info: ValidationInfo) -> str:
        if not address:
            instance_dir: Path = info.data.get("instance_dir", ROOT / "instance")
            return URL.create("sqlite", database=str(instance_dir / "barometer.sqlite")).render_as_string()
        return _canonical_database(address).render_as_string(hide_password=False)

    @field_validator("secret_key")
    @classmethod
    def _settled_key(cls, key: SecretStr, info: ValidationInfo) -> SecretStr:
        if not {"app_env", "instance_dir", "database_url"} <= info.data.keys():
            return key  # those are reported already, and this one depends on them
        embedded = info.data["app_env"] == "development" and info.data["database_url"].startswith("sqlite")
        if embedded and not key.get_secret_value():
            return SecretStr(_stored_key(info.data["instance_dir"] / "secret_key"))
        weakness = weakness_of_key(key.get_secret_value())
        if weakness:
            raise ValueError(f"{weakness}; {HOW_TO_MAKE_A_KEY}")
        return key

    @field_validator("base_url")
    @classmethod
    def _origin(cls, address: str, info: ValidationInfo) -> str:
        address = address.rstrip("/") or f"http://127.0.0.1:{info.data.get('port', 8000)}"
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://barometer.example.org")
        return address

    @field_validator("sign_in_limit")
    @classmethod
    def _readable_limit(cls, limit: str) -> str:
        try:
            parse_many(limit)
        except ValueError as error:
            raise ValueError('must be limits such as "5 per minute;30 per hour"') from error
        return limit

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.mail_server and "@" not in self.mail_from:
            raise ValueError("MAIL_FROM: must be the sender's e-mail address when MAIL_SERVER is set")
        return self

    @property
    def finish_within(self) -> timedelta:
        """How long after a wave closes its unfinished responses can be sent."""
        return timedelta(hours=self.finish_hours)

    def to_finish(self, hours: int | None) -> timedelta:
        """The same for a wave that may say it itself."""
        return self.finish_within if hours is None else timedelta(hours=hours)

    def flask_config(self) -> dict[str, Any]:
        """What Flask and its extensions read from `app.config`."""
        secure = self.base_url.startswith("https://")
        return {
            "SECRET_KEY": self.secret_key.get_secret_value(),
            "SESSION_COOKIE_NAME": "barometer",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": secure,
            "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
            # A cookie is written when something in it changes, not with every answer page.
            "SESSION_REFRESH_EACH_REQUEST": False,
            "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
            "PREFERRED_URL_SCHEME": "https" if secure else "http",
            "MAX_CONTENT_LENGTH": self.max_answer_bytes,
            "MAX_FORM_MEMORY_SIZE": self.max_answer_bytes,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "en",
            "BABEL_DEFAULT_TIMEZONE": "UTC",
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            # Errors are logged; what people answered is not.
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
            "RATELIMIT_STORAGE_URI": self.ratelimit_storage_uri,
        }


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; `overrides` take the place of the environment, by field name.

    Makes the folder of a SQLite file. Raises `SettingsError` with one line per variable that will not do.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(_complaint(problem) for problem in error.errors())) from None
    _make_database_folder(make_url(settings.database_url))
    return settings


def weakness_of_key(key: str) -> str:
    """Why this key will not do for signing, or "" if it will."""
    if not key:
        return "is missing, and only a development server on SQLite makes its own"
    if len(key) < SHORTEST_KEY:
        return f"has {len(key)} characters, fewer than {SHORTEST_KEY}"
    repeats = any(key[period:] == key[:-period] for period in range(1, len(key) // 2 + 1))
    plain = "".join(filter(str.isalnum, key.lower()))
    runs = sum(a + b in row or b + a in row for row in RUNS for a, b in pairwise(plain))
    if (
        repeats
        or runs > len(plain) / 2
        or len(set(key)) < FEWEST_DISTINCT_CHARACTERS
        or any(word in plain for word in PLACEHOLDERS)
    ):
        return "can be guessed"
    return ""


def _canonical_database(address: str) -> URL:
    """The address with the driver named and a SQLite path made absolute from the root of the project."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address") from None
    if "@" in (url.host or ""):
        raise ValueError("has an @ in its user or password: write %40 for it")
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ValueError(f"must begin with sqlite:// or postgresql+psycopg://, not {url.drivername}://")
    path = _file_of(url)
    return url.set(drivername="sqlite", database=str(ROOT / path) if path else url.database)


def _file_of(url: URL) -> Path | None:
    """The SQLite file behind this address; None for a database in memory or on a server."""
    name = url.database or ""
    in_file = url.get_backend_name() == "sqlite" and name not in ("", ":memory:") and not name.startswith("file:")
    return Path(name) if in_file else None


def _make_database_folder(url: URL) -> None:
    file = _file_of(url)
    if not file:
        return
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"DATABASE_URL: cannot make the folder {folder}: {error.strerror}") from error


def _stored_key(path: Path) -> str:
    """The key kept in `path`, made at the first call. Whoever comes at the same time gets the same key."""
    try:
        if not path.exists():
            _store_new_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot be kept in {path}: {error}") from error
    weakness = weakness_of_key(key)
    if weakness:
        raise ValueError(f"the key in {path} {weakness}; delete the file and a new key is made")
    return key


def _store_new_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")  # mkstemp gives mode 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link either appears whole or fails because another process was first: nobody reads half a key.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _complaint(problem: Any) -> str:
    """One line that names the variable. Values that may hold a password are not repeated."""
    message = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:
        return message
    field = str(problem["loc"][0])
    value = "" if field in CONFIDENTIAL else f" (it is {str(problem['input'])!r})"
    return f"{field.upper()}: {message[0].lower()}{message[1:]}{value}"
