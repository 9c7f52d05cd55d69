"""`flask invitations`: who is asked to answer, and the mails to them."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import click

from app import inviting
from app.interchange.contacts import read_contacts
from app.interchange.returned_mail import read_returned
from app.questionnaire.problems import FileError
from app.storage import invitations as storage
from app.storage import letters, surveys
from app.storage.audit import COMMAND_LINE
from app.storage.models import Wave
from app.zones import ZoneError, moment_at

from .base import FILE, Group, complain, fail, now, settings

invitations = Group("invitations", help="Invitations: add contacts, plan mails, see what came of them, settle doubts.")


def _wave(survey: str, key: str) -> Wave:
    found = surveys.wave(survey, key)
    if found is None:
        fail(f"The survey “{survey}” has no wave “{key}”.")
    return found


def _languages(wave: Wave) -> tuple[str, ...]:
    return surveys.fielded_languages(surveys.questionnaire(wave.questionnaire_hash), wave.languages)


@invitations.command("add")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
@click.argument("file", type=FILE)
def add(survey: str, wave: str, file: Path) -> None:
    """Adds the contacts of a CSV file (email, name, language): all of them, or none with every bad row named."""
    found = _wave(survey, wave)
    try:
        with file.open("rb") as lines:
            listed = read_contacts(lines, _languages(found))
    except FileError as error:
        complain(file, error)
        sys.exit(1)
    rows = [(one.email, one.name, one.language) for one in listed]
    added = storage.add_contacts(survey, wave, found.id, rows, now(), COMMAND_LINE)
    click.echo(
        f"{survey} {wave}: {added.new} contacts added, {added.present} were there;"
        f" {added.opted_out} of them want no mails"
    )


@invitations.command("plan")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
@click.argument("kind", type=click.Choice(letters.KINDS))
@click.option("--at", type=click.DateTime(), help="By the clocks of the wave's zone; at once if left out.")
def plan(survey: str, wave: str, kind: str, at: datetime | None) -> None:
    """Plans a round of mails. Its texts stay as they are, or are those to begin with: change them in the browser."""
    found, moment = _wave(survey, wave), now()
    try:
        send_at = moment_at(at, found.time_zone) if at else max(moment, found.opens_at)
    except ZoneError as error:
        fail(str(error))
    planned = {one.kind: one for one in letters.planned(found.id)}
    first = planned.get(letters.INVITATION)
    if kind != letters.INVITATION and (first is None or send_at <= first.send_at):
        fail("A reminder is sent after the invitation, which has to be planned first.")
    if found.closes_at and send_at >= found.closes_at:
        fail("The wave is closed by then.")
    texts = planned[kind].texts if kind in planned else inviting.first_texts(kind, found, _languages(found))
    letters.plan(survey, wave, found.id, kind, send_at, texts, moment, COMMAND_LINE)
    click.echo(f"{survey} {wave}: {kind} planned for {send_at:%Y-%m-%d at %H:%M} UTC")


@invitations.command("status")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
def status(survey: str, wave: str) -> None:
    """How many people have come how far, and by address what is in doubt or was not delivered."""
    found = _wave(survey, wave)
    before = _doubtful_before()
    counted = storage.funnel(found.id, before)
    for name, n in vars(counted).items():
        click.echo(f"{name.replace('_', ' ')}: {n}")
    for doubt in letters.doubtful(found.id, before):
        click.echo(f"in doubt: {doubt.email} {doubt.kind}, claimed at {doubt.claimed_at:%Y-%m-%d %H:%M:%S} UTC")
    for lost in letters.undelivered(found.id):
        click.echo(f"{lost.state}: {lost.email} {lost.kind}: {lost.error}")


@invitations.command("settle")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
@click.argument("email")
@click.argument("kind", type=click.Choice(letters.KINDS))
@click.option("--again/--sent", required=True, help="Send it again, though it may have arrived; or count it as sent.")
def settle(survey: str, wave: str, email: str, kind: str, again: bool) -> None:
    """Decides on a mail in doubt."""
    found, moment = _wave(survey, wave), now()
    decided = letters.settle(
        survey, found.id, email.lower(), kind, again=again, before=_doubtful_before(), now=moment, by=COMMAND_LINE
    )
    if not decided:
        fail(f"No {kind} to {email} is in doubt.")
    click.echo(f"{email}: {kind} {'will be sent again' if again else 'counts as sent'}")


@invitations.command("returned")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.File("rb"))
def returned(files: tuple[BinaryIO, ...]) -> None:
    """Reads mails that came back, each a file or, as "-", what is piped in: their addresses get no more mails."""
    wrong = 0
    for file in files:
        name = getattr(file, "name", "-")  # What is piped in need not have one.
        try:
            report = read_returned(file.read(settings().max_upload_bytes))
        except FileError as error:
            wrong += 1
            click.echo(f"{name}: {error.problems[0].message}", err=True)
            continue
        email = letters.returned(report.token, report.reason, now(), COMMAND_LINE)
        wrong += email is None
        click.echo(f"{name}: {f'{email}: {report.reason}' if email else 'no mail of this site'}", err=not email)
    sys.exit(1 if wrong else 0)


def _doubtful_before() -> datetime:
    return now() - timedelta(seconds=settings().lease_seconds)
