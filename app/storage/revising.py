"""What was published of periods that had ended goes into the revision log when it changes (`revisions` reads it).

The present estimates of an ended period are its newest edition. When they first change, the edition is set aside as it
was. It is replaced, and a new one begins, as soon as any of its values may stand beside the present ones
(`app.estimation.revision`) and it was published for a day; until then all changes together are changes of that one
edition. So late responses that come minute by minute make one edition a day, and what must be held against each other
stays little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.orm import Session

from app.estimation.measure import base_counts
from app.estimation.revision import Cells, Moves, State, showable
from app.estimation.tally import Counts, Tally
from app.questionnaire.counting import domains_of
from app.questionnaire.planning import parts_of
from app.questionnaire.scheme import FrozenScheme

from . import moves
from .base import insert
from .both_ways import Earlier, solved_by
from .computing import measures_of
from .estimates import Key, alike, key_of, withheld
from .models import PublishedScheme, StoredEstimate, StoredWeighting
from .revision_tables import SHORTEST, EarlierEstimate, Edition, PublishedPeriod
from .weighing import Stack, step_of

Place = tuple[int, str]
"""A wave's id and a period."""


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
    newest = select(func.max(StoredEstimate.refreshed_at)).where(*_at(StoredEstimate, place))
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
        .where(*_at(StoredEstimate, place))
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
    past = _Past(session, place, own, editions)
    newest = editions[-1]
    young = newest.replaced_at is None and now - newest.published_at < SHORTEST
    shown = past.showable(minimum, newest.number if young else None)
    solved = past.solved(minimum, shown)

    def fits(row: Any) -> bool:
        return row.domain in shown[row.number][row.variable] and past.shows(row) and _figure(row) not in solved

    if newest.replaced_at is None:
        other = [row for row in past.rows[newest.number] if not past.stands(row)]
        if not other and not past.moved(newest.number):
            _drop(session, place, newest.number)
        elif any(fits(row) for row in other):
            newest.replaced_at = now
            session.execute(
                update(PublishedPeriod).where(*_at(PublishedPeriod, place)).values(edition=newest.number + 1)
            )
            _delete(session, place, newest.number, [row for row in past.rows[newest.number] if past.stands(row)])
        else:
            shown[newest.number] = defaultdict(frozenset)
    for number, rows in past.rows.items():
        fit = {row: fits(row) for row in rows}
        for flag in (False, True):
            _turn(session, place, number, [row for row in rows if fit[row] == flag != row.shown], flag)


