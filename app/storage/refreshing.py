"""The estimates of pages, made anew where tallies, schemes or targets changed: with the default scheme, and without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.estimation.figure import Estimate, Shared
from app.estimation.period import period_end
from app.questionnaire.scheme import UNWEIGHTED, FrozenScheme

from . import schemes, stale, surveys
from .base import insert, reading, writing
from .estimates import encode
from .models import StoredEstimate, StoredWeighting, Survey, Wave
from .revision_tables import SHORTEST, Edition, PublishedPeriod

if TYPE_CHECKING:
    from app.estimation.weighting import Outcome

    from .computing import Computed
    from .weighing import Stack

_NEVER = datetime.max.replace(tzinfo=UTC)


def refresh(wave_id: int, period: str, minimum: int, now: datetime) -> int:
    """Makes the estimates of a wave and period anew from its tallies. Returns how many.

    Where the scheme weights several periods together, all of them are made anew.
    """
    # Only jobs make estimates; pages must not load numpy's and scipy's machinery to read them.
    from . import revising
    from .computing import part_of
    from .weighing import read_stack

    with writing() as session:
        wave = session.execute(select(Wave).where(Wave.id == wave_id).with_for_update(key_share=True)).scalar_one()
        shown = _shown(wave)
        stack = read_stack(wave, None if _coarse(wave, shown) else [period])
        step = stack.questionnaire.period
        affected = {period}
        if shown and period in stack.kept:
            stack = part_of(stack, shown, period, step)
            affected |= set(stack.kept)
        marked = stale.take(session, wave_id, affected)
        reasons, changes = 0, 0
        for why, count in marked.values():
            reasons, changes = reasons | why, changes + count
        made = 0
        for one in sorted(affected):
            elsewhere = changes - marked.get(one, (0, 0))[1]
            revising.set_aside(session, (wave_id, one), reasons, elsewhere)
            made += _refresh_one(session, wave, one, minimum, now, stack, shown)
            revising.settle(session, (wave_id, one), stack, minimum, now)
        return made


def _shown(wave: Wave) -> FrozenScheme | None:
    """The scheme that pages show of the wave's survey."""
    key = reading().execute(select(Survey.key).where(Survey.id == wave.survey_id)).scalar_one()
    return next(iter(schemes.current(key)), None)


def _coarse(wave: Wave, shown: FrozenScheme | None) -> bool:
    """Whether more than one period has to be read to weight one."""
    kept = surveys.questionnaire(wave.questionnaire_hash).period
    return shown is not None and shown.scheme.period not in (None, kept)


def _refresh_one(
    session: Session, wave: Wave, period: str, minimum: int, now: datetime, stack: Stack, shown: FrozenScheme | None
) -> int:
    for table in (StoredEstimate, StoredWeighting):
        session.execute(delete(table).where(table.wave_id == wave.id, table.period == period))
    if period not in stack.kept:
        return 0
    at = {"wave_id": wave.id, "period": period, "refreshed_at": now}
    rows = [
        {**at, "scheme": key, "variable": variable, "domain": domain, "document": text}
        for key, variable, domain, text in _estimates(stack, period, minimum, shown)
    ]
    if shown is not None:
        document = outcomes_document(stack.weights(shown).outcomes)
        named = {"scheme": shown.scheme.key, "scheme_hash": shown.hash, "document": document}
        session.execute(insert(StoredWeighting).values(**at, **named))
    if rows:
        session.execute(insert(StoredEstimate), rows)
        published = {"wave_id": wave.id, "period": period, "ended_at": None, "edition": 0}
        session.execute(insert(PublishedPeriod).values(**published).on_conflict_do_nothing())
    return len(rows)


def _estimates(
    stack: Stack, period: str, minimum: int, shown: FrozenScheme | None
) -> Iterator[tuple[str, str, str, str]]:
    """(scheme, variable, domain, document) for every published variable and domain."""
    from .both_ways import BothWays
    from .computing import Auditor, compute, measures_of, page_blocks

    measures = measures_of(stack.questionnaire)
    auditor = Auditor(minimum, [shown] if shown else [])
    domains = page_blocks(stack, period).domains
    both = [BothWays(auditor, stack, measure) for measure in measures]

    def hidden_in(one: str) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
        """What is withheld of each measure in a period: without weights, and with them."""
        audited = [auditor.of_pages(stack, one, measure) for measure in measures]
        return audited, [own | ways.of_page(one, own) for ways, own in zip(both, audited, strict=True)]

    audited, weighted = hidden_in(period)
    # The stack has what is weighted together: of several periods, those before too.
    earlier = max((one for one in stack.kept if one < period), default=None) if shown else None
    for frozen in (None, shown) if shown else (None,):
        key = frozen.scheme.key if frozen else UNWEIGHTED
        made = compute(stack, frozen, period, stack.questionnaire.period, domains, measures)
        hidden = weighted if frozen else audited
        before = (earlier, hidden_in(earlier)[1]) if frozen and earlier else None
        for measure, row, withheld in zip(measures, _tied(made, hidden, before), hidden, strict=True):
            for domain, estimate in zip(domains, row, strict=True):
                if domain.shown:
                    yield key, measure.name, domain.key, encode(None if domain.key in withheld else estimate, minimum)


