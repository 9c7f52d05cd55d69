"""One survey: its versions, its waves, and how many people answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import abort, current_app, render_template, request

from app.accounts.access import current
from app.accounts.roles import TO_ORGANIZE
from app.questionnaire.model import Questionnaire
from app.storage import surveys, tallies, watching
from app.storage.models import Wave

from .days import DayChart, day_chart


@dataclass(frozen=True)
class WaveLine:
    """A wave in the list. finish_by: until when those who have begun may finish, where that is yet to come."""

    wave: Wave
    state: str
    finish_by: datetime | None
    responses: int


@dataclass(frozen=True)
class Days:
    """Responses per day, of the tallies: each (day, wave, n), the newest first, and the same as bars."""

    rows: list[tuple[date, str, int]]
    chart: DayChart | None

    @property
    def total(self) -> int:
        return sum(n for _, _, n in self.rows)


def survey(key: str) -> str:
    """Waves, responses per day and versions; synthetic waves apart from real ones."""
    now = datetime.now(UTC)
    state = known(key, now)
    all_waves = surveys.waves(key)
    synthetic = request.args.get("waves") == "synthetic"
    waves = [wave for wave in all_waves if wave.synthetic == synthetic]
    days = _days(waves, now)
    responses = Counter[str]()
    for _, wave, n in days.rows:
        responses[wave] += n
    return render_template(
        "organize/survey.html",
        state=state,
        organizes=current().grants.on(key, TO_ORGANIZE),
        now=now,
        synthetic=synthetic,
        has_synthetic=any(wave.synthetic for wave in all_waves),
        waves=[
            WaveLine(wave, wave_state(wave, now), finish_by(wave, now), responses[wave.key]) for wave in reversed(waves)
        ],
        days=days,
        waiting=tallies.waiting(),
        versions=_versions(key, waves),
    )


def known(key: str, now: datetime) -> surveys.SurveyState:
    """The survey of an address, else 404. Not every text of an address is one that a database takes."""
    state = surveys.survey_state(key, now) if key in surveys.survey_keys() else None
    return state or abort(404)


def wave_state(wave: Wave, now: datetime) -> str:
    """Open, later, finishing, closed, or never when it was closed before it opened."""
    if surveys.is_open(wave, now):
        return "open"
    if wave.closes_at == wave.opens_at:
        return "never"
    if wave.opens_at > now:
        return "later"
    return "finishing" if finish_by(wave, now) else "closed"


def finish_by(wave: Wave, now: datetime) -> datetime | None:
    """Until when those who have begun may finish, of a wave that closed a while ago; None for any other."""
    within: timedelta = current_app.extensions["settings"].to_finish(wave.finish_hours)
    if wave.closes_at is None or wave.synthetic or not wave.opens_at < wave.closes_at <= now < wave.closes_at + within:
        return None
    return wave.closes_at + within


def _days(waves: list[Wave], now: datetime) -> Days:
    keys = {wave.id: wave.key for wave in waves}
    found = watching.completes(list(keys))
    rows = sorted(((day, keys[wave_id], n) for wave_id, day, n in found), reverse=True)
    if not rows:
        return Days([], None)
    per_day = Counter[date]()
    for day, _, n in rows:
        per_day[day] += n
    # While a wave is open the days without a response up to today are news; afterwards they are not.
    running = any(surveys.is_open(wave, now) for wave in waves)
    last = max(rows[0][0], now.date()) if running else rows[0][0]
    return Days(rows, day_chart(per_day, last))


def _versions(key: str, waves: list[Wave]) -> list[tuple[Questionnaire, datetime, list[str]]]:
    """Every version, the newest first, with when it was published and the waves that field it."""
    return [
        (surveys.questionnaire(version), published_at, [w.key for w in waves if w.questionnaire_hash == version])
        for version, published_at in surveys.published_versions(key)
    ]
