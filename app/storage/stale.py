"""Periods whose estimates are to be made anew, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, literal, select
from sqlalchemy.orm import Session

from app.estimation.tally import Change

from .base import insert
from .models import StalePeriod, TallyRow, Wave

LATE, WITHDRAWN, TARGETS, SCHEME, REBUILT = (1 << bit for bit in range(5))
REASONS = {
    LATE: "late_responses",
    WITHDRAWN: "withdrawals",
    TARGETS: "targets",
    SCHEME: "scheme",
    REBUILT: "rebuild",
}
"""The bits of why estimates change, and what each is called in files."""


def reasons_of(bits: int) -> tuple[str, ...]:
    """The names of the reasons in a sum of bits."""
    return tuple(name for bit, name in REASONS.items() if bits & bit)


def mark(session: Session, wave_id: int, period: str, reasons: int, changes: int) -> None:
    """Marks a period; what it was marked for before stays."""
    session.execute(_added(insert(StalePeriod).values(_row(wave_id, period, reasons, changes))))


def mark_changed(session: Session, wave_id: int, period: str, listed: Iterable[Change]) -> None:
    """Marks a period whose tallies were changed by responses."""
    deltas = [change.delta for change in listed]
    reasons = (LATE if max(deltas) > 0 else 0) | (WITHDRAWN if min(deltas) < 0 else 0)
    mark(session, wave_id, period, reasons, len(deltas))


def mark_survey(session: Session, survey_id: int, reasons: int) -> None:
    """Marks every period of a survey that has tallies."""
    columns = (TallyRow.wave_id, TallyRow.period, literal(reasons), literal(0))
    places = select(*columns).join(Wave, Wave.id == TallyRow.wave_id).where(Wave.survey_id == survey_id).distinct()
    session.execute(_added(insert(StalePeriod).from_select(["wave_id", "period", "reasons", "changes"], places)))


def take(session: Session, wave_id: int, periods: Collection[str]) -> dict[str, tuple[int, int]]:
    """Takes the marks off some periods of a wave. Returns the reasons and changes of those that had one."""
    marked = (StalePeriod.wave_id == wave_id, StalePeriod.period.in_(periods))
    taken = delete(StalePeriod).where(*marked)
    rows = session.execute(taken.returning(StalePeriod.period, StalePeriod.reasons, StalePeriod.changes)).all()
    return {row.period: (row.reasons, row.changes) for row in rows}


def _row(wave_id: int, period: str, reasons: int, changes: int) -> dict[str, Any]:
    return {"wave_id": wave_id, "period": period, "reasons": reasons, "changes": changes}


def _added(statement: Any) -> Any:
    new = statement.excluded
    sums = {
        "reasons": StalePeriod.reasons.op("|")(new.reasons),
        "changes": StalePeriod.changes + new.changes,
    }
    return statement.on_conflict_do_update(index_elements=["wave_id", "period"], set_=sums)
