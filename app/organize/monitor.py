"""The monitor of a wave: how its fieldwork goes, in charts, tables and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from flask import Response, abort, render_template

from app.interchange.data_file import csv_chunks
from app.questionnaire.kinds.base import quote_formula
from app.questionnaire.quality import LEAST_TIMES
from app.storage import surveys, tallies
from app.storage.models import Wave

from .days import day_chart
from .designing.words import value_word
from .download import download
from .outcomes import CATEGORIES
from .progress import Progress, Rows, progress_of, table
from .survey import wave_state
from .wave import doubtful_before, known_wave

_MOST_STEPS = 31


def monitor(key: str, wave: str) -> str:
    """The page. It shows counts of responses and people only, never an answer."""
    now = datetime.now(UTC)
    found = known_wave(key, wave)
    progress = progress_of(found, doubtful_before(now))
    return render_template(
        "organize/monitor.html",
        key=key,
        wave=found,
        synthetic=found.synthetic,
        state=wave_state(found, now),
        progress=progress,
        chart=_chart(progress, surveys.is_open(found, now), now),
        categories=CATEGORIES,
        least_times=LEAST_TIMES,
        step=value_word("period", surveys.questionnaire(found.questionnaire_hash).period),
        steps=_steps(progress),
        waiting=tallies.waiting(),
    )


def _steps(progress: Progress) -> list[str | date]:
    """The newest steps of the trend. Of one alone nothing is told that the table of groups does not tell."""
    steps = progress.group_steps.steps
    return [_day(step) for step in steps[:_MOST_STEPS]] if len(steps) > 1 else []


def _day(step: str) -> str | date:
    """A day as one; weeks and months as they are written."""
    return date.fromisoformat(step) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", step) else step


def _chart(progress: Progress, is_open: bool, now: datetime) -> object:
    if not progress.days:
        return None
    newest = progress.days[-1][0]
    # While a wave is open the days without a response up to today are news; afterwards they are not.
    return day_chart(dict(progress.days), max(newest, now.date()) if is_open else newest)


def monitor_file(key: str, wave: str, table_name: str) -> Response:
    """A table of the page as CSV."""
    now = datetime.now(UTC)
    found = known_wave(key, wave)
    made = table(progress_of(found, doubtful_before(now)), table_name)
    if made is None:
        abort(404)
    content = b"".join(csv_chunks(_lines(key, found, *made), bom=False))
    mark = "-synthetic" if found.synthetic else ""
    return download(content, "text/csv", f"{key}_{wave}_{table_name}{mark}_{now:%Y-%m-%d}.csv")


def _lines(key: str, wave: Wave, columns: tuple[str, ...], rows: Rows) -> Iterator[list[str | int]]:
    """Every row says of which wave it is, and whether that is made up, so that files can be put together."""
    yield ["survey", "wave", "synthetic", *columns]
    for row in rows:
        yield [key, quote_formula(wave.key), int(wave.synthetic), *map(_cell, row)]


def _cell(value: str | int | float | None) -> str | int:
    if isinstance(value, str):
        return quote_formula(value)
    return "" if value is None else value if isinstance(value, int) else f"{value:.4f}"
