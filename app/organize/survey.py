"""One survey: its versions, its waves, and how many people answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Response, abort, render_template, request

from app.accounts.access import require
from app.accounts.account import ORGANIZER
from app.interchange.yaml_file import write_questionnaire
from app.questionnaire.model import Questionnaire
from app.storage import surveys, tallies
from app.storage.models import Wave

from .days import DayChart, day_chart


@dataclass(frozen=True)
class WaveLine:
    """A wave in the list. `state`: open, later, closed, or never when it was closed before it opened."""

    wave: Wave
    state: str
    responses: int


@dataclass(frozen=True)
class Days:
    """Responses per day, of the tallies: each (day, wave, n), the newest first, and the same as bars."""

    rows: list[tuple[date, str, int]]
    chart: DayChart | None

    @property
    def total(self) -> int:
        return sum(n for _, _, n in self.rows)


@require(ORGANIZER)
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
        now=now,
        synthetic=synthetic,
        has_synthetic=any(wave.synthetic for wave in all_waves),
        waves=[WaveLine(wave, wave_state(wave, now), responses[wave.key]) for wave in reversed(waves)],
        days=days,
        waiting=tallies.waiting(),
        versions=_versions(key, waves),
    )


def known(key: str, now: datetime) -> surveys.SurveyState:
    """The survey of an address, else 404. Not every text of an address is one that a database takes."""
    state = surveys.survey_state(key, now) if key in surveys.survey_keys() else None
    return state or abort(404)


def wave_state(wave: Wave, now: datetime) -> str:
    if surveys.is_open(wave, now):
        return "open"
    if wave.closes_at == wave.opens_at:
        return "never"
    return "later" if wave.opens_at > now else "closed"


def _days(waves: list[Wave], now: datetime) -> Days:
    keys = {wave.id: wave.key for wave in waves}
    found = tallies.completes(list(keys))
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


@require(ORGANIZER)
def version_file(key: str, version: str) -> Response:
    """A published version as the YAML file from which the same version is read."""
    known(key, datetime.now(UTC))
    if version not in dict(surveys.published_versions(key)):
        abort(404)
    response = Response(write_questionnaire(surveys.questionnaire(version)), mimetype="application/yaml")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{version[:12]}.yaml"'
    return response
