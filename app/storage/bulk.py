"""Many responses at once: counted, read in slices, added in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.questionnaire.check_names import BASE_WEIGHT, PARADATA
from app.questionnaire.kinds.base import Answers

from .base import insert, reading, writing
from .fieldwork_tables import ResponseTrace
from .models import Completes, QueuedResponse, Response, Wave
from .responses import read_token

BATCH = 2000
_IDS = 2**63
# The tables themselves: for so many rows the mapped classes cost more than the rows.
_RESPONSE, _QUEUE = Response.__table__, QueuedResponse.__table__
_decode = msgspec.json.Decoder(dict[str, str | int | list[str] | None]).decode
_paradata = msgspec.json.Decoder(dict[str, str]).decode


class Submitted(NamedTuple):
    """A submitted response, for data files."""

    id: int
    wave_id: int
    language: str
    answers: Answers
    started_at: datetime
    submitted_at: datetime
    base_weight: float | None
    paradata: dict[str, str] | None
    shares_trace: bool | None
    """Whether another response of the wave came from the same place on that day; None of those without a trace."""


_COLUMNS = Submitted._fields[:-1]


class Finished(NamedTuple):
    """A response that was submitted elsewhere.

    `origin` takes the place of a token. Unlike a token it may be known to others: what could be typed as one is
    refused, so that nobody can withdraw the response. `answers` and `paradata` are JSON.
    """

    origin: str
    language: str
    answers: str
    started_at: datetime
    submitted_at: datetime
    base_weight: float | None = None
    paradata: str | None = None


def submitted_counts(wave_ids: list[int]) -> dict[int, int]:
    """How many submitted responses each wave has, without reading them: those counted, and those in the queue."""
    counted = select(Completes.wave_id, func.sum(Completes.n)).where(Completes.wave_id.in_(wave_ids))
    queued = (
        select(Response.wave_id, func.sum(QueuedResponse.delta))
        .join(Response, Response.id == QueuedResponse.response_id)
        .where(Response.wave_id.in_(wave_ids))
    )
    counts = dict.fromkeys(wave_ids, 0)
    for query in (counted.group_by(Completes.wave_id), queued.group_by(Response.wave_id)):
        for wave_id, number in reading().execute(query):
            counts[wave_id] += int(number)
    return counts


def read_submitted(wave_ids: list[int]) -> Iterator[Submitted]:
    """The submitted responses of waves in the order of their ids.

    Reads by slices of the id, each at most some thousands of rows, and holds neither a transaction nor a connection
    between them: whoever takes the rows slowly keeps nothing locked.
    """
    low, width = 0, _IDS // 4096
    while low < _IDS:
        rows = _slice(wave_ids, low, min(low + width, _IDS) - 1)
        low += width
        if len(rows) < BATCH // 2:
            width *= 2
        elif len(rows) > BATCH:
            width //= 2
        yield from rows


def _slice(wave_ids: list[int], low: int, high: int) -> list[Submitted]:
    other = aliased(ResponseTrace)
    same: tuple[ColumnElement[bool], ...] = (other.wave_id == ResponseTrace.wave_id, other.trace == ResponseTrace.trace)
    sent = aliased(Response)
    same += (other.response_id != ResponseTrace.response_id, sent.id == other.response_id, sent.state == "done")
    query = (
        select(*(_RESPONSE.c[name] for name in _COLUMNS), ResponseTrace.trace.is_not(None), exists().where(*same))
        .outerjoin(ResponseTrace, ResponseTrace.response_id == Response.id)
        .where(Response.id >= low, Response.id <= high, Response.state == "done", Response.wave_id.in_(wave_ids))
    )
    session = reading()
    try:
        rows = session.connection().execute(query.order_by(Response.id)).all()
    finally:
        session.rollback()
    return [
        Submitted(
            *(key, wave, language, _decode(text), begun, sent, weight),
            _paradata(paradata) if paradata else None,
            bool(shares) if has_trace else None,
        )
        for key, wave, language, text, begun, sent, weight, paradata, has_trace, shares in rows
    ]


def columns_beside(wave_ids: list[int]) -> list[str]:
    """The columns that files of these waves have beside the answers: base_weight, and those of paradata by name."""
    done = (Response.wave_id.in_(wave_ids), Response.state == "done")
    weighted = select(Response.id).where(*done, Response.base_weight.is_not(None)).limit(1)
    found = [BASE_WEIGHT] if reading().execute(weighted).first() else []
    texts = select(Response.paradata).where(*done, Response.paradata.is_not(None))
    keys: set[str] = set()
    for text in reading().execute(texts.execution_options(yield_per=BATCH)).scalars():
        keys |= _paradata(text or "{}").keys()
    return found + [PARADATA + key for key in sorted(keys)]


def add(wave_id: int, rows: Iterable[Finished]) -> int:
    """Adds submitted responses and their places in the queue, in one transaction: all of them or none.

    Returns how many; 0 when the first is stored already, for then all of them are.
    """
    with writing() as session:
        # Two that add the same responses at once come one after the other.
        session.execute(select(Wave.id).where(Wave.id == wave_id).with_for_update(key_share=True))
        return put(session, wave_id, rows)


def put(session: Session, wave_id: int, rows: Iterable[Finished]) -> int:
    """What `add` does, in a transaction that has begun."""
    added = 0
    for batch in _batches(_values(wave_id, row) for row in rows):
        keys = [row["id"] for row in batch]
        if not added and session.execute(select(Response.id).where(Response.id == keys[0])).first():
            return 0
        session.execute(insert(_RESPONSE), batch)
        session.execute(insert(_QUEUE), [{"response_id": key, "delta": 1} for key in keys])
        added += len(batch)
    return added


def present(wave_id: int, keys: Sequence[int]) -> list[int]:
    """Which of these ids are of responses in a wave."""
    found: list[int] = []
    for low in range(0, len(keys), BATCH):
        some = [key for key in keys[low : low + BATCH] if key < _IDS]
        query = select(Response.id).where(Response.id.in_(some), Response.wave_id == wave_id)
        found += reading().execute(query).scalars()
    return found


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield sorted(batch, key=itemgetter("id"))


def _values(wave_id: int, row: Finished) -> dict[str, Any]:
    if read_token(row.origin) is not None:
        raise ValueError(f"{row.origin} could be a person's token")
    digest = hashlib.sha256(row.origin.encode()).hexdigest()
    return {
        "id": int(digest[:16], 16) >> 1,
        "token_hash": digest,
        "wave_id": wave_id,
        "language": row.language,
        "state": "done",
        "revision": 0,
        "answers": row.answers,
        "started_at": row.started_at,
        "saved_at": row.submitted_at,
        "submitted_at": row.submitted_at,
        "base_weight": row.base_weight,
        "paradata": row.paradata,
    }
