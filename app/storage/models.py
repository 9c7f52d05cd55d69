"""The tables. Keys as a deployment over many machines needs them: see the README, "Keys"."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Moment

Key = Annotated[str, mapped_column(String(60))]
Hash = Annotated[str, mapped_column(String(64))]
Time = Annotated[datetime, mapped_column(Moment)]
# On SQLite only INTEGER is the row's own key, which saves a second index.
Id = BigInteger().with_variant(Integer, "sqlite")


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


class Wave(Base):
    """One fielding period of a survey, with one version of its questionnaire."""

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


class Response(Base):
    """One person's answers. The key is made of the person's token, so that rows spread evenly and need no sequence."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'withdrawn')", name="state_is_known"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted_when_no_longer_open"),
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


class StalePeriod(Base):
    """A period whose tallies changed since its estimates were made. Written with the tallies, so no crash loses it."""

    __tablename__ = "stale_period"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)


class StoredEstimate(Base):
    """One published estimate: figures of a variable in a domain and period. Suppressed ones hold no figures."""

    __tablename__ = "estimate"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    variable: Mapped[Key] = mapped_column(primary_key=True)
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


class User(Base):
    """An account of an organizer or a researcher. Respondents have none."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("role IN ('organizer', 'researcher')", name="role_is_known"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Time]
