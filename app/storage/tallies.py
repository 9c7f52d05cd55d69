"""The tallies: new responses added in batches, and read back.

One transaction takes responses from the queue and adds them to the tallies, so a crash leaves both or neither.
Roll-ups of the same wave wait for one another on the wave's row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.estimation.period import counted_at, period_of
from app.estimation.tally import (
    Change,
    Layout,
    Tally,
    add_to_tally,
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


class Changed(NamedTuple):
    """A response that changes the tallies. edition: the first that counted it, of one that goes."""

    id: int
    edition: int | None
    change: Change


class Fielded(NamedTuple):
    """A wave and the questionnaire that it fields."""

    id: int
    key: str
    questionnaire: Questionnaire
    closes_at: datetime | None

    def period_of(self, submitted_at: datetime) -> str:
        """The period that a response of the wave counts in."""
        return period_of(counted_at(submitted_at, self.closes_at), self.questionnaire.period, self.key)


# What is counted of a response.
COUNTED = (
    Response.wave_id,
    Response.answers,
    Response.language,
    Response.started_at,
    Response.submitted_at,
    Response.base_weight,
)
FIELDED = select(Wave.id, Wave.key, Wave.questionnaire_hash, Wave.closes_at).order_by(Wave.id)


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


def _changes(
    session: Session, deltas: dict[int, int]
) -> tuple[dict[Place, list[Changed]], dict[int, watching.Counted]]:
    columns = (Response.id, Response.edition, *COUNTED, ResponseTrace.trace)
    query = select(*columns).where(Response.id.in_(deltas))
    rows = session.execute(query.outerjoin(ResponseTrace, ResponseTrace.response_id == Response.id)).all()
    versions = locked_versions(session, sorted({row.wave_id for row in rows}))
    changes: dict[Place, list[Changed]] = defaultdict(list)
    counted: dict[int, watching.Counted] = defaultdict(watching.Counted)
    traced: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        fielded = versions[row.wave_id]
        change = count(fielded, row, counted[row.wave_id], deltas[row.id])
        changes[row.wave_id, fielded.period_of(row.submitted_at)].append(Changed(row.id, row.edition, change))
        if row.trace is not None:
            traced[row.wave_id].append((row.trace, deltas[row.id]))
    for wave_id, changed in traced.items():
        counted[wave_id].counts.flags[DUPLICATE] = traces.shared_more(session, wave_id, changed)
    return changes, counted


def count(fielded: Fielded, row: Any, counted: watching.Counted, delta: int = 1) -> Change:
    """Counts a response for the monitor. Returns its change of the tallies."""
    answers = _decode(row.answers)
    change = change_of(fielded.questionnaire, answers, delta, row.base_weight)
    seconds = seconds_between(row.started_at, row.submitted_at)
    counted.days[row.submitted_at.date()] += delta
    counted.counts.count(fielded.questionnaire, answers, change.cell, row.language, seconds, delta)
    return change


def locked_versions(session: Session, wave_ids: list[int]) -> dict[int, Fielded]:
    """What each wave fields; the waves' rows stay locked until the transaction ends."""
    query = FIELDED.where(Wave.id.in_(wave_ids)).with_for_update(key_share=True)
    return {row.id: fielded_by(row) for row in session.execute(query).all()}


def fielded_by(row: Any) -> Fielded:
    return Fielded(row.id, row.key, surveys.questionnaire(row.questionnaire_hash), row.closes_at)


def _write(session: Session, changes: dict[Place, list[Changed]]) -> None:
    for (wave_id, period), changed in changes.items():
        questionnaire = _questionnaire_of(session, wave_id)
        listed = [one.change for one in changed]
        cells = {change.cell for change in listed}
        before = read_tally(wave_id, period, layout_of(questionnaire), cells)
        store(session, (wave_id, period), add_to_tally(before, listed))
        first = [one.edition or 0 for one in changed]
        edition = moves.note_changes(session, (wave_id, period), questionnaire, listed, first)
        if edition is not None:
            came = [one.id for one in changed if one.change.delta > 0]
            session.execute(update(Response).where(Response.id.in_(came)).values(edition=edition))
        stale.mark_changed(session, wave_id, period, listed)


def _questionnaire_of(session: Session, wave_id: int) -> Questionnaire:
    return surveys.questionnaire(
        session.execute(select(Wave.questionnaire_hash).where(Wave.id == wave_id)).scalar_one()
    )


def store(session: Session, place: Place, tally: Tally) -> None:
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
