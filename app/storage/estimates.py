"""The estimates that pages show: made from the tallies of a period, read back without touching a response."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, case, delete, func, or_, select

from app.estimation.figure import Estimate, Figure
from app.questionnaire.model import Questionnaire

from . import surveys
from .base import insert, reading, writing
from .models import StalePeriod, StoredEstimate, Survey, Wave

WHOLE = "all"


@dataclass(frozen=True)
class Published:
    """One stored estimate with what it needs to be traced. `estimate` is None where it is suppressed."""

    wave: Wave
    period: str
    variable: str
    domain: str
    estimate: Estimate | None
    refreshed_at: datetime


_Values = tuple[float, float | None, float | None, float | None, int]


class _Document(msgspec.Struct, array_like=True):
    """What is stored of an estimate; a suppressed one stores nothing but that."""

    n_asked: int
    n: int
    effective_n: float
    figures: dict[str, _Values]


_SUPPRESSED = "null"
_COLUMNS = (
    StoredEstimate.wave_id,
    StoredEstimate.period,
    StoredEstimate.variable,
    StoredEstimate.domain,
    StoredEstimate.document,
    StoredEstimate.refreshed_at,
)
_decoder = msgspec.json.Decoder(_Document | None)


def refresh(wave_id: int, period: str, minimum: int, now: datetime) -> int:
    """Makes the estimates of a wave and period anew from its tallies. Returns how many."""
    with writing() as session:
        wave = session.execute(select(Wave).where(Wave.id == wave_id).with_for_update(key_share=True)).scalar_one()
        session.execute(delete(StalePeriod).where(StalePeriod.wave_id == wave_id, StalePeriod.period == period))
        made = _estimates(surveys.questionnaire(wave.questionnaire_hash), wave_id, period, minimum)
        session.execute(
            delete(StoredEstimate).where(StoredEstimate.wave_id == wave_id, StoredEstimate.period == period)
        )
        rows = [
            {"wave_id": wave_id, "period": period, "variable": v, "domain": d, "document": text, "refreshed_at": now}
            for v, d, text in made
        ]
        if rows:
            session.execute(insert(StoredEstimate), rows)
        return len(rows)


def _estimates(questionnaire: Questionnaire, wave_id: int, period: str, minimum: int) -> list[tuple[str, str, str]]:
    """(variable, domain, document) for every published variable and domain."""
    # Only jobs make estimates; pages must not load numpy's and scipy's machinery to read them.
    import numpy as np

    from app.estimation.estimate import estimate_domains
    from app.estimation.measure import base_counts
    from app.estimation.suppression import suppress
    from app.estimation.weighting import weigh
    from app.questionnaire.counting import domains_of, layout_of, measure_of

    from .tallies import read_tally

    tally = read_tally(wave_id, period, layout_of(questionnaire))
    if not tally.cells:
        return []
    domains = domains_of(questionnaire, tally.cells)
    measures = [measure_of(variable) for variable in questionnaire.published_variables]
    members = np.stack([domain.cells for domain in domains])
    made = []
    for measure, row in zip(measures, estimate_domains(tally, weigh(tally), measures, members), strict=True):
        withheld = suppress(domains, base_counts(tally, measure), minimum)
        for domain, estimate in zip(domains, row, strict=True):
            if domain.shown:
                hidden = domain.key in withheld
                made.append((measure.name, domain.key, _SUPPRESSED if hidden else _encode(estimate, minimum)))
    return made


def _encode(estimate: Estimate, minimum: int) -> str:
    """What is stored. A mean leaves out "don't know", so its own base may be too small where the shares' is not."""
    kept = {code: f for code, f in estimate.figures.items() if f.n >= min(minimum, estimate.n)}
    figures = {code: (f.value, f.se, f.low, f.high, f.n) for code, f in kept.items()}
    return msgspec.json.encode(_Document(estimate.n_asked, estimate.n, estimate.effective_n, figures)).decode()


def _decode(variable: str, text: str, wanted: Collection[str] | None = None) -> Estimate | None:
    """A stored estimate with all its figures, or those wanted."""
    document = _decoder.decode(text)
    if document is None:
        return None
    kept = document.figures.items() if wanted is None else _kept(document.figures, wanted)
    figures = {code: Figure(*values) for code, values in kept}
    return Estimate(variable, document.n_asked, document.n, document.effective_n, figures)


