"""`flask jobs`: the scheduled jobs."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app

from app.jobs.run import run_now
from app.jobs.schedule import jobs as schedule
from app.storage.jobs import newest_of

from .base import Group, fail, settings

jobs = Group("jobs", help="Scheduled jobs: run, once, list.")

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@jobs.command("run")
def run() -> None:
    """Runs the scheduler until it is told to stop. More than one may run."""
    from app.jobs import scheduler  # Web workers, which read this file too, need no APScheduler.

    scheduler.serve(current_app._get_current_object(), settings())  # type: ignore[attr-defined]


@jobs.command("once")
@click.argument("name")
def once(name: str) -> None:
    """Runs one job now."""
    known = {job.name: job for job in schedule(settings())}
    if name not in known:
        fail(f"There is no job “{name}”. Jobs: {', '.join(known)}.")
    click.echo(f"{name}: {run_now(known[name], settings())}")


@jobs.command("list")
def list_() -> None:
    """Every job: how often it is due, and its last run."""
    for job in schedule(settings()):
        last = newest_of(job.name)
        ran = (
            "has not run yet"
            if last is None
            else f"{last.state} at {last.started_at:%Y-%m-%d %H:%M:%S} UTC, work {last.work}"
        )
        failure = f": {last.error}" if last and last.error else ""
        click.echo(f"{job.name:20} {every(job.every):16} {ran}{failure}")


def every(span: timedelta) -> str:
    """How often, in words: the largest unit that fits a whole number of times."""
    seconds = int(span.total_seconds())
    unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
    return f"every {unit}" if seconds == size else f"every {seconds // size} {unit}s"
