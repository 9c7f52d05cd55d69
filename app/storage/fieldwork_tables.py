"""The tables of fieldwork: who is invited, the letters, quotas, and the traces of open links.

None of them leads from a person to a response: see docs/fieldwork.md, "What is not known".
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .models import Hash, Id, Time


class Invitation(Base):
    """Somebody who is asked to answer in a wave. The key is random, so that its order tells nothing.

    Nothing here, nor in the tables that hang on it, leads to a response: see docs/fieldwork.md, "What is not known".
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("wave_id", "email"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20))


class Mailing(Base):
    """One round of letters of a wave: the invitation, or a reminder. texts: JSON, {language: [subject, text]}."""

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reminder1', 'reminder2', 'reminder3')", name="kind_is_known"),
    )
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    send_at: Mapped[Time]
    texts: Mapped[str] = mapped_column(Text)


class SentLetter(Base):
    """One letter of a mailing to one person, from the moment at which it was claimed for sending.

    A letter that is "sending" and has been for long is doubtful: whoever sent it died between the claim and its end.
    "waiting": refused for now, to be tried again at `retry_at`; "failed": so often that it is not.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("state IN ('sending', 'sent', 'waiting', 'bounced', 'failed')", name="state_is_known"),
    )
    invitation_id: Mapped[int] = mapped_column(Id, ForeignKey("invitation.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    claimed_at: Mapped[Time]
    sent_at: Mapped[Time | None]
    retry_at: Mapped[Time | None]
    error: Mapped[str] = mapped_column(Text)


class InvitationLink(Base):
    """The link of a letter. Of its token only a hash is stored, and not the one under which its response stands."""

    __tablename__ = "invitation_link"
    link_hash: Mapped[Hash] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(Id, ForeignKey("invitation.id"))


class InvitationMark(Base):
    """That somebody has begun or completed, by which link; never when, nor what.

    On SQLite the rows lie in the order of their keys; on PostgreSQL a job writes them anew in that order.
    """

    __tablename__ = "invitation_mark"
    __table_args__ = (
        CheckConstraint("mark IN ('begun', 'completed')", name="mark_is_known"),
        {"sqlite_with_rowid": False},
    )
    invitation_id: Mapped[int] = mapped_column(Id, ForeignKey("invitation.id"), primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(10), primary_key=True)
    link_hash: Mapped[Hash]


class OptOut(Base):
    """An address that wants no letters about a survey, in whichever wave."""

    __tablename__ = "opt_out"
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)


class Quota(Base):
    """How many responses of a group are wanted in a wave. cell: JSON, {weighting variable: code}."""

    __tablename__ = "quota"
    __table_args__ = (CheckConstraint("size >= 0 AND taken >= 0 AND turned_away >= 0", name="counts_not_negative"),)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cell: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    taken: Mapped[int] = mapped_column(BigInteger)
    turned_away: Mapped[int] = mapped_column(BigInteger)


class TraceKey(Base):
    """The key of a day's traces. Deleted when the day is over."""

    __tablename__ = "trace_key"
    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[Hash]


class TraceCount(Base):
    """How many answers came under a trace today, and when the last did. Deleted when the day is over."""

    __tablename__ = "trace_count"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    trace: Mapped[str] = mapped_column(String(32), primary_key=True)
    n: Mapped[int]
    last_at: Mapped[Time]


class ResponseTrace(Base):
    """The trace of an answer that came by the survey's open address."""

    __tablename__ = "response_trace"
    __table_args__ = (Index(None, "wave_id", "trace"),)
    response_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    trace: Mapped[str] = mapped_column(String(32))
