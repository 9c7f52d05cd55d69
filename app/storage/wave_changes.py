"""Changing a wave: its whole plan until it opens, then when it closes and how long people may finish."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from . import audit
from .base import writing
from .fieldwork_tables import Invitation, Mailing
from .models import Survey, Wave
from .surveys import WaveError, check_key, course, fielded_languages, questionnaire, refuse_overlap, waves

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


FEW_WORDS = r"(?=.*\S)[\w .,()/\u3000（）、。・，．／〜～－-]{1,60}\Z"
"""What mode and population may be."""


class ChangedMeanwhile(WaveError):
    """Somebody has changed the wave since it was shown."""


@dataclass(frozen=True)
class Plan:
    """What can be changed of a wave."""

    key: str
    opens_at: datetime
    closes_at: datetime | None
    time_zone: str
    finish_hours: int | None
    languages: tuple[str, ...]
    invited_only: bool
    probability_sample: bool
    mode: str
    population: str

    @property
    def mark(self) -> str:
        """Names this plan, so that two people who change the wave at once notice."""
        return hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:16]


def plan_of(wave: Wave) -> Plan:
    return Plan(
        wave.key,
        wave.opens_at,
        wave.closes_at,
        wave.time_zone,
        wave.finish_hours,
        fielded_languages(questionnaire(wave.questionnaire_hash), wave.languages),
        wave.invited_only,
        wave.probability_sample,
        wave.mode,
        wave.population,
    )


def change_wave(survey: str, key: str, seen: str, wanted: Plan, now: datetime, by: str) -> bool:
    """Changes a wave that was shown with the plan of the mark `seen`. Returns whether anything is different.

    Of a wave that is open only `closes_at` and `finish_hours` are taken. Raises ChangedMeanwhile, or WaveError: it is
    closed, its languages are in use, the key is taken, or another wave is open then. Its params may name the
    `field` that is wrong.
    """
    with writing() as session:
        session.execute(select(Survey.id).where(Survey.key == survey).with_for_update()).scalar_one()
        found = next((one for one in waves(survey) if one.key == key), None)
        if found is None:
            raise WaveError("The survey has no wave “%(wave)s”.", wave=key, field="key")
        was = plan_of(found)
        if found.closes_at is not None and found.closes_at <= now:
            raise WaveError("The wave “%(wave)s” is closed already.", wave=key, field="closes_at")
        if was.mark != seen:
            raise ChangedMeanwhile("The wave is not the one that was shown.")
        if found.opens_at <= now:
            wanted = replace(was, closes_at=wanted.closes_at, finish_hours=wanted.finish_hours)
        different = _differences(was, wanted)
        if not different:
            return False
        _refuse(session, survey, found, was, wanted, now)
        _write(found, wanted, now)
        audit.append(session, by, "wave.changed", now, survey=survey, wave=key, **different)
        return True


def _differences(was: Plan, wanted: Plan) -> dict[str, str]:
    """What is different, in words of the log, by field."""
    before, after = asdict(was), asdict(wanted)
    told = {name: f"{_told(before[name])} → {_told(after[name])}" for name in before if before[name] != after[name]}
    return {"renamed" if name == "key" else name: text for name, text in told.items()}


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return " ".join(value) if isinstance(value, tuple) else "–" if value is None else str(value)


def _refuse(session: Session, survey: str, found: Wave, was: Plan, wanted: Plan, now: datetime) -> None:
    """Raises WaveError where the wanted plan cannot be."""
    check_key(wanted.key)
    for field in ("mode", "population"):
        said = getattr(wanted, field)
        if said != getattr(was, field) and not re.match(FEW_WORDS, said):
            raise WaveError("Say it in a few words, of at most 60 letters and figures.", field=field)
    if wanted.closes_at is not None and wanted.closes_at <= max(wanted.opens_at, now):
        raise WaveError("The wave would close before it opens.", field="closes_at")
    spoken = questionnaire(found.questionnaire_hash).languages
    for language in wanted.languages:
        if language not in spoken:
            raise WaveError("The questionnaire has no language “%(language)s”.", language=language, field="languages")
    if wanted.languages != was.languages and _is_addressed(session, found.id):
        raise WaveError(
            "The wave has contacts or planned mails in its languages, so these stay as they are.", field="languages"
        )
    others = [one for one in waves(survey) if one.id != found.id]
    refuse_overlap(others, wanted.key, wanted.opens_at, wanted.closes_at, found.synthetic)


def _is_addressed(session: Session, wave_id: int) -> bool:
    invited, planned = (exists().where(one.wave_id == wave_id) for one in (Invitation, Mailing))
    return bool(session.execute(select(or_(invited, planned))).scalar_one())


def _write(found: Wave, wanted: Plan, now: datetime) -> None:
    was_open = found.opens_at <= now
    for name, value in asdict(wanted).items():
        setattr(found, name, " ".join(value) if name == "languages" else value)
    if not was_open:
        found.noted = course(wanted.opens_at, wanted.closes_at, now)
