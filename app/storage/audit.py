"""The audit log: entries are added and read, never changed. Each is written in the transaction of the deed itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, or_, select, update

from .base import reading, writing
from .models import AuditEntry, AuditHead

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COMMAND_LINE = "command line"
"""The actor where nobody signed in: whoever has the server's shell."""
SCHEDULER = "scheduler"
_SLICE = 1_000


@dataclass(frozen=True)
class Filter:
    """Which entries to show. surveys: only those of these keys, None for all; person: as actor or as concerned."""

    surveys: frozenset[str] | None = None
    survey: str = ""
    person: str = ""
    action: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found: how many entries hold, the hash of the last of them, and what is wrong."""

    entries: int
    hash: str
    trouble: str


def append(
    session: Session, by: str, action: str, now: datetime, *, survey: str = "", person: str = "", **detail: str
) -> None:
    """Adds an entry. Until the transaction ends, everybody else who wants to add one waits: call it first, and what
    the transaction reads afterwards is as the entries before this one left it."""
    grown = update(AuditHead).values(entries=AuditHead.entries + 1).returning(AuditHead.entries, AuditHead.hash)
    number, previous = session.execute(grown).one()
    entry = AuditEntry(
        id=number, at=now, actor=by, action=action, survey=survey, person=person, detail=_encode(detail), hash=""
    )
    entry.hash = _hash(entry, previous)
    session.add(entry)
    session.execute(update(AuditHead).values(hash=entry.hash))
    session.flush()


def record(by: str, action: str, now: datetime, *, survey: str = "", person: str = "", **detail: str) -> None:
    """Adds an entry for what changes nothing in the database, such as a download."""
    with writing() as session:
        append(session, by, action, now, survey=survey, person=person, **detail)


def entries(wanted: Filter, before: int | None = None, limit: int = _SLICE) -> list[AuditEntry]:
    """Entries, the newest first; `before` is the number of one, from which they go on."""
    query = _chosen(select(AuditEntry), wanted).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(reading().execute(query).scalars())


def all_entries(wanted: Filter) -> Iterator[AuditEntry]:
    """Every entry, the newest first, read in slices."""
    before = None
    while found := entries(wanted, before):
        yield from found
        before = found[-1].id
        reading().expunge_all()


def last_of(action: str) -> dict[str, datetime]:
    """When each actor did this for the last time."""
    query = select(AuditEntry.actor, func.max(AuditEntry.at)).where(AuditEntry.action == action)
    return {row[0]: row[1] for row in reading().execute(query.group_by(AuditEntry.actor))}


def verify() -> Verdict:
    """Walks along the chain. What was changed, removed or put in between shows at the first entry that does not fit.

    Whoever can write to the database can make a whole new chain: its last hash, kept elsewhere, gives that away.
    """
    held, previous = 0, ""
    while True:
        query = select(AuditEntry).where(AuditEntry.id > held).order_by(AuditEntry.id).limit(_SLICE)
        found = list(reading().execute(query).scalars())
        if not found:
            break
        for entry in found:
            if entry.id != held + 1:
                return Verdict(held, previous, f"entry {held + 1} is missing")
            if entry.hash != _hash(entry, previous):
                return Verdict(held, previous, f"entry {entry.id} was changed, or one before it was")
            held, previous = entry.id, entry.hash
        reading().expunge_all()
    head = reading().execute(select(AuditHead)).scalar_one()
    trouble = "" if (head.entries, head.hash) == (held, previous) else f"of {head.entries} entries, {held} are there"
    return Verdict(held, previous, trouble)


def hash_at(number: int) -> str:
    """The hash of an entry, "" where there is none."""
    return reading().execute(select(AuditEntry.hash).where(AuditEntry.id == number)).scalar() or ""


def detail_of(entry: AuditEntry) -> dict[str, str]:
    found: dict[str, str] = json.loads(entry.detail)
    return found


def _chosen(query: Select[AuditEntry], wanted: Filter) -> Select[AuditEntry]:
    if wanted.surveys is not None:
        query = query.where(AuditEntry.survey.in_(wanted.surveys))
    if wanted.survey:
        query = query.where(AuditEntry.survey == wanted.survey)
    if wanted.person:
        query = query.where(or_(AuditEntry.actor == wanted.person, AuditEntry.person == wanted.person))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    return query


def _encode(detail: dict[str, str]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _hash(entry: AuditEntry, previous: str) -> str:
    at = entry.at.astimezone(UTC).isoformat()
    fields = [entry.id, at, entry.actor, entry.action, entry.survey, entry.person, entry.detail]
    return hashlib.sha256(json.dumps([previous, *fields], ensure_ascii=True).encode()).hexdigest()
