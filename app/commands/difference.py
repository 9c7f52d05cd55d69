"""What differs between two versions of a questionnaire, for the terminal and for programs."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.questionnaire.versions import OUTCOMES, Compared, language_change
from app.storage import surveys

from .base import complain, fail

_HASH = re.compile(r"[0-9a-f]{6,64}")
_SAID = {"equivalent": "declared equivalent"}


def version_named(name: str, read: Callable[[Path], Questionnaire]) -> Questionnaire:
    """A file's questionnaire, a survey's newest version, or the published one whose hash begins so; else ends."""
    path = Path(name)
    if _is_file(path):
        try:
            return read(path)
        except FileError as error:
            complain(path, error)
            sys.exit(1)
    newest = surveys.latest_questionnaire(name) if name in surveys.survey_keys() else None
    found = surveys.versions_beginning(name.lower()) if _HASH.fullmatch(name.lower()) else []
    if newest is None and not found:
        fail(f"There is no file, survey or published version “{name}”. Of a hash give the first 6 figures or more.")
    if newest is None and len(found) > 1:
        fail(f"“{name}” begins several versions: {', '.join(one[:20] for one in found[:5])}. Give more figures.")
    return newest or surveys.questionnaire(found[0])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # No file can have so long a name.
        return False


def as_text(compared: Sequence[Compared], with_same: bool = True) -> Iterator[str]:
    """Lines: each question with its outcome, what differs indented below it, and how many there are of each."""
    for one in compared:
        if with_same or one.outcome != "same":
            yield f"{_SAID.get(one.outcome, one.outcome):<20}{one.name}{_continued(one)}"
        for fact in one.what:
            part, before, after = (text.replace("\n", "\\n") for text in fact.told())
            yield f"    {part}: “{before}” -> “{after}”"
    counts = Counter(one.outcome for one in compared)
    yield ", ".join(f"{counts[outcome]} {_SAID.get(outcome, outcome)}" for outcome in OUTCOMES)


def languages_as_text(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    """A line for each language that the new version adds or drops."""
    change = language_change(old, new)
    for said, codes in (("language added", change.added), ("language dropped", change.dropped)):
        for code in codes:
            yield f"{said:<20}{code}: questions are compared in the languages that both versions have"


def _continued(one: Compared) -> str:
    reason = one.reason.replace("\n", "\\n")
    return f" continues {one.was}: {reason}" if one.outcome == "equivalent" else ""


def as_json(old: Questionnaire, new: Questionnaire, compared: Sequence[Compared]) -> str:
    """The same as a JSON document."""
    document = {
        "old": {"survey": old.survey, "hash": old.hash},
        "new": {"survey": new.survey, "hash": new.hash},
        "languages": language_change(old, new)._asdict(),
        "questions": [_question(one) for one in compared],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _question(one: Compared) -> dict[str, Any]:
    what = [dict(zip(("what", "before", "after"), fact.told(), strict=True)) for fact in one.what]
    return {"name": one.name, "outcome": one.outcome, "was": one.was, "reason": one.reason or None, "what": what}
