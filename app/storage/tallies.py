"""The tallies: new responses added in batches, recounted to verify, rebuilt.

One transaction takes responses from the queue and adds them to the tallies, so a crash leaves both or neither.
Roll-ups of the same wave wait for one another on the wave's row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.estimation.period import counted_at, period_of
from app.estimation.tally import (
    Change,
    Layout,
    LayoutMismatch,
    Tally,
    add_to_tally,
    canonical,
    empty_tally,
    pack,
    unpack,
)
from app.questionnaire.counting import change_of, layout_of
from app.questionnaire.model import Questionnaire
from app.questionnaire.quality import DUPLICATE
from app.questionnaire.wave_counts import seconds_between

from . import moves, stale, surveys, traces, watching
from .base import insert, reading, writing
from .fieldwork_tables import ResponseTrace
from .models import QueuedResponse, Response, StalePeriod, TallyRow, Wave

_decode = msgspec.json.Decoder(dict[str, str | int | list[str] | None]).decode

Place = tuple[int, str]
"""A wave's id and a period."""
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


class _Fielded(NamedTuple):
    """A wave and the questionnaire that it fields."""

    id: int
    key: str
    questionnaire: Questionnaire
    closes_at: datetime | None

    def period_of(self, submitted_at: datetime) -> str:
        """The period that a response of the wave counts in."""
        return period_of(counted_at(submitted_at, self.closes_at), self.questionnaire.period, self.key)


# What is counted of a response.
_COUNTED = (
    Response.wave_id,
    Response.answers,
    Response.language,
    Response.started_at,
    Response.submitted_at,
    Response.base_weight,
)
_FIELDED = select(Wave.id, Wave.key, Wave.questionnaire_hash, Wave.closes_at).order_by(Wave.id)


def roll_up(limit: int) -> int:
    """Adds at most `limit` queued responses to the tallies, in one transaction. Returns how many."""
    with writing() as session:
        chosen = select(QueuedResponse.response_id).order_by(QueuedResponse.response_id).limit(limit)
        taken = delete(QueuedResponse).where(QueuedResponse.response_id.in_(chosen))
        claimed = session.execute(taken.returning(QueuedResponse.response_id, QueuedResponse.delta)).all()
        if not claimed:
            return 0
        deltas = {row.response_id: row.delta for row in claimed}
        changes, counted = _changes(session, deltas)
        _write(session, changes)
        watching.add(session, counted)
        gone = [key for key, delta in deltas.items() if delta < 0]
        if gone:
            session.execute(delete(ResponseTrace).where(ResponseTrace.response_id.in_(gone)))
            session.execute(delete(Response).where(Response.id.in_(gone)))
        return len(claimed)


def _changes(session: Session, deltas: dict[int, int]) -> tuple[dict[Place, list[Change]], dict[int, watching.Counted]]:
    query = select(Response.id, *_COUNTED, ResponseTrace.trace).where(Response.id.in_(deltas))
    rows = session.execute(query.outerjoin(ResponseTrace, ResponseTrace.response_id == Response.id)).all()
    versions = _locked_versions(session, sorted({row.wave_id for row in rows}))
    changes: dict[Place, list[Change]] = defaultdict(list)
    counted: dict[int, watching.Counted] = defaultdict(watching.Counted)
    traced: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        fielded = versions[row.wave_id]
        change = _count(fielded, row, counted[row.wave_id], deltas[row.id])
        changes[row.wave_id, fielded.period_of(row.submitted_at)].append(change)
        if row.trace is not None:
            traced[row.wave_id].append((row.trace, deltas[row.id]))
    for wave_id, changed in traced.items():
        counted[wave_id].counts.flags[DUPLICATE] = traces.shared_more(session, wave_id, changed)
    return changes, counted


def _count(fielded: _Fielded, row: Any, counted: watching.Counted, delta: int = 1) -> Change:
    """Counts a response for the monitor. Returns its change of the tallies."""
    answers = _decode(row.answers)
    change = change_of(fielded.questionnaire, answers, delta, row.base_weight)
    seconds = seconds_between(row.started_at, row.submitted_at)
    counted.days[row.submitted_at.date()] += delta
    counted.counts.count(fielded.questionnaire, answers, change.cell, row.language, seconds, delta)
    return change


def _locked_versions(session: Session, wave_ids: list[int]) -> dict[int, _Fielded]:
    """What each wave fields; the waves' rows stay locked until the transaction ends."""
    query = _FIELDED.where(Wave.id.in_(wave_ids)).with_for_update(key_share=True)
    return {row.id: _fielded(row) for row in session.execute(query).all()}


def _fielded(row: Any) -> _Fielded:
    return _Fielded(row.id, row.key, surveys.questionnaire(row.questionnaire_hash), row.closes_at)


def _write(session: Session, changes: dict[Place, list[Change]]) -> None:
    for (wave_id, period), listed in changes.items():
        questionnaire = _questionnaire_of(session, wave_id)
        cells = {change.cell for change in listed}
        before = read_tally(wave_id, period, layout_of(questionnaire), cells)
        _store(session, (wave_id, period), add_to_tally(before, listed))
        moves.note_changes(session, (wave_id, period), questionnaire, listed)
        stale.mark_changed(session, wave_id, period, listed)


