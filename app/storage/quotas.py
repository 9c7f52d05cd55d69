"""Quotas: how many responses are wanted of a group of people in a wave, and how many there are.

A place is taken in the transaction that submits the response, by an UPDATE that finds none left or takes one: so no
quota is ever overshot, however many submit at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from app.questionnaire.kinds.base import Answers
from app.questionnaire.quotas import belongs

from . import audit, endings
from .base import looking, reading, rows_changed, writing
from .fieldwork_tables import Quota
from .models import Response, Wave

MOST = 500
HAS_QUOTAS = select(Quota.number).where(Quota.wave_id == bindparam("wave_id")).limit(1)
_SLICES = 16


class QuotaFull(Exception):
    """The group is full that a response belongs to. `number`: of its quota."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class TooMany(ValueError):
    """More quotas than a wave can have."""


class SizedMeanwhile(Exception):
    """Somebody else has changed the same quotas. `sizes`: as they are now, by number; None where one is gone."""

    def __init__(self, sizes: dict[int, int | None]) -> None:
        super().__init__(sizes)
        self.sizes = sizes


@dataclass(frozen=True)
class Group:
    """A quota. cell: codes of weighting variables. turned_away: responses that ended because it was full."""

    number: int
    cell: dict[str, str]
    size: int
    taken: int
    turned_away: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.size


def of_wave(wave_id: int) -> list[Group]:
    """The quotas of a wave, in the order in which they were made."""
    return _groups(reading(), wave_id)


def _groups(session: Session, wave_id: int) -> list[Group]:
    found = session.execute(select(Quota).where(Quota.wave_id == wave_id).order_by(Quota.number)).scalars()
    return [Group(one.number, json.loads(one.cell), one.size, one.taken, one.turned_away) for one in found]


def put(
    survey: str, wave: str, wave_id: int, wanted: Iterable[tuple[dict[str, str], int]], now: datetime, by: str
) -> int:
    """Sets quotas, or their sizes where there are such; all or none. Returns how many are new. Raises TooMany.

    A new one counts the responses that the wave has already, while nobody can submit.
    """
    with writing() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE response IN SHARE MODE"))
        present = {_key(one.cell): one.number for one in _groups(session, wave_id)}
        number, new = max(present.values(), default=0), []
        for cell, size in wanted:
            if _key(cell) in present:
                mine = (Quota.wave_id == wave_id, Quota.number == present[_key(cell)])
                session.execute(update(Quota).where(*mine).values(size=size))
            else:
                number += 1
                new.append(Group(number, cell, size, 0, 0))
        if len(present) + len(new) > MOST:
            raise TooMany
        taken = _count(session, wave_id, new)
        for one in new:
            session.add(
                Quota(
                    wave_id=wave_id,
                    number=one.number,
                    cell=_key(one.cell),
                    size=one.size,
                    taken=taken[one.number],
                    turned_away=0,
                )
            )
        audit.append(session, by, "quotas.set", now, survey=survey, wave=wave)
        return len(new)


def resize(
    survey: str, wave: str, wave_id: int, changes: dict[int, tuple[int, int | None]], now: datetime, by: str
) -> None:
    """Changes sizes of quotas, by their numbers: from what was shown to what is wanted; None takes a quota away, and
    nobody is turned away on its account any more. All or none; raises SizedMeanwhile."""
    with writing() as session:
        session.execute(select(Wave.id).where(Wave.id == wave_id).with_for_update()).scalar_one()
        sizes = {one.number: one.size for one in _groups(session, wave_id)}
        others = {n: sizes.get(n) for n, (was, wanted) in changes.items() if sizes.get(n) not in (was, wanted)}
        if others:
            raise SizedMeanwhile(others)
        for number, (_was, wanted) in changes.items():
            mine = (Quota.wave_id == wave_id, Quota.number == number)
            if wanted is None:
                session.execute(delete(Quota).where(*mine))
            else:
                session.execute(update(Quota).where(*mine).values(size=wanted))
        if changes:
            audit.append(session, by, "quotas.set", now, survey=survey, wave=wave)


def _key(cell: dict[str, str]) -> str:
    return json.dumps(cell, sort_keys=True)


def _count(session: Session, wave_id: int, groups: list[Group]) -> dict[int, int]:
    """How many responses of the wave belong to each group, read in slices of their ids."""
    counts = dict.fromkeys((one.number for one in groups), 0)
    step = 2**63 // _SLICES
    for part in range(_SLICES if groups else 0):
        inside = (Response.id >= part * step, Response.id <= (part + 1) * step - 1)
        query = select(Response.answers).where(*inside, Response.wave_id == wave_id, Response.state == "done")
        for document in session.execute(query).scalars():
            answers: Answers = json.loads(document)
            for one in groups:
                counts[one.number] += belongs(answers, one.cell)
    return counts


def first_full(wave_id: int, answers: Answers) -> int | None:
    """The number of a full quota that a person belongs to, as far as the answers go; None if there is none."""
    with looking() as connection:
        if connection.one(HAS_QUOTAS, {"wave_id": wave_id}) is None:  # As most waves.
            return None
    return next((one.number for one in of_wave(wave_id) if one.is_full and belongs(answers, one.cell)), None)


def take_places(session: Session, wave_id: int, answers: Answers) -> None:
    """Takes a place in every quota that a response belongs to. Raises QuotaFull; the transaction must then end."""
    for one in _groups(session, wave_id):
        if belongs(answers, one.cell):
            left = (Quota.wave_id == wave_id, Quota.number == one.number, Quota.taken < Quota.size)
            if not rows_changed(session, update(Quota).where(*left).values(taken=Quota.taken + 1)):
                raise QuotaFull(one.number)


def turn_away(response_id: int, wave_id: int, number: int) -> bool:
    """Deletes a response that was not submitted, and counts it with the quota that is full; once."""
    with writing() as session:
        unsent = delete(Response).where(Response.id == response_id, Response.state == "open")
        gone = session.execute(unsent.returning(Response.page)).one_or_none()
        if gone is None:
            return False
        endings.note(session, endings.QUOTA_FULL, [(wave_id, gone.page)])
        mine = (Quota.wave_id == wave_id, Quota.number == number)
        session.execute(update(Quota).where(*mine).values(turned_away=Quota.turned_away + 1))
        return True
