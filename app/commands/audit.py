"""`flask audit`: the log of who did what."""

from __future__ import annotations

import sys

import click

from app.interchange.data_file import csv_chunks
from app.organize.audit import rows
from app.storage import audit as log

from .base import Group, fail

audit = Group("audit", help="The log of who did what.")


@audit.command("verify")
@click.option("--known", metavar="NUMBER:HASH", help="An entry as this command printed it before.")
def verify(known: str | None) -> None:
    """Recomputes the chain of hashes over all entries, and prints the last one: keep it elsewhere."""
    verdict = log.verify()
    if verdict.trouble:
        fail(f"The audit log is not as it was written: {verdict.trouble}.")
    if known:
        number, _, hash = known.partition(":")
        if not number.isdecimal() or not hash or log.hash_at(int(number)) != hash:
            fail(f"The audit log is not the one of which entry {number} was known.")
    click.echo(f"{verdict.entries} entries hold; the last is {verdict.entries}:{verdict.hash}")


@audit.command("export")
@click.option("--survey", default="", help="Entries about one survey only.")
@click.option("--person", default="", help="Entries by or about one person only, by e-mail address.")
@click.option("--action", default="", help="Entries of one kind only, such as wave.opened.")
def export(survey: str, person: str, action: str) -> None:
    """Writes the log as CSV to standard output, the newest entries first."""
    for chunk in csv_chunks(rows(log.Filter(None, survey, person, action)), bom=False):
        sys.stdout.buffer.write(chunk)
