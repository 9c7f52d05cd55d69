"""The scheduler process: APScheduler's clock, our claims."""

from __future__ import annotations

import logging
import signal
from datetime import timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from app.memory import settle
from app.storage.trouble import trouble_of
from config import Settings

from .run import run_due, utc_now
from .schedule import Job, jobs

# A slot whose worker died is found at the next look, so we look more often than the rare jobs are due.
LOOK_EVERY = timedelta(minutes=1)
log = logging.getLogger(__name__)


def serve(app: Flask, settings: Settings) -> None:
    """Runs every job when it is due, until the process is told to stop. Any number of schedulers may run at once."""
    scheduler = BlockingScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
    for job in jobs(settings):
        every = min(job.every, LOOK_EVERY)
        scheduler.add_job(
            _look,
            "interval",
            args=(app, settings, job),
            id=job.name,
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


def _look(app: Flask, settings: Settings, job: Job) -> None:
    with app.app_context():
        try:
            run_due(job, settings)
        except Exception as error:
            trouble = trouble_of(error)
            if not trouble:
                raise
            log.error("%s: %s", job.name, trouble)  # The next look may find the database again.
