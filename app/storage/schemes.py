"""The weighting schemes of surveys: published under a hash, and current until the survey's file is published anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select, update

from app.questionnaire.scheme import FrozenScheme

from . import audit, stale
from .base import insert, reading, rows_changed, writing
from .models import PublishedScheme, Survey, Wave


@dataclass(frozen=True)
class Publication:
    """What publishing a scheme did. is_new: no scheme of this content had been published."""

    key: str
    hash: str
    is_new: bool


def publish(
    survey: str, schemes: Sequence[FrozenScheme], now: datetime, by: str = audit.COMMAND_LINE
) -> list[Publication]:
    """Makes these the schemes of a survey, in this order; the first is the one that pages show.

    If it is another than before, all periods of the survey are stale then, for estimates by it are what is stored.
    Raises LookupError: no such survey.
    """
    with writing() as session:
        survey_id = session.execute(select(Survey.id).where(Survey.key == survey).with_for_update()).scalar()
        if survey_id is None:
            raise LookupError(survey)
        # A refresh that runs reads the schemes that were; it ends before its periods are marked.
        session.execute(select(Wave.id).where(Wave.survey_id == survey_id).with_for_update(key_share=True)).all()
        before = current(survey)
        done = []
        for scheme in schemes:
            frozen = insert(PublishedScheme).values(
                hash=scheme.hash,
                survey_id=survey_id,
                key=scheme.scheme.key,
                document=scheme.document,
                published_at=now,
                position=None,
            )
            new = bool(rows_changed(session, frozen.on_conflict_do_nothing()))
            done.append(Publication(scheme.scheme.key, scheme.hash, new))
        if [scheme.hash for scheme in before] != [scheme.hash for scheme in schemes]:
            session.execute(update(PublishedScheme).where(PublishedScheme.survey_id == survey_id).values(position=None))
            for position, scheme in enumerate(schemes):
                at = PublishedScheme.hash == scheme.hash
                session.execute(update(PublishedScheme).where(at).values(position=position))
            if changed := _reason(before, schemes):
                stale.mark_survey(session, survey_id, changed)
            for one in done:
                audit.append(session, by, "scheme.published", now, survey=survey, scheme=one.key, hash=one.hash)
        return done


def _reason(before: Sequence[FrozenScheme], after: Sequence[FrozenScheme]) -> int:
    """Why the estimates by the scheme that pages show change; 0 if they do not."""
    old, new = (next(iter(listed), None) for listed in (before, after))
    if old is None or new is None:
        return 0 if old is new else stale.SCHEME
    if old.hash == new.hash:
        return 0
    return stale.TARGETS if old.scheme == new.scheme else stale.SCHEME


def current(survey: str) -> list[FrozenScheme]:
    """The schemes of a survey; the first is the one that pages show."""
    return [_frozen(row.document) for row in _current(survey)]


def _current(survey: str) -> Sequence[PublishedScheme]:
    query = (
        select(PublishedScheme)
        .join(Survey, Survey.id == PublishedScheme.survey_id)
        .where(Survey.key == survey, PublishedScheme.position.is_not(None))
        .order_by(PublishedScheme.position)
    )
    return reading().execute(query).scalars().all()


@lru_cache(maxsize=64)
def _frozen(document: str) -> FrozenScheme:
    return FrozenScheme.model_validate_json(document)
