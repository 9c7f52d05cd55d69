"""One run of one job: claimed, kept alive step by step, written down."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.storage import jobs as storage
from app.storage.trouble import trouble_of
from config import Settings

if TYPE_CHECKING:
    from .schedule import Job

log = logging.getLogger(__name__)
WORKER = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


class LostLease(Exception):
    """Another scheduler took the slot over; this one must not go on."""


@dataclass(frozen=True)
class Run:
    """What a job is given: settings, the time, and `alive`, to be called before every step."""

    settings: Settings
    now: Callable[[], datetime]
    alive: Callable[[], None]


def utc_now() -> datetime:
    return datetime.now(UTC)


def slot_of(moment: datetime, every: timedelta) -> int:
    """The number of the interval that a moment falls in, counted from 1970."""
    return int(moment.timestamp() // every.total_seconds())


def run_due(job: Job, settings: Settings, now: Callable[[], datetime] = utc_now, worker: str = WORKER) -> int | None:
    """Runs a job if its slot, or one whose worker died, is free. Returns the work found; None: not its turn."""
    lease = timedelta(seconds=settings.lease_seconds)
    held = storage.claim(job.name, slot_of(now(), job.every), worker, now(), lease)
    return _act(job, settings, held, now, lease) if held else None


def run_asked(job: Job, settings: Settings, now: Callable[[], datetime] = utc_now, worker: str = WORKER) -> int | None:
    """Runs a job if somebody asked for it and nobody acts in it. Returns the work found, else None."""
    lease = timedelta(seconds=settings.lease_seconds)
    held = storage.claim_asked(job.name, worker, now(), lease)
    return _act(job, settings, held, now, lease) if held else None


def _act(
    job: Job, settings: Settings, held: storage.Claim, now: Callable[[], datetime], lease: timedelta
) -> int | None:
    def alive() -> None:
        if not storage.renew(held, now(), lease):
            raise LostLease(f"{job.name} {held.slot}")

    try:
        work = job.act(Run(settings, now, alive))
    except LostLease:
        log.warning("%s: another scheduler took slot %s over", job.name, held.slot)
        return None
    except Exception as error:
        trouble = trouble_of(error)
        log.error("%s failed. %s", job.name, trouble, exc_info=None if trouble else error)
        storage.finish(held, now(), 0, f"{type(error).__name__}: {error}"[:1000])
        return 0
    storage.finish(held, now(), work)
    return work


def run_now(job: Job, settings: Settings, now: Callable[[], datetime] = utc_now) -> int:
    """Runs a job at once, outside its schedule, unlogged. Safe beside a scheduled run: every step is a transaction."""
    return job.act(Run(settings, now, lambda: None))
