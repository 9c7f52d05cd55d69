"""The estimates that pages show: made from the tallies of a period, read back without touching a response."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, case, func, or_, select

from app.estimation.figure import Estimate, Figure, Shared
from app.questionnaire.scheme import UNWEIGHTED

from . import schemes, surveys
from .base import reading
from .models import StoredEstimate, StoredWeighting, Survey, Wave

WHOLE = "all"


@dataclass(frozen=True)
class Published:
    """One stored estimate with what it needs to be traced. `estimate` is None where it is suppressed.

    scheme: by which it is weighted, or "unweighted"; version: the scheme's hash, "" without weights.
    """

    wave: Wave
    period: str
    variable: str
    domain: str
    estimate: Estimate | None
    refreshed_at: datetime
    scheme: str = UNWEIGHTED
    version: str = ""


_Values = tuple[float, float | None, float | None, float | None, int]
_Shared = tuple[float, dict[str, float]]


class _Document(msgspec.Struct, array_like=True, omit_defaults=True):
    """What is stored of an estimate; a suppressed one stores nothing but that."""

    n_asked: int
    n: int
    effective_n: float
    figures: dict[str, _Values]
    shared: dict[str, _Shared] = {}


_SUPPRESSED = "null"
_COLUMNS = (
    StoredEstimate.wave_id,
    StoredEstimate.period,
    StoredEstimate.variable,
    StoredEstimate.domain,
    StoredEstimate.document,
    StoredEstimate.refreshed_at,
    StoredEstimate.scheme,
)
_decoder = msgspec.json.Decoder(_Document | None)


def encode(estimate: Estimate | None, minimum: int) -> str:
    """What is stored; None: it is suppressed."""
    if estimate is None:
        return _SUPPRESSED
    figures = {code: (f.value, f.se, f.low, f.high, f.n) for code, f in shown_figures(estimate, minimum).items()}
    shared = {
        key: (one.df, {code: c for code, c in one.covariance.items() if code in figures})
        for key, one in estimate.shared.items()
    }
    document = _Document(estimate.n_asked, estimate.n, estimate.effective_n, figures, shared)
    return msgspec.json.encode(document).decode()


def shown_figures(estimate: Estimate, minimum: int) -> dict[str, Figure]:
    """The figures with a base that is large enough: a mean leaves out "don't know", shares do not."""
    return {code: figure for code, figure in estimate.figures.items() if figure.n >= min(minimum, estimate.n)}


Key = tuple[str, bool, str]
"""A variable, whether it is weighted, and a domain: a figure of pages, by whichever scheme it is made."""


def key_of(variable: str, scheme: str, domain: str) -> Key:
    return variable, scheme != UNWEIGHTED, domain


def withheld(text: str) -> bool:
    """Whether a stored estimate holds no figures since it is suppressed."""
    return text == _SUPPRESSED


def alike(text: str, other: str) -> bool:
    """Whether a stored estimate shows what an earlier one did: the same figures of as many people, perhaps more."""
    if text == other:
        return True
    one, two = _decoder.decode(text), _decoder.decode(other)
    if one is None or two is None or one.n != two.n or not one.figures.keys() <= two.figures.keys():
        return False
    return all(same_figure(Figure(*v), Figure(*two.figures[code])) for code, v in one.figures.items())


def same_figure(one: Figure, other: Figure) -> bool:
    """Whether two figures have one value, of as many people.

    Last digits hang on the order of adding up, and errors a little on people outside the group.
    """
    return one.n == other.n and math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-12)


def decode(variable: str, text: str, wanted: Collection[str] | None = None) -> Estimate | None:
    """A stored estimate with all its figures, or those wanted."""
    document = _decoder.decode(text)
    if document is None:
        return None
    kept = document.figures.items() if wanted is None else _kept(document.figures, wanted)
    figures = {code: Figure(*values) for code, values in kept}
    shared = {key: Shared(*one) for key, one in document.shared.items()}
    return Estimate(variable, document.n_asked, document.n, document.effective_n, figures, shared)


def _kept(figures: dict[str, _Values], wanted: Collection[str]) -> list[tuple[str, _Values]]:
    return [(code, figures[code]) for code in wanted if code in figures]


def shown_scheme(survey: str) -> str:
    """The scheme that pages show: the first of the survey's, once there are estimates by it."""
    listed = schemes.current(survey)
    if not listed:
        return UNWEIGHTED
    key = listed[0].scheme.key
    waves = select(Wave.id).join(Survey, Survey.id == Wave.survey_id).where(Survey.key == survey)
    made = select(StoredWeighting.scheme).where(StoredWeighting.wave_id.in_(waves), StoredWeighting.scheme == key)
    return key if reading().execute(made.limit(1)).first() else UNWEIGHTED


