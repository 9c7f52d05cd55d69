"""Synthetic waves of a survey, loaded and rolled up: a site to look at before anybody has answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from app.jobs.run import run_now
from app.jobs.schedule import jobs
from app.questionnaire.model import Questionnaire
from app.storage import bulk, surveys
from config import Settings

from .generate import Made, Month, generate

MONTHS = 24
MONTHS_OF_A_WAVE = 3
PREFIX = "demo-"


def load(settings: Settings, count: int, seed: int, now: datetime, survey: str = "domestic-diplomacy") -> str:
    """Loads `count` synthetic responses over the 24 months before `now` and rolls them up. Returns what it did.

    Where there are demonstration waves already, nothing changes.
    """
    questionnaire = surveys.latest_questionnaire(survey)
    if questionnaire is None:
        return f"There is no survey “{survey}”. Publish its questionnaire first."
    present = [wave.key for wave in surveys.waves(survey) if wave.synthetic and wave.key.startswith(PREFIX)]
    if present:
        return f"{survey} has synthetic waves already ({present[0]} to {present[-1]}). Nothing was changed."
    started = time.monotonic()
    months = months_before(now)
    waves = _open_waves(survey, months, now)
    loaded = _insert(waves, questionnaire, seed, months, count)
    inserted = time.monotonic()
    roll_up = next(job for job in jobs(settings) if job.name == "roll_up")
    run_now(roll_up, settings)
    return (
        f"{survey}: {loaded:,} synthetic responses in {MONTHS // MONTHS_OF_A_WAVE} waves"
        f" ({PREFIX}{months[0].begins:%Y-%m} to {PREFIX}{months[-MONTHS_OF_A_WAVE].begins:%Y-%m}),"
        f" loaded in {inserted - started:.1f} s, rolled up in {time.monotonic() - inserted:.1f} s"
    )


def months_before(now: datetime) -> list[Month]:
    """The 24 calendar months (UTC) to `now`; the last ends then, and has lasted a day at least."""
    last = now.astimezone(UTC) - timedelta(days=1)
    number = last.year * 12 + last.month - MONTHS
    begins = [datetime((number + i) // 12, (number + i) % 12 + 1, 1, tzinfo=UTC) for i in range(MONTHS)]
    return [Month(*span) for span in zip(begins, [*begins[1:], now.astimezone(UTC)], strict=True)]


def _open_waves(survey: str, months: list[Month], now: datetime) -> list[tuple[str, int]]:
    """Opens the waves; key and id of the wave of each month."""
    waves: list[tuple[str, int]] = []
    for first in range(0, len(months), MONTHS_OF_A_WAVE):
        opens_at, closes_at = months[first].begins, months[first + MONTHS_OF_A_WAVE - 1].ends
        key = f"{PREFIX}{opens_at:%Y-%m}"
        wave_id = surveys.open_wave(
            survey,
            key,
            now,
            opens_at=opens_at,
            closes_at=closes_at,
            mode="synthetic",
            population="synthetic",
            synthetic=True,
        )
        waves += [(key, wave_id)] * MONTHS_OF_A_WAVE
    return waves


def _insert(
    waves: list[tuple[str, int]], questionnaire: Questionnaire, seed: int, months: list[Month], count: int
) -> int:
    loaded = 0
    for number, made in generate(questionnaire, seed, months, count):
        key, wave_id = waves[number]
        origin = f"demo/{questionnaire.survey}/{key}/{seed}"
        loaded += bulk.add(wave_id, _finished(made, origin, loaded))
    return loaded


def _finished(made: list[Made], origin: str, before: int) -> Iterator[bulk.Finished]:
    for number, one in enumerate(made, before):
        answers = msgspec.json.encode(one.answers).decode()
        yield bulk.Finished(f"{origin}/{number}", one.language, answers, one.started_at, one.submitted_at)
