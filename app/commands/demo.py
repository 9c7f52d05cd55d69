"""`flask demo`: a site to look at before anybody has answered."""

from __future__ import annotations

import click

from .base import Group, now, settings

demo = Group("demo", help="Synthetic waves, marked as such everywhere.")


@demo.command("load")
@click.option("--responses", "count", default=20_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
@click.option("--survey", default="domestic-diplomacy", show_default=True, help="The survey's key.")
def load(count: int, seed: int, survey: str) -> None:
    """Synthetic waves of a survey over the last 24 months, and their roll-up."""
    from app.synthetic.load import load as load_waves  # Web workers, which read this file too, do not need it.

    click.echo(load_waves(settings(), count, seed, now(), survey, say=click.echo))
