"""Events: what happened, when, and which lines may jump at it. The content is `surveys/events.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field

from .catalogue_check import check_text
from .kinds.base import Line, Model, Text
from .problems import Finding

QUESTION = re.compile(r"[a-z0-9-]+/[A-Za-z][A-Za-z0-9_]*")


class Event(Model):
    """Something dated that may have moved opinion. affects: actions, or SURVEY/QUESTION, whose lines may jump at it."""

    date: date
    kind: Literal["statement", "visit", "decision", "accident", "trade"]
    title: Text
    source: Line = Field(pattern=r"^https?://[^\s]+$")
    affects: tuple[Line, ...] = ()


class Events(Model):
    """Every event of the file."""

    events: tuple[Event, ...]


def check_events(data: dict[str, Any], actions: Collection[str]) -> Iterator[Finding]:
    """Every mistake in a document of events that its shape does not show."""
    listed = data.get("events")
    for index, row in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(row, dict):
            continue
        yield from check_text(("events", index, "title"), row.get("title"))
        affects = row.get("affects")
        for place, name in enumerate(affects if isinstance(affects, list) else []):
            if isinstance(name, str) and name not in actions and not QUESTION.fullmatch(name):
                message = "“%(name)s” is neither an action of the catalogue nor SURVEY/QUESTION."
                yield ("events", index, "affects", place), message, {"name": name}
