"""Tallies, and what the monitor shows, counted anew from the responses: to verify them, or to put in their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.estimation.tally import Change, LayoutMismatch, Tally, add_to_tally, canonical, empty_tally
from app.questionnaire.counting import layout_of
from app.questionnaire.model import Questionnaire
from app.questionnaire.quality import DUPLICATE

from . import moves, stale, traces, watching
from .base import reading, writing
from .models import QueuedResponse, Response, TallyRow
from .tallies import COUNTED, FIELDED, Fielded, Place, count, fielded_by, locked_versions, read_tally, store

MONITOR = "monitor"
"""Stands for the period where a difference is in what the monitor shows."""


@dataclass(frozen=True)
class Difference:
    """A cell whose stored counts are not those of its responses."""

    wave_id: int
    period: str
    cell: str
    stored: int
    counted: int


def verify() -> list[Difference]:
    """Recounts all tallies, and what the monitor shows, from the responses; every cell that differs."""
    session = reading()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    differences: list[Difference] = []
    for fielded in _all_waves(session):
        seen, layout = watching.Counted(), layout_of(fielded.questionnaire)
        recounted = _recount(session, fielded, seen)
        periods = {*recounted, *_periods_of(session, fielded.id)}
        for period in sorted(periods):
            stored = canonical(read_tally(fielded.id, period, layout))
            counted = canonical(recounted.get(period, empty_tally(layout)))
            differences += _differences((fielded.id, period), stored, counted)
        differences += [Difference(fielded.id, MONITOR, *found) for found in watching.differences(fielded.id, seen)]
    session.rollback()
    return differences


def rebuild() -> int:
    """Makes all counts anew from the responses, in one transaction. Returns the responses counted."""
    counted = 0
    with writing() as session:
        watching.clear(session)
        for fielded in _all_waves(session):
            seen = watching.Counted()
            recounted = _recount(session, fielded, seen)
            for period in sorted({*recounted, *_periods_of(session, fielded.id)}):
                tally = recounted.get(period, empty_tally(layout_of(fielded.questionnaire)))
                _replace(session, (fielded.id, period), fielded.questionnaire, tally)
                counted += int(tally.n.sum())
            watching.add(session, {fielded.id: seen})
    return counted


def count_older() -> int:
    """Counts what the monitor shows of waves that were fielded before it was there. Returns the responses counted."""
    counted = 0
    for wave_id in watching.uncounted():
        with writing() as session:
            fielded = locked_versions(session, [wave_id])[wave_id]
            if watching.read(session, wave_id) is None:  # Else another did it meanwhile.
                seen = watching.Counted()
                for row in (row for chunk in _counted(session, wave_id) for row in chunk):
                    count(fielded, row, seen)
                seen.counts.flags[DUPLICATE] = traces.shared(session, wave_id)
                watching.put(session, wave_id, seen.counts)
                counted += seen.counts.responses
    return counted


def _replace(session: Session, place: Place, questionnaire: Questionnaire, tally: Tally) -> None:
    """Puts a recounted tally in the place of the stored one."""
    try:
        before = read_tally(*place, tally.layout)
    except LayoutMismatch:  # What cannot be read says nothing of what was published.
        before = empty_tally(tally.layout)
    session.execute(delete(TallyRow).where(TallyRow.wave_id == place[0], TallyRow.period == place[1]))
    store(session, place, tally)
    changes = moves.note_recount(session, place, questionnaire, before, tally)
    stale.mark(session, *place, stale.REBUILT, changes)


def _periods_of(session: Session, wave_id: int) -> list[str]:
    """The periods of a wave that have tallies."""
    return list(session.execute(select(TallyRow.period).where(TallyRow.wave_id == wave_id).distinct()).scalars())


def _all_waves(session: Session) -> list[Fielded]:
    return [fielded_by(row) for row in session.execute(FIELDED.with_for_update(key_share=True)).all()]


def _recount(session: Session, fielded: Fielded, seen: watching.Counted) -> dict[str, Tally]:
    """The tallies of a wave by period, from the responses that a roll-up has counted and not yet taken out.

    seen: what the monitor shows of them is counted there."""
    tallies: dict[str, Tally] = {}
    for chunk in _counted(session, fielded.id):
        changes: dict[str, list[Change]] = defaultdict(list)
        for row in chunk:
            changes[fielded.period_of(row.submitted_at)].append(count(fielded, row, seen))
        for period, listed in changes.items():
            before = tallies.get(period, empty_tally(layout_of(fielded.questionnaire)))
            tallies[period] = add_to_tally(before, listed)
    seen.counts.flags[DUPLICATE] = traces.shared(session, fielded.id)
    return tallies


def _counted(session: Session, wave_id: int, slices: int = 32) -> Iterator[list[Any]]:
    step = 2**63 // slices
    for part in range(slices):
        query = (
            select(*COUNTED)
            .outerjoin(QueuedResponse, QueuedResponse.response_id == Response.id)
            .where(
                Response.id >= part * step,
                Response.id <= (part + 1) * step - 1,
                Response.wave_id == wave_id,
                Response.state != "open",
                or_(QueuedResponse.delta.is_(None), QueuedResponse.delta == -1),
            )
        )
        yield list(session.execute(query).all())


def _differences(place: Place, stored: Tally, counted: Tally) -> list[Difference]:
    left = {
        cell: (int(n), counts.tobytes()) for cell, n, counts in zip(stored.cells, stored.n, stored.counts, strict=True)
    }
    right = {
        cell: (int(n), counts.tobytes())
        for cell, n, counts in zip(counted.cells, counted.n, counted.counts, strict=True)
    }
    return [
        Difference(*place, cell, left.get(cell, (0, b""))[0], right.get(cell, (0, b""))[0])
        for cell in sorted(left.keys() | right.keys())
        if left.get(cell) != right.get(cell)
    ]
