"""The estimates that pages show: made from the tallies of a period, read back without touching a response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import numpy as np
from sqlalchemy import delete, select

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


class _Document(msgspec.Struct, array_like=True):
    """What is stored of an estimate; a suppressed one stores nothing but that."""

    n_asked: int
    n: int
    effective_n: float
    figures: dict[str, tuple[float, float | None, float | None, float | None, int]]


_SUPPRESSED = "null"
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
                made.append((measure.name, domain.key, _SUPPRESSED if hidden else _encode(estimate)))
    return made


def _encode(estimate: Estimate) -> str:
    figures = {code: (f.value, f.se, f.low, f.high, f.n) for code, f in estimate.figures.items()}
    return msgspec.json.encode(_Document(estimate.n_asked, estimate.n, estimate.effective_n, figures)).decode()


def _decode(variable: str, text: str) -> Estimate | None:
    document = _decoder.decode(text)
    if document is None:
        return None
    figures = {code: Figure(*values) for code, values in document.figures.items()}
    return Estimate(variable, document.n_asked, document.n, document.effective_n, figures)


def of_variable(survey: str, variable: str) -> list[Published]:
    """All estimates of a variable: every wave, period and domain, in the order of waves and periods."""
    query = (
        select(StoredEstimate, Wave)
        .join(Wave, Wave.id == StoredEstimate.wave_id)
        .join(Survey, Survey.id == Wave.survey_id)
        .where(Survey.key == survey, StoredEstimate.variable == variable)
        .order_by(Wave.opens_at, Wave.id, StoredEstimate.period, StoredEstimate.domain)
    )
    return [_published(row, wave) for row, wave in reading().execute(query)]


def newest(survey: str, variables: Sequence[str]) -> list[Published]:
    """The estimates of the newest period that has something to show: of real waves, else of synthetic ones."""
    if not variables:
        return []
    query = (
        select(StoredEstimate.wave_id, StoredEstimate.period, StoredEstimate.document, Wave.synthetic)
        .join(Wave, Wave.id == StoredEstimate.wave_id)
        .join(Survey, Survey.id == Wave.survey_id)
        .where(Survey.key == survey, StoredEstimate.variable == variables[0], StoredEstimate.domain == WHOLE)
    )
    found = reading().execute(query).all()
    if not found:
        return []
    shown = max(found, key=lambda row: (row.document != _SUPPRESSED, not row.synthetic, row.period))
    rows = reading().execute(
        select(StoredEstimate, Wave)
        .join(Wave, Wave.id == StoredEstimate.wave_id)
        .where(
            StoredEstimate.wave_id == shown.wave_id,
            StoredEstimate.period == shown.period,
            StoredEstimate.variable.in_(variables),
        )
    )
    return [_published(row, wave) for row, wave in rows]


def _published(row: StoredEstimate, wave: Wave) -> Published:
    return Published(wave, row.period, row.variable, row.domain, _decode(row.variable, row.document), row.refreshed_at)
