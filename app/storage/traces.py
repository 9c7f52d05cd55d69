"""Traces: what tells that several answers may be of one person, without an address being stored.

A trace is a digest of where a request comes from, under a key of the day. The key is deleted when the day is over: then
nobody can tell any more whether an address belongs to a trace, only which answers of that day share one.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Insert, Select, bindparam, delete, func, or_, select, update

from .base import insert, looking, reading, rows_changed, touching, writing
from .fieldwork_tables import ResponseTrace, TraceCount, TraceKey
from .models import QueuedResponse, Response

# Asked with every answer that is sent, so made once.
_KEY = select(TraceKey.key).where(TraceKey.day == bindparam("today"))
_COUNT = (
    update(TraceCount)
    .where(
        TraceCount.wave_id == bindparam("at_wave"),
        TraceCount.day == bindparam("on_day"),
        TraceCount.trace == bindparam("of_trace"),
        or_(TraceCount.n < bindparam("free"), TraceCount.last_at <= bindparam("long_ago")),
    )
    .values(n=TraceCount.n + 1, last_at=bindparam("moment"))
)


if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Suspect:
    """An answer that shares its trace with others of its wave. group: numbers the traces; n: how many share it."""

    response_id: int
    group: int
    n: int


def key_of(day: date) -> bytes:
    """The key of a day, the same for all processes; made when it is first asked for."""
    with looking() as connection:
        found = connection.one(_KEY, {"today": day})
    if found is None:
        with writing() as session:
            new = insert(TraceKey).values(day=day, key=secrets.token_hex(32))
            session.execute(new.on_conflict_do_nothing(index_elements=["day"]))
            found = [session.execute(select(TraceKey.key).where(TraceKey.day == day)).scalar_one()]
    return bytes.fromhex(found[0])


def may_send(wave_id: int, trace: str, now: datetime, free: int, pause: timedelta) -> bool:
    """Counts one more answer under a trace. Beyond the `free` ones of a day only one in each `pause`: False before."""
    at = {"at_wave": wave_id, "on_day": now.date(), "of_trace": trace}
    # A count lost in a power cut lets somebody be quicker, once.
    with touching(is_draft=True) as connection:
        one_more = {**at, "moment": now, "free": free, "long_ago": now - pause}
        first = {"wave_id": wave_id, "day": now.date(), "trace": trace, "n": 1, "last_at": now}
        return bool(
            connection.change(_COUNT, one_more)
            or connection.change(_first_on(connection.dialect), first)
            or connection.change(_COUNT, one_more)  # Somebody else was the first at this moment.
        )


@lru_cache
def _first_on(dialect: str) -> Insert:
    first: Insert = insert(TraceCount).on_conflict_do_nothing(index_elements=["wave_id", "day", "trace"])
    return first


def shared(session: Session, wave_id: int) -> int:
    """How many answers of a wave that the tallies hold share their trace with another one."""
    groups = _counted(wave_id).having(func.count() > 1).subquery()
    return int(session.execute(select(func.coalesce(func.sum(groups.c.n), 0))).scalar_one())


def shared_more(session: Session, wave_id: int, changed: Iterable[tuple[str, int]]) -> int:
    """How many more answers of a wave share their trace when some are added or taken out: their traces, and 1 or -1.

    Their places in the queue are gone already, and the wave's row is locked. The cost follows these answers.
    """
    added, taken = Counter[str](), Counter[str]()
    for trace, delta in changed:
        (added if delta > 0 else taken)[trace] += 1
    rows = session.execute(_counted(wave_id).where(ResponseTrace.trace.in_(added.keys() | taken.keys())))
    return sum(_sharing(n - taken[trace]) - _sharing(n - added[trace]) for trace, n in rows)


def _sharing(n: int) -> int:
    """Of n answers with one trace, how many share it."""
    return n if n > 1 else 0


def _counted(wave_id: int) -> Select[str, int]:
    """The answers of a wave by trace: those that the tallies hold, or will when this transaction ends, or still do."""
    query = select(ResponseTrace.trace, func.count().label("n")).outerjoin(
        QueuedResponse, QueuedResponse.response_id == ResponseTrace.response_id
    )
    held = or_(QueuedResponse.delta.is_(None), QueuedResponse.delta == -1)
    return query.where(ResponseTrace.wave_id == wave_id, held).group_by(ResponseTrace.trace)


def suspects(wave_id: int) -> Iterator[Suspect]:
    """The answers that share a trace, the largest groups first. They are marked, never deleted."""
    sent = (ResponseTrace.wave_id == wave_id, Response.id == ResponseTrace.response_id, Response.state == "done")
    groups = select(ResponseTrace.trace, func.count()).where(*sent).group_by(ResponseTrace.trace)
    largest = groups.having(func.count() > 1).order_by(func.count().desc(), ResponseTrace.trace)
    for number, (trace, n) in enumerate(reading().execute(largest).all(), 1):
        query = select(ResponseTrace.response_id).where(*sent, ResponseTrace.trace == trace)
        for response_id in reading().execute(query.order_by(ResponseTrace.response_id)).scalars():
            yield Suspect(response_id, number, n)


def forget_before(day: date) -> int:
    """Deletes the keys and the counts of earlier days. Returns how many rows."""
    with writing() as session:
        gone = rows_changed(session, delete(TraceKey).where(TraceKey.day < day))
        return gone + rows_changed(session, delete(TraceCount).where(TraceCount.day < day))
