"""What was published of periods that had ended goes into the revision log when it changes (`revisions` reads it).

The present estimates of an ended period are its newest edition. When they first change, the edition is set aside as it
was. It is replaced, and a new one begins, as soon as any of its values may stand beside the present ones
(`app.estimation.revision`) and it was published for a day; until then all changes together are changes of that one
edition. So late responses that come minute by minute make one edition a day, and what must be held against each other
stays little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.orm import Session

from . import moves
from .base import insert
from .models import StoredEstimate, StoredWeighting
from .past import Past, figure_of, of_period
from .revision_tables import SHORTEST, EarlierEstimate, Edition, PublishedPeriod
from .tallies import Place
from .weighing import Stack


def set_aside(session: Session, place: Place, reasons: int, elsewhere: int) -> None:
    """Keeps what is published of a period, if it has ended, before it is made anew."""
    published = session.get(PublishedPeriod, place)
    if published is None or published.ended_at is None:
        return
    found = session.get(Edition, (*place, published.edition))
    if found:
        found.reasons |= reasons
        found.elsewhere += elsewhere
        return
    newest = select(func.max(StoredEstimate.refreshed_at)).where(*of_period(StoredEstimate, place))
    made_at = session.execute(newest).scalar()
    if made_at is None:
        return
    session.add(
        Edition(
            wave_id=place[0],
            period=place[1],
            number=published.edition,
            published_at=made_at,
            replaced_at=None,
            reasons=reasons,
            elsewhere=elsewhere,
        )
    )
    session.flush()
    _copy_stored(session, place, published.edition)


def _copy_stored(session: Session, place: Place, edition: int) -> None:
    """The stored estimates of a period as those of an edition."""
    weighting = (
        (StoredWeighting.wave_id == StoredEstimate.wave_id)
        & (StoredWeighting.period == StoredEstimate.period)
        & (StoredWeighting.scheme == StoredEstimate.scheme)
    )
    kept = (
        select(
            StoredEstimate.wave_id,
            StoredEstimate.period,
            literal(edition),
            StoredEstimate.variable,
            StoredEstimate.scheme,
            StoredEstimate.domain,
            func.coalesce(StoredWeighting.scheme_hash, ""),
            StoredEstimate.document,
            literal(False),
        )
        .outerjoin(StoredWeighting, weighting)
        .where(*of_period(StoredEstimate, place))
    )
    columns = ["wave_id", "period", "number", "variable", "scheme", "domain", "scheme_hash", "document", "shown"]
    session.execute(insert(EarlierEstimate).from_select(columns, kept))


def settle(session: Session, place: Place, stack: Stack, minimum: int, now: datetime) -> None:
    """Says anew which earlier values may be shown beside the present ones, once these were written.

    stack: the tallies of the period, perhaps among others.
    """
    listed = (Edition.wave_id == place[0], Edition.period == place[1])
    editions = session.execute(select(Edition).where(*listed).order_by(Edition.number)).scalars().all()
    if not editions:
        return
    own = stack.rows(np.array([period == place[1] for period in stack.kept], bool))
    past = Past(session, place, own, editions)
    newest = editions[-1]
    young = newest.replaced_at is None and now - newest.published_at < SHORTEST
    shown = past.showable(minimum, newest.number if young else None)
    solved = past.solved(minimum, shown)

    def fits(row: Any) -> bool:
        return row.domain in shown[row.number][row.variable] and past.shows(row) and figure_of(row) not in solved

    if newest.replaced_at is None:
        other = [row for row in past.rows[newest.number] if not past.stands(row)]
        if not other and not past.moved(newest.number):
            _drop(session, place, newest.number)
        elif any(fits(row) for row in other):
            newest.replaced_at = now
            session.execute(
                update(PublishedPeriod).where(*of_period(PublishedPeriod, place)).values(edition=newest.number + 1)
            )
            _delete(session, place, newest.number, [row for row in past.rows[newest.number] if past.stands(row)])
        else:
            shown[newest.number] = defaultdict(frozenset)
    for number, rows in past.rows.items():
        fit = {row: fits(row) for row in rows}
        for flag in (False, True):
            _turn(session, place, number, [row for row in rows if fit[row] == flag != row.shown], flag)


def _drop(session: Session, place: Place, number: int) -> None:
    """Forgets an edition that is published still."""
    at = (*of_period(EarlierEstimate, place), EarlierEstimate.number == number)
    session.execute(delete(EarlierEstimate).where(*at))
    session.execute(delete(Edition).where(*of_period(Edition, place), Edition.number == number))
    moves.forget(session, place, number)


def _turn(session: Session, place: Place, number: int, rows: Sequence[Any], shown: bool) -> None:
    """Shows earlier estimates of an edition, or hides them."""
    for at in _each(place, number, rows):
        session.execute(update(EarlierEstimate).where(*at).values(shown=shown))


def _delete(session: Session, place: Place, number: int, rows: Sequence[Any]) -> None:
    for at in _each(place, number, rows):
        session.execute(delete(EarlierEstimate).where(*at))


def _each(place: Place, number: int, rows: Iterable[Any]) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Conditions for the rows of each variable and scheme together."""
    domains: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        domains[row.variable, row.scheme].append(row.domain)
    for (variable, scheme), listed in domains.items():
        yield (
            *of_period(EarlierEstimate, place),
            EarlierEstimate.number == number,
            EarlierEstimate.variable == variable,
            EarlierEstimate.scheme == scheme,
            EarlierEstimate.domain.in_(listed),
        )
