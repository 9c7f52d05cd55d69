"""Making a database ready to serve: the schema, the questionnaires of the surveys folder, a wave to answer in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.util import CommandError

from app.extensions import migrate
from app.questionnaire.problems import FileError, Problem
from app.storage import schemes, surveys, users
from app.surveys_folder import questionnaire_files, read_survey
from app.weighting_files import read_scheme_file, scheme_files
from config import Settings


class NotReady(Exception):
    """What stands in the way of serving, and what to do about it."""


def require_free_port(host: str, port: int) -> None:
    """Raises NotReady where another program listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            advice = f"Choose another: PORT={port + 1} make run"
            raise NotReady(f"Port {port} cannot be used ({error.strerror}). {advice}") from None


def require_newest_tables() -> None:
    """Migrates the database. Raises NotReady for one that a newer version of the platform has migrated."""
    try:
        command.upgrade(migrate.get_config(), "head")
    except CommandError as error:
        raise NotReady(f"The database is of a version that is not known here, perhaps a newer one: {error}") from None


def named(error: FileError, path: Path) -> FileError:
    """The same problems, each with the name of the file."""
    return FileError([Problem(p.line, f"{path.name}: {p.where}", p.message, p.params) for p in error.problems])


def prepare(settings: Settings, now: datetime) -> Iterator[str]:
    """Does what is missing and says it, line by line. Repeating it changes nothing. Raises FileError, NotReady."""
    require_free_port(settings.host, settings.port)
    require_newest_tables()
    for path in questionnaire_files(settings.surveys_dir):
        try:
            questionnaire = read_survey(settings.surveys_dir, path.read_bytes())
        except FileError as error:
            raise named(error, path) from None
        if surveys.publish(questionnaire, now):
            yield f"Published {questionnaire.survey} (version {questionnaire.hash[:12]})"
        if not surveys.waves(questionnaire.survey):
            surveys.open_wave(questionnaire.survey, f"{now:%Y-%m}", now)
            yield f"Opened the wave {now:%Y-%m} of {questionnaire.survey}"
    for path in scheme_files(settings.surveys_dir):
        try:
            found = read_scheme_file(settings.surveys_dir, path)
        except FileError as error:
            raise named(error, path) from None
        for one in schemes.publish(found[0].survey, found, now):
            if one.is_new:
                yield f"Published the weighting scheme {one.key} of {found[0].survey} (version {one.hash[:12]})"
    if not users.any_account():
        yield "Make the first account: .venv/bin/flask user create you@example.org --role administrator"
