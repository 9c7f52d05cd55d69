"""The scheduled jobs as an organizer sees them: what ran, when it runs next, what failed and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.jobs.run import slot_of
from app.jobs.schedule import Job, jobs
from app.storage.jobs import last_of
from app.storage.models import JobRun
from config import Settings

# The scheduler looks at every job once a minute; it is late when it missed some looks.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class JobLine:
    """A job with its newest run; `due` is when it runs next, None when that is at once."""

    name: str
    purpose: str
    every: timedelta
    last: JobRun | None
    died: bool
    due: datetime | None
    late: bool

    @property
    def took(self) -> float | None:
        """How long the newest run took, in seconds."""
        return seconds_of(self.last) if self.last else None


def job_lines(settings: Settings, now: datetime) -> list[JobLine]:
    """Every job of the schedule."""
    return [_line(job, last_of(job.name), now) for job in jobs(settings)]


def seconds_of(run: JobRun) -> float | None:
    """How long a run took, None while it has not ended."""
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else None


def _line(job: Job, last: JobRun | None, now: datetime) -> JobLine:
    next_slot = last.slot + 1 if last else slot_of(now, job.every)
    due = datetime.fromtimestamp(next_slot * job.every.total_seconds(), UTC)
    died = last is not None and last.state == "running" and last.lease_until < now
    late = last is None or now - max(due, last.lease_until) > LATE
    return JobLine(job.name, job.purpose, job.every, last, died, due if due > now else None, late)
