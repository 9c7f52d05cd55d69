"""How many of the files in a folder are imported and can be answered, by format: `python -m benchmarks imports FOLDER`.

Every file is read as an organizer's upload is, published, and answered by a guessing person through the real pages.
Files that are refused are named with the first reason; those of no known format are counted apart.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app import create_app
from app.interchange.importing import read_any
from app.interchange.report import Imported
from app.questionnaire.problems import FileError
from app.storage import surveys
from tests.conftest import make_settings, migrate
from tests.interchange.guessing import stuck_at
from tests.respond.person import Person


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `problem` is empty where it was answered from the first page to the receipt."""

    path: Path
    form: str
    imported: Imported | None
    problem: str


def run(folder: str) -> Iterator[str]:
    """The lines of the report."""
    files: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    items: Counter[str] = Counter()
    for outcome in outcomes(path for path in sorted(Path(folder).rglob("*")) if path.is_file()):
        files[outcome.form] += 1
        answered[outcome.form] += not outcome.problem
        if outcome.problem:
            yield f"{outcome.path.relative_to(folder)}: {outcome.problem}"
        if outcome.imported:
            items.update(outcome.imported.report.worst().values())
    for form, count in files.items():
        yield f"{form}: {answered[form]} of {count} files imported and answered ({answered[form] / count:.1%})"
    yield f"things in them: {', '.join(f'{count} {word}' for word, count in items.items())}"


def outcomes(paths: Iterator[Path]) -> Iterator[Outcome]:
    """One after the other, in one migrated database."""
    with tempfile.TemporaryDirectory() as place:
        settings = make_settings(Path(place), f"sqlite:///{place}/imports.sqlite")
        migrate(settings)
        app = create_app(settings)
        for number, path in enumerate(paths):
            yield _outcome(app, path, f"file-{number}")


def _outcome(app: Flask, path: Path, key: str) -> Outcome:
    try:
        imported = read_any(path.read_bytes(), path.name, key)
    except FileError as error:
        return Outcome(path, f"refused {path.suffix}", None, str(error.problems[0]))
    with app.app_context():
        now = datetime.now(UTC)
        surveys.publish(imported.questionnaire, now)
        surveys.open_wave(key, "w1", now)
    person = Person(app.test_client()).open(f"/s/{key}")
    return Outcome(path, imported.report.source, imported, stuck_at(person, imported.questionnaire))
