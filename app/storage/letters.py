"""Letters to the invited: planned in rounds, each sent once.

A letter is claimed in a transaction of its own before it is handed to the mail server, and ended by another one after
that. What is found claimed and not ended, when whoever claimed it must be dead, may have been sent or not: it stays so
until a person decides.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from . import audit, invitations
from .base import insert, reading, rows_changed, writing
from .fieldwork_tables import Invitation, InvitationLink, InvitationMark, Mailing, OptOut, SentLetter
from .invitations import COMPLETED
from .models import Wave

INVITATION = "invitation"
KINDS = (INVITATION, "reminder1", "reminder2", "reminder3")
MOST_ATTEMPTS = 6
_FIRST_WAIT = timedelta(minutes=10)

Texts = dict[str, tuple[str, str]]
"""Subject and text of a letter by language."""


@dataclass(frozen=True)
class Planned:
    """A round of letters. counts: its letters by state."""

    kind: str
    send_at: datetime
    texts: Texts
    counts: dict[str, int]

    @property
    def mark(self) -> str:
        """Names this plan, so that two people who change it at once notice."""
        return _mark(self.send_at, json.dumps(self.texts, ensure_ascii=False))


class ChangedMeanwhile(Exception):
    """Somebody has planned the round, changed its plan or taken it back since it was shown."""


@dataclass(frozen=True)
class Due:
    """A letter that can be sent now. attempts: how often it was tried before."""

    invitation_id: int
    kind: str
    attempts: int
    email: str
    name: str
    language: str
    wave_id: int
    texts: Texts


@dataclass(frozen=True)
class Doubtful:
    """A letter of which nobody knows whether the mail server had it."""

    email: str
    kind: str
    claimed_at: datetime


@dataclass(frozen=True)
class Undelivered:
    """A letter that the mail server did not take: for good, or so often that it is not tried again."""

    email: str
    kind: str
    state: str
    error: str


def plan(
    survey: str,
    wave: str,
    wave_id: int,
    kind: str,
    send_at: datetime,
    texts: Texts,
    now: datetime,
    by: str,
    seen: str | None = None,
) -> None:
    """Plans a round of letters, or changes its plan; letters that were sent stay as they were.

    `seen`: the mark of the plan that was shown, "" for none; raises ChangedMeanwhile where it is not that any more.
    """
    values = {"send_at": send_at, "texts": json.dumps(texts, ensure_ascii=False)}
    with writing() as session:
        _refuse_other(session, wave_id, kind, seen)
        new = insert(Mailing).values(wave_id=wave_id, kind=kind, **values)
        session.execute(new.on_conflict_do_update(index_elements=["wave_id", "kind"], set_=values))
        audit.append(session, by, "mailing.planned", now, survey=survey, wave=wave, kind=kind)


def cancel(survey: str, wave: str, wave_id: int, kind: str, now: datetime, by: str, seen: str | None = None) -> bool:
    """Takes a round back; what was sent of it stays known. False when it was not planned. `seen` as in `plan`."""
    with writing() as session:
        _refuse_other(session, wave_id, kind, seen)
        if not rows_changed(session, delete(Mailing).where(Mailing.wave_id == wave_id, Mailing.kind == kind)):
            return False
        audit.append(session, by, "mailing.cancelled", now, survey=survey, wave=wave, kind=kind)
        return True


def _refuse_other(session: Session, wave_id: int, kind: str, seen: str | None) -> None:
    session.execute(select(Wave.id).where(Wave.id == wave_id).with_for_update()).scalar_one()
    found = session.get(Mailing, (wave_id, kind))
    if seen is not None and seen != (_mark(found.send_at, found.texts) if found else ""):
        raise ChangedMeanwhile


def _mark(send_at: datetime, texts: str) -> str:
    return hashlib.sha256(f"{send_at.isoformat()} {texts}".encode()).hexdigest()[:16]


def planned(wave_id: int) -> list[Planned]:
    """The rounds of a wave by their time."""
    counts: dict[str, dict[str, int]] = {}
    states = (
        select(SentLetter.kind, SentLetter.state, func.count())
        .join(Invitation, Invitation.id == SentLetter.invitation_id)
        .where(Invitation.wave_id == wave_id)
        .group_by(SentLetter.kind, SentLetter.state)
    )
    for kind, state, n in reading().execute(states):
        counts.setdefault(kind, {})[state] = n
    found = reading().execute(select(Mailing).where(Mailing.wave_id == wave_id).order_by(Mailing.send_at)).scalars()
    return [Planned(one.kind, one.send_at, _texts(one.texts), counts.get(one.kind, {})) for one in found]


def due(now: datetime, limit: int) -> list[Due]:
    """Letters to be sent now: of rounds whose time has come, in open waves, to people who have not completed, have not
    opted out and whose address was not refused. A reminder goes to those who had the invitation before its time, and
    only the newest one that is due."""
    first, later = aliased(SentLetter), aliased(Mailing)
    invited = (first.invitation_id == Invitation.id, first.kind == INVITATION, first.state == "sent")
    newer = (later.wave_id == Mailing.wave_id, later.send_at > Mailing.send_at, later.send_at <= now)
    query = (
        _letters()
        .where(Mailing.send_at <= now, Wave.opens_at <= now, or_(Wave.closes_at.is_(None), Wave.closes_at > now))
        .where(or_(SentLetter.state.is_(None), and_(SentLetter.state == "waiting", SentLetter.retry_at <= now)))
        .where(*_wanted())
        .where(
            or_(
                Mailing.kind == INVITATION,
                and_(exists().where(*invited, first.sent_at < Mailing.send_at), ~exists().where(*newer)),
            )
        )
        .order_by(Mailing.send_at, Invitation.id)
        .limit(limit)
    )
    return [
        Due(key, kind, attempts or 0, email, name, language, wave_id, _texts(texts))
        for key, kind, attempts, email, name, language, wave_id, texts in reading().execute(query).all()
    ]


def _letters() -> Select[*tuple[Any, ...]]:
    columns = (Invitation.id, Mailing.kind, SentLetter.attempts, Invitation.email, Invitation.name)
    at = and_(SentLetter.invitation_id == Invitation.id, SentLetter.kind == Mailing.kind)
    return (
        select(*columns, Invitation.language, Invitation.wave_id, Mailing.texts)
        .join(Wave, Wave.id == Invitation.wave_id)
        .join(Mailing, Mailing.wave_id == Wave.id)
        .outerjoin(SentLetter, at)
    )


def _wanted() -> tuple[ColumnElement[bool], ...]:
    """Of an invitation and its wave: whether its person still is to have letters."""
    refused = aliased(SentLetter)
    return (
        ~exists().where(InvitationMark.invitation_id == Invitation.id, InvitationMark.mark == COMPLETED),
        ~exists().where(OptOut.survey_id == Wave.survey_id, OptOut.email == Invitation.email),
        ~exists().where(refused.invitation_id == Invitation.id, refused.state.in_(("bounced", "failed"))),
    )


def claim(letter: Due, link_hash: str, now: datetime) -> bool:
    """Takes a letter for sending, with the hash of its link. False: another was faster, or it is wanted no more."""
    with writing() as session:
        query = select(Invitation.id).join(Wave, Wave.id == Invitation.wave_id)
        if session.execute(query.where(Invitation.id == letter.invitation_id, *_wanted())).scalar() is None:
            return False
        if letter.attempts:
            again = {"state": "sending", "attempts": letter.attempts + 1, "claimed_at": now, "retry_at": None}
            waiting = (*_at(letter), SentLetter.state == "waiting", SentLetter.attempts == letter.attempts)
            taken = rows_changed(session, update(SentLetter).where(*waiting).values(**again))
        else:
            key = {"invitation_id": letter.invitation_id, "kind": letter.kind}
            new = insert(SentLetter).values(**key, state="sending", attempts=1, claimed_at=now, error="")
            taken = rows_changed(session, new.on_conflict_do_nothing(index_elements=["invitation_id", "kind"]))
        if taken:
            session.add(InvitationLink(link_hash=link_hash, invitation_id=letter.invitation_id))
        return bool(taken)


def end(letter: Due, claimed_at: datetime, state: str, now: datetime, error: str = "") -> None:
    """Says what came of a claimed letter: sent, bounced, waiting, which after many attempts is failed, or released,
    when it was no fault of the letter's."""
    tried = letter.attempts + 1
    if state == "released":
        return _release(letter, claimed_at, now, error)
    if state == "waiting" and tried >= MOST_ATTEMPTS:
        state = "failed"
    values = {
        "state": state,
        "error": error[:500],
        "sent_at": now if state == "sent" else None,
        "retry_at": now + _FIRST_WAIT * 2 ** (tried - 1) if state == "waiting" else None,
    }
    mine = (*_at(letter), SentLetter.state == "sending", SentLetter.claimed_at == claimed_at)
    with writing() as session:
        session.execute(update(SentLetter).where(*mine).values(**values))


