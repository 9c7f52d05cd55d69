"""Responses that were begun and not sent: those that may still be, and how the others ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from .base import insert, reading
from .models import OPEN, Ending, Response

DECLINED, SCREENED_OUT, QUOTA_FULL, LEFT = "declined", "screened_out", "quota_full", "left"


def note(session: Session, how: str, places: Iterable[tuple[int, str | None]]) -> None:
    """Counts responses that ended in some way, each by its wave and the last page that was sent."""
    upsert = insert(Ending)
    upsert = upsert.on_conflict_do_update(
        index_elements=["wave_id", "how", "page"], set_={"n": Ending.n + upsert.excluded.n}
    )
    # In one order, so that two that count at once wait for one another in one order.
    counted = sorted(Counter((wave_id, page or "") for wave_id, page in places).items())
    rows = [{"wave_id": wave_id, "how": how, "page": page, "n": n} for (wave_id, page), n in counted]
    if rows:
        session.execute(upsert, rows)


def of_wave(wave_id: int) -> dict[str, dict[str, int]]:
    """How many responses of a wave ended in each way, by page ("" where it is not known)."""
    found: dict[str, dict[str, int]] = {how: {} for how in (DECLINED, SCREENED_OUT, QUOTA_FULL, LEFT)}
    query = select(Ending.how, Ending.page, Ending.n).where(Ending.wave_id == wave_id)
    for how, page, n in reading().execute(query):
        found[how][page] = n
    return found


def unfinished(wave_id: int) -> dict[str, int]:
    """How many responses of a wave are begun and neither sent nor ended, by the last page that was sent."""
    page = func.coalesce(Response.page, "")
    query = select(page, func.count()).where(Response.wave_id == wave_id, text(OPEN)).group_by(page)
    return {row[0]: row[1] for row in reading().execute(query)}
