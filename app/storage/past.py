"""What the editions of an ended period showed, who was in them, and what of it may be shown beside the present."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.estimation.measure import base_counts
from app.estimation.revision import Cells, Moves, State, showable
from app.estimation.tally import Counts, Tally
from app.questionnaire.counting import domains_of
from app.questionnaire.planning import parts_of
from app.questionnaire.scheme import FrozenScheme

from . import moves
from .both_ways import Earlier, solved_by
from .computing import measures_of
from .estimates import Key, alike, key_of, withheld
from .models import PublishedScheme, StoredEstimate, StoredWeighting
from .revision_tables import EarlierEstimate, Edition
from .tallies import Place
from .weighing import Stack, step_of


class Past:
    """The editions of a period: what they showed, and who was in them."""

    def __init__(self, session: Session, place: Place, now: Stack, editions: Sequence[Edition]) -> None:
        self.session, self.place = session, place
        self.editions, self.questionnaire = editions, now.questionnaire
        self.measures = measures_of(now.questionnaire)
        self.rows: dict[int, list[Any]] = {edition.number: [] for edition in editions}
        for row in session.execute(select(*_EARLIER).where(*of_period(EarlierEstimate, place))):
            self.rows[row.number].append(row)
        stored = select(StoredEstimate.variable, StoredEstimate.scheme, StoredEstimate.domain, StoredEstimate.document)
        present = session.execute(stored.where(*of_period(StoredEstimate, place))).all()
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
        query = select(StoredWeighting.scheme_hash).where(*of_period(StoredWeighting, self.place))
        now = self._schemes.get(self.session.execute(query).scalar() or "")
        if all(now and row.scheme_hash == now.hash for row in listed):
            return frozenset()
        found: set[Earlier] = set()
        for measure in self.measures:
            earlier = {figure_of(row): self._schemes[row.scheme_hash] for row in listed if row.variable == measure.name}
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
        """Everybody, and whom each scheme covers by which any of it is weighted, where that is not everybody."""
        found = [np.ones(len(self.cells), bool), *(self._covered(one) for one in self._schemes.values())]
        return list({cover.tobytes(): cover for cover in found}.values())

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


def figure_of(row: Any) -> Earlier:
    """Which figure an earlier estimate has."""
    return row.number, *_key(row)


def _key(row: Any) -> Key:
    return key_of(row.variable, row.scheme, row.domain)


def of_period(table: Any, place: Place) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The rows of a table that are of a period."""
    return table.wave_id == place[0], table.period == place[1]


def _widened(tally: Tally, cells: Sequence[str]) -> Tally:
    """A tally with more cells, of nobody."""
    n, counts = np.zeros(len(cells), np.int64), np.zeros((len(cells), len(tally.layout)), np.int64)
    n[: len(tally.cells)], counts[: len(tally.cells)] = tally.n, tally.counts
    return Tally(tally.layout, tuple(cells), n, counts)
