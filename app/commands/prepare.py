"""`flask prepare`: a database ready to serve."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.prepare import NotReady
from app.prepare import prepare as make_ready
from app.questionnaire.problems import FileError

from .base import Command, fail, now, settings


@click.command("prepare", cls=Command)
@with_appcontext
def prepare() -> None:
    """What `make run` does before it serves: migrations, catalogue, questionnaires, an open wave."""
    try:
        for line in make_ready(settings(), now()):
            click.echo(line)
    except (FileError, NotReady) as error:
        fail(str(error))