def _kept(figures: dict[str, _Values], wanted: Collection[str]) -> list[tuple[str, _Values]]:
    return [(code, figures[code]) for code in wanted if code in figures]


def of_variable(survey: str, variable: str) -> list[Published]:
    """All estimates of a variable: every wave, period and domain, in the order of waves and periods."""
    return _trend(survey, variable, None)


def of_breakdown(survey: str, variable: str, breakdown: str, figures: Collection[str] | None = None) -> list[Published]:
    """The estimates of a variable for the domains of one breakdown (or the whole), ordered as `of_variable` does.

    With `figures` the estimates hold those only.
    """
    return _trend(survey, variable, figures, _of_breakdowns([breakdown]))


def _trend(survey: str, variable: str, figures: Collection[str] | None, *where: ColumnElement[bool]) -> list[Published]:
    waves = {wave.id: (place, wave) for place, wave in enumerate(surveys.waves(survey))}
    query = (
        select(*_COLUMNS)
        .where(StoredEstimate.wave_id.in_(waves), StoredEstimate.variable == variable, *where)
        .order_by(StoredEstimate.period, StoredEstimate.domain)
    )
    rows = sorted(reading().execute(query), key=lambda row: waves[row.wave_id][0])
    return [_published(row, waves[row.wave_id][1], figures) for row in rows]


def newest(survey: str, variables: Sequence[str]) -> list[Published]:
    """The estimates of the newest period that has something to show: of real waves, else of synthetic ones."""
    return _newest(survey, variables, None)


def newest_of(
    survey: str, variables: Sequence[str], breakdowns: Sequence[str], figures: Collection[str]
) -> list[Published]:
    """What `newest` gives, for the whole and the domains of some breakdowns, with some figures only."""
    return _newest(survey, variables, figures, _of_breakdowns([WHOLE, *breakdowns]))


def _newest(
    survey: str, variables: Sequence[str], figures: Collection[str] | None, *where: ColumnElement[bool]
) -> list[Published]:
    shown = max(_periods(survey, variables), default=None)
    if shown is None:
        return []
    _, _, period, wave_id = shown
    wave = reading().execute(select(Wave).where(Wave.id == wave_id)).scalar_one()
    at = (StoredEstimate.wave_id == wave_id, StoredEstimate.period == period)
    rows = reading().execute(select(*_COLUMNS).where(*at, StoredEstimate.variable.in_(variables), *where))
    return [_published(row, wave, figures) for row in rows]


def _periods(survey: str, variables: Sequence[str]) -> list[tuple[bool, bool, str, int]]:
    """(whether anything is shown, whether it is real, period, wave's id) of each period that has estimates."""
    disclosed = func.max(case((StoredEstimate.document != _SUPPRESSED, 1), else_=0))
    query = (
        select(StoredEstimate.wave_id, StoredEstimate.period, Wave.synthetic, disclosed.label("disclosed"))
        .join(Wave, Wave.id == StoredEstimate.wave_id)
        .join(Survey, Survey.id == Wave.survey_id)
        .where(Survey.key == survey, StoredEstimate.variable.in_(variables), StoredEstimate.domain == WHOLE)
        .group_by(StoredEstimate.wave_id, StoredEstimate.period, Wave.synthetic)
    )
    found = reading().execute(query)
    return [(bool(row.disclosed), not row.synthetic, row.period, row.wave_id) for row in found]


def _of_breakdowns(names: Iterable[str]) -> ColumnElement[bool]:
    """The domains of breakdowns; the whole is a breakdown of its own."""
    return or_(
        *(
            StoredEstimate.domain == WHOLE
            if name == WHOLE
            else StoredEstimate.domain.startswith(f"{name}=", autoescape=True)
            for name in names
        )
    )


def _published(row: Any, wave: Wave, figures: Collection[str] | None) -> Published:
    estimate = _decode(row.variable, row.document, figures)
    return Published(wave, row.period, row.variable, row.domain, estimate, row.refreshed_at)
