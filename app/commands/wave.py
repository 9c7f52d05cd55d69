"""`flask wave`: fielding periods."""

from __future__ import annotations

from datetime import datetime

import click

from app.storage import surveys

from .base import Group, fail, in_utc, now, settings

wave = Group("wave", help="Fielding periods: open, close.")


@wave.command("open")
@click.argument("survey", metavar="SURVEY")
@click.argument("key", metavar="WAVE")
@click.option("--opens", type=click.DateTime(), help="UTC; now if left out.")
@click.option("--closes", type=click.DateTime(), help="UTC; open until closed if left out.")
@click.option("--mode", default="web", show_default=True)
@click.option("--population", default="opt-in", show_default=True)
def open_(survey: str, key: str, opens: datetime | None, closes: datetime | None, mode: str, population: str) -> None:
    """Opens a wave with the newest published version."""
    opens_at, closes_at = opens and in_utc(opens), closes and in_utc(closes)
    at = now()
    try:
        surveys.open_wave(survey, key, at, opens_at=opens_at, closes_at=closes_at, mode=mode, population=population)
    except surveys.WaveError as error:
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
    closed, within = surveys.wave(survey, key), settings().finish_within
    was_open = closed is not None and closed.opens_at != closed.closes_at
    told = f"; who has begun can send until {at + within:%Y-%m-%d at %H:%M} UTC" if within and was_open else ""
    click.echo(f"{survey} {key}: closed{told}")