def _questionnaire_of(session: Session, wave_id: int) -> Questionnaire:
    return surveys.questionnaire(
        session.execute(select(Wave.questionnaire_hash).where(Wave.id == wave_id)).scalar_one()
    )


def _store(session: Session, place: Place, tally: Tally) -> None:
    """Writes the rows of a tally; cells that nobody is left in go."""
    wave_id, period = place
    rows = [
        {"wave_id": wave_id, "period": period, "cell": cell, "respondents": int(n), "counts": pack(counts)}
        for cell, n, counts in zip(tally.cells, tally.n, tally.counts, strict=True)
        if n > 0
    ]
    if rows:
        upsert = insert(TallyRow)
        keep = {"respondents": upsert.excluded.respondents, "counts": upsert.excluded.counts}
        upsert = upsert.on_conflict_do_update(index_elements=["wave_id", "period", "cell"], set_=keep)
        session.execute(upsert, rows)
    empty = [cell for cell, n in zip(tally.cells, tally.n, strict=True) if n == 0]
    if empty:
        at = (TallyRow.wave_id == wave_id, TallyRow.period == period, TallyRow.cell.in_(empty))
        session.execute(delete(TallyRow).where(*at))


def read_tally(wave_id: int, period: str, layout: Layout, cells: Iterable[str] | None = None) -> Tally:
    """The stored tally of a wave and period: all of it, or some cells."""
    query = select(TallyRow.cell, TallyRow.respondents, TallyRow.counts).where(
        TallyRow.wave_id == wave_id, TallyRow.period == period
    )
    if cells is not None:
        query = query.where(TallyRow.cell.in_(list(cells)))
    rows = reading().execute(query).all()
    n = np.array([row.respondents for row in rows], np.int64)
    return Tally(layout, tuple(row.cell for row in rows), n, unpack([row.counts for row in rows], layout))


def read_periods(wave_id: int, layout: Layout, periods: Collection[str] | None = None) -> tuple[Tally, list[str]]:
    """The rows of several periods of a wave (all, if None) under one another, and the period of each row."""
    query = select(TallyRow.period, TallyRow.cell, TallyRow.respondents, TallyRow.counts)
    query = query.where(TallyRow.wave_id == wave_id).order_by(TallyRow.period, TallyRow.cell)
    if periods is not None:
        query = query.where(TallyRow.period.in_(list(periods)))
    rows = reading().execute(query).all()
    n = np.array([row.respondents for row in rows], np.int64)
    counts = unpack([row.counts for row in rows], layout)
    return Tally(layout, tuple(row.cell for row in rows), n, counts), [row.period for row in rows]


def stale_places() -> list[Place]:
    """The waves and periods whose estimates are older than their tallies."""
    query = select(StalePeriod.wave_id, StalePeriod.period).order_by(StalePeriod.wave_id, StalePeriod.period)
    return [(row.wave_id, row.period) for row in reading().execute(query)]


def waiting() -> int:
    """How many responses the next roll-up will add or take out."""
    return int(reading().execute(select(func.count()).select_from(QueuedResponse)).scalar_one())


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
            fielded = _locked_versions(session, [wave_id])[wave_id]
            if watching.read(session, wave_id) is None:  # Else another did it meanwhile.
                seen = watching.Counted()
                for row in (row for chunk in _counted(session, wave_id) for row in chunk):
                    _count(fielded, row, seen)
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
    _store(session, place, tally)
    changes = moves.note_recount(session, place, questionnaire, before, tally)
    stale.mark(session, *place, stale.REBUILT, changes)


def _periods_of(session: Session, wave_id: int) -> list[str]:
    """The periods of a wave that have tallies."""
    return list(session.execute(select(TallyRow.period).where(TallyRow.wave_id == wave_id).distinct()).scalars())


def _all_waves(session: Session) -> list[_Fielded]:
    return [_fielded(row) for row in session.execute(_FIELDED.with_for_update(key_share=True)).all()]


def _recount(session: Session, fielded: _Fielded, seen: watching.Counted) -> dict[str, Tally]:
    """The tallies of a wave by period, from the responses that a roll-up has counted and not yet taken out.

    seen: what the monitor shows of them is counted there."""
    tallies: dict[str, Tally] = {}
    for chunk in _counted(session, fielded.id):
        changes: dict[str, list[Change]] = defaultdict(list)
        for row in chunk:
            changes[fielded.period_of(row.submitted_at)].append(_count(fielded, row, seen))
        for period, listed in changes.items():
            before = tallies.get(period, empty_tally(layout_of(fielded.questionnaire)))
            tallies[period] = add_to_tally(before, listed)
    seen.counts.flags[DUPLICATE] = traces.shared(session, fielded.id)
    return tallies


def _counted(session: Session, wave_id: int, slices: int = 32) -> Iterator[list[Any]]:
    step = 2**63 // slices
    for part in range(slices):
        query = (
            select(*_COUNTED)
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
