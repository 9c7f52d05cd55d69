"""`flask quota`: how many answers are wanted of which groups."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.interchange.quotas_file import read_quotas
from app.questionnaire.problems import FileError
from app.storage import quotas, surveys
from app.storage.audit import COMMAND_LINE
from app.storage.models import Wave

from .base import FILE, Group, complain, fail, now

quota = Group("quota", help="Quotas of a wave: set, list.")


def _wave(survey: str, key: str) -> Wave:
    found = surveys.wave(survey, key)
    if found is None:
        fail(f"The survey “{survey}” has no wave “{key}”.")
    return found


@quota.command("set")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
@click.argument("file", type=FILE)
def set_(survey: str, wave: str, file: Path) -> None:
    """Sets the quotas of a CSV file: columns of weighting variables, and size. All of them, or none.

    An empty cell stands for any code. Quotas that the wave has and the file has not stay as they are.
    """
    found = _wave(survey, wave)
    try:
        with file.open("rb") as lines:
            wanted = read_quotas(lines, surveys.questionnaire(found.questionnaire_hash))
        new = quotas.put(survey, wave, found.id, wanted, now(), COMMAND_LINE)
    except FileError as error:
        complain(file, error)
        sys.exit(1)
    except quotas.TooMany:
        fail(f"A wave has at most {quotas.MOST} quotas.")
    click.echo(f"{survey} {wave}: {new} quotas added, {len(wanted) - new} changed")


@quota.command("list")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
def list_(survey: str, wave: str) -> None:
    """Every quota of a wave: answers sent, wanted, and turned away."""
    for one in quotas.of_wave(_wave(survey, wave).id):
        cell = ", ".join(f"{name}={code}" for name, code in one.cell.items()) or "everybody"
        click.echo(f"{cell}: {one.taken} of {one.size}, {one.turned_away} turned away")
