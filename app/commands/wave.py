"""`flask wave`: fielding periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import click

from app.storage import audit, surveys, wave_changes
from app.storage.models import Wave
from app.storage.wave_changes import Plan, plan_of
from app.zones import ZoneError, check_zone, moment_at

from .base import Group, fail, now, settings

wave = Group("wave", help="Fielding periods: open, change, close.")
# What says each part of a plan.
_OPTIONS = {
    "key": "--key",
    "opens_at": "--opens",
    "closes_at": "--closes",
    "time_zone": "--zone",
    "finish_hours": "--finish-hours",
    "languages": "--language",
    "who": "--who",
    "mode": "--mode",
    "population": "--population",
}
_OF_AN_OPEN_WAVE = ("closes_at", "finish_hours")


@wave.command("open")
@click.argument("survey", metavar="SURVEY")
@click.argument("key", metavar="WAVE")
@click.option("--zone", default="UTC", show_default=True, help="Of the times given here and told, as in Asia/Tokyo.")
@click.option("--opens", type=click.DateTime(), help="By the clocks of the zone; now if left out.")
@click.option("--closes", type=click.DateTime(), help="By the clocks of the zone; open until closed if left out.")
@click.option(
    "--finish-hours", type=click.IntRange(0, 720), help="For who has begun by then; FINISH_HOURS if left out."
)
@click.option("--language", "languages", multiple=True, help="To field it in; may be given again; all if left out.")
@click.option("--invited-only", is_flag=True, help="Only people who are invited can answer.")
@click.option(
    "--probability-sample", is_flag=True, help="The same, and they were drawn as one: the wave has a response rate."
)
@click.option("--mode", default="web", show_default=True)
@click.option("--population", default="opt-in", show_default=True)
def open_(
    survey: str,
    key: str,
    zone: str,
    opens: datetime | None,
    closes: datetime | None,
    finish_hours: int | None,
    languages: tuple[str, ...],
    invited_only: bool,
    probability_sample: bool,
    mode: str,
    population: str,
) -> None:
    """Opens a wave with the newest published version."""
    at = now()
    try:
        check_zone(zone)
        opens_at, closes_at = (typed and moment_at(typed, zone) for typed in (opens, closes))
        surveys.open_wave(
            survey,
            key,
            at,
            opens_at=opens_at,
            closes_at=closes_at,
            mode=mode,
            population=population,
            time_zone=zone,
            languages=languages,
            finish_hours=finish_hours,
            invited_only=invited_only,
            probability_sample=probability_sample,
        )
    except (ZoneError, surveys.WaveError) as error:
        fail(str(error))
    click.echo(f"{survey} {key}: {_state(at, opens_at, closes_at, f'{settings().base_url}/s/{survey}')}")


def _state(at: datetime, opens_at: datetime | None, closes_at: datetime | None, address: str) -> str:
    if closes_at and closes_at <= at:
        return f"closed since {closes_at:%Y-%m-%d at %H:%M} UTC"
    if opens_at and opens_at > at:
        return f"will open on {opens_at:%Y-%m-%d at %H:%M} UTC at {address}"
    return f"open at {address}"


@dataclass(frozen=True)
class _Given:
    """What is to be changed; None or empty: it stays. Times are by the clocks of the zone."""

    key: str | None
    time_zone: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    finish_hours: int | None
    languages: tuple[str, ...]
    who: str | None
    mode: str | None
    population: str | None


@wave.command("change")
@click.argument("survey", metavar="SURVEY")
@click.argument("wave_key", metavar="WAVE")
@click.option("--key", help="Another key for it.")
@click.option("--zone", "time_zone", help="Of the times given here and told; a time that is not given here stays.")
@click.option("--opens", "opens_at", type=click.DateTime(), help="By the clocks of the zone.")
@click.option("--closes", "closes_at", type=click.DateTime(), help="By the clocks of the zone.")
@click.option("--no-closing", is_flag=True, help="Open until closed by hand.")
@click.option("--finish-hours", type=click.IntRange(0, 720), help="For who has begun when it closes.")
@click.option("--language", "languages", multiple=True, help="To field it in, in place of all; may be given again.")
@click.option("--who", type=click.Choice(["everybody", "invited", "sample"]), help="Who can answer.")
@click.option("--mode")
@click.option("--population")
def change(survey: str, wave_key: str, no_closing: bool, **options: str | int | datetime | tuple[str, ...]) -> None:
    """Changes a planned wave until it opens; of an open one the closing time and the hours to finish in."""
    given, at = _Given(**options), now()  # type: ignore[arg-type]
    found = _changeable(survey, wave_key, at)
    if found.opens_at <= at:
        _refuse_but_the_end(given)
    if no_closing and given.closes_at:
        fail("--no-closing: it cannot stand with --closes.")
    was = plan_of(found)
    wanted = _wanted(was, given, no_closing, found, at)
    try:
        is_different = wave_changes.change_wave(survey, wave_key, was.mark, wanted, at, audit.COMMAND_LINE)
    except wave_changes.ChangedMeanwhile:
        fail("Somebody has changed the wave at this moment. Look at it, and try again.")
    except surveys.WaveError as error:
        fail(f"{_OPTIONS[str(error.params.get('field', 'key'))]}: {error}")
    told = "changed" if is_different else "nothing is different"
    state = _state(at, wanted.opens_at, wanted.closes_at, f"{settings().base_url}/s/{survey}")
    click.echo(f"{survey} {wanted.key}: {told}; {state}")


def _changeable(survey: str, key: str, at: datetime) -> Wave:
    found = surveys.wave(survey, key)
    if found is None:
        fail(f"The survey has no wave “{key}”.")
    if found.synthetic:
        fail(f"The wave “{key}” is synthetic: nobody answers it, and it is not changed.")
    if found.closes_at is not None and found.closes_at <= at:
        fail(f"The wave “{key}” is closed already.")
    return found


def _refuse_but_the_end(given: _Given) -> None:
    for name, option in _OPTIONS.items():
        if getattr(given, name) not in (None, ()) and name not in _OF_AN_OPEN_WAVE:
            fail(f"{option}: the wave is open, so only --closes, --no-closing and --finish-hours can be given.")


def _wanted(was: Plan, given: _Given, no_closing: bool, found: Wave, at: datetime) -> Plan:
    """The plan with what is given. Ends the command where a time is none, or past."""
    zone = given.time_zone or was.time_zone
    try:
        check_zone(zone)
    except ZoneError as error:
        fail(f"--zone: {error}")
    opens_at, closes_at = (
        _moment(_OPTIONS[name], getattr(given, name), zone, at) or getattr(was, name)
        for name in ("opens_at", "closes_at")
    )
    spoken = surveys.questionnaire(found.questionnaire_hash).languages
    languages = sorted(set(given.languages), key=lambda one: spoken.index(one) if one in spoken else len(spoken))
    plan = replace(
        was,
        key=was.key if given.key is None else given.key,
        opens_at=opens_at,
        closes_at=None if no_closing else closes_at,
        time_zone=zone,
        finish_hours=was.finish_hours if given.finish_hours is None else given.finish_hours,
        languages=tuple(languages) or was.languages,
        mode=was.mode if given.mode is None else given.mode,
        population=was.population if given.population is None else given.population,
    )
    if given.who is None:
        return plan
    return replace(plan, invited_only=given.who != "everybody", probability_sample=given.who == "sample")


def _moment(option: str, shown: datetime | None, zone: str, at: datetime) -> datetime | None:
    """The point in time that an option says, which is to come."""
    if shown is None:
        return None
    try:
        moment = moment_at(shown, zone)
    except ZoneError as error:
        fail(f"{option}: {error}")
    if moment <= at:
        fail(f"{option}: This time is past.")
    return moment


@wave.command("close")
@click.argument("survey", metavar="SURVEY")
@click.argument("key", metavar="WAVE")
def close(survey: str, key: str) -> None:
    """Closes a wave: nobody can begin to answer it. Who has begun may finish within FINISH_HOURS."""
    at = now()
    try:
        surveys.close_wave(survey, key, at)
    except surveys.WaveError as error:
        fail(str(error))
    closed = surveys.wave(survey, key)
    within = settings().to_finish(closed.finish_hours if closed else None)
    was_open = closed is not None and closed.opens_at != closed.closes_at
    told = f"; who has begun can send until {at + within:%Y-%m-%d at %H:%M} UTC" if within and was_open else ""
    click.echo(f"{survey} {key}: closed{told}")
