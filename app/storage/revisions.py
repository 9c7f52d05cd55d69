"""The revision log: earlier values of published estimates, what followed them, when and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from app.estimation.figure import Estimate

from . import surveys
from .base import reading
from .estimates import Key, decode, key_of, versions_of
from .models import StoredEstimate, Wave
from .revision_tables import EarlierEstimate, Edition
from .stale import reasons_of


@dataclass(frozen=True)
class Revision:
    """An estimate that was published of an ended period from `published_at` until `revised_at`, and what followed it.

    later: the next value in the log, or what is published now. version: the earlier scheme's hash, "" without weights.
    """

    wave: Wave
    period: str
    variable: str
    scheme: str
    domain: str
    published_at: datetime
    revised_at: datetime
    reasons: tuple[str, ...]
    earlier: Estimate
    version: str
    later: Estimate
    later_version: str


def of_survey(
    survey: str, variables: Collection[str] | None = None, domains: Collection[str] | None = None
) -> list[Revision]:
    """The log of a survey, of some variables or of some domains only: the newest first, then as waves and names go."""
    waves = {wave.id: wave for wave in surveys.waves(survey)}
    query = (
        select(*_EARLIER)
        .join(Edition, _SAME_EDITION)
        .where(EarlierEstimate.wave_id.in_(waves), EarlierEstimate.shown)
        .order_by(EarlierEstimate.number)
    )
    rows = reading().execute(query.where(*_narrowed(EarlierEstimate, variables, domains))).all()
    present = _present({row.wave_id for row in rows}, variables, domains)
    chains: dict[tuple[int, str, Key], list[Any]] = defaultdict(list)
    for row in rows:
        chains[row.wave_id, row.period, key_of(row.variable, row.scheme, row.domain)].append(row)
    found = []
    for (wave_id, period, key), chain in chains.items():
        followed = [*((row.document, row.scheme_hash) for row in chain[1:]), present.get((wave_id, period, key))]
        for row, after in zip(chain, followed, strict=True):
            if after and (revision := _revision(row, waves[wave_id], *after)):
                found.append(revision)
    found.sort(key=lambda one: (one.wave.opens_at, one.period, one.variable, one.scheme, one.domain))
    return sorted(found, key=lambda one: one.revised_at, reverse=True)


def count(survey: str, variables: Collection[str]) -> int:
    """How many periods of some variables have an earlier value in the log."""
    waves = [wave.id for wave in surveys.waves(survey)]
    query = select(EarlierEstimate.wave_id, EarlierEstimate.period).distinct()
    shown = (EarlierEstimate.variable.in_(variables), EarlierEstimate.wave_id.in_(waves), EarlierEstimate.shown)
    return len(reading().execute(query.where(*shown)).all())


_SAME_EDITION = (
    (Edition.wave_id == EarlierEstimate.wave_id)
    & (Edition.period == EarlierEstimate.period)
    & (Edition.number == EarlierEstimate.number)
)
_EARLIER = (
    EarlierEstimate.wave_id,
    EarlierEstimate.period,
    EarlierEstimate.variable,
    EarlierEstimate.scheme,
    EarlierEstimate.domain,
    EarlierEstimate.scheme_hash,
    EarlierEstimate.document,
    Edition.published_at,
    Edition.replaced_at,
    Edition.reasons,
)


def _narrowed(
    table: Any, variables: Collection[str] | None, domains: Collection[str] | None
) -> list[ColumnElement[bool]]:
    named = [] if variables is None else [table.variable.in_(variables)]
    return named + ([] if domains is None else [table.domain.in_(domains)])


def _present(
    wave_ids: Collection[int], variables: Collection[str] | None, domains: Collection[str] | None
) -> dict[tuple[int, str, Key], tuple[str, str]]:
    """Document and scheme's hash of what is published now."""
    if not wave_ids:
        return {}
    query = select(StoredEstimate).where(StoredEstimate.wave_id.in_(wave_ids))
    rows = reading().execute(query.where(*_narrowed(StoredEstimate, variables, domains))).scalars()
    hashes = versions_of(wave_ids)
    return {
        (row.wave_id, row.period, key_of(row.variable, row.scheme, row.domain)): (
            row.document,
            hashes.get((row.wave_id, row.period, row.scheme), ""),
        )
        for row in rows
    }


def _revision(row: Any, wave: Wave, document: str, version: str) -> Revision | None:
    earlier, later = (decode(row.variable, text) for text in (row.document, document))
    if earlier is None or later is None:
        return None
    return Revision(
        wave,
        row.period,
        row.variable,
        row.scheme,
        row.domain,
        row.published_at,
        row.replaced_at,
        reasons_of(row.reasons),
        earlier,
        row.scheme_hash,
        later,
        version,
    )
