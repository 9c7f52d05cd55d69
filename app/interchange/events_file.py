"""Events as a YAML file, read with every mistake and its line."""

from __future__ import annotations

from collections.abc import Collection

from app.questionnaire.events import Event, Events, check_events
from app.questionnaire.problems import FileError, Problem

from .shaped import shaped
from .yaml_tree import dotted, line_of, read_tree


def read_events(source: bytes | str, actions: Collection[str]) -> tuple[Event, ...]:
    """The events of a YAML file in order of time. Raises FileError with every problem at once."""
    problems: list[Problem] = []
    data, lines = read_tree(source, problems)
    if not isinstance(data, dict):
        raise FileError([*problems, Problem(0, "", "The file has no sections.")])
    events, shape = shaped(Events, data)
    found = [*check_events(data, actions), *shape]
    problems += [Problem(line_of(lines, path), dotted(path), text, params) for path, text, params in found]
    if events is None or problems:
        raise FileError(problems)
    return tuple(sorted(events.events, key=lambda event: event.date))
