"""Surveys, their published questionnaires and their waves."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from app.questionnaire.model import Questionnaire, from_canonical

from . import audit
from .audit import COMMAND_LINE, SCHEDULER
from .base import insert, looking, reading, rows_changed, writing
from .models import PublishedQuestionnaire, Survey, Wave

# Published versions never change, so a process needs to read each one once.
_WAVE_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")

_documents: dict[str, str] = {}


class WaveError(ValueError):
    """A wave that cannot be opened or closed. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


@dataclass(frozen=True)
class SurveyState:
    """A survey with its newest version, and its wave: the open one, else the next, else the last."""

    key: str
    questionnaire: Questionnaire
    wave: Wave | None
    is_open: bool
    opens_later: bool


def publish(questionnaire: Questionnaire, now: datetime, by: str = COMMAND_LINE) -> bool:
    """Freezes a version. Publishing the same content again changes nothing; returns whether it was new."""
    with writing() as session:
        session.execute(insert(Survey).values(key=questionnaire.survey, created_at=now).on_conflict_do_nothing())
        survey_id = session.execute(select(Survey.id).where(Survey.key == questionnaire.survey)).scalar_one()
        frozen = insert(PublishedQuestionnaire).values(
            hash=questionnaire.hash, survey_id=survey_id, document=questionnaire.canonical, published_at=now
        )
        is_new = bool(rows_changed(session, frozen.on_conflict_do_nothing()))
        if is_new:
            version = questionnaire.hash
            audit.append(session, by, "version.published", now, survey=questionnaire.survey, version=version)
        return is_new


def questionnaire(version: str) -> Questionnaire:
    """A published version by its hash. Raises LookupError."""
    if version not in _documents:
        document = (
            reading()
            .execute(select(PublishedQuestionnaire.document).where(PublishedQuestionnaire.hash == version))
            .scalar()
        )
        if document is None:
            raise LookupError(version)
        _documents[version] = document
    return from_canonical(_documents[version])


def latest_questionnaire(survey: str) -> Questionnaire | None:
    """The version of a survey that was published last, or None where there is no such survey."""
    versions = published_versions(survey)
    return questionnaire(versions[0][0]) if versions else None


def published_versions(survey: str) -> list[tuple[str, datetime]]:
    """Hash and time of every published version, the newest first."""
    query = (
        select(PublishedQuestionnaire.hash, PublishedQuestionnaire.published_at)
        .join(Survey, Survey.id == PublishedQuestionnaire.survey_id)
        .where(Survey.key == survey)
        .order_by(PublishedQuestionnaire.published_at.desc(), PublishedQuestionnaire.hash)
    )
    return [(row.hash, row.published_at) for row in reading().execute(query)]


def versions(survey: str) -> list[Questionnaire]:
    """Every published version of a survey in order of publication."""
    return [questionnaire(version) for version, _ in reversed(published_versions(survey))]


def versions_beginning(prefix: str) -> list[str]:
    """The hashes of published versions, of whichever survey, that begin with a prefix of hexadecimal figures."""
    matching = PublishedQuestionnaire.hash.startswith(prefix, autoescape=True)
    query = select(PublishedQuestionnaire.hash).where(matching).order_by(PublishedQuestionnaire.hash)
    return list(reading().execute(query).scalars())


def survey_keys() -> list[str]:
    """The keys of all surveys, in the order in which they came."""
    return list(reading().execute(select(Survey.key).order_by(Survey.id)).scalars())


def survey_state(survey: str, now: datetime) -> SurveyState | None:
    """What a respondent finds under a survey's address; None where there is no such survey."""
    newest = latest_questionnaire(survey)
    if newest is None:
        return None
    real = [wave for wave in waves(survey) if not wave.synthetic]
    current = next((wave for wave in reversed(real) if is_open(wave, now)), None)
    if current:
        return SurveyState(survey, newest, current, True, False)
    later = next((wave for wave in real if wave.opens_at > now), None)
    return SurveyState(survey, newest, later or (real[-1] if real else None), False, later is not None)


@dataclass(frozen=True)
class Opened:
    """The wave that takes responses, with what it fields, and in which of its languages."""

    wave_id: int
    questionnaire: Questionnaire
    languages: tuple[str, ...]
    invited_only: bool


def fielded_languages(questionnaire: Questionnaire, languages: str) -> tuple[str, ...]:
    """The languages of a questionnaire in which a wave fields it: those named, or all."""
    chosen = languages.split()
    return tuple(one for one in questionnaire.languages if one in chosen) or tuple(questionnaire.languages)


_OPEN = (
    select(Wave.id, Wave.questionnaire_hash, Wave.languages, Wave.invited_only)
    .join(Survey, Survey.id == Wave.survey_id)
    .where(Survey.key == bindparam("survey"), Wave.synthetic.is_(False), Wave.opens_at <= bindparam("now"))
    .where(or_(Wave.closes_at.is_(None), Wave.closes_at > bindparam("now")))
    .order_by(Wave.opens_at.desc())
    .limit(1)
)


def open_now(survey: str, now: datetime) -> Opened | None:
    """The wave that takes responses at a moment, if any."""
    with looking() as connection:
        row = connection.one(_OPEN, {"survey": survey, "now": now})
    if row is None:
        return None
    fielded = questionnaire(row[1])
    return Opened(row[0], fielded, fielded_languages(fielded, row[2]), bool(row[3]))


def is_open(wave: Wave, now: datetime) -> bool:
    """Whether a wave takes responses at a moment."""
    return wave.opens_at <= now and (wave.closes_at is None or now < wave.closes_at)


def waves(survey: str) -> list[Wave]:
    """The waves of a survey by opening time."""
    query = select(Wave).join(Survey, Survey.id == Wave.survey_id).where(Survey.key == survey)
    return list(reading().execute(query.order_by(Wave.opens_at, Wave.id)).scalars())


