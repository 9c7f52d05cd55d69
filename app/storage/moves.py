"""How many came to the cells of an ended period, and went from them, since what is published of it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.estimation.measure import base_counts
from app.estimation.tally import STORED, Change, Counts, Tally, add_to_tally, canonical, empty_tally
from app.questionnaire.counting import layout_of, measure_of
from app.questionnaire.model import Questionnaire

from .base import insert
from .revision_tables import CellMoves, PublishedPeriod

Cells = dict[str, Counts]
"""Of each cell int64[1 + F, 1 + M]: who came, and who went by the edition in which they were first, as far as any did.

Respondents, then the base of every published question.
"""


def note_changes(
    session: Session, place: tuple[int, str], questionnaire: Questionnaire, by: Sequence[Change], first: Sequence[int]
) -> int | None:
    """Notes what responses changed in a period, if it was published as ended.

    first: of each that goes, the edition that counted it first. Returns which is the first that counts those who come.
    """
    edition = _edition(session, place)
    if edition is None:
        return None
    listed: list[list[Change]] = [[] for _ in range(2 + max(first, default=0))]
    for change, since in zip(by, first, strict=True):
        listed[0 if change.delta > 0 else 1 + since].append(change._replace(delta=1))
    nothing = empty_tally(layout_of(questionnaire))
    rows = [_bases(questionnaire, add_to_tally(nothing, changes)) for changes in listed]
    none = np.zeros(1 + len(questionnaire.published_variables), np.int64)
    cells = dict.fromkeys(cell for row in rows for cell in row)
    _add(session, place, edition, {cell: np.stack([row.get(cell, none) for row in rows]) for cell in cells})
    return edition + 1


def note_recount(
    session: Session, place: tuple[int, str], questionnaire: Questionnaire, before: Tally, after: Tally
) -> int:
    """Notes in what a recount of a period differs, if it was published as ended. Returns how many people differ."""
    edition = _edition(session, place)
    old, new = (_contents(one) for one in (before, after))
    other = sorted(cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell))
    if edition is None or not other:
        return len(other)
    left, right = (_bases(questionnaire, one) for one in (before, after))
    none = np.zeros(1 + len(questionnaire.published_variables), np.int64)
    found: Cells = {}
    for cell in other:
        more = right.get(cell, none) - left.get(cell, none)
        # Who answered otherwise, though as many, is one who went and one who came.
        swapped = (more == 0).astype(np.int64)
        found[cell] = np.stack([np.maximum(more, 0) + swapped, np.maximum(-more, 0) + swapped])
    _add(session, place, edition, found)
    return len(other)


def read(session: Session, place: tuple[int, str], columns: int) -> dict[int, Cells]:
    """All moves of a period by the number of the edition that they followed; columns: 1 + M."""
    query = select(CellMoves.number, CellMoves.cell, CellMoves.counts).where(*_at(place))
    found: dict[int, Cells] = defaultdict(dict)
    for row in session.execute(query):
        found[row.number][row.cell] = _unpacked(row.counts, columns)
    return found


def forget(session: Session, place: tuple[int, str], edition: int) -> None:
    """Forgets what moved since an edition: it turned out to be published still."""
    session.execute(delete(CellMoves).where(*_at(place), CellMoves.number == edition))


def _edition(session: Session, place: tuple[int, str]) -> int | None:
    """The edition that is published of a period; None where it has not ended yet."""
    at = (PublishedPeriod.wave_id == place[0], PublishedPeriod.period == place[1])
    found = session.execute(select(PublishedPeriod.edition).where(*at, PublishedPeriod.ended_at.is_not(None)))
    return found.scalar_one_or_none()


def _at(place: tuple[int, str]) -> tuple[ColumnElement[bool], ...]:
    return CellMoves.wave_id == place[0], CellMoves.period == place[1]


def _bases(questionnaire: Questionnaire, tally: Tally) -> Cells:
    """int64[1 + M] of each cell."""
    measures = [measure_of(variable) for variable in questionnaire.published_variables]
    columns = np.stack([tally.n, *(base_counts(tally, measure) for measure in measures)], axis=1)
    return dict(zip(tally.cells, columns, strict=True))


def _contents(tally: Tally) -> dict[str, bytes]:
    whole = canonical(tally)
    return {
        cell: n.tobytes() + counts.tobytes() for cell, n, counts in zip(whole.cells, whole.n, whole.counts, strict=True)
    }


def _add(session: Session, place: tuple[int, str], edition: int, cells: Cells) -> None:
    at = (*_at(place), CellMoves.number == edition)
    stored = session.execute(select(CellMoves.cell, CellMoves.counts).where(*at, CellMoves.cell.in_(list(cells))))
    known = {row.cell: row.counts for row in stored}
    rows = [
        {
            "wave_id": place[0],
            "period": place[1],
            "number": edition,
            "cell": cell,
            "counts": _packed(_together(counts, _unpacked(known[cell], counts.shape[1])) if cell in known else counts),
        }
        for cell, counts in cells.items()
    ]
    upsert = insert(CellMoves)
    upsert = upsert.on_conflict_do_update(
        index_elements=["wave_id", "period", "number", "cell"], set_={"counts": upsert.excluded.counts}
    )
    session.execute(upsert, rows)


def _together(one: Counts, other: Counts) -> Counts:
    """The sum of counts of which one may have more rows."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    found = longer.copy()
    found[: len(shorter)] += shorter
    return found


def _packed(counts: Counts) -> bytes:
    return counts.astype(STORED).tobytes()


def _unpacked(stored: bytes, columns: int) -> Counts:
    return np.frombuffer(stored, STORED).reshape(-1, columns).astype(np.int64)