def _release(letter: Due, claimed_at: datetime, now: datetime, error: str) -> None:
    values = {"state": "waiting", "attempts": max(letter.attempts, 1), "retry_at": now, "error": error[:500]}
    mine = (*_at(letter), SentLetter.state == "sending", SentLetter.claimed_at == claimed_at)
    with writing() as session:
        session.execute(update(SentLetter).where(*mine).values(**values))


def _at(letter: Due) -> tuple[ColumnElement[bool], ...]:
    return SentLetter.invitation_id == letter.invitation_id, SentLetter.kind == letter.kind


def doubtful(wave_id: int, before: datetime) -> list[Doubtful]:
    """Letters that were claimed before a moment and never ended, by address."""
    query = (
        select(Invitation.email, SentLetter.kind, SentLetter.claimed_at)
        .join(Invitation, Invitation.id == SentLetter.invitation_id)
        .where(Invitation.wave_id == wave_id, SentLetter.state == "sending", SentLetter.claimed_at < before)
        .where(Invitation.email.contains("@"))
    )
    return [Doubtful(*row) for row in reading().execute(query.order_by(Invitation.email, SentLetter.kind))]


def undelivered(wave_id: int) -> list[Undelivered]:
    """Letters that the mail server did not take, by address."""
    query = (
        select(Invitation.email, SentLetter.kind, SentLetter.state, SentLetter.error)
        .join(Invitation, Invitation.id == SentLetter.invitation_id)
        .where(Invitation.wave_id == wave_id, SentLetter.state.in_(("bounced", "failed")))
        .where(Invitation.email.contains("@"))
    )
    return [Undelivered(*row) for row in reading().execute(query.order_by(Invitation.email, SentLetter.kind))]


