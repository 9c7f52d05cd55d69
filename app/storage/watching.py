"""What the monitor of a wave shows of its submitted responses: counted with the tallies, in the same transaction.

So a page costs the same at a thousand responses and at a million.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import msgspec
from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session

from app.questionnaire.wave_counts import WaveCounts

from .base import insert, reading
from .models import Completes, StoredCounts, TallyRow, Wave

_decode = msgspec.json.Decoder(WaveCounts).decode
_encode = msgspec.json.Encoder().encode


@dataclass
class Counted:
    """What responses of one wave add: per day (UTC), and to all else that the monitor shows."""

    days: Counter[date] = field(default_factory=Counter)
    counts: WaveCounts = field(default_factory=WaveCounts)


def add(session: Session, counted: dict[int, Counted]) -> None:
    """Adds what was counted of some responses, by wave. The waves' rows are locked by whoever calls this."""
    for wave_id, new in counted.items():
        counts = read(session, wave_id)
        if counts is not None or not session.execute(_has_completes(wave_id)).scalar_one():
            counts = counts or WaveCounts()
            counts.merge(new.counts)
            put(session, wave_id, counts)
        # Else the wave was fielded before there was a monitor: `recount.count_older` counts it, these with all others.
    rows = [{"wave_id": wave_id, "day": day, "n": n} for wave_id, new in counted.items() for day, n in new.days.items()]
    if rows:
        upsert = insert(Completes)
        more = {"n": Completes.n + upsert.excluded.n}
        session.execute(upsert.on_conflict_do_update(index_elements=["wave_id", "day"], set_=more), rows)


def _has_completes(wave_id: int) -> Select[bool]:
    return select(exists().where(Completes.wave_id == wave_id))


def put(session: Session, wave_id: int, counts: WaveCounts) -> None:
    """Stores the counts of a wave in the place of those that are there."""
    upsert = insert(StoredCounts).values(wave_id=wave_id, document=_encode(counts).decode())
    new = {"document": upsert.excluded.document}
    session.execute(upsert.on_conflict_do_update(index_elements=["wave_id"], set_=new))


def read(session: Session, wave_id: int) -> WaveCounts | None:
    """The counts of a wave; None while nothing is counted."""
    found = session.execute(select(StoredCounts.document).where(StoredCounts.wave_id == wave_id)).scalar_one_or_none()
    return None if found is None else _decode(found)


def of_wave(wave_id: int) -> WaveCounts | None:
    """The counts of a wave, for its page."""
    return read(reading(), wave_id)


def clear(session: Session) -> None:
    """Takes all counts away, to be made anew."""
    session.execute(delete(Completes))
    session.execute(delete(StoredCounts))


def uncounted() -> list[int]:
    """Waves with responses that were added to the tallies before there was a monitor."""
    counted = exists().where(StoredCounts.wave_id == Wave.id)
    query = select(Wave.id).where(exists().where(Completes.wave_id == Wave.id), ~counted).order_by(Wave.id)
    return list(reading().execute(query).scalars())


def completes(wave_ids: Iterable[int]) -> list[tuple[int, date, int]]:
    """Submitted responses per wave and day."""
    query = select(Completes.wave_id, Completes.day, Completes.n).where(
        Completes.wave_id.in_(list(wave_ids)), Completes.n > 0
    )
    return [(row.wave_id, row.day, row.n) for row in reading().execute(query.order_by(Completes.day))]


def cells_by_period(wave_id: int) -> list[tuple[str, str, int]]:
    """How many have answered in each period of the survey's trend and cell, in the order of the periods."""
    query = select(TallyRow.period, TallyRow.cell, TallyRow.respondents).where(
        TallyRow.wave_id == wave_id, TallyRow.respondents > 0
    )
    return [(row.period, row.cell, row.respondents) for row in reading().execute(query.order_by(TallyRow.period))]


def differences(wave_id: int, counted: Counted) -> list[tuple[str, int, int]]:
    """What of a wave's stored counts is not as the responses have it: (what, stored, counted)."""
    days = Counter({day: n for _, day, n in completes([wave_id])})
    stored, recounted = ({f"day {day}": n for day, n in found.items() if n} for found in (days, counted.days))
    counts = of_wave(wave_id)
    if counts is not None:
        stored |= counts.entries()
        recounted |= counted.counts.entries()
    return [
        (what, stored.get(what, 0), recounted.get(what, 0))
        for what in sorted(stored.keys() | recounted.keys())
        if stored.get(what) != recounted.get(what)
    ]
