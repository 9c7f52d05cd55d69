"""What the commands share: the settings, the time, and how they say that something will not do."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo

from app.questionnaire.problems import FileError
from app.storage.base import be_patient
from app.storage.trouble import trouble_of
from config import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Plain:
    """A command that says in a line what is wrong with the database, whatever it was doing."""

    def invoke(self, context: click.Context) -> Any:
        be_patient()
        try:
            return super().invoke(context)  # type: ignore[misc]
        except Exception as error:
            with context.ensure_object(ScriptInfo).load_app().app_context():
                trouble = trouble_of(error)
            if not trouble:
                raise
            fail(trouble)


class Command(_Plain, click.Command):
    """A command that stands alone."""


class Group(_Plain, AppGroup):
    """Commands on one subject."""


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def now() -> datetime:
    return datetime.now(UTC)


def in_utc(moment: datetime) -> datetime:
    """A time of the command line, which is in UTC."""
    return moment.replace(tzinfo=UTC)


def fail(message: str) -> NoReturn:
    """Ends the command with exit code 1."""
    click.echo(message, err=True)
    sys.exit(1)


def complain(path: Path, error: FileError) -> None:
    """Writes every problem of a file with its line to standard error."""
    for problem in error.problems:
        click.echo(f"{path}:{problem.line}: {problem}", err=True)
