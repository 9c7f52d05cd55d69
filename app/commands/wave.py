"""`flask wave`: fielding periods."""

from __future__ import annotations

from datetime import datetime

import click

from app.storage import surveys
from app.zones import ZoneError, check_zone, moment_at

from .base import Group, fail, now, settings

wave = Group("wave", help="Fielding periods: open, close.")


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
