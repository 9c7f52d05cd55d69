"""The estimates of one question as files. Withheld ones have no numbers; text is made safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from app.estimation.difference import Difference
from app.estimation.figure import Estimate, Figure
from app.estimation.trend_line import LevelAt
from app.language import in_language
from app.questionnaire.kinds.base import Variable, quote_formula
from app.storage.estimates import Published

from .asked import Survey, Wording
from .divisions import Division
from .figures import Named
from .levels import At, changes, declared_days, levels
from .line import Line
from .trend import days_of, place_of, stretches_of

NUMBERS = ("value", "se", "low", "high", "n", "effective_n", "n_asked")
BESIDE = ("level", "level_low", "level_high", "change", "change_se", "change_p")
"""Where the line stands, with its band; and the change against the wave before, where the two compare."""
COLUMNS = (
    *("survey", "question", "wave", "period", "domain", "domain_label", "figure"),
    *NUMBERS,
    *BESIDE,
    *("suppressed", "synthetic", "mode", "population", "questionnaire", "asked_as", "fingerprint", "line", "joined_by"),
    *("refreshed_at", "scheme", "scheme_version"),
)


@dataclass(frozen=True)
class Extract:
    """Some estimates of one question. wordings: by the questionnaire's hash; figures: those wanted."""

    survey: Survey
    variable: Variable
    line: Line
    rows: list[Published]
    wordings: dict[str, Wording]
    divisions: dict[str, Division]
    figures: list[Named]

    @cached_property
    def _lines(self) -> dict[str, tuple[dict[At, LevelAt], dict[At, Difference]]]:
        """The levels and changes of each figure."""
        days = days_of(self.rows)
        stretches = stretches_of(self.rows, self.line, days)
        steps = declared_days(self.survey, self.variable.name)
        return {f.code: (levels(stretches, days, f, steps), changes(stretches, f.code)) for f in self.figures}

    def beside(self, row: Published, code: str) -> dict[str, float | None]:
        """The columns `BESIDE` of a figure of a row."""
        lines, moves = self._lines[code]
        at = row.domain, place_of(row)
        level, change = lines.get(at), moves.get(at)
        numbers = (
            *((level.value, level.low, level.high) if level else (None,) * 3),
            *((change.value, change.se, change.p) if change else (None,) * 3),
        )
        return dict(zip(BESIDE, numbers, strict=True))

    def traced(self) -> Iterator[tuple[Published, dict[str, Any]]]:
        """Each estimate with where it comes from; the domain's label in each language, None if it has no name.

        line: rows of one number asked what may be compared. joined_by: the declarations why the row's wording may.
        """
        labels = {key: label for division in self.divisions.values() for key, label in division.domains.items()}
        for row in self.rows:
            wave = row.wave
            yield (
                row,
                {
                    "wave": wave.key,
                    "period": row.period,
                    "domain": row.domain,
                    "domain_label": labels.get(row.domain),
                    "suppressed": row.estimate is None,
                    "synthetic": wave.synthetic,
                    "mode": wave.mode,
                    "population": wave.population,
                    "questionnaire": wave.questionnaire_hash,
                    "asked_as": self.line.asked_as(wave.questionnaire_hash),
                    "fingerprint": self.wordings[wave.questionnaire_hash].fingerprint,
                    "line": self.line.fielded[wave.id].number + 1,
                    "joined_by": list(self.line.fielded[wave.id].joined_by),
                    "refreshed_at": row.refreshed_at.isoformat(),
                    "scheme": row.scheme,
                    "scheme_version": row.version,
                },
            )


def write_csv(extract: Extract) -> str:
    """One line per wave, period, domain and figure; shares are fractions of 1, numbers at full precision."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row, traced in extract.traced():
        texts = {**traced, "survey": extract.survey.key, "question": extract.variable.name}
        texts["domain_label"] = in_language(texts["domain_label"])
        texts["joined_by"] = " / ".join(texts["joined_by"])
        cells = {name: quote_formula(t) if isinstance(t, str) else int(t) for name, t in texts.items()}
        for code, numbers in _numbers(row.estimate, extract.figures):
            beside = extract.beside(row, code)
            writer.writerow({**cells, "figure": code, **dict(zip(NUMBERS, numbers, strict=True)), **beside})
    return out.getvalue()


def _numbers(estimate: Estimate | None, figures: list[Named]) -> Iterator[tuple[str, tuple[float | int | None, ...]]]:
    """The code and numbers of each figure. One that nobody is in the base of has its n of 0 and no more."""
    for named in figures:
        figure = estimate.figures.get(named.code) if estimate else None
        if estimate is None:
            yield named.code, (None,) * 7
        elif figure:
            numbers = (figure.value, figure.se, figure.low, figure.high, figure.n)
            # Kish's n is that of the shares; a mean that leaves out "don't know" has a base of its own.
            effective_n = estimate.effective_n if figure.n == estimate.n else None
            yield named.code, (*numbers, effective_n, estimate.n_asked)
        elif not estimate.n:
            yield named.code, (None, None, None, None, 0, None, None)


def write_json(extract: Extract) -> str:
    """The same estimates with everything that was asked, in every language."""
    document = {
        "survey": extract.survey.key,
        "title": extract.survey.newest.title,
        "question": extract.variable.name,
        "kind": extract.variable.question.kind,
        "action": extract.variable.action,
        "synthetic": any(row.wave.synthetic for row in extract.rows),
        "weighting": next((row.scheme for row in extract.rows), None),
        "interval": 0.95,
        "figures": {named.code: named.label for named in extract.figures},
        "wordings": {w.fingerprint: _wording(w) for w in extract.wordings.values()},
        "joins": _joins(extract),
        "estimates": [
            {**traced, **_counted(row.estimate, extract.figures), **_lines(extract, row)}
            for row, traced in extract.traced()
        ],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _lines(extract: Extract, row: Published) -> dict[str, Any]:
    """What stands beside the figures of an estimate that may be shown."""
    if row.estimate is None or not row.estimate.n:
        return {}
    return {"beside": {f.code: extract.beside(row, f.code) for f in extract.figures if f.code in row.estimate.figures}}


def _joins(extract: Extract) -> list[dict[str, Any]]:
    """Where a wave's question differs from that of the wave before, and both are declared equivalent."""
    waves = {row.wave.id: row.wave for row in extract.rows}
    found = []
    for before, after in pairwise(waves.values()):
        join = extract.line.join(before.questionnaire_hash, after.questionnaire_hash)
        if join:
            sides = {"from": extract.wordings[join.before].fingerprint, "to": extract.wordings[join.after].fingerprint}
            found.append({"wave": after.key, **sides, "reasons": list(join.reasons)})
    return found


def _wording(wording: Wording) -> dict[str, Any]:
    variable = wording.variable
    return {
        "stem": variable.stem,
        "label": variable.label,
        "hint": variable.row.hint if variable.row else variable.question.hint,
        "options": [{"code": option.code, "label": option.label} for option in variable.options],
        "waves": [wave.key for wave in wording.waves],
    }


def _counted(estimate: Estimate | None, figures: list[Named]) -> dict[str, Any]:
    if estimate is None:
        return {}
    if not estimate.n:
        return {"n": 0, "figures": {}}
    counts = {"n": estimate.n, "effective_n": estimate.effective_n, "n_asked": estimate.n_asked}
    return {
        **counts,
        "figures": {f.code: _figure(estimate.figures[f.code]) for f in figures if f.code in estimate.figures},
    }


def _figure(figure: Figure) -> dict[str, float | int | None]:
    return {"value": figure.value, "se": figure.se, "low": figure.low, "high": figure.high, "n": figure.n}
