"""Who is invited to a wave, their links, and that they have begun or completed: never which response is theirs.

A link's token is that of the response which it begins. The two tables keep different hashes of it, so that only
whoever holds the link can say which response belongs to it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, bindparam, cast, delete, func, select, update
from sqlalchemy.orm import aliased

from . import audit
from .base import insert, looking, reading, rows_changed, writing
from .fieldwork_tables import Invitation, InvitationLink, InvitationMark, OptOut, SentLetter
from .models import Survey, Wave

BEGUN, COMPLETED = "begun", "completed"
_SLICE = 500
# Asked with many pages of respondents, so made once.
_FIND = (
    select(Invitation.id, Wave.id, Wave.key, Survey.id, Survey.key, Invitation.email)
    .join(InvitationLink, InvitationLink.invitation_id == Invitation.id)
    .join(Wave, Wave.id == Invitation.wave_id)
    .join(Survey, Survey.id == Wave.survey_id)
    .where(InvitationLink.link_hash == bindparam("hashed"))
)
_DONE = select(InvitationMark.link_hash).where(
    InvitationMark.invitation_id == bindparam("invitation"), InvitationMark.mark == COMPLETED
)


@dataclass(frozen=True)
class Added:
    """What became of a list of contacts: new ones, ones that the wave had, and new ones that want no letters."""

    new: int
    present: int
    opted_out: int


@dataclass(frozen=True)
class Funnel:
    """How many people of a wave have come how far. sent: to whom the invitation was. doubtful: of any kind."""

    contacts: int
    sent: int
    bounced: int
    failed: int
    doubtful: int
    opted_out: int
    begun: int
    completed: int


@dataclass(frozen=True)
class People:
    """The people of a wave, each once, by how far they have come. begun: and not completed; opted_out: before that.

    no_answer: had the invitation, or may have had it; undelivered: the mail server refused it; not_invited: not yet.
    """

    completed: int = 0
    begun: int = 0
    opted_out: int = 0
    no_answer: int = 0
    undelivered: int = 0
    not_invited: int = 0


@dataclass(frozen=True)
class Link:
    """Where the link of a letter leads. is_over: its person has completed, by another link."""

    invitation_id: int
    wave_id: int
    wave: str
    survey_id: int
    survey: str
    email: str
    is_over: bool


def link_hash(token: str) -> str:
    """What is stored of a link. The response's own hash is another, and neither leads to the other."""
    return hashlib.sha256(b"invitation\0" + token.encode()).hexdigest()


def add_contacts(
    survey: str, wave: str, wave_id: int, contacts: Iterable[tuple[str, str, str]], now: datetime, by: str
) -> Added:
    """Adds people by (address, name, language), all or none; those that the wave has already stay as they are."""
    listed = list(contacts)
    with writing() as session:
        added = 0
        for email, name, language in listed:
            new = insert(Invitation).values(
                id=secrets.randbits(62), wave_id=wave_id, email=email, name=name, language=language
            )
            added += rows_changed(session, new.on_conflict_do_nothing(index_elements=["wave_id", "email"]))
        silent = 0
        for i in range(0, len(listed), _SLICE):
            emails = [email for email, _, _ in listed[i : i + _SLICE]]
            query = select(func.count()).select_from(OptOut).join(Survey, Survey.id == OptOut.survey_id)
            silent += session.execute(query.where(Survey.key == survey, OptOut.email.in_(emails))).scalar_one()
        if added:
            audit.append(session, by, "contacts.added", now, survey=survey, wave=wave, contacts=str(added))
        return Added(added, len(listed) - added, silent)


def funnel(wave_id: int, doubtful_before: datetime) -> Funnel:
    """How far the people of a wave have come. A letter is doubtful if it was claimed before a moment and not ended."""
    mine = select(Invitation.id).where(Invitation.wave_id == wave_id)
    letters = reading().execute(
        select(SentLetter.kind, SentLetter.state, func.count())
        .where(SentLetter.invitation_id.in_(mine), SentLetter.state != "sending")
        .group_by(SentLetter.kind, SentLetter.state)
    )
    states: dict[str, int] = {}
    sent = 0
    for kind, state, n in letters:
        states[state] = states.get(state, 0) + n
        sent += n if (kind, state) == ("invitation", "sent") else 0
    unclear = (SentLetter.state == "sending", SentLetter.claimed_at < doubtful_before)
    doubtful = select(func.count()).select_from(SentLetter).where(SentLetter.invitation_id.in_(mine), *unclear)
    marks = select(InvitationMark.mark, func.count()).where(InvitationMark.invitation_id.in_(mine))
    marked = {row[0]: row[1] for row in reading().execute(marks.group_by(InvitationMark.mark))}
    silent = (
        select(func.count())
        .select_from(Invitation)
        .join(Wave, Wave.id == Invitation.wave_id)
        .join(OptOut, (OptOut.survey_id == Wave.survey_id) & (OptOut.email == Invitation.email))
        .where(Invitation.wave_id == wave_id)
    )
    return Funnel(
        contacts=reading().execute(select(func.count()).select_from(mine.subquery())).scalar_one(),
        sent=sent,
        bounced=states.get("bounced", 0),
        failed=states.get("failed", 0),
        doubtful=reading().execute(doubtful).scalar_one(),
        opted_out=reading().execute(silent).scalar_one(),
        begun=marked.get(BEGUN, 0),
        completed=marked.get(COMPLETED, 0),
    )


