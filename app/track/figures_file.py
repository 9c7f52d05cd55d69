"""Rows of figures as CSV and JSON: numbers at full precision, text made safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response

from app.questionnaire.kinds.base import quote_formula

Cell = str | int | float | bool | None


def csv_file(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], name: str) -> Response:
    """A download with a line per row. True and false are 1 and 0."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({column: _cell(row[column]) for column in columns} for row in rows)
    response = Response(out.getvalue(), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return quote_formula(value)
    return int(value) if isinstance(value, bool) else value


def json_file(about: Mapping[str, Any], rows: Sequence[Mapping[str, Cell]], name: str) -> Response:
    """What the rows are, and the rows."""
    text = json.dumps({**about, "rows": rows}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    response = Response(text, mimetype="application/json")
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
