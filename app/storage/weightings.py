"""How the weighting of published periods went."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from . import surveys
from .base import reading
from .models import StoredWeighting


class Joined(msgspec.Struct):
    """A level that was put together with another (into), or given up (None)."""

    margin: str
    level: str
    into: str | None
    empty: bool


class Went(msgspec.Struct):
    """What a part's weighting met with.

    off: the largest relative distance of a margin from its target; worst: of which margin and level, where not all
    could be met.
    """

    part: str
    converged: bool
    off: float
    collapsed: list[Joined]
    dropped: list[str]
    worst: tuple[str, str] | None = None


@dataclass(frozen=True)
class Weighted:
    """A period of a wave, with how each part of it was weighted."""

    wave: str
    period: str
    version: str
    parts: list[Went]


_decode = msgspec.json.Decoder(list[Went]).decode


def of_survey(survey: str, scheme: str) -> list[Weighted]:
    """Every period that has estimates by a scheme, in the order of waves and periods."""
    waves = {wave.id: (place, wave.key) for place, wave in enumerate(surveys.waves(survey))}
    columns = (
        StoredWeighting.wave_id,
        StoredWeighting.period,
        StoredWeighting.scheme_hash,
        StoredWeighting.document,
    )
    query = select(*columns).where(StoredWeighting.wave_id.in_(waves), StoredWeighting.scheme == scheme)
    rows = sorted(reading().execute(query), key=lambda row: (waves[row.wave_id][0], row.period))
    return [Weighted(waves[row.wave_id][1], row.period, row.scheme_hash, _decode(row.document)) for row in rows]
