"""What a catalogue can get wrong. Every rule yields (path, message, params)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .catalogue import TITLE_LENGTH
from .problems import Finding, Path

Row = tuple[Path, dict[str, Any]]

# The rules below read the document as written, so that a mistake in its shape hides no other mistake.


def _found(path: Path, message: str, **params: object) -> Finding:
    return path, message, params


def check_catalogue(data: dict[str, Any]) -> Iterator[Finding]:
    """Every mistake in a catalogue's document that its parts alone do not show."""
    agenda, tracks, measures, actions, groups = (
        _rows(data, section) for section in ("agenda", "tracks", "measures", "actions", "groups")
    )
    for rows in (agenda, tracks, measures, actions, groups):
        yield from _twice(rows)
        for path, row in rows:
            for name in ("title", "text", "note"):
                yield from check_text((*path, name), row.get(name))
    yield from _belong(measures, "track", tracks, "[1-9]")
    yield from _belong(actions, "measure", measures, "[a-z]")
    yield from _answers(agenda, measures, actions)
    yield from _pages(data, agenda + measures + actions)
    for path, row in actions:
        if (_value(row, "status") == "past") != ("note" in row):
            yield _found(path, "A past action, and no other, has a note that says why it is past.")


def _rows(data: dict[str, Any], section: str) -> list[Row]:
    items = data.get(section)
    rows = enumerate(items if isinstance(items, list) else [])
    return [((section, index), row) for index, row in rows if isinstance(row, dict)]


def _value(row: dict[str, Any], name: str) -> str:
    """The scalar under a name, or nothing where there is none."""
    value = row.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _values(row: dict[str, Any], name: str) -> list[str]:
    items = row.get(name)
    return [str(item) for item in items if isinstance(item, str | int)] if isinstance(items, list) else []


def _code(row: dict[str, Any]) -> str:
    return _value(row, "code") or _value(row, "id")


def _twice(rows: list[Row]) -> Iterator[Finding]:
    seen = set()
    for path, row in rows:
        if (code := _code(row)) and code in seen:
            yield _found(path, "“%(code)s” is used twice.", code=code)
        seen.add(code)


def check_text(path: Path, text: object) -> Iterator[Finding]:
    """A text in every language and in no other; a title short."""
    if not isinstance(text, dict):
        return
    for language, limit in TITLE_LENGTH.items():
        wording = _value(text, language).strip()
        if not wording:
            message = "The translation into “%(language)s” is missing."
            yield _found((*path, language), message, language=language)
        elif path[-1] == "title" and len(wording) > limit:
            yield _found((*path, language), "The title is longer than %(limit)s characters.", limit=limit)
    for language in text:
        if language not in TITLE_LENGTH:
            message = "“%(language)s” is not a language of the catalogue."
            yield _found((*path, language), message, language=language)


def _belong(rows: list[Row], name: str, owners: list[Row], ending: str) -> Iterator[Finding]:
    """Every row names an owner and has its code with an ending; every owner is named."""
    owner_codes = {_code(owner) for _, owner in owners}
    for path, row in rows:
        owner, code = _value(row, name), _code(row)
        if owner and owner not in owner_codes:
            message = "There is no %(name)s “%(code)s”."
            yield _found((*path, name), message, name=name, code=owner)
        elif owner and code and not re.fullmatch(re.escape(owner) + ending, code):
            message = "“%(code)s” must be “%(owner)s” and one of %(ending)s."
            yield _found((*path, "code"), message, code=code, owner=owner, ending=ending)
    named = {_value(row, name) for _, row in rows}
    for path, row in owners:
        if (code := _code(row)) and code not in named:
            yield _found(path, "Nothing belongs to the %(name)s “%(code)s”.", name=name, code=code)


def _answers(agenda: list[Row], measures: list[Row], actions: list[Row]) -> Iterator[Finding]:
    """An action answers questions that its measure answers, a measure any; every question is answered."""
    known = {_code(row) for _, row in agenda}
    of_measure = {_code(row): _values(row, "agenda") for _, row in measures}
    for path, row in measures + actions:
        allowed = of_measure.get(_value(row, "measure"), known)
        for question in _values(row, "agenda"):
            if question not in known:
                yield _found((*path, "agenda"), "There is no agenda question %(id)s.", id=question)
            elif question not in allowed:
                message = "Its measure does not answer agenda question %(id)s."
                yield _found((*path, "agenda"), message, id=question)
    for path, row in agenda:
        if (question := _code(row)) and not any(question in ids for ids in of_measure.values()):
            yield _found(path, "No measure answers agenda question %(id)s.", id=question)


def _pages(data: dict[str, Any], rows: list[Row]) -> Iterator[Finding]:
    """Every page is one of the paper's, and a bullet runs over one page break at most."""
    source = data.get("source")
    bounds = _values(source, "pages") if isinstance(source, dict) else []
    starts = {_code(row): _value(row, "page") for _, row in rows}
    for path, row in rows:
        page, start = _value(row, "page"), starts.get(_value(row, "measure"), "")
        if not all(re.fullmatch("[1-9][0-9]{0,4}", number) for number in (page, *bounds)) or len(bounds) != 2:
            continue
        if not int(bounds[0]) <= int(page) <= int(bounds[1]):
            message = "Page %(page)s is not one of %(first)s to %(last)s."
            yield _found((*path, "page"), message, page=page, first=bounds[0], last=bounds[1])
        elif re.fullmatch("[0-9]{1,5}", start) and int(page) - int(start) not in (0, 1):
            yield _found((*path, "page"), "Its measure begins on page %(page)s.", page=start)
