"""Taking responses from a CSV file into a wave: all of them, or none."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from app.interchange.responses_csv import LONGEST_LINE, Taken, read_responses
from app.questionnaire.problems import FileError, Problem
from app.storage import bulk, surveys

_Row = tuple[str, datetime, str]
_decode = msgspec.json.Decoder(_Row).decode


def take(survey_key: str, wave_key: str, path: Path, now: datetime) -> int:
    """Adds the responses of a file to a wave. Returns how many; 0 when this file was taken into it before.

    Raises FileError with every problem, and then nothing was added. Reads the file once and sets its rows aside, so
    that the database is locked only while they are inserted.
    """
    wave = surveys.wave(survey_key, wave_key)
    if wave is None:
        message = "The survey “%(survey)s” has no wave “%(wave)s”."
        raise FileError([Problem(0, "", message, {"survey": survey_key, "wave": wave_key})])
    wave_id, questionnaire = wave.id, surveys.questionnaire(wave.questionnaire_hash)
    contents = hashlib.sha256()
    with path.open("rb") as file, tempfile.TemporaryFile() as aside:
        _set_aside(aside, read_responses(_lines(file, contents), questionnaire, now, wave.synthetic))
        aside.seek(0)
        # The same file gives the same rows the same origin, so that taking it twice adds nothing.
        return bulk.add(wave_id, _finished(aside, f"import/{wave_id}/{contents.hexdigest()}"))


def _lines(file: IO[bytes], contents: Any) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        contents.update(line)
        yield line


def _set_aside(aside: IO[bytes], rows: Iterable[Taken]) -> None:
    for row in rows:
        answers = msgspec.json.encode(row.answers).decode()
        aside.write(msgspec.json.encode((row.language, row.submitted_at, answers)) + b"\n")


def _finished(aside: IO[bytes], origin: str) -> Iterator[bulk.Finished]:
    for number, line in enumerate(aside, 1):
        language, submitted_at, answers = _decode(line)
        yield bulk.Finished(f"{origin}/{number}", language, answers, submitted_at, submitted_at)
