"""The estimates of one question as files. Withheld ones have no numbers; text is made safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from app.estimation.figure import Estimate, Figure
from app.language import in_language
from app.questionnaire.kinds.base import Variable, quote_formula
from app.storage.estimates import Published

from .asked import Survey, Wording
from .divisions import Division
from .figures import Named

COLUMNS = (
    "survey",
    "question",
    "wave",
    "period",
    "domain",
    "domain_label",
    "figure",
    "value",
    "se",
    "low",
    "high",
    "n",
    "effective_n",
    "n_asked",
    "suppressed",
    "synthetic",
    "mode",
    "population",
    "questionnaire",
    "fingerprint",
    "refreshed_at",
)


def write_csv(
    survey: Survey,
    variable: Variable,
    rows: Iterable[Published],
    wordings: dict[str, Wording],
    divisions: dict[str, Division],
    figures: list[Named],
) -> str:
    """One line per period, domain and figure; shares are fractions of 1, numbers at full precision."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    labels = {key: in_language(label) for division in divisions.values() for key, label in division.domains.items()}
    for row in rows:
        wave = row.wave
        before = _texts(survey.key, variable.name, wave.key, row.period, row.domain, labels.get(row.domain, ""))
        after = (
            int(row.estimate is None),
            int(wave.synthetic),
            *_texts(wave.mode, wave.population),
            wave.questionnaire_hash,
            wordings[wave.questionnaire_hash].fingerprint,
            row.refreshed_at.isoformat(),
        )
        for code, numbers in _numbers(row.estimate, figures):
            writer.writerow((*before, code, *numbers, *after))
    return out.getvalue()


def _texts(*texts: str) -> tuple[str, ...]:
    return tuple(quote_formula(text) for text in texts)


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


def write_json(
    survey: Survey,
    variable: Variable,
    rows: Iterable[Published],
    wordings: dict[str, Wording],
    divisions: dict[str, Division],
    figures: list[Named],
) -> str:
    """The same estimates with everything that was asked, in every language."""
    labels = {key: label for division in divisions.values() for key, label in division.domains.items()}
    listed = list(rows)
    document = {
        "survey": survey.key,
        "title": survey.newest.title,
        "question": variable.name,
        "kind": variable.question.kind,
        "action": variable.action,
        "synthetic": any(row.wave.synthetic for row in listed),
        "weighting": None,
        "interval": 0.95,
        "figures": {named.code: named.label for named in figures},
        "wordings": {w.fingerprint: _wording(w) for w in wordings.values()},
        "estimates": [_entry(row, wordings[row.wave.questionnaire_hash], labels, figures) for row in listed],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _wording(wording: Wording) -> dict[str, Any]:
    variable = wording.variable
    return {
        "stem": variable.stem,
        "label": variable.label,
        "hint": variable.row.hint if variable.row else variable.question.hint,
        "options": [{"code": option.code, "label": option.label} for option in variable.options],
        "waves": [wave.key for wave in wording.waves],
    }


def _entry(row: Published, wording: Wording, labels: dict[str, dict[str, str]], figures: list[Named]) -> dict[str, Any]:
    wave = row.wave
    traced = {
        "wave": wave.key,
        "period": row.period,
        "domain": row.domain,
        "domain_label": labels.get(row.domain),
        "suppressed": row.estimate is None,
        "synthetic": wave.synthetic,
        "mode": wave.mode,
        "population": wave.population,
        "questionnaire": wave.questionnaire_hash,
        "fingerprint": wording.fingerprint,
        "refreshed_at": row.refreshed_at.isoformat(),
    }
    estimate = row.estimate
    if estimate is None:
        return traced
    if not estimate.n:
        return {**traced, "n": 0, "figures": {}}
    counts = {"n": estimate.n, "effective_n": estimate.effective_n, "n_asked": estimate.n_asked}
    shown = {f.code: _figure(estimate.figures[f.code]) for f in figures if f.code in estimate.figures}
    return {**traced, **counts, "figures": shown}


def _figure(figure: Figure) -> dict[str, float | int | None]:
    return {"value": figure.value, "se": figure.se, "low": figure.low, "high": figure.high, "n": figure.n}
