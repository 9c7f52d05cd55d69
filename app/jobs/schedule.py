"""The whole schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from config import Settings

from . import forget, letters, roll_up, waves
from .run import Run


@dataclass(frozen=True)
class Job:
    """A job, how often it is due, and what it is for, in words for the organizers' page."""

    name: str
    every: timedelta
    act: Callable[[Run], int]
    purpose: str


def jobs(settings: Settings) -> list[Job]:
    """Every job. Each acts in small steps, and returns how much work it found."""
    often = timedelta(seconds=settings.jobs_interval_seconds)
    hourly, daily = timedelta(hours=1), timedelta(days=1)
    return [
        Job("roll_up", often, roll_up.act, "Adds new responses to the tallies and refreshes the trends."),
        Job("waves", often, waves.act, "Writes into the audit log which waves opened and closed at their times."),
        Job("letters", often, letters.act, "Sends invitations and reminders that are due."),
        Job("mix_marks", hourly, letters.mix, "Takes away the order in which invited people answered."),
        Job(
            "forget_traces",
            hourly,
            forget.old_traces,
            "Deletes the keys that could tell whose network answers came from.",
        ),
        Job("forget_unfinished", daily, forget.unfinished_responses, "Deletes answers left unfinished for many days."),
        Job("forget_contacts", daily, forget.old_contacts, "Deletes names and addresses of people invited long ago."),
        Job("forget_runs", daily, forget.old_runs, "Deletes old rows of the job log."),
    ]
