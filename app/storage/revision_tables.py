"""The tables of the revision log: what was published of periods that had ended, and how many came and went since.

Of who came and went no answer is kept: only how many there are in a cell, and for how many of them each question
counts.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .models import Key, Time

SHORTEST = timedelta(days=1)
"""What was published for less is no edition of its own."""


class PublishedPeriod(Base):
    """A period of a wave that has estimates. ended_at: when they were first published after it had ended.

    edition: the number of its newest edition, counted from 0.
    """

    __tablename__ = "published_period"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    ended_at: Mapped[Time | None]
    edition: Mapped[int]


class Edition(Base):
    """All that was published of an ended period, until too much had changed for it to be told as the same.

    reasons: bits (`revising.REASONS`) of what has changed it. elsewhere: how many came or went since in other periods
    that are weighted together with this one. replaced_at: when its values went into the log; null: not yet.
    """

    __tablename__ = "edition"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wave_id", "period"],
            ["published_period.wave_id", "published_period.period"],
            name="fk_edition_published_period",
        ),
        CheckConstraint("elsewhere >= 0", name="elsewhere_not_negative"),
    )
    wave_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[Time]
    replaced_at: Mapped[Time | None]
    reasons: Mapped[int]
    elsewhere: Mapped[int]


class EarlierEstimate(Base):
    """An estimate as an edition had it. shown: it may stand beside what is published now."""

    __tablename__ = "earlier_estimate"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wave_id", "period", "number"],
            ["edition.wave_id", "edition.period", "edition.number"],
            name="fk_earlier_estimate_edition",
        ),
        Index("ix_earlier_estimate_variable_wave_id", "variable", "wave_id"),
    )
    wave_id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    variable: Mapped[Key] = mapped_column(primary_key=True)
    scheme: Mapped[Key] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(120), primary_key=True)
    scheme_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    shown: Mapped[bool]


class CellMoves(Base):
    """How many came to a cell and went from it since an edition was published.

    counts: packed int64, those who came, then those who went by the edition that counted them first
    (`Response.edition`), each of respondents and of the base of every published question.
    """

    __tablename__ = "cell_moves"
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    period: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cell: Mapped[str] = mapped_column(String(400), primary_key=True)
    counts: Mapped[bytes] = mapped_column(LargeBinary)
