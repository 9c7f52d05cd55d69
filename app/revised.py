"""The revision log as rows, for the page, the files and the command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator
from datetime import datetime

from app.estimation.figure import Figure
from app.questionnaire.kinds.base import quote_formula
from app.storage import revisions, surveys
from app.storage.estimates import same_figure

COLUMNS = (
    *("survey", "question", "wave", "period", "domain", "figure", "scheme", "published_at", "revised_at", "reasons"),
    *("earlier", "earlier_low", "earlier_high", "earlier_n", "earlier_version"),
    *("later", "later_low", "later_high", "later_n", "later_version", "synthetic", "note"),
)
EQUIVALENCE = "equivalence"

Cell = str | int | float | bool | None


def rows(survey: str, variables: Collection[str] | None = None) -> list[dict[str, Cell]]:
    """Every figure that changed, the newest first; then the equivalences that were declared, which change lines."""
    return [*_figures(survey, variables), *_declared(survey, variables)]


def _figures(survey: str, variables: Collection[str] | None) -> Iterator[dict[str, Cell]]:
    for one in revisions.of_survey(survey, variables):
        shared: dict[str, Cell] = {
            **dict.fromkeys(COLUMNS),
            "survey": survey,
            "question": one.variable,
            "wave": one.wave.key,
            "period": one.period,
            "domain": one.domain,
            "scheme": one.scheme,
            "published_at": one.published_at.isoformat(),
            "revised_at": one.revised_at.isoformat(),
            "reasons": " ".join(one.reasons),
            "earlier_version": one.version,
            "later_version": one.later_version,
            "synthetic": one.wave.synthetic,
        }
        for code, earlier in one.earlier.figures.items():
            later = one.later.figures.get(code)
            if later and not same_figure(earlier, later):
                yield {**shared, "figure": code, **_numbers("earlier", earlier), **_numbers("later", later)}


def _numbers(side: str, figure: Figure) -> dict[str, Cell]:
    return {side: figure.value, f"{side}_low": figure.low, f"{side}_high": figure.high, f"{side}_n": figure.n}


def _declared(survey: str, variables: Collection[str] | None) -> Iterator[dict[str, Cell]]:
    for name, at, was, reason in declared(survey):
        if variables is None or name in variables:
            yield {
                **dict.fromkeys(COLUMNS),
                "survey": survey,
                "question": name,
                "revised_at": at.isoformat(),
                "reasons": EQUIVALENCE,
                "synthetic": False,
                "note": f"{was}: {reason}" if was != name else reason,
            }


def declared(survey: str) -> list[tuple[str, datetime, str, str]]:
    """(question, when, what it was called before, reason) of each declared equivalence, the newest first.

    A declaration stands in the version that it was published with, and in all that were made from it.
    """
    found: dict[tuple[str, str, str], datetime] = {}
    for version, at in reversed(surveys.published_versions(survey)):
        for one in surveys.questionnaire(version).continues:
            found.setdefault((one.question, one.was, one.reason), at)
    listed = [(name, at, was, reason) for (name, was, reason), at in found.items()]
    return sorted(listed, key=lambda row: row[1], reverse=True)


def as_csv(survey: str) -> str:
    """The rows as CSV; true and false are 1 and 0."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(survey):
        writer.writerow({name: quote_formula(v) if isinstance(v, str) else _plain(v) for name, v in row.items()})
    return out.getvalue()


def _plain(value: Cell) -> Cell:
    return int(value) if isinstance(value, bool) else value


def as_json(survey: str) -> str:
    """The same as JSON."""
    return json.dumps({"survey": survey, "interval": 0.95, "rows": rows(survey)}, ensure_ascii=False)
