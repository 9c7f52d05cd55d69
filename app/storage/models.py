"""The tables. Keys as a deployment over many machines needs them: see the README, "Keys"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Moment

Key = Annotated[str, mapped_column(String(60))]
Hash = Annotated[str, mapped_column(String(64))]
Time = Annotated[datetime, mapped_column(Moment)]
# On SQLite only INTEGER is the row's own key, which saves a second index.
Id = BigInteger().with_variant(Integer, "sqlite")
# Written out, for an index on part of a table serves only who says in the same words which part.
OPEN = "state = 'open'"


class Survey(Base):
    """A questionnaire that is fielded repeatedly."""

    __tablename__ = "survey"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Key] = mapped_column(unique=True)
    created_at: Mapped[Time]


class PublishedQuestionnaire(Base):
    """One immutable version, named by the SHA-256 of its canonical JSON."""

    __tablename__ = "questionnaire"
    hash: Mapped[Hash] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    document: Mapped[str] = mapped_column(Text)
    published_at: Mapped[Time]


class DraftState(Base):
    """A draft of a survey's questionnaire after one edit. Added, never changed: who adds the next number first has it,
    so no edit is written over another that it did not know.

    source: its text, packed. action, detail: what was done, and to what (JSON). before: the number of the state that
    undoing leads back to; null where there is none.
    """

    __tablename__ = "draft_state"
    survey: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[int | None]
    source: Mapped[bytes] = mapped_column(LargeBinary)
    actor: Mapped[str] = mapped_column(String(254))
    at: Mapped[Time]
    action: Mapped[Key]
    detail: Mapped[str] = mapped_column(Text)


class Wave(Base):
    """One fielding period of a survey, with one version of its questionnaire.

    time_zone: in which it was planned and is told. languages: those it is fielded in, with a space between; "" for all
    of the questionnaire. finish_hours: after it closes, for who has begun; null where the settings say it. noted: how
    far the scheduler has written its course down, "planned", "open" or "closed".
    """

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("survey_id", "key"),
        CheckConstraint("closes_at IS NULL OR closes_at >= opens_at", name="closes_after_it_opens"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    key: Mapped[Key]
    questionnaire_hash: Mapped[Hash] = mapped_column(ForeignKey("questionnaire.hash"))
    mode: Mapped[Key]
    population: Mapped[Key]
    opens_at: Mapped[Time]
    closes_at: Mapped[Time | None]
    synthetic: Mapped[bool]
    time_zone: Mapped[Key] = mapped_column(server_default="UTC")
    languages: Mapped[str] = mapped_column(String(200), server_default="")
    finish_hours: Mapped[int | None]
    noted: Mapped[str] = mapped_column(String(10), server_default="planned")
    # Whether only who was invited can answer; else everybody with the survey's address.
    invited_only: Mapped[bool] = mapped_column(server_default=false())
    # Whether they were drawn by chance from a list of the population: then the wave has a response rate.
    probability_sample: Mapped[bool] = mapped_column(server_default=false())

    @property
    def last_day(self) -> date | None:
        """The last day (UTC) on which it took answers, which ends when it closes; None while it has no end."""
        if self.closes_at is None:
            return None
        return max(self.opens_at, self.closes_at - timedelta(microseconds=1)).date()


class Response(Base):
    """One person's answers. The key is made of the person's token, so that rows spread evenly and need no sequence."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'withdrawn')", name="state_is_known"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted_when_no_longer_open"),
        CheckConstraint("base_weight > 0", name="base_weight_is_positive"),
        # Of unfinished ones only, which are few beside those that were sent: the monitor counts them by page.
        Index("ix_response_open", "wave_id", "page", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    token_hash: Mapped[Hash]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    language: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    # Counts the saves: a save that did not see the one before it is made again on top of it.
    revision: Mapped[int]
    answers: Mapped[str] = mapped_column(Text)
    started_at: Mapped[Time]
    saved_at: Mapped[Time]
    submitted_at: Mapped[Time | None]
    # The inverse of the chance to be in the sample, where that was not the same for all; 1 where it is null.
    base_weight: Mapped[float | None] = mapped_column(Double)
    # JSON: what is known of how the response came about.
    paradata: Mapped[str | None] = mapped_column(Text)
    # The last page that was sent; null where that was never written down.
    page: Mapped[Key | None]
    # The first edition of its period that counts it (`moves`); null where the period had not ended before it came.
    edition: Mapped[int | None]


class QueuedResponse(Base):
    """A response to be added to the tallies (delta 1), or taken out of them (delta -1)."""

    __tablename__ = "tally_queue"
    __table_args__ = (CheckConstraint("delta IN (1, -1)", name="delta_is_one_response"),)
    response_id: Mapped[int] = mapped_column(
        Id, ForeignKey("response.id", name="fk_tally_queue_response"), primary_key=True, autoincrement=False
    )
    delta: Mapped[int]


class TallyRow(Base):
    """The packed counts of all questions in one wave, period and cell (`app.estimation.tally`)."""

    __tablename__ = "tally"
    __table_args__ = (CheckConstraint("respondents >= 0", name="respondents_not_negative"),)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(String(400), primary_key=True)
    respondents: Mapped[int] = mapped_column(BigInteger)
    counts: Mapped[bytes] = mapped_column(LargeBinary)


class Completes(Base):
    """Responses per day (UTC), for the monitor."""

    __tablename__ = "completes"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class StoredCounts(Base):
    """What the monitor counts of a wave's responses (`app.questionnaire.wave_counts`), as JSON."""

    __tablename__ = "wave_counts"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)


