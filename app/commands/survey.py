"""`flask survey`: questionnaires, from a file to a published version and back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from app.interchange.importing import read_any
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import write_questionnaire
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.questionnaire.versions import compare, compare_with
from app.storage import surveys
from app.surveys_folder import blocks_of, read_survey

from .base import FILE, Group, complain, fail, now, settings
from .difference import as_json, as_text, languages_as_text, version_named

NEW_FILE = click.Path(dir_okay=False, path_type=Path)

survey = Group("survey", help="Questionnaires: check, publish, import, export.")


def _read(path: Path) -> Questionnaire:
    return read_survey(settings().surveys_dir, path.read_bytes())


@survey.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
def check(files: Iterable[Path]) -> None:
    """Every problem in questionnaire files at once, with file and line; exit code 1 if there is any."""
    failed = False
    for path in files:
        try:
            questionnaire = _read(path)
        except FileError as error:
            complain(path, error)
            failed = True
        else:
            count = len(questionnaire.variables)
            click.echo(f"{path}: no problems; {len(questionnaire.questions)} questions, {count} variables")
    sys.exit(1 if failed else 0)


@survey.command("publish")
@click.argument("file", type=FILE)
def publish(file: Path) -> None:
    """Freezes a version, named by the SHA-256 of its canonical JSON. Publishing it again changes nothing.

    Says which questions are not the same as in the earlier versions: their trends break here, unless the file declares
    under `continues` that they measure the same.
    """
    try:
        questionnaire = _read(file)
    except FileError as error:
        complain(file, error)
        sys.exit(1)
    earlier = surveys.versions(questionnaire.survey)
    new = surveys.publish(questionnaire, now())
    click.echo(f"{questionnaire.survey} {questionnaire.hash} {'published' if new else 'was published already'}")
    if new and earlier:
        said = as_text(compare_with(earlier, questionnaire), with_same=False)
        click.echo("\n".join([*languages_as_text(earlier[-1], questionnaire), *said]))


@survey.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: str, new: str, form: str) -> None:
    """Question by question: same, changed, declared equivalent, added, removed; and what differs, with both wordings.

    OLD and NEW are files, the keys of surveys (their newest versions), or hashes of published versions, which may be
    cut to their first 6 figures or more.
    """
    before, after = version_named(old, _read), version_named(new, _read)
    compared = compare(before, after)
    lines = [*languages_as_text(before, after), *as_text(compared)]
    click.echo(as_json(before, after, compared) if form == "json" else "\n".join(lines))


@survey.command("import")
@click.argument("file", type=FILE)
@click.option("--key", help="The survey's key, if not the file's own.")
@click.option("--to", "target", type=NEW_FILE, help="Where to write the YAML file.  [default: standard output]")
@click.option("--report", "report", type=NEW_FILE, help="Where to write the report as JSON.")
def import_(file: Path, key: str | None, target: Path | None, report: Path | None) -> None:
    """Reads a questionnaire of another program and writes it as YAML: to look through, to change, and to publish.

    Takes XLSForm (.xlsx, .xls, .csv, Markdown), LimeSurvey (.lss), SurveyJS (.json) and YAML. What was kept, changed
    and dropped goes to standard error.
    """
    try:
        imported = read_any(file.read_bytes(), file.name, key, blocks_of(settings().surveys_dir))
    except FileError as error:
        complain(file, error)
        sys.exit(1)
    click.echo(imported.report.text(), err=True, nl=False)
    if report:
        report.write_text(json.dumps(imported.report.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    text = write_questionnaire(imported.questionnaire)
    if target:
        target.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@survey.command("export")
@click.argument("key")
@click.option("--format", "form", type=click.Choice(["yaml", "xlsform"]), default="yaml", show_default=True)
@click.option("--to", "target", type=NEW_FILE, help="Where to write the file.  [default: standard output]")
def export(key: str, form: str, target: Path | None) -> None:
    """Writes the newest published version of a survey: a YAML file, or an XLSForm workbook (.xlsx)."""
    questionnaire = surveys.latest_questionnaire(key)
    if questionnaire is None:
        fail(f"There is no survey “{key}”.")
    data = write_xlsform(questionnaire) if form == "xlsform" else write_questionnaire(questionnaire).encode()
    if target:
        target.write_bytes(data)
    elif form == "xlsform" and sys.stdout.isatty():
        fail("A workbook is no text for a screen: write it to a file with --to FILE.xlsx.")
    else:
        click.echo(data, nl=False)
