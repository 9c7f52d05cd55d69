"""`flask responses`: answers as files, out and in."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from app.questionnaire.problems import FileError
from app.research import files, intake
from app.storage import audit, surveys, traces

from .base import FILE, Group, complain, fail, in_utc, now

responses = Group("responses", help="Responses: export, import.")


@responses.command("export")
@click.argument("survey", metavar="SURVEY")
@click.option("--labels", type=click.Choice(["ja", "en"]), help="Labels in a language instead of codes.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
@click.option("--codebook", is_flag=True, help="The codebook instead of the responses.")
def export(survey: str, labels: str | None, bom: bool, codebook: bool) -> None:
    """Writes the submitted responses of a survey as CSV to standard output."""
    lines = files.codebook(survey, bom) if codebook else files.responses(survey, labels, bom)
    if lines is None:
        fail(f"There is no survey “{survey}”.")
    if not codebook:
        audit.record(audit.COMMAND_LINE, "data.taken", now(), survey=survey, file=f"responses-{labels or 'codes'}")
    for line in lines:
        sys.stdout.buffer.write(line)


@responses.command("suspects")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
def suspects(survey: str, wave: str) -> None:
    """Answers that may be of the same people as others, as CSV: those that share a trace, with its number and size.

    They came on one day from the same network and kind of browser, as those of a household or an office do too.
    """
    found = surveys.wave(survey, wave)
    if found is None:
        fail(f"The survey “{survey}” has no wave “{wave}”.")
    click.echo("response_id,group,answers")
    for one in traces.suspects(found.id):
        click.echo(f"{one.response_id},{one.group},{one.n}")


@responses.command("import")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave", metavar="WAVE")
@click.argument("file", type=FILE)
@click.option("--only-wave", is_flag=True, help="Of a file that holds several waves, take the rows of WAVE only.")
@click.option("--opens", type=click.DateTime(), help="UTC: opens the wave so, if it is not there.")
@click.option("--closes", type=click.DateTime(), help="UTC: when its fieldwork ended.")
@click.option("--mode", default="web", show_default=True, help="Of a wave that is opened.")
@click.option("--population", default="opt-in", show_default=True, help="Of a wave that is opened.")
def import_(
    survey: str,
    wave: str,
    file: Path,
    only_wave: bool,
    opens: datetime | None,
    closes: datetime | None,
    mode: str,
    population: str,
) -> None:
    """Takes responses from a CSV by codes into a wave: all of them, or none, with every bad row named.

    The columns are those of the export; any may be left out. base_weight is a number above 0; columns beginning with
    paradata_ are kept as they are, and so is a response_id of another system. With --opens and --closes a survey that
    was fielded in the past is brought in by one command. What a column says must agree: survey, wave and
    questionnaire with the wave that takes the rows, submitted_at with the time in which it was open. To take rows of
    one wave into another, leave out the column of the wave.

    Each row must lie on the questionnaire's path: nothing answered that its other answers do not lead to, nothing
    required left empty, nobody whom a screening rule turns away. An empty cell on the path is a skipped question. What
    hangs on a question that was not asked (its column is left out, or the cell says -1) is taken as it stands.
    """
    if closes and not opens:
        fail("With --closes say also when the wave opened: --opens.")
    fieldwork = intake.Fieldwork(in_utc(opens), closes and in_utc(closes), mode, population) if opens else None
    try:
        taken = intake.take(survey, wave, file, now(), only_wave, fieldwork)
    except FileError as error:
        complain(file, error)
        sys.exit(1)
    if taken:
        audit.record(audit.COMMAND_LINE, "data.added", now(), survey=survey, wave=wave, responses=str(taken))
    before = "" if taken else ": this file was taken into this wave before"
    click.echo(f"{survey} {wave}: {taken} responses taken{before}")
