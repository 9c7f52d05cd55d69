"""`flask tally`: whether the counts behind every figure are right."""

from __future__ import annotations

import sys

import click

from app.storage import recount

from .base import Group

tally = Group("tally", help="Tallies: verify, rebuild.")


@tally.command("verify")
def verify() -> None:
    """Recounts the tallies from the responses; exit code 1 with the differences, if any."""
    differences = recount.verify()
    for found in differences:
        click.echo(
            f"wave {found.wave_id}, {found.period}, cell {found.cell}: stored {found.stored}, counted {found.counted}"
        )
    click.echo(f"{len(differences)} cells differ" if differences else "The tallies equal the recount.")
    sys.exit(1 if differences else 0)


@tally.command("rebuild")
def rebuild() -> None:
    """Makes the tallies anew from the responses."""
    click.echo(f"{recount.rebuild()} responses counted")