class Ending(Base):
    """How many responses ended without being sent, by the last page that was sent; nothing else is kept of them.

    how: by the screening rule of consent ("declined") or another, by a full quota, or left until they were deleted.
    page: "" where it is not known.
    """

    __tablename__ = "ending"
    __table_args__ = (
        CheckConstraint("how IN ('declined', 'screened_out', 'quota_full', 'left')", name="how_is_known"),
    )
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    how: Mapped[str] = mapped_column(String(20), primary_key=True)
    page: Mapped[Key] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class StalePeriod(Base):
    """A period whose estimates are to be made anew. Written with what changed, so no crash loses it.

    reasons: bits of why (`app.storage.revising.REASONS`); changes: responses added and taken out since.
    """

    __tablename__ = "stale_period"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    reasons: Mapped[int]
    changes: Mapped[int]


class PublishedScheme(Base):
    """A weighting scheme with its targets, named by a hash. `position`: in its survey's file; null when replaced."""

    __tablename__ = "weighting_scheme"
    hash: Mapped[Hash] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    key: Mapped[Key]
    document: Mapped[str] = mapped_column(Text)
    published_at: Mapped[Time]
    position: Mapped[int | None]


class StoredWeighting(Base):
    """How the weighting of a period by a scheme went, and by which version: written with its estimates."""

    __tablename__ = "weighting"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    scheme: Mapped[Key] = mapped_column(primary_key=True)
    scheme_hash: Mapped[Hash] = mapped_column(ForeignKey("weighting_scheme.hash"))
    document: Mapped[str] = mapped_column(Text)
    refreshed_at: Mapped[Time]


class StoredEstimate(Base):
    """One published estimate: figures of a variable in a domain and period. Suppressed ones hold no figures."""

    __tablename__ = "estimate"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    variable: Mapped[Key] = mapped_column(primary_key=True)
    scheme: Mapped[Key] = mapped_column(primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(120), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    refreshed_at: Mapped[Time]


class JobRun(Base):
    """One slot of a scheduled job: who acts in it, until when that is believed, and what came of it."""

    __tablename__ = "job_run"
    __table_args__ = (CheckConstraint("state IN ('running', 'done', 'failed')", name="state_is_known"),)
    name: Mapped[Key] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    worker: Mapped[str] = mapped_column(String(100))
    attempts: Mapped[int]
    lease_until: Mapped[Time]
    started_at: Mapped[Time]
    finished_at: Mapped[Time | None]
    work: Mapped[int] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(Text)


class JobRequest(Base):
    """A job that somebody asked to run at once: the scheduler takes it within seconds."""

    __tablename__ = "job_request"
    name: Mapped[Key] = mapped_column(primary_key=True)
    asked_at: Mapped[Time]
    asked_by: Mapped[str] = mapped_column(String(254))


class User(Base):
    """An account. Respondents have none. No password: invited, and not yet come. `epoch` counts the times that all
    sessions were ended; `language` is that of the person's mails, "" where it was never said."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20))
    epoch: Mapped[int]
    created_at: Mapped[Time]
    disabled_at: Mapped[Time | None]


class RoleGrant(Base):
    """A role of an account on one survey, by its key, or on all ("*"). A survey need not be published yet."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator', 'organizer', 'translator', 'researcher', 'viewer')", name="role_is_known"
        ),
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    scope: Mapped[Key] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[Time]


class AccountLink(Base):
    """A link by which a person sets a password, once. Of its token only the hash is stored."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose_is_known"),)
    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[Time]


class SecondFactor(Base):
    """The secret of an account's one-time codes, encrypted. Until `confirmed_at` it is an offer only.
    `last_step`: the newest step of 30 seconds whose code was used."""

    __tablename__ = "second_factor"
    account_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[Time | None]
    last_step: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """What opens an account, once, in place of a one-time code. Only hashes are stored."""

    __tablename__ = "recovery_code"
    account_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    code_hash: Mapped[Hash] = mapped_column(primary_key=True)


class AuditEntry(Base):
    """Who did what. Never changed: each entry's hash covers all its fields and the hash of the entry before it.

    actor: an e-mail address, or "command line". person: whom it concerns. survey, person: "" where there is none.
    """

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[Time]
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[Key]
    survey: Mapped[Key]
    person: Mapped[str] = mapped_column(String(254))
    detail: Mapped[str] = mapped_column(Text)
    hash: Mapped[Hash]


class AuditHead(Base):
    """The one row that says how long the audit log is, and the hash of its last entry. Its lock keeps the order."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[Hash]
