"""`flask weighting`: schemes, from a file with its targets to published versions."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from app.questionnaire.problems import FileError
from app.questionnaire.scheme import FrozenScheme
from app.storage import schemes
from app.weighting_files import read_scheme_file

from .base import FILE, Group, complain, fail, now, settings

weighting = Group("weighting", help="Weighting schemes: check, publish, list.")


def _read(path: Path) -> list[FrozenScheme]:
    return read_scheme_file(settings().surveys_dir, path)


@weighting.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
def check(files: Iterable[Path]) -> None:
    """Every problem in files of schemes, and in the targets that they name, with file and line; exit code 1 if any."""
    failed = False
    for path in files:
        try:
            found = _read(path)
        except FileError as error:
            complain(path, error)
            failed = True
        else:
            listed = ", ".join(f"{one.scheme.key} ({one.scheme.method or 'rake'})" for one in found)
            click.echo(f"{path}: no problems; schemes of {found[0].survey}: {listed}")
    sys.exit(1 if failed else 0)


@weighting.command("publish")
@click.argument("file", type=FILE)
def publish(file: Path) -> None:
    """Freezes the schemes of a file with their targets, each under a hash; the first is the one that pages show.

    They replace the survey's schemes. If anything changed, the next roll-up makes all its estimates anew.
    """
    try:
        found = _read(file)
    except FileError as error:
        complain(file, error)
        sys.exit(1)
    try:
        done = schemes.publish(found[0].survey, found, now())
    except LookupError:
        fail(f"There is no survey “{found[0].survey}”: publish its questionnaire first.")
    for one in done:
        click.echo(f"{found[0].survey} {one.key} {one.hash} {'published' if one.is_new else 'was published already'}")


@weighting.command("list")
@click.argument("survey", metavar="SURVEY")
def list_(survey: str) -> None:
    """The current schemes of a survey; the first is the one that pages show."""
    for frozen in schemes.current(survey):
        click.echo(f"{frozen.scheme.key} {frozen.hash}")