class _Past:
    """The editions of a period: what they showed, and who was in them."""

    def __init__(self, session: Session, place: Place, now: Stack, editions: Sequence[Edition]) -> None:
        self.session, self.place = session, place
        self.editions, self.questionnaire = editions, now.questionnaire
        self.measures = measures_of(now.questionnaire)
        self.rows: dict[int, list[Any]] = {edition.number: [] for edition in editions}
        for row in session.execute(select(*_EARLIER).where(*_at(EarlierEstimate, place))):
            self.rows[row.number].append(row)
        stored = select(StoredEstimate.variable, StoredEstimate.scheme, StoredEstimate.domain, StoredEstimate.document)
        present = session.execute(stored.where(*_at(StoredEstimate, place))).all()
        self.present = {_key(row): row.document for row in present}
        known = moves.read(session, place, 1 + len(self.measures))
        self.cells = tuple(dict.fromkeys([*now.tally.cells, *(cell for cells in known.values() for cell in cells)]))
        self.stack = Stack(now.wave, now.questionnaire, _widened(now.tally, self.cells), [place[1]] * len(self.cells))
        self.moves = {edition.number: self._dense(known.get(edition.number, {})) for edition in editions}

    def showable(self, minimum: int, young: int | None) -> dict[int, dict[str, frozenset[str]]]:
        """By edition and variable the domains whose earlier values may be shown; none of the one that is too young."""
        found: dict[int, dict[str, frozenset[str]]] = {edition.number: {} for edition in self.editions}
        if not self.cells:
            return {number: defaultdict(frozenset) for number in found}
        domains, covers = domains_of(self.questionnaire, self.cells), self._covers()
        now = _shown(((variable, domain), text) for (variable, _, domain), text in self.present.items())
        before = {
            number: _shown(((row.variable, row.domain), row.document) for row in rows if number != young)
            for number, rows in self.rows.items()
        }
        for column, measure in enumerate(self.measures, 1):
            steps = [self._moves(edition, column) for edition in self.editions]
            base = base_counts(self.stack.tally, measure)
            states = [State(base, now[measure.name])]
            for edition, step in zip(reversed(self.editions), reversed(steps), strict=True):
                base = base - step.came[:, 1] + step.went[:, 1]
                states.insert(0, State(base, before[edition.number][measure.name]))
            for edition, keys in zip(self.editions, showable(domains, states, steps, covers, minimum), strict=True):
                found[edition.number][measure.name] = keys
        return found

    def solved(self, minimum: int, shown: Mapping[int, Mapping[str, frozenset[str]]]) -> frozenset[Earlier]:
        """The earlier weighted values that would help to solve for a small group, for two weightings are two equations.

        Who came or went is left aside here, which can only make them harder to solve.
        """
        listed = [
            row
            for rows in self.rows.values()
            for row in rows
            if row.scheme_hash and row.domain in shown[row.number][row.variable] and self.shows(row)
        ]
        # Other periods of the wave may still be weighted as they were.
        query = select(StoredWeighting.scheme_hash).where(*_at(StoredWeighting, self.place))
        now = self._schemes.get(self.session.execute(query).scalar() or "")
        if all(now and row.scheme_hash == now.hash for row in listed):
            return frozenset()
        found: set[Earlier] = set()
        for measure in self.measures:
            earlier = {_figure(row): self._schemes[row.scheme_hash] for row in listed if row.variable == measure.name}
            present = [key for key, text in self.present.items() if key[0] == measure.name and not withheld(text)]
            found |= solved_by(self.stack, measure, minimum, present, now, earlier)
        return frozenset(found)

    def _moves(self, edition: Edition, column: int) -> Moves:
        came, *gone = self.moves[edition.number][:, :, [0, column]]
        return Moves(came, np.stack(gone), edition.elsewhere)

    def shows(self, row: Any) -> bool:
        """Whether there is a present figure that an earlier estimate can stand beside."""
        now = self.present.get(_key(row))
        return now is not None and not withheld(now) and not withheld(row.document)

    def stands(self, row: Any) -> bool:
        """Whether an earlier estimate is what is published still."""
        now = self.present.get(_key(row))
        return now is not None and alike(row.document, now)

    def moved(self, number: int) -> bool:
        """Whether anybody came or went since an edition."""
        return bool(self.moves[number].any())

    def _dense(self, cells: moves.Cells) -> Counts:
        """int64[1 + F, C, 1 + M]."""
        rows = max((len(counts) for counts in cells.values()), default=2)
        found = np.zeros((rows, len(self.cells), 1 + len(self.measures)), np.int64)
        for place, cell in enumerate(self.cells):
            if cell in cells:
                found[: len(cells[cell]), place] = cells[cell]
        return found

    def _covers(self) -> list[Cells]:
        """Everybody, and whom each scheme covers by which any of it is weighted."""
        return [np.ones(len(self.cells), bool), *(self._covered(one) for one in self._schemes.values())]

    @cached_property
    def _current(self) -> set[str]:
        """The hashes of the schemes by which the periods of the wave are weighted now."""
        wave = self.stack.wave.id
        query = select(StoredWeighting.scheme_hash).where(StoredWeighting.wave_id == wave).distinct()
        return set(self.session.execute(query).scalars())

    @cached_property
    def _schemes(self) -> dict[str, FrozenScheme]:
        """The schemes by which any of it is or was weighted, by hash."""
        hashes = {row.scheme_hash for rows in self.rows.values() for row in rows} - {""} | self._current
        query = select(PublishedScheme.document).where(PublishedScheme.hash.in_(hashes)).order_by(PublishedScheme.hash)
        found = [FrozenScheme.model_validate_json(text) for text in self.session.execute(query).scalars()]
        return {frozen.hash: frozen for frozen in found}

    def _covered(self, frozen: FrozenScheme) -> Cells:
        groups = self.stack.by(step_of(frozen, self.questionnaire))
        parts = parts_of(frozen, self.questionnaire, self.cells, groups)
        # Who has no level of a margin has no weight where the scheme leaves them out.
        inside = [
            part.inside
            & np.logical_and.reduce([margin.level >= 0 for margin in part.margins if part.missing == "exclude"])
            for part in parts
        ]
        covered: Cells = np.logical_or.reduce(inside)
        return covered


_EARLIER = (
    EarlierEstimate.number,
    EarlierEstimate.variable,
    EarlierEstimate.scheme,
    EarlierEstimate.domain,
    EarlierEstimate.scheme_hash,
    EarlierEstimate.document,
    EarlierEstimate.shown,
)


def _shown(rows: Iterable[tuple[tuple[str, str], str]]) -> Mapping[str, frozenset[str]]:
    """By variable the domains of which something is published; rows: ((variable, domain), document)."""
    found: dict[str, set[str]] = defaultdict(set)
    for (variable, domain), document in rows:
        if not withheld(document):
            found[variable].add(domain)
    return defaultdict(frozenset, {variable: frozenset(listed) for variable, listed in found.items()})


def _figure(row: Any) -> Earlier:
    return row.number, *_key(row)


def _key(row: Any) -> Key:
    return key_of(row.variable, row.scheme, row.domain)


def _at(table: Any, place: Place) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.wave_id == place[0], table.period == place[1]


def _widened(tally: Tally, cells: Sequence[str]) -> Tally:
    """A tally with more cells, of nobody."""
    n, counts = np.zeros(len(cells), np.int64), np.zeros((len(cells), len(tally.layout)), np.int64)
    n[: len(tally.cells)], counts[: len(tally.cells)] = tally.n, tally.counts
    return Tally(tally.layout, tuple(cells), n, counts)


def _drop(session: Session, place: Place, number: int) -> None:
    """Forgets an edition that is published still."""
    at = (*_at(EarlierEstimate, place), EarlierEstimate.number == number)
    session.execute(delete(EarlierEstimate).where(*at))
    session.execute(delete(Edition).where(*_at(Edition, place), Edition.number == number))
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
            *_at(EarlierEstimate, place),
            EarlierEstimate.number == number,
            EarlierEstimate.variable == variable,
            EarlierEstimate.scheme == scheme,
            EarlierEstimate.domain.in_(listed),
        )
