"""Synthetic waves and their responses, as one thing: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from . import bulk, surveys
from .base import writing
from .models import Survey, Wave

MARK = "synthetic"


class Span(NamedTuple):
    """A synthetic wave to be."""

    key: str
    opens_at: datetime
    closes_at: datetime


def add(survey: str, version: str, spans: Sequence[Span], rows: Iterable[tuple[int, Iterable[bulk.Finished]]]) -> int:
    """Opens waves of a survey with one version of its questionnaire, and adds rows to the wave of their number.

    One transaction, so that of a load that dies nothing is left. Returns how many responses came. Raises
    surveys.WaveError where there is such a wave already.
    """
    with writing() as session:
        survey_id = session.execute(select(Survey.id).where(Survey.key == survey).with_for_update()).scalar_one()
        for span in spans:
            if surveys.wave(survey, span.key):
                raise surveys.WaveError("The survey has a wave “%(wave)s” already.", wave=span.key)
        fixed = {"survey_id": survey_id, "questionnaire_hash": version, "mode": MARK, "population": MARK}
        waves = [Wave(**fixed, **span._asdict(), synthetic=True) for span in spans]
        session.add_all(waves)
        session.flush()
        return sum(bulk.put(session, waves[number].id, batch) for number, batch in rows)
