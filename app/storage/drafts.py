"""Drafts of questionnaires: every edit is a state of its own, so that any earlier one can be looked at and restored."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from . import audit
from .base import insert, reading, rows_changed, writing
from .models import DraftState


@dataclass(frozen=True)
class State:
    """A draft after one edit. number: from 1; before: the state that undoing leads back to; action, detail: what was
    done, and to what."""

    survey: str
    number: int
    before: int | None
    source: str
    actor: str
    at: datetime
    action: str
    detail: dict[str, str]


@dataclass(frozen=True)
class Deed:
    """An edit without the text that it made."""

    number: int
    actor: str
    at: datetime
    action: str
    detail: dict[str, str]


def newest(survey: str) -> State | None:
    """The draft of a survey as it stands; None where there is none."""
    query = select(DraftState).where(DraftState.survey == survey).order_by(DraftState.number.desc()).limit(1)
    return _state(reading().execute(query).scalar())


def state(survey: str, number: int) -> State | None:
    """The draft after an edit."""
    query = select(DraftState).where(DraftState.survey == survey, DraftState.number == number)
    return _state(reading().execute(query).scalar())


def add(
    survey: str,
    after: int,
    source: str,
    by: str,
    now: datetime,
    action: str,
    detail: dict[str, str],
    before: int | None,
) -> bool:
    """Adds the state that follows number `after` (0: the first); False where another one already does."""
    values = {
        "survey": survey,
        "number": after + 1,
        "before": before,
        "source": zlib.compress(source.encode()),
        "actor": by,
        "at": now,
        "action": action,
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
    }
    with writing() as session:
        if not after:
            audit.append(session, by, "draft.begun", now, survey=survey)
        is_new = bool(rows_changed(session, insert(DraftState).values(**values).on_conflict_do_nothing()))
        if not is_new:
            session.rollback()
        return is_new


def history(survey: str, limit: int, up_to: int | None = None) -> list[Deed]:
    """The edits of a draft, the newest first, from number `up_to` on."""
    columns = (DraftState.number, DraftState.actor, DraftState.at, DraftState.action, DraftState.detail)
    query = select(*columns).where(DraftState.survey == survey).order_by(DraftState.number.desc()).limit(limit)
    if up_to is not None:
        query = query.where(DraftState.number <= up_to)
    return [Deed(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in reading().execute(query)]


def newest_of_all() -> dict[str, Deed]:
    """The last edit of every draft, by the key of its survey."""
    last = select(DraftState.survey, func.max(DraftState.number).label("number")).group_by(DraftState.survey).subquery()
    columns = (DraftState.survey, DraftState.number, DraftState.actor, DraftState.at, DraftState.action)
    same = (DraftState.survey == last.c.survey) & (DraftState.number == last.c.number)
    query = select(*columns, DraftState.detail).join(last, same).order_by(DraftState.survey)
    return {row[0]: Deed(row[1], row[2], row[3], row[4], json.loads(row[5])) for row in reading().execute(query)}


def remove(survey: str, by: str, now: datetime) -> bool:
    """Deletes a draft with its history; whether there was one."""
    with writing() as session:
        audit.append(session, by, "draft.removed", now, survey=survey)
        was = bool(rows_changed(session, delete(DraftState).where(DraftState.survey == survey)))
        if not was:
            session.rollback()
        return was


def _state(row: DraftState | None) -> State | None:
    if row is None:
        return None
    source = zlib.decompress(row.source).decode()
    detail = json.loads(row.detail)
    return State(row.survey, row.number, row.before, source, row.actor, row.at, row.action, detail)
