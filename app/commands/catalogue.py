"""`flask catalogue`: the measures and actions that questionnaires ask about."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.interchange.catalogue_file import read_catalogue
from app.interchange.events_file import read_events
from app.questionnaire.problems import FileError
from app.surveys_folder import EVENTS

from .base import FILE, Group, complain, settings

catalogue = Group("catalogue", help="The catalogue of measures and actions.")


@catalogue.command("check")
@click.argument("file", type=FILE, required=False)
def check(file: Path | None) -> None:
    """Whether the catalogue and the events beside it are whole and linked; exit code 1 with every problem if not."""
    path = file or settings().surveys_dir / "catalogue.yaml"
    try:
        found = read_catalogue(path.read_bytes())
    except FileError as error:
        complain(path, error)
        sys.exit(1)
    click.echo(
        f"{path}: no problems; {len(found.agenda)} agenda questions, {len(found.measures)} measures,"
        f" {len(found.actions)} actions, {len(found.fielded_actions())} of them fielded"
    )
    beside = path.with_name(EVENTS)
    if beside.exists():
        _check_events(beside, [action.code for action in found.actions])


def _check_events(path: Path, actions: list[str]) -> None:
    try:
        found = read_events(path.read_bytes(), actions)
    except FileError as error:
        complain(path, error)
        sys.exit(1)
    click.echo(
        f"{path}: no problems; {len(found)} events, {sum(bool(e.affects) for e in found)} declared to affect a line"
    )
