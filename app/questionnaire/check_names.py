"""Names: of pages, of questions and rows, and of what is kept and written beside them. Rules as in `check`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .kinds.choices import OTHER, Listing
from .kinds.rank import Rank
from .kinds.select_multiple import SelectMultiple
from .model import ORDER, order_of
from .outline import Asked, parts, word
from .problems import Finding, Path

# Columns that every data file has: no variable may take their names.
FILE_COLUMNS = frozenset(
    {"response_id", "survey", "wave", "questionnaire", "language", "started_at", "submitted_at", "synthetic"}
)
# Those that some have: the base weight, and what is known of how a response came about.
BASE_WEIGHT, PARADATA = "base_weight", "paradata_"
# What is told of the quality of a response.
QUALITY = "quality_"
QUALITY_COLUMNS = tuple(
    QUALITY + name for name in ("seconds", "speeding", "straight_lining", "contradictory", "duplicate")
)
TAKEN = FILE_COLUMNS | {BASE_WEIGHT, *QUALITY_COLUMNS}
"""Names that no variable may have, besides those that begin like paradata."""

NO_COLUMN = "The data-file column “%(name)s” of this option is another's name (case does not count)."
NO_PLACE = "The data-file column “%(name)s” of this question is another's name (case does not count)."
NO_WORDS = "The words beside this option are kept as “%(name)s”, which is another's name (case does not count)."
NO_ORDER = "The order shown is kept as “%(name)s”, which is another's name (case does not count)."

_Kept = tuple[Path, str, str]
"""Where something is asked for, the name under which it is kept, and what is told if that is another's."""


def check_names(document: dict[str, Any], asked: list[Asked]) -> Iterator[Finding]:
    """Case does not count in every program that reads a data file."""
    yield from _page_names(document)
    seen: set[str] = set()
    for question in asked:
        for path, name in question.named():
            if name.lower() in seen:
                yield path, "Two questions have the name “%(name)s” (case does not count).", {"name": name}
            elif _is_a_files(name.lower()):
                yield path, "“%(name)s” is the name of a column that every data file has.", {"name": name}
            seen.add(name.lower())
    yield from _taken(_orders(document, asked), seen)
    # The words beside an option have a column under another name than their own.
    yield from _taken(_beside(asked), set(seen))
    yield from _taken(_columns(asked), seen)


def _is_a_files(name: str) -> bool:
    """Whether data files have a column of this name, in small letters."""
    return name in TAKEN or name.startswith(PARADATA)


def _taken(kept: Iterator[_Kept], seen: set[str]) -> Iterator[Finding]:
    """Tells of those that have another's name, and adds all to what is `seen`."""
    for path, name, message in kept:
        if name.lower() in seen or _is_a_files(name.lower()):
            yield path, message, {"name": name}
        seen.add(name.lower())


def _page_names(document: dict[str, Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, page in parts(document, (), "pages"):
        name = word(page, "name")
        if name and name in seen:
            yield (*path, "name"), "Two pages have the name “%(name)s”.", {"name": name}
        seen.add(name)
    for path, page in parts(document, (), "pages"):
        base = re.sub(r"-[0-9]+$", "", name := word(page, "name"))
        if base != name and base in seen:
            message = "The page “%(base)s” may be divided into screens, one of which is called “%(name)s”."
            yield (*path, "name"), message, {"base": base, "name": name}


def _orders(document: dict[str, Any], asked: list[Asked]) -> Iterator[_Kept]:
    for question in asked:
        if question.name and question.parameters.get("randomize") is True:
            yield (*question.path, "parameters", "randomize"), question.name + ORDER, NO_ORDER
    for path, part in [*parts(document, (), "pages"), *parts(document, (), "groups")]:
        if part.get("randomize") is True and word(part, "name"):
            yield (*path, "randomize"), order_of(word(part, "name")), NO_ORDER


def _beside(asked: list[Asked]) -> Iterator[_Kept]:
    for question in asked:
        asks = [(path, choice) for path, choice in question.choices or [] if choice.get("specify") is True]
        if asks and question.name and question.of(Listing) and not question.of(Rank):
            yield _place(question, asks[0][0], "specify"), question.name + OTHER, NO_WORDS


def _columns(asked: list[Asked]) -> Iterator[_Kept]:
    """The columns of questions that have several: one an option, once, or one a place; and those of words."""
    for path, name, message in _beside(asked):
        yield path, f"{name}_text", message
    for question in asked:
        if question.of(SelectMultiple) and question.name:
            codes = {word(choice, "code"): path for path, choice in reversed(question.choices or [])}
            for code, path in reversed(codes.items()):
                yield _place(question, path, "code"), f"{question.name}_{code}", NO_COLUMN
        if question.of(Rank) and question.name:
            most = question.parameters.get("maximum")
            places = most if isinstance(most, int) else len(question.choices or [])
            for place in range(1, min(places, len(question.choices or [])) + 1):
                yield question.path, f"{question.name}_{place}", NO_PLACE


def _place(question: Asked, path: Path, key: str) -> Path:
    """Where to tell of a choice: at the question that uses it, if its list is shared."""
    return question.path if path[:1] == ("choices",) else (*path, key)
