"""Taking responses from a CSV file into a wave: all of them, or none."""

from __future__ import annotations

import hashlib
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec
from flask import current_app

from app.interchange.csv_rows import LONGEST_LINE
from app.interchange.responses_csv import Destination, Taken, read_responses
from app.questionnaire.problems import FileError, Problem
from app.storage import bulk, responses, surveys
from app.storage.models import Wave

_Row = tuple[str, str, datetime, datetime, float | None, str | None]
_decode = msgspec.json.Decoder(_Row).decode


@dataclass(frozen=True)
class Fieldwork:
    """A wave as it is to be opened, if there is none of its key: when, how and among whom it was fielded."""

    opens_at: datetime
    closes_at: datetime | None = None
    mode: str = "web"
    population: str = "opt-in"


def take(
    survey_key: str,
    wave_key: str,
    path: Path,
    now: datetime,
    only_wave: bool = False,
    fieldwork: Fieldwork | None = None,
) -> int:
    """Adds the responses of a file to a wave. Returns how many; 0 when this file was taken into it before.

    `only_wave` passes over rows of other waves. With `fieldwork` the wave is opened if it is not there; a response of
    which the file does not say when it was given then counts as given when the wave opened. Raises FileError with
    every problem, and then nothing was added.
    Reads the file once and sets its rows aside, so that the database is locked only while they are inserted.
    """
    wave = _wave(survey_key, wave_key, fieldwork)
    into = _destination(survey_key, wave_key, wave, now, fieldwork)
    contents = hashlib.sha256()
    with path.open("rb") as file, tempfile.TemporaryFile() as aside:
        lines = _lines(file, contents)
        try:
            keys = _set_aside(aside, read_responses(lines, into, now, only_wave))
            if wave:
                _refuse_present(wave.id, keys)
        except FileError:
            # What was taken is no mistake now, though the wave may have been closed since.
            if wave and responses.find(_origin(wave.id, lines, contents) + "/1"):
                return 0
            raise
        aside.seek(0)
        wave_id = wave.id if wave else _open(survey_key, wave_key, now, fieldwork)
        return bulk.add(wave_id, _finished(aside, _origin(wave_id, lines, contents)))


def _wave(survey_key: str, wave_key: str, fieldwork: Fieldwork | None) -> Wave | None:
    """The wave; None if it is to be opened. Raises FileError: there is none, or it was fielded at another time."""
    wave = surveys.wave(survey_key, wave_key)
    if wave is None and fieldwork is None:
        message = (
            "The survey “%(survey)s” has no wave “%(wave)s”. Open it, or say when it was fielded: --opens, --closes."
        )
        raise FileError([Problem(0, "", message, {"survey": survey_key, "wave": wave_key})])
    if wave and fieldwork and (wave.opens_at, wave.closes_at) != (fieldwork.opens_at, fieldwork.closes_at):
        message = (
            "The wave “%(wave)s” is there already, and opens or closes at another time. Leave --opens and --closes out."
        )
        raise FileError([Problem(0, "", message, {"wave": wave_key})])
    return wave


def _destination(
    survey_key: str, wave_key: str, wave: Wave | None, now: datetime, fieldwork: Fieldwork | None
) -> Destination:
    within = current_app.extensions["settings"].to_finish(wave.finish_hours if wave else None)
    past = fieldwork is not None and fieldwork.closes_at is not None and fieldwork.closes_at <= now
    given_at = fieldwork.opens_at if fieldwork and past else None
    if wave:
        version = surveys.questionnaire(wave.questionnaire_hash)
        return Destination(wave.key, version, wave.opens_at, wave.closes_at, wave.synthetic, within, given_at)
    newest = surveys.latest_questionnaire(survey_key)
    if newest is None or fieldwork is None:
        raise FileError([Problem(0, "", "There is no survey “%(survey)s”.", {"survey": survey_key})])
    return Destination(wave_key, newest, fieldwork.opens_at, fieldwork.closes_at, False, within, given_at)


def _open(survey_key: str, wave_key: str, now: datetime, fieldwork: Fieldwork | None) -> int:
    """Opens the wave as it was fielded. Raises FileError."""
    when = fieldwork or Fieldwork(now)
    try:
        return surveys.open_wave(
            survey_key,
            wave_key,
            now,
            opens_at=when.opens_at,
            closes_at=when.closes_at,
            mode=when.mode,
            population=when.population,
        )
    except surveys.WaveError as error:
        raise FileError([Problem(0, "", error.message, error.params)]) from None


def _lines(file: IO[bytes], contents: Any) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        contents.update(line)
        yield line


def _origin(wave_id: int, lines: Iterator[bytes], contents: Any) -> str:
    """The same file gives the same rows the same origin, so that taking it twice adds nothing."""
    deque(lines, 0)
    return f"import/{wave_id}/{contents.hexdigest()}"


def _set_aside(aside: IO[bytes], rows: Iterable[Taken]) -> list[int]:
    """Writes down the rows. Returns the numbers that the responses had where they come from."""
    keys: list[int] = []
    for row in rows:
        answers = msgspec.json.encode(row.answers).decode()
        paradata = msgspec.json.encode(dict(row.paradata)).decode() if row.paradata else None
        line: _Row = (row.language, answers, row.started_at, row.submitted_at, row.base_weight, paradata)
        aside.write(msgspec.json.encode(line) + b"\n")
        if row.key is not None:
            keys.append(row.key)
    return keys


def _refuse_present(wave_id: int, keys: list[int]) -> None:
    """A file of what the wave holds itself would double it. Raises FileError."""
    present = bulk.present(wave_id, keys)
    if present:
        message = "%(count)s of these responses are in the wave already; the first is “%(key)s”."
        raise FileError([Problem(0, "response_id", message, {"count": len(present), "key": str(present[0])})])


def _finished(aside: IO[bytes], origin: str) -> Iterator[bulk.Finished]:
    for number, line in enumerate(aside, 1):
        yield bulk.Finished(f"{origin}/{number}", *_decode(line))