def versions_of(wave_ids: Collection[int]) -> dict[tuple[int, str, str], str]:
    """The hash of the scheme by wave, period and scheme; without weights there is none."""
    columns = (StoredWeighting.wave_id, StoredWeighting.period, StoredWeighting.scheme, StoredWeighting.scheme_hash)
    found = reading().execute(select(*columns).where(StoredWeighting.wave_id.in_(wave_ids)))
    return {(row.wave_id, row.period, row.scheme): row.scheme_hash for row in found}


def of_variable(survey: str, variable: str, scheme: str | None = None) -> list[Published]:
    """All estimates of a variable: every wave, period and domain, in the order of waves and periods.

    By the scheme that pages show, unless another is named.
    """
    return _trend(survey, variable, None, scheme)


def of_breakdown(
    survey: str,
    variable: str,
    breakdown: str,
    figures: Collection[str] | None = None,
    scheme: str | None = None,
) -> list[Published]:
    """The estimates of a variable for the domains of one breakdown (or the whole), ordered as `of_variable` does.

    With `figures` the estimates hold those only.
    """
    return _trend(survey, variable, figures, scheme, _of_breakdowns([breakdown]))


def _trend(
    survey: str, variable: str, figures: Collection[str] | None, scheme: str | None, *where: ColumnElement[bool]
) -> list[Published]:
    scheme = scheme or shown_scheme(survey)
    waves = {wave.id: (place, wave) for place, wave in enumerate(surveys.waves(survey))}
    query = (
        select(*_COLUMNS)
        .where(
            StoredEstimate.wave_id.in_(waves),
            StoredEstimate.variable == variable,
            StoredEstimate.scheme == scheme,
            *where,
        )
        .order_by(StoredEstimate.period, StoredEstimate.domain)
    )
    rows = sorted(reading().execute(query), key=lambda row: waves[row.wave_id][0])
    versions = versions_of(waves)
    return [_published(row, waves[row.wave_id][1], figures, versions) for row in rows]


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
    scheme = shown_scheme(survey)
    shown = max(_periods(survey, variables, scheme), default=None)
    if shown is None:
        return []
    _, _, period, wave_id = shown
    wave = reading().execute(select(Wave).where(Wave.id == wave_id)).scalar_one()
    at = (StoredEstimate.wave_id == wave_id, StoredEstimate.period == period, StoredEstimate.scheme == scheme)
    rows = reading().execute(select(*_COLUMNS).where(*at, StoredEstimate.variable.in_(variables), *where))
    versions = versions_of([wave_id])
    return [_published(row, wave, figures, versions) for row in rows]


def _periods(survey: str, variables: Sequence[str], scheme: str) -> list[tuple[bool, bool, str, int]]:
    """(whether anything is shown, whether it is real, period, wave's id) of each period that has estimates."""
    disclosed = func.max(case((StoredEstimate.document != _SUPPRESSED, 1), else_=0))
    query = (
        select(StoredEstimate.wave_id, StoredEstimate.period, Wave.synthetic, disclosed.label("disclosed"))
        .join(Wave, Wave.id == StoredEstimate.wave_id)
        .join(Survey, Survey.id == Wave.survey_id)
        .where(Survey.key == survey, StoredEstimate.variable.in_(variables), StoredEstimate.domain == WHOLE)
        .where(StoredEstimate.scheme == scheme)
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


def _published(
    row: Any, wave: Wave, figures: Collection[str] | None, versions: dict[tuple[int, str, str], str]
) -> Published:
    estimate = decode(row.variable, row.document, figures)
    version = versions.get((row.wave_id, row.period, row.scheme), "")
    return Published(wave, row.period, row.variable, row.domain, estimate, row.refreshed_at, row.scheme, version)
