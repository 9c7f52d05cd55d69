"""The course of the waves, written down as their times come."""

from app.storage import surveys

from .run import Run


def act(run: Run) -> int:
    run.alive()
    return surveys.note_course(run.now())