_Before = tuple[str, Sequence[frozenset[str]]]
"""The period before, which was weighted together with one, and of each measure the keys of what is withheld in it."""


def _tied(made: Computed, audited: Sequence[frozenset[str]], before: _Before | None) -> Iterator[list[Estimate]]:
    """The estimates of each measure, with what each group shares with those before it in its breakdown.

    And with itself in the period before. audited: of each measure the keys of what is withheld, of which nothing is
    said.
    """
    from app.estimation.sharing import pairs_of, sharing

    keys, pairs = [domain.key for domain in made.domains], pairs_of(made.domains)
    found, since = sharing(made.sums, pairs), _since(made, before)
    for number, (row, shared, withheld) in enumerate(zip(made.estimates, found, audited, strict=True)):
        beside = defaultdict[int, dict[str, Shared]](dict)
        for (one, other), what in zip(pairs, shared, strict=True):
            if keys[one] not in withheld:
                beside[other][keys[one]] = what
        if before:
            for one, what in enumerate(since[number]):
                if keys[one] not in before[1][number]:
                    beside[one][before[0]] = what
        yield [replace(estimate, shared=beside[number]) for number, estimate in enumerate(row)]


def _since(made: Computed, before: _Before | None) -> list[list[Shared]]:
    """What each group has in common with itself in the period before: [measure][domain]."""
    import numpy as np

    from app.estimation.sharing import sharing

    from .computing import page_blocks

    if before is None:
        return []
    cells = {domain.key: domain.cells for domain in page_blocks(made.stack, before[0]).domains}
    earlier = np.stack([cells[domain.key] for domain in made.domains])
    size = len(earlier)
    both = replace(made.sums, members=np.concatenate([made.sums.members, earlier]))
    return sharing(both, [(one, size + one) for one in range(size)])


def outcomes_document(outcomes: Sequence[Outcome]) -> str:
    """How a weighting went, as it is stored."""
    return msgspec.json.encode([asdict(outcome) for outcome in outcomes]).decode()


def end_periods(now: datetime, to_finish: Callable[[int | None], timedelta]) -> int:
    """Marks the periods that have ended: what is published of them now is what later changes revise. Returns how many.

    Called when nothing waits to be counted. Most often no period has ended since the last time, and it only looks.
    to_finish: how long after a wave's closing those who had begun may send, by the wave's `finish_hours`.
    """
    query = select(PublishedPeriod.wave_id, PublishedPeriod.period, Wave)
    query = query.join(Wave, Wave.id == PublishedPeriod.wave_id).where(PublishedPeriod.ended_at.is_(None))
    found = reading().execute(query).all()
    ended = [(row.wave_id, row.period) for row in found if _end(row.Wave, row.period, to_finish) <= now]
    if ended:
        with writing() as session:
            for wave_id, period in ended:
                at = (PublishedPeriod.wave_id == wave_id, PublishedPeriod.period == period)
                session.execute(update(PublishedPeriod).where(*at).values(ended_at=now))
    return len(ended)


def look_again(now: datetime) -> int:
    """Marks the periods that changed while what was published of them was no edition yet, and is one now.

    What changed on the first day is otherwise told only when something changes again. Returns how many.
    """
    grown = (Edition.replaced_at.is_(None), Edition.published_at <= now - SHORTEST)
    found = reading().execute(select(Edition.wave_id, Edition.period, Edition.published_at).where(*grown)).all()
    early = [(row.wave_id, row.period) for row in found if _made_at(row) < row.published_at + SHORTEST]
    if early:
        with writing() as session:
            for place in early:
                stale.mark(session, *place, 0, 0)
    return len(early)


def _made_at(place: Any) -> datetime:
    """When the estimates of a period were made, all at once."""
    at = (StoredEstimate.wave_id == place.wave_id, StoredEstimate.period == place.period)
    return reading().execute(select(StoredEstimate.refreshed_at).where(*at).limit(1)).scalar() or _NEVER


def _end(wave: Wave, period: str, to_finish: Callable[[int | None], timedelta]) -> datetime:
    """When the last answers of a period can have been sent; what comes after a wave closed counts as at its closing."""
    day, closes_at = period_end(period), wave.closes_at
    end = datetime.combine(day, time(), UTC) if day else _NEVER
    return end if closes_at is None or end <= closes_at else closes_at + to_finish(wave.finish_hours)
