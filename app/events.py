"""The events of the surveys folder, read once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.interchange.events_file import read_events
from app.questionnaire.events import Event
from app.surveys_folder import EVENTS

from .catalogue import catalogue


def events() -> tuple[Event, ...]:
    """In order of time; none where the folder has no file of them. Raises FileError if its file is not whole."""
    codes = tuple(action.code for action in catalogue().actions)
    return _read(current_app.extensions["settings"].surveys_dir / EVENTS, codes)


@lru_cache(maxsize=4)
def _read(path: Path, actions: tuple[str, ...]) -> tuple[Event, ...]:
    return read_events(path.read_bytes(), actions) if path.exists() else ()
