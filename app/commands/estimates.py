"""`flask estimates` and `flask weights`: every weighted number at full precision."""

from __future__ import annotations

import sys

import click

from app.storage import audit, tallies
from app.storage.surveys import survey_keys

from .base import Group, fail, now, settings

estimates = Group("estimates", help="Estimates: export, revisions.")
weights = Group("weights", help="Weights: export.")


@estimates.command("export")
@click.argument("survey", metavar="SURVEY")
@click.option("--scheme", help="A weighting scheme, or “unweighted”.  [default: the one that pages show]")
@click.option("--by", multiple=True, metavar="VAR", help="A grouping; a,b crosses two. May be repeated.")
@click.option("--period", type=click.Choice(["day", "week", "month", "wave"]), help="[default: the survey's]")
@click.option("--variable", "variables", multiple=True, help="Only this question. May be repeated.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="csv", show_default=True)
@click.option("--covariance", is_flag=True, help="With the covariance of each question's shares (JSON).")
@click.option("--totals", is_flag=True, help="With weighted totals and their standard errors (JSON).")
@click.option("--differences", is_flag=True, help="Between groups, arms and waves: in place of the estimates as CSV.")
@click.option("--unsuppressed", is_flag=True, help="With small groups too: not for publication.")
def export_estimates(
    survey: str,
    scheme: str | None,
    by: tuple[str, ...],
    period: str | None,
    variables: tuple[str, ...],
    form: str,
    covariance: bool,
    totals: bool,
    differences: bool,
    unsuppressed: bool,
) -> None:
    """Prints every estimate: a row per wave, period, question, group and figure.

    Without --by the groups are those of the pages. Groups of fewer than MINIMUM_GROUP, and what would give them away
    beside what the pages show, are withheld.
    """
    from app.research import estimates_file, estimates_written  # Web workers, which read this file too, need no numpy.

    groupings = [[name.strip() for name in one.split(",") if name.strip()] for one in by]
    minimum = None if unsuppressed else settings().minimum_group
    request = estimates_file.Request(
        survey, scheme, groupings, period, minimum, covariance, totals, variables, differences
    )
    if (covariance or totals) and form != "json":
        fail("Covariances and totals stand in JSON only: add --format json.")
    if waiting := tallies.waiting():
        click.echo(f"{waiting} responses are not counted yet; `flask jobs once roll_up` counts them.", err=True)
    try:
        made = estimates_file.export(request)
    except estimates_file.RequestError as error:
        fail(str(error))
    if unsuppressed:
        audit.record(audit.COMMAND_LINE, "data.taken", now(), survey=survey, file="estimates-unsuppressed")
    for note in estimates_written.notes(made):
        click.echo(note, err=True)
    text = (
        estimates_written.as_json(made, request) + "\n" if form == "json" else estimates_written.as_csv(made, request)
    )
    sys.stdout.buffer.write(text.encode())


@estimates.command("revisions")
@click.argument("survey", metavar="SURVEY")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="csv", show_default=True)
def revised_estimates(survey: str, form: str) -> None:
    """Prints what was published of ended periods before it changed: the value then and now, when, and why.

    No more than the public page has: figures that would tell of fewer than MINIMUM_GROUP are left out.
    """
    from app import revised

    if survey not in survey_keys():
        fail(f"There is no survey “{survey}”.")
    text = revised.as_json(survey) + "\n" if form == "json" else revised.as_csv(survey)
    sys.stdout.buffer.write(text.encode())


@weights.command("export")
@click.argument("survey", metavar="SURVEY")
@click.option("--scheme", help="A weighting scheme.  [default: the one that pages show]")
def export_weights(survey: str, scheme: str | None) -> None:
    """Prints the weight of every response as CSV. It is about persons: not for publication."""
    from app.research import weights_file
    from app.research.estimates_file import RequestError

    if survey not in survey_keys():
        fail(f"There is no survey “{survey}”.")
    try:
        chunks = weights_file.write_weights(survey, scheme)
    except RequestError as error:
        fail(str(error))
    audit.record(audit.COMMAND_LINE, "data.taken", now(), survey=survey, file="weights")
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
