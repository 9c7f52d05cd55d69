"""What does not grow: roll-up CPU per new response, weights and estimates included, and page CPU, with ten thousand
and with a million stored."""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from flask import Flask

from app import create_app
from app.extensions import db
from app.jobs.run import run_now
from app.jobs.schedule import jobs
from app.memory import settle
from app.storage import bulk, schemes, surveys
from app.surveys_folder import read_survey
from app.synthetic.generate import generate
from app.synthetic.load import load, months_before
from app.weighting_files import read_scheme_file
from tests.conftest import make_settings, migrate

SMALL = 10_000
LARGE = int(os.environ.get("BENCH_LARGE", "1000000"))
NEW = 1000
ROUNDS = 7
SURVEY = "domestic-diplomacy"
PAGES = ("/", f"/trends/{SURVEY}/DD6a", f"/trends/{SURVEY}/DD6a?by=stakeholder")
ROLL_UP_TARGET, PAGE_TARGET = 1.2, 1.1


@dataclass
class Stored:
    """An application with so many synthetic responses stored and rolled up."""

    app: Flask
    size: int


def run() -> list[str]:
    """The lines of the report."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_stored(Path(folder), size, now) for size in (SMALL, LARGE))
        settle()  # As the scheduler and the web server do.
        lines = [_report_roll_up(small, large, now)]
        lines += [_report_page(page, small, large) for page in PAGES]
        for stored in (small, large):
            with stored.app.app_context():
                db.engine.dispose()
        return lines


def _stored(folder: Path, size: int, now: datetime) -> Stored:
    settings = make_settings(folder, f"sqlite:///{folder}/{size}.sqlite", minimum_group=10)
    migrate(settings)
    app = create_app(settings)
    source = (settings.surveys_dir / f"{SURVEY}.yaml").read_bytes()
    with app.app_context():
        surveys.publish(read_survey(settings.surveys_dir, source), now)
        found = read_scheme_file(settings.surveys_dir, settings.surveys_dir / "weighting" / f"{SURVEY}.yaml")
        schemes.publish(SURVEY, found, now)
        print(load(settings, size, 1, now), flush=True)
    return Stored(app, size)


def _cpu(work: Callable[[], object]) -> float:
    gc.collect()  # What was left by the work before is not for this one to clear away.
    before = time.process_time()
    work()
    return time.process_time() - before


def _report_roll_up(small: Stored, large: Stored, now: datetime) -> str:
    costs: dict[int, list[float]] = {small.size: [], large.size: []}
    for number in range(ROUNDS):
        for stored in (small, large):
            costs[stored.size].append(_roll_up(stored, number, now))
    a, b = (statistics.median(costs[stored.size]) for stored in (small, large))
    ratio = statistics.median(y / x for x, y in zip(costs[small.size], costs[large.size], strict=True))
    return (
        f"roll-up: {1e6 * a / NEW:.0f} CPU-µs per new response with {small.size:,} stored,"
        f" {1e6 * b / NEW:.0f} with {large.size:,}, ratio {ratio:.2f} (at most {ROLL_UP_TARGET})"
    )


def _roll_up(stored: Stored, number: int, now: datetime) -> float:
    """CPU seconds of the whole job, estimates refreshed, for NEW responses of this month."""
    settings = stored.app.extensions["settings"]
    month = months_before(now)[-1]
    with stored.app.app_context():
        wave = next(wave for wave in reversed(surveys.waves(SURVEY)) if wave.synthetic)
        questionnaire = surveys.questionnaire(wave.questionnaire_hash)
        rows = [
            bulk.Finished(
                made.origin,
                made.language,
                msgspec.json.encode(made.answers).decode(),
                made.started_at,
                min(made.submitted_at, month.ends - timedelta(seconds=1)),
            )
            for _, listed in generate(questionnaire, 100 + number, [month], NEW)
            for made in listed
        ]
        bulk.add(wave.id, rows)
        job = next(job for job in jobs(settings) if job.name == "roll_up")
        return _cpu(lambda: run_now(job, settings))


def _report_page(address: str, small: Stored, large: Stored) -> str:
    costs: dict[int, list[float]] = {small.size: [], large.size: []}
    clients = {stored.size: stored.app.test_client() for stored in (small, large)}
    for _ in range(ROUNDS * 10):
        for size, client in clients.items():
            costs[size].append(_cpu(lambda client=client: client.get(address)))  # type: ignore[misc]
    a, b = (statistics.median(costs[stored.size]) for stored in (small, large))
    return (
        f"{address}: {1000 * a:.1f} CPU-ms with {small.size:,} stored, {1000 * b:.1f} with {large.size:,},"
        f" ratio {b / a:.2f} (at most {PAGE_TARGET})"
    )
