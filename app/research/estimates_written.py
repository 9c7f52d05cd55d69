"""An export of estimates as JSON and CSV, and in words what did not go as planned."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from .differences_file import COLUMNS as DIFFERENCES
from .estimates_file import COLUMNS, Export, Request


def notes(made: Export) -> list[str]:
    """What did not go as the schemes want it, in English: levels put together, margins not met, people left out."""
    found = []
    for one in made.weighting:
        where = " ".join(dict.fromkeys((one["wave"], one["group"], one["part"])))
        for level in one["collapsed"]:
            few = "no respondents" if level["empty"] else "too few respondents"
            done = f"counted with “{level['into']}”" if level["into"] is not None else "left out of the target"
            found.append(f"{where}: “{level['level']}” of {level['margin']} has {few}, and is {done}.")
        for margin in one["dropped"]:
            found.append(f"{where}: {margin} has fewer than two levels with respondents, and is not weighted by.")
        if not one["converged"]:
            margin, level = one["worst"]
            what = f"“{level}” of {margin}" if level else f"who has no level of {margin}"
            off = f"{100 * one['off']:.3g} %"
            found.append(f"{where}: the margins cannot all be met; {what} is off by {off} of its target.")
    return list(dict.fromkeys(found))


def as_json(made: Export, request: Request) -> str:
    """The export as one JSON document."""
    document: dict[str, Any] = {
        "survey": made.survey,
        "scheme": made.scheme,
        "version": made.version,
        "suppressed_below": request.minimum,
        "weighting": made.weighting,
        "estimates": [
            {name: row.get(name) for name in COLUMNS if name not in ("survey", "scheme", "version")}
            for row in made.rows
        ],
    }
    if request.covariance:
        document["covariances"] = made.covariances
    if request.totals:
        document["totals"] = made.totals
    if request.differences:
        own = [name for name in DIFFERENCES if name not in ("survey", "scheme", "version")]
        document["differences"] = [{name: row.get(name) for name in own} for row in made.differences.adjusted()]
    return json.dumps(document, ensure_ascii=False, indent=1)


def as_csv(made: Export, request: Request) -> str:
    """The estimates, or the differences, as CSV: numbers as the shortest text that is read as the same number."""
    columns = DIFFERENCES if request.differences else COLUMNS
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    write(columns)
    for row in made.differences.adjusted() if request.differences else made.rows:
        write([_cell(row.get(name)) for name in columns])
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(value)
    return repr(value) if isinstance(value, float) else str(value)
