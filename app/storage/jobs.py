"""Who runs which job when: one row per slot, taken by one scheduler, believed while its lease lasts.

A slot is a job's interval, counted from 1970. Whoever inserts the slot's row first acts in it. Who dies in it stops
renewing the lease, and after that any scheduler takes the slot over. A run that somebody asked for has a slot of its
own, below 0: the second in which it was taken, counted backwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, delete, select, update
from sqlalchemy.orm import Session

from . import audit
from .base import insert, reading, rows_changed, writing
from .models import JobRequest, JobRun


@dataclass(frozen=True)
class Claim:
    """A slot that this worker may act in."""

    name: str
    slot: int
    worker: str


def claim(name: str, slot: int, worker: str, now: datetime, lease: timedelta) -> Claim | None:
    """Takes the slot, or a slot of the job whose worker died; None while another acts or has acted."""
    with writing() as session:
        return _claim(session, name, slot, worker, now, lease)


def claim_asked(name: str, worker: str, now: datetime, lease: timedelta) -> Claim | None:
    """Takes the job if somebody asked for it; None if nobody did, or while another acts in it: then it stays asked."""
    wanted = JobRequest.name == name
    if reading().execute(select(JobRequest.name).where(wanted)).first() is None:
        return None
    with writing() as session:
        held = _claim(session, name, -int(now.timestamp()), worker, now, lease)
        # Of two who claim at once the later finds it taken; who takes a dead run over does what was asked, too.
        if held:
            session.execute(delete(JobRequest).where(wanted))
        return held


def _claim(session: Session, name: str, slot: int, worker: str, now: datetime, lease: timedelta) -> Claim | None:
    newest = select(JobRun).where(JobRun.name == name, JobRun.state == "running").order_by(JobRun.slot)
    for running in session.execute(newest).scalars().all():
        if running.lease_until > now:
            return None
        taken = _at(name, running.slot, JobRun.state == "running", JobRun.lease_until == running.lease_until)
        values = {"worker": worker, "lease_until": now + lease, "attempts": running.attempts + 1, "started_at": now}
        if rows_changed(session, taken.values(**values)):
            return Claim(name, running.slot, worker)
        return None
    fresh = insert(JobRun).values(
        name=name,
        slot=slot,
        state="running",
        worker=worker,
        attempts=1,
        lease_until=now + lease,
        started_at=now,
        work=0,
    )
    return Claim(name, slot, worker) if rows_changed(session, fresh.on_conflict_do_nothing()) else None


def ask(name: str, by: str, now: datetime) -> bool:
    """Asks for a run at once; False where one is asked for already."""
    with writing() as session:
        wanted = insert(JobRequest).values(name=name, asked_at=now, asked_by=by).on_conflict_do_nothing()
        if not rows_changed(session, wanted):
            return False
        audit.append(session, by, "job.asked", now, job=name)
        return True


def asked() -> dict[str, JobRequest]:
    """What is asked for and not yet taken, by the job's name."""
    return {request.name: request for request in reading().execute(select(JobRequest)).scalars()}


def renew(held: Claim, now: datetime, lease: timedelta) -> bool:
    """Says that the worker is alive; False when the slot was taken over, and the worker must stop."""
    with writing() as session:
        return bool(rows_changed(session, _mine(held).values(lease_until=now + lease)))


def finish(held: Claim, now: datetime, work: int, error: str | None = None) -> None:
    """Writes down what came of the run."""
    state = "failed" if error else "done"
    with writing() as session:
        session.execute(_mine(held).values(state=state, finished_at=now, work=work, error=error))


def _mine(held: Claim) -> Update:
    return _at(held.name, held.slot, JobRun.worker == held.worker, JobRun.state == "running")


def _at(name: str, slot: int, *conditions: ColumnElement[bool]) -> Update:
    return update(JobRun).where(JobRun.name == name, JobRun.slot == slot, *conditions)


def recent(limit: int = 50) -> list[JobRun]:
    """The newest runs of all jobs."""
    query = select(JobRun).order_by(JobRun.started_at.desc(), JobRun.name).limit(limit)
    return list(reading().execute(query).scalars())


def failures(limit: int = 20) -> list[JobRun]:
    """The newest runs that failed: among many others they would soon be out of sight."""
    query = select(JobRun).where(JobRun.state == "failed").order_by(JobRun.started_at.desc(), JobRun.name).limit(limit)
    return list(reading().execute(query).scalars())


def last_of(name: str) -> JobRun | None:
    """The run of a job in its newest slot."""
    query = select(JobRun).where(JobRun.name == name, JobRun.slot >= 0).order_by(JobRun.slot.desc()).limit(1)
    return reading().execute(query).scalar()


def newest_of(name: str) -> JobRun | None:
    """The run of a job that began last, in a slot or asked for."""
    query = select(JobRun).where(JobRun.name == name).order_by(JobRun.started_at.desc(), JobRun.slot.desc()).limit(1)
    return reading().execute(query).scalar()


def forget_before(moment: datetime) -> int:
    """Deletes the rows of runs that ended before."""
    with writing() as session:
        return rows_changed(session, delete(JobRun).where(JobRun.state != "running", JobRun.finished_at < moment))
