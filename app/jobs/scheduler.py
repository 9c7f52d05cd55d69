"""The scheduler process: APScheduler's clock, our claims."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from app.memory import settle
from app.storage.trouble import trouble_of
from config import Settings

from .run import run_asked, run_due, utc_now
from .schedule import jobs

# A slot whose worker died is found at the next look, so we look more often than the rare jobs are due.
LOOK_EVERY = timedelta(minutes=1)
# Somebody waits for what was asked for.
ASKED_EVERY = timedelta(seconds=2)
log = logging.getLogger(__name__)


def serve(app: Flask, settings: Settings) -> None:
    """Runs every job when it is due, or asked for, until the process is told to stop. Any number of schedulers may run
    at once."""
    scheduler = BlockingScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
    for name, look, every in _looks(settings):
        scheduler.add_job(
            _guarded,
            "interval",
            args=(app, name, look),
            id=name,
            seconds=every.total_seconds(),
            next_run_time=utc_now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def stop(_number: int, _frame: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    settle()
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=True)


def _looks(settings: Settings) -> list[tuple[str, Callable[[], object], timedelta]]:
    """What to look at how often: each job for its slot, and what was asked for."""
    listed = jobs(settings)

    def asked() -> None:
        for job in listed:
            run_asked(job, settings)

    due = [(job.name, partial(run_due, job, settings), min(job.every, LOOK_EVERY)) for job in listed]
    return [*due, ("asked", asked, ASKED_EVERY)]


def _guarded(app: Flask, name: str, look: Callable[[], object]) -> None:
    with app.app_context():
        try:
            look()
        except Exception as error:
            trouble = trouble_of(error)
            if not trouble:
                raise
            log.error("%s: %s", name, trouble)  # The next look may find the database again.
