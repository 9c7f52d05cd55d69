"""The published polls of the surveys folder, read once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.interchange.published_file import Named, Poll, read_names, read_polls


def published_polls() -> tuple[Named | None, tuple[Poll, ...]]:
    """What was polled, and every poll in order of time; nothing where the folder has none. Raises FileError."""
    return _read(current_app.extensions["settings"].surveys_dir / "published")


@lru_cache(maxsize=4)
def _read(folder: Path) -> tuple[Named | None, tuple[Poll, ...]]:
    if not folder.is_dir():
        return None, ()
    named = read_names((folder / "series.yaml").read_bytes())
    return named, read_polls((folder / "polls.csv").read_bytes(), named)