def people(wave_id: int) -> People:
    """What has become of the people of a wave, as far as letters and marks tell."""
    done, begun = aliased(InvitationMark), aliased(InvitationMark)
    flags = (done.mark.is_not(None), begun.mark.is_not(None), OptOut.email.is_not(None), SentLetter.state)
    query = (
        select(*flags, func.count())
        .select_from(Invitation)
        .join(Wave, Wave.id == Invitation.wave_id)
        .outerjoin(done, and_(done.invitation_id == Invitation.id, done.mark == COMPLETED))
        .outerjoin(begun, and_(begun.invitation_id == Invitation.id, begun.mark == BEGUN))
        .outerjoin(OptOut, and_(OptOut.survey_id == Wave.survey_id, OptOut.email == Invitation.email))
        .outerjoin(SentLetter, and_(SentLetter.invitation_id == Invitation.id, SentLetter.kind == "invitation"))
        .where(Invitation.wave_id == wave_id)
        .group_by(*flags)
    )
    counted: Counter[str] = Counter()
    for has_completed, has_begun, is_silent, letter, n in reading().execute(query):
        counted[_came(has_completed, has_begun, is_silent, letter)] += n
    return People(**counted)


def _came(has_completed: bool, has_begun: bool, is_silent: bool, letter: str | None) -> str:
    """How far somebody has come, in the names of `People`."""
    if has_completed or has_begun or is_silent:
        return "completed" if has_completed else "begun" if has_begun else "opted_out"
    of_letter = {"sent": "no_answer", "sending": "no_answer", "bounced": "undelivered", "failed": "undelivered"}
    return of_letter.get(letter or "", "not_invited")


def find(token: str) -> Link | None:
    """Where the link with this token leads; None when no letter had it."""
    hashed = link_hash(token)
    with looking() as connection:
        row = connection.one(_FIND, {"hashed": hashed})
        if row is None:
            return None
        by = connection.one(_DONE, {"invitation": row[0]})
    invitation, wave_id, wave, survey_id, survey, email = row
    return Link(invitation, wave_id, wave, survey_id, survey, email, is_over=by is not None and by != [hashed])


def note_begun(token: str, wave_id: int) -> None:
    """Marks that the person of a link has begun; nothing when no letter of the wave had it."""
    link = find(token)
    if link is not None and link.wave_id == wave_id:
        _mark(link, BEGUN, token)


def complete(token: str, wave_id: int) -> bool | None:
    """Marks that the person of a link has completed, once. True: by this link, now or before; False: by another one;
    None: no letter of the wave had it.

    A response is sent after this, in a transaction of its own, so that the two rows have no number in common. Whoever
    is cut off in between sends it again by the same link.
    """
    link = find(token)
    if link is None or link.wave_id != wave_id:
        return None
    return _mark(link, COMPLETED, token)


def _mark(link: Link, mark: str, token: str) -> bool:
    hashed = link_hash(token)
    with writing() as session:
        new = insert(InvitationMark).values(invitation_id=link.invitation_id, mark=mark, link_hash=hashed)
        session.execute(new.on_conflict_do_nothing(index_elements=["invitation_id", "mark"]))
        at = (InvitationMark.invitation_id == link.invitation_id, InvitationMark.mark == mark)
        return bool(session.execute(select(InvitationMark.link_hash).where(*at)).scalar_one() == hashed)


def opt_out(token: str) -> Link | None:
    """No more letters about the survey to the address that the link was sent to, in this wave and all to come."""
    link = find(token)
    if link is not None:
        with writing() as session:
            silent = insert(OptOut).values(survey_id=link.survey_id, email=link.email)
            session.execute(silent.on_conflict_do_nothing())
    return link


def forget_contacts(before: datetime, limit: int = 1000) -> int:
    """Takes addresses, names and what mail servers said of them out of waves that closed before; what is counted, and
    who wants no more letters, stays. Returns how many people that were, at most `limit`."""
    over = select(Wave.id).where(Wave.closes_at < before)
    known = (Invitation.wave_id.in_(over), Invitation.email.contains("@"))
    with writing() as session:
        found = list(session.execute(select(Invitation.id).where(*known).limit(limit)).scalars())
        session.execute(update(SentLetter).where(SentLetter.invitation_id.in_(found)).values(error=""))
        nameless = "forgotten-" + cast(Invitation.id, String)
        session.execute(update(Invitation).where(Invitation.id.in_(found)).values(email=nameless, name=""))
        return len(found)


def mix_marks() -> int:
    """Writes the marks anew in the order of their random keys: where the rows lie, and what the database numbers them
    by, no longer tells in which order people answered. Returns how many were written."""
    if reading().get_bind().dialect.name == "sqlite":
        return 0  # There they lie in that order already.
    with writing() as session:
        columns = (InvitationMark.invitation_id, InvitationMark.mark, InvitationMark.link_hash)
        taken = session.execute(delete(InvitationMark).returning(*columns)).all()
        rows = [{"invitation_id": row[0], "mark": row[1], "link_hash": row[2]} for row in sorted(taken)]
        if rows:
            session.execute(insert(InvitationMark), rows)
        return len(rows)