def wave(survey: str, key: str) -> Wave | None:
    """A wave by its survey and key."""
    return next((wave for wave in waves(survey) if wave.key == key), None)


def wave_by_id(wave_id: int) -> Wave:
    """A wave that there is."""
    return reading().execute(select(Wave).where(Wave.id == wave_id)).scalar_one()


def open_wave(
    survey: str,
    key: str,
    now: datetime,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    mode: str = "web",
    population: str = "opt-in",
    synthetic: bool = False,
    time_zone: str = "UTC",
    languages: Collection[str] = (),
    finish_hours: int | None = None,
    invited_only: bool = False,
    probability_sample: bool = False,
    by: str = COMMAND_LINE,
) -> int:
    """Opens a wave with the newest version, at once unless `opens_at` says otherwise. Returns its id.

    `languages`: those to field it in; none for all. `finish_hours`: for who has begun when it closes; None for what the
    settings say. `probability_sample`: then only people who are invited can answer, too. Raises WaveError: no such
    survey, the version has not such a language, the key is taken, or another wave is open at that time.
    """
    opens_at = opens_at or now
    check_key(key)
    newest = latest_questionnaire(survey)
    if newest is None:
        raise WaveError("There is no survey “%(survey)s”.", survey=survey)
    if closes_at is not None and closes_at <= opens_at:
        raise WaveError("The wave would close before it opens.")
    for language in languages:
        if language not in newest.languages:
            raise WaveError("The questionnaire has no language “%(language)s”.", language=language)
    with writing() as session:
        survey_id = session.execute(select(Survey.id).where(Survey.key == survey).with_for_update()).scalar_one()
        refuse_overlap(waves(survey), key, opens_at, closes_at, synthetic)
        made = Wave(
            survey_id=survey_id,
            key=key,
            questionnaire_hash=newest.hash,
            mode=mode,
            population=population,
            opens_at=opens_at,
            closes_at=closes_at,
            synthetic=synthetic,
            time_zone=time_zone,
            languages=" ".join(one for one in newest.languages if one in languages),
            finish_hours=finish_hours,
            invited_only=invited_only or probability_sample,
            probability_sample=probability_sample,
            noted=course(opens_at, closes_at, now),
        )
        session.add(made)
        session.flush()
        audit.append(session, by, "wave.opened", now, survey=survey, wave=key)
        return made.id


def course(opens_at: datetime, closes_at: datetime | None, now: datetime) -> str:
    """How far a wave has come at a moment, as the scheduler notes it."""
    return "closed" if closes_at and closes_at <= now else "open" if opens_at <= now else "planned"


def check_key(key: str) -> None:
    """Raises WaveError where a wave cannot have this key."""
    if not _WAVE_KEY.fullmatch(key):
        raise WaveError("Give the wave a key of lower-case letters, figures and hyphens, at most 60, as in 2026-11.")


def refuse_overlap(
    others: list[Wave], key: str, opens_at: datetime, closes_at: datetime | None, synthetic: bool
) -> None:
    """One real wave at a time; synthetic ones, which nobody answers, may lie anywhere. Raises WaveError, whose params
    may name the `field` that is wrong."""
    for other in others:
        if other.key == key:
            raise WaveError("The survey has a wave “%(wave)s” already.", wave=key)
        before = closes_at is not None and closes_at <= other.opens_at
        after = other.closes_at is not None and other.closes_at <= opens_at
        if not (synthetic or other.synthetic or before or after):
            raise WaveError(
                "The wave “%(wave)s” is open in that time too, and only one can be. Choose other times, or close"
                " that one first.",
                wave=other.key,
                field="closes_at" if other.opens_at > opens_at else "opens_at",
            )


def close_wave(survey: str, key: str, now: datetime, by: str = COMMAND_LINE) -> None:
    """Closes an open wave, or cancels one that has not opened. Raises WaveError: there is none, or it is closed."""
    found = wave(survey, key)
    if found is None:
        raise WaveError("The survey has no wave “%(wave)s”.", wave=key)
    if found.closes_at is not None and found.closes_at <= now:
        raise WaveError("The wave “%(wave)s” is closed already.", wave=key)
    with writing() as session:
        # A cancelled wave never was: it leaves no future that others would have to keep clear of.
        begin = min(now, found.opens_at)
        session.execute(update(Wave).where(Wave.id == found.id).values(opens_at=begin, closes_at=now, noted="closed"))
        audit.append(session, by, "wave.closed", now, survey=survey, wave=key)


def note_course(now: datetime) -> int:
    """Writes into the audit log which planned waves have opened and closed. Returns how many entries that made.

    Whether a wave takes answers follows from its times alone, to the second: nobody waits for this.
    """
    due = select(Wave.id, Wave.key, Survey.key.label("survey")).join(Survey, Survey.id == Wave.survey_id)
    due = due.where(Wave.synthetic.is_(False)).order_by(Wave.id)
    opened = due.where(Wave.noted == "planned", Wave.opens_at <= now)
    closed = due.where(Wave.noted == "open", Wave.closes_at <= now)
    return sum(
        _note(found.id, before, after, found.survey, found.key, now)
        for before, after, query in (("planned", "open", opened), ("open", "closed", closed))
        for found in reading().execute(query).all()
    )


def _note(wave_id: int, before: str, after: str, survey: str, key: str, now: datetime) -> int:
    with writing() as session:
        taken = update(Wave).where(Wave.id == wave_id, Wave.noted == before).values(noted=after)
        if not rows_changed(session, taken):
            return 0
        action = {"open": "wave.began", "closed": "wave.ended"}[after]
        audit.append(session, SCHEDULER, action, now, survey=survey, wave=key)
        return 1
