"""Polls that others published: a CSV of figures and a YAML file of what was asked, read with every mistake."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from pydantic import Field

from app.questionnaire.kinds.base import Line, Model, Text
from app.questionnaire.problems import FileError, Problem

from .shaped import shaped
from .yaml_tree import dotted, line_of, read_tree

COLUMNS = (
    *("series", "population", "measure", "date", "pct_favour", "pct_against"),
    *("mode", "n", "kind", "source", "note"),
)
_DATE = re.compile(r"(?:FY)?(\d{4})(?:-(\d{2}|spring|summer|autumn|winter))?")
_SEASONS = {"spring": 4, "summer": 7, "autumn": 10, "winter": 1}


class Series(Model):
    """A question that was polled, and who polled it."""

    title: Text
    by: Text


class Named(Model):
    """The names of everything in the CSV, in each language."""

    series: dict[str, Series] = Field(min_length=1)
    populations: dict[str, Text]
    modes: dict[str, Text]


class Poll(Model):
    """One published figure. when: as it was told; day: where it stands in time. mode "", n None: not told."""

    series: str
    population: str
    measure: Line
    when: str
    day: date
    favour: float = Field(ge=0, le=1)
    against: float | None = Field(ge=0, le=1)
    mode: str
    n: int | None
    kind: str
    source: Line
    note: str


def read_names(source: bytes | str) -> Named:
    """What was asked, by whom. Raises FileError."""
    problems: list[Problem] = []
    data, lines = read_tree(source, problems)
    named, found = shaped(Named, data if isinstance(data, dict) else {})
    problems += [Problem(line_of(lines, path), dotted(path), text, params) for path, text, params in found]
    if named is None or problems:
        raise FileError(problems)
    return named


def read_polls(source: bytes | str, named: Named) -> tuple[Poll, ...]:
    """Every poll in order of time. Raises FileError with every bad line."""
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise FileError([Problem(1, "", "The columns must be %(columns)s.", {"columns": ", ".join(COLUMNS)})])
    polls: list[Poll] = []
    problems: list[Problem] = []
    for row in reader:
        wrong = list(_mistakes(row, named))
        problems += [Problem(reader.line_num, name, message, params) for name, message, params in wrong]
        if not wrong:
            polls.append(_poll(row))
    if problems:
        raise FileError(problems)
    return tuple(sorted(polls, key=lambda poll: poll.day))


def _mistakes(row: dict[str, str], named: Named) -> Iterator[tuple[str, str, dict[str, object]]]:
    for column, known in (
        ("series", named.series),
        ("population", named.populations),
        ("mode", {**named.modes, "": 0}),
    ):
        if row[column] not in known:
            yield column, "“%(name)s” is not named in the file of series.", {"name": row[column]}
    if not _DATE.fullmatch(row["date"]) or not 1 <= _month(row["date"]) <= 12:
        yield "date", "“%(value)s” is not a year, a month, a season or a fiscal year.", {"value": row["date"]}
    for column in ("pct_favour", "pct_against"):
        if not _per_cent(row[column], may_be_empty=column == "pct_against"):
            yield column, "“%(value)s” is not per cent.", {"value": row[column]}
    if not row["source"].strip():
        yield "source", "“%(key)s” is missing.", {"key": "source"}


def _per_cent(text: str, may_be_empty: bool) -> bool:
    if not text:
        return may_be_empty
    return bool(re.fullmatch(r"\d{1,3}(\.\d+)?", text)) and float(text) <= 100


def _poll(row: dict[str, str]) -> Poll:
    year = int(_DATE.fullmatch(row["date"])[1])  # type: ignore[index]
    return Poll(
        series=row["series"],
        population=row["population"],
        measure=row["measure"],
        when=row["date"],
        day=date(year, _month(row["date"]), 15),
        favour=float(row["pct_favour"]) / 100,
        against=float(row["pct_against"]) / 100 if row["pct_against"] else None,
        mode=row["mode"],
        n=int(row["n"]) if row["n"].isdigit() else None,
        kind=row["kind"],
        source=row["source"],
        note=row["note"],
    )


def _month(when: str) -> int:
    """The month in which a poll stands; the middle of a year of which no more is told."""
    found = _DATE.fullmatch(when)
    if found is None or not found[2]:
        return 10 if when.startswith("FY") else 7
    return _SEASONS.get(found[2]) or int(found[2])