def returned(token: str, reason: str, now: datetime, by: str, wave_id: int | None = None) -> str | None:
    """Notes that the letter with a link came back, and returns its address, which gets no more letters of the wave.

    The newest letter that was sent to the address is the one that counts as refused. None: no letter had the link, or
    none of the wave, if one is given. Nothing changes where it is known already, or the address is forgotten.
    """
    link = invitations.find(token)
    if link is None or wave_id not in (None, link.wave_id):
        return None
    # One in doubt was sent, then.
    mine = (SentLetter.invitation_id == link.invitation_id, SentLetter.state.in_(("sent", "sending")))
    newest = select(SentLetter.kind).where(*mine).order_by(SentLetter.claimed_at.desc()).limit(1).scalar_subquery()
    refused = (SentLetter.invitation_id == link.invitation_id, SentLetter.state == "bounced")
    with writing() as session:
        unknown = ~exists().where(*refused).correlate(None)
        change = update(SentLetter).where(*mine, SentLetter.kind == newest, unknown)
        if rows_changed(session, change.values(state="bounced", error=reason[:500], sent_at=None)):
            audit.append(session, by, "letter.returned", now, survey=link.survey, wave=link.wave)
    return link.email


def settle(
    survey: str, wave_id: int, email: str, kind: str, *, again: bool, before: datetime, now: datetime, by: str
) -> bool:
    """Decides on a doubtful letter: it is sent again, or counts as sent. False when it is none (any more)."""
    mine = select(Invitation.id).where(Invitation.wave_id == wave_id, Invitation.email == email).scalar_subquery()
    at = (SentLetter.invitation_id == mine, SentLetter.kind == kind)
    unclear = (SentLetter.state == "sending", SentLetter.claimed_at < before)
    decided = {"state": "waiting", "retry_at": now} if again else {"state": "sent", "sent_at": SentLetter.claimed_at}
    with writing() as session:
        if not rows_changed(session, update(SentLetter).where(*at, *unclear).values(**decided)):
            return False
        action = "letter.again" if again else "letter.counted"
        # Without the address, which is forgotten one day, as the audit log is not.
        audit.append(session, by, action, now, survey=survey, kind=kind)
        return True


def _texts(document: str) -> Texts:
    return {language: (subject, text) for language, (subject, text) in json.loads(document).items()}
