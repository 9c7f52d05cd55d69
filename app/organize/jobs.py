"""The scheduled jobs as organizers see them: what ran, when it runs next, how long it takes, what failed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.access import current
from app.jobs.run import slot_of
from app.jobs.schedule import Job
from app.jobs.schedule import jobs as schedule
from app.storage import jobs as storage
from app.storage.models import JobRequest, JobRun
from config import Settings

RECENT_RUNS = 50
# The scheduler looks at every job once a minute; it is late when it missed some looks.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class JobLine:
    """A job with its newest run; `due` is when it runs next, None when that is at once. asked: who wants it run now."""

    name: str
    purpose: str
    every: timedelta
    last: JobRun | None
    died: bool
    due: datetime | None
    late: bool
    asked: JobRequest | None

    @property
    def took(self) -> float | None:
        """How long the newest run took, in seconds."""
        return seconds_of(self.last) if self.last else None


def jobs() -> str:
    """Every job, the newest runs that failed, and the newest of all."""
    now = datetime.now(UTC)
    return render_template(
        "organize/jobs.html",
        jobs=job_lines(current_app.extensions["settings"], now),
        failures=storage.failures(),
        recent=[(run, seconds_of(run), _died(run, now)) for run in storage.recent(RECENT_RUNS)],
    )


def run_job(job: str) -> Any:
    """Asks the scheduler to run a job now."""
    if job not in {known.name for known in schedule(current_app.extensions["settings"])}:
        abort(404)
    if storage.ask(job, current().email, datetime.now(UTC)):
        flash(_("The job is asked for. The scheduler begins it within seconds; load this page again to see."))
    else:
        flash(_("The job was asked for already and has not begun."))
    return redirect(url_for("organize.jobs"), 303)


def job_lines(settings: Settings, now: datetime) -> list[JobLine]:
    """Every job of the schedule."""
    asked = storage.asked()
    return [_line(job, asked.get(job.name), now) for job in schedule(settings)]


def seconds_of(run: JobRun) -> float | None:
    """How long a run took, None while it has not ended."""
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else None


def _died(run: JobRun, now: datetime) -> bool:
    return run.state == "running" and run.lease_until < now


def _line(job: Job, asked: JobRequest | None, now: datetime) -> JobLine:
    in_slot, newest = storage.last_of(job.name), storage.newest_of(job.name)
    next_slot = in_slot.slot + 1 if in_slot else slot_of(now, job.every)
    due = datetime.fromtimestamp(next_slot * job.every.total_seconds(), UTC)
    late = in_slot is None or now - max(due, in_slot.lease_until) > LATE
    died = newest is not None and _died(newest, now)
    return JobLine(job.name, job.purpose, job.every, newest, died, due if due > now else None, late, asked)
