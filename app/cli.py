"""The `flask` commands. Each reads its arguments, calls one function elsewhere, and prints what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.questionnaire.problems import FileError
from config import Settings

survey = AppGroup("survey", help="Questionnaires: check, publish, export.")
catalogue = AppGroup("catalogue", help="The catalogue of measures and actions.")
wave = AppGroup("wave", help="Fielding periods: open, close.")
responses = AppGroup("responses", help="Responses: export, import.")
tally = AppGroup("tally", help="Tallies: verify, rebuild.")
jobs = AppGroup("jobs", help="Scheduled jobs: run, once, list.")
user = AppGroup("user", help="Accounts of organizers and researchers.")
demo = AppGroup("demo", help="Synthetic waves, marked as such everywhere.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _now() -> datetime:
    return datetime.now(UTC)


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


def _complain(path: Path, error: FileError) -> None:
    for problem in error.problems:
        click.echo(f"{path}:{problem.line}: {problem}", err=True)


def _actions() -> dict[str, str]:
    from app.interchange.catalogue_file import read_catalogue

    try:
        found = read_catalogue((_settings().surveys_dir / "catalogue.yaml").read_bytes())
    except FileError as error:
        _complain(_settings().surveys_dir / "catalogue.yaml", error)
        sys.exit(1)
    return {action.code: action.status for action in found.actions}


def _read(path: Path) -> Any:
    from app.interchange.yaml_file import read_questionnaire

    return read_questionnaire(path.read_bytes(), _actions())


@survey.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
def survey_check(files: Iterable[Path]) -> None:
    """Every problem in questionnaire files at once, with file and line; exit code 1 if there is any."""
    failed = False
    for path in files:
        try:
            questionnaire = _read(path)
        except FileError as error:
            _complain(path, error)
            failed = True
        else:
            count = len(questionnaire.variables)
            click.echo(f"{path}: no problems; {len(questionnaire.questions)} questions, {count} variables")
    sys.exit(1 if failed else 0)


@survey.command("publish")
@click.argument("file", type=FILE)
def survey_publish(file: Path) -> None:
    """Freezes a version, named by the SHA-256 of its canonical JSON. Publishing it again changes nothing."""
    from app.storage import surveys

    try:
        questionnaire = _read(file)
    except FileError as error:
        _complain(file, error)
        sys.exit(1)
    new = surveys.publish(questionnaire, _now())
    click.echo(f"{questionnaire.survey} {questionnaire.hash} {'published' if new else 'was published already'}")


@survey.command("export")
@click.argument("key")
def survey_export(key: str) -> None:
    """Prints the newest published version of a survey as a YAML file."""
    from app.interchange.yaml_file import write_questionnaire
    from app.storage import surveys

    questionnaire = surveys.latest_questionnaire(key)
    if questionnaire is None:
        _fail(f"There is no survey “{key}”.")
    click.echo(write_questionnaire(questionnaire), nl=False)


@catalogue.command("check")
@click.argument("file", type=FILE, required=False)
def catalogue_check(file: Path | None) -> None:
    """Whether the catalogue is whole and linked; exit code 1 with every problem if not."""
    from app.interchange.catalogue_file import read_catalogue

    path = file or _settings().surveys_dir / "catalogue.yaml"
    try:
        found = read_catalogue(path.read_bytes())
    except FileError as error:
        _complain(path, error)
        sys.exit(1)
    click.echo(
        f"{path}: no problems; {len(found.agenda)} agenda questions, {len(found.measures)} measures,"
        f" {len(found.actions)} actions, {len(found.fielded_actions())} of them fielded"
    )


@wave.command("open")
@click.argument("survey_key", metavar="SURVEY")
@click.argument("wave_key", metavar="WAVE")
@click.option("--opens", type=click.DateTime(), help="UTC; now if left out.")
@click.option("--closes", type=click.DateTime(), help="UTC; open until closed if left out.")
@click.option("--mode", default="web", show_default=True)
@click.option("--population", default="opt-in", show_default=True)
def wave_open(
    survey_key: str, wave_key: str, opens: datetime | None, closes: datetime | None, mode: str, population: str
) -> None:
    """Opens a wave with the newest published version."""
    from app.storage import surveys

    try:
        surveys.open_wave(
            survey_key,
            wave_key,
            _now(),
            opens_at=opens and opens.replace(tzinfo=UTC),
            closes_at=closes and closes.replace(tzinfo=UTC),
            mode=mode,
            population=population,
        )
    except surveys.WaveError as error:
        _fail(str(error))
    click.echo(f"{survey_key} {wave_key}: open at {_settings().base_url}/s/{survey_key}")


@wave.command("close")
@click.argument("survey_key", metavar="SURVEY")
@click.argument("wave_key", metavar="WAVE")
def wave_close(survey_key: str, wave_key: str) -> None:
    """Closes a wave: it takes no more answers."""
    from app.storage import surveys

    try:
        surveys.close_wave(survey_key, wave_key, _now())
    except surveys.WaveError as error:
        _fail(str(error))
    click.echo(f"{survey_key} {wave_key}: closed")


@responses.command("export")
@click.argument("survey_key", metavar="SURVEY")
@click.option("--labels", type=click.Choice(["ja", "en"]), help="Labels in a language instead of codes.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, for Excel.")
@click.option("--codebook", is_flag=True, help="The codebook instead of the responses.")
def responses_export(survey_key: str, labels: str | None, bom: bool, codebook: bool) -> None:
    """Writes the submitted responses of a survey as CSV to standard output."""
    from app.research import files

    lines = files.codebook(survey_key, bom) if codebook else files.responses(survey_key, labels, bom)
    if lines is None:
        _fail(f"There is no survey “{survey_key}”.")
    for line in lines:
        sys.stdout.buffer.write(line)


@responses.command("import")
@click.argument("survey_key", metavar="SURVEY")
@click.argument("wave_key", metavar="WAVE")
@click.argument("file", type=FILE)
def responses_import(survey_key: str, wave_key: str, file: Path) -> None:
    """Takes responses from a CSV by codes: all of them, or none, with every bad row named.

    Routing is not applied: the file is taken to say truly who was asked what. Begin times are not kept.
    """
    from app.research import intake

    try:
        taken = intake.take(survey_key, wave_key, file, _now())
    except FileError as error:
        _complain(file, error)
        sys.exit(1)
    click.echo(f"{survey_key} {wave_key}: {taken} responses taken")


@tally.command("verify")
def tally_verify() -> None:
    """Recounts the tallies from the responses; exit code 1 with the differences, if any."""
    from app.storage import tallies

    differences = tallies.verify()
    for found in differences:
        click.echo(
            f"wave {found.wave_id}, {found.period}, cell {found.cell}: stored {found.stored}, counted {found.counted}"
        )
    click.echo(f"{len(differences)} cells differ" if differences else "The tallies equal the recount.")
    sys.exit(1 if differences else 0)


@tally.command("rebuild")
def tally_rebuild() -> None:
    """Makes the tallies anew from the responses."""
    from app.storage import tallies

    click.echo(f"{tallies.rebuild()} responses counted")


@jobs.command("run")
def jobs_run() -> None:
    """Runs the scheduler until it is told to stop. More than one may run."""
    from app.jobs import scheduler

    scheduler.serve(current_app._get_current_object(), _settings())  # type: ignore[attr-defined]


@jobs.command("once")
@click.argument("name")
def jobs_once(name: str) -> None:
    """Runs one job now."""
    from app.jobs.run import run_now
    from app.jobs.schedule import jobs as schedule

    known = {job.name: job for job in schedule(_settings())}
    if name not in known:
        _fail(f"There is no job “{name}”. Jobs: {', '.join(known)}.")
    click.echo(f"{name}: {run_now(known[name], _settings())}")


@jobs.command("list")
def jobs_list() -> None:
    """Every job: how often it is due, and its last run."""
    from app.jobs.schedule import jobs as schedule
    from app.storage.jobs import last_of

    for job in schedule(_settings()):
        last = last_of(job.name)
        ran = (
            "has not run yet"
            if last is None
            else f"{last.state} at {last.started_at:%Y-%m-%d %H:%M:%S} UTC, work {last.work}"
        )
        failure = f": {last.error}" if last and last.error else ""
        click.echo(f"{job.name:20} every {job.every}  {ran}{failure}")


@user.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice(["organizer", "researcher"]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_create(email: str, role: str, password_stdin: bool) -> None:
    """Makes an account; asks for its password."""
    from app.accounts.register import AccountError, create_account

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        create_account(email, password, role, _now())
    except AccountError as error:
        _fail(str(error))
    click.echo(f"{email}: {role}; sign in at {_settings().base_url}/sign-in")


@demo.command("load")
@click.option("--responses", "count", default=20_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
def demo_load(count: int, seed: int) -> None:
    """Synthetic waves of the domestic-diplomacy survey over the last 24 months, and their roll-up."""
    from app.synthetic.load import load

    click.echo(load(_settings(), count, seed, _now()))


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """What `make run` does before it serves: migrations, catalogue, questionnaires, an open wave."""
    from app.prepare import PortTaken
    from app.prepare import prepare as make_ready

    try:
        for line in make_ready(_settings(), _now()):
            click.echo(line)
    except (FileError, PortTaken) as error:
        _fail(str(error))


GROUPS: list[click.Command] = [survey, catalogue, wave, responses, tally, jobs, user, demo, prepare]
