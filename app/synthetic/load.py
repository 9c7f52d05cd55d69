"""Synthetic waves of a survey, loaded and rolled up: a site to look at before anybody has answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count as counting

import msgspec

from app.jobs import roll_up
from app.jobs.run import Run, utc_now
from app.questionnaire.model import Questionnaire
from app.storage import bulk, surveys, synthetic
from config import Settings

from .generate import Made, Month, generate

MONTHS = 24
MONTHS_OF_A_WAVE = 3
PREFIX = "demo-"
Say = Callable[[str], object]


def load(
    settings: Settings,
    count: int,
    seed: int,
    now: datetime,
    survey: str = "domestic-diplomacy",
    say: Say = lambda _line: None,
) -> str:
    """Loads `count` synthetic responses over the 24 months before `now` and rolls them up. Returns what it did.

    Waves and responses come together or not at all; where there are demonstration waves already, none are added.
    `say` is told how far it is.
    """
    questionnaire = surveys.latest_questionnaire(survey)
    if questionnaire is None:
        return f"There is no survey “{survey}”. Publish its questionnaire first."
    present = [wave.key for wave in surveys.waves(survey) if wave.synthetic and wave.key.startswith(PREFIX)]
    if present:
        _roll_up(settings, lambda: None)  # A load that was ended in its roll-up left the rest of it.
        return f"{survey} has synthetic waves already ({present[0]} to {present[-1]}). None were added."
    started = time.monotonic()
    say(f"Loading {count:,} synthetic responses over {MONTHS} months ...")
    months = months_before(now)
    spans = _spans(months)
    loaded = synthetic.add(survey, questionnaire.hash, spans, _rows(questionnaire, seed, months, count))
    inserted = time.monotonic()
    say(
        f"Loaded in {inserted - started:.1f} s. Adding them to the tallies, and making the estimates of every month ..."
    )
    _roll_up(settings, _progress(loaded, say))
    return (
        f"{survey}: {loaded:,} synthetic responses in {len(spans)} waves ({spans[0].key} to {spans[-1].key}),"
        f" loaded in {inserted - started:.1f} s, rolled up in {time.monotonic() - inserted:.1f} s"
    )


def _roll_up(settings: Settings, step: Callable[[], None]) -> None:
    roll_up.act(Run(settings, utc_now, step))


def _progress(loaded: int, say: Say) -> Callable[[], None]:
    """What to call before every step of the roll-up: first come batches of responses, then the months."""
    steps = counting(-(loaded // roll_up.BATCH))

    def step() -> None:
        month = next(steps)
        if month > 0 and month % MONTHS_OF_A_WAVE == 0:
            say(f"  month {month} of {MONTHS}")

    return step


def months_before(now: datetime) -> list[Month]:
    """The 24 calendar months (UTC) to `now`; the last ends then, and has lasted a day at least."""
    last = now.astimezone(UTC) - timedelta(days=1)
    number = last.year * 12 + last.month - MONTHS
    begins = [datetime((number + i) // 12, (number + i) % 12 + 1, 1, tzinfo=UTC) for i in range(MONTHS)]
    return [Month(*span) for span in zip(begins, [*begins[1:], now.astimezone(UTC)], strict=True)]


def _spans(months: list[Month]) -> list[synthetic.Span]:
    quarters = [months[first : first + MONTHS_OF_A_WAVE] for first in range(0, len(months), MONTHS_OF_A_WAVE)]
    return [
        synthetic.Span(f"{PREFIX}{first.begins:%Y-%m}", first.begins, last.ends) for first, *_others, last in quarters
    ]


def _rows(
    questionnaire: Questionnaire, seed: int, months: list[Month], count: int
) -> Iterator[tuple[int, Iterator[bulk.Finished]]]:
    """The responses, each batch with the number of its wave."""
    for month, made in generate(questionnaire, seed, months, count):
        yield month // MONTHS_OF_A_WAVE, map(_finished, made)


def _finished(one: Made) -> bulk.Finished:
    answers = msgspec.json.encode(one.answers).decode()
    return bulk.Finished(one.origin, one.language, answers, one.started_at, one.submitted_at)
