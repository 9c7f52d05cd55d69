"""The `flask` commands, one file per subject. Each reads its arguments, calls one function elsewhere, and prints."""

import click
from flask import Flask
from flask_migrate.cli import db as migrations

from .audit import audit
from .base import Group
from .catalogue import catalogue
from .demo import demo
from .estimates import estimates, weights
from .invitations import invitations
from .jobs import jobs
from .prepare import prepare
from .quota import quota
from .responses import responses
from .survey import survey
from .tally import tally
from .user import user
from .wave import wave
from .weighting import weighting

COMMANDS: list[click.Command] = [
    *(
        survey,
        catalogue,
        wave,
        invitations,
        quota,
        responses,
        weighting,
        tally,
        estimates,
        weights,
        jobs,
        user,
        audit,
        demo,
        prepare,
    ),
]


def register(app: Flask) -> None:
    """Adds the commands; those of Flask-Migrate too become ones that say plainly what is wrong with the database."""
    kept = {name: getattr(migrations, name) for name in ("commands", "callback", "params", "help")}
    app.cli.add_command(Group("db", **kept))
    for command in COMMANDS:
        app.cli.add_command(command)
