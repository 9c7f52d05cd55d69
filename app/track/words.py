"""Numbers and periods as a reader meets them, in the reader's language."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from babel.dates import format_date, format_skeleton
from flask_babel import gettext as _

from app.estimation.difference import Difference
from app.estimation.figure import Figure
from app.estimation.period import period_start
from app.estimation.series import Reason
from app.estimation.trend_line import LevelAt
from app.language import select

from .axis import Tick

Unit = Literal["share", "net", "mean"]


def number(value: float, unit: Unit, digits: int = 0) -> str:
    """A share as "62%", a net share as "+24" (points of a hundred), a mean as "3.41"."""
    if unit == "share":
        return f"{value * 100:.{digits}f}%"
    if unit == "net":
        return f"{value * 100:+.{digits}f}".replace("-", "−")
    return f"{value:.2f}".replace("-", "−")


def interval(figure: Figure, unit: Unit, digits: int = 0) -> str:
    """The 95 % interval, "59–65%"; empty where none can be given."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = number(figure.low, unit, digits), number(figure.high, unit, digits)
    if unit == "share":
        return f"{low.removesuffix('%')}–{high}"
    return _("%(low)s to %(high)s", low=low, high=high)


def signed(value: float, unit: Unit) -> str:
    """A difference with its sign: "+6.1" points of a hundred, or "+0.31" of a mean."""
    return number(value, "net", 1) if unit != "mean" else f"{value:+.2f}".replace("-", "−")


def signed_interval(difference: Difference, unit: Unit) -> str:
    """The 95 % interval of a difference; empty where none can be given."""
    if difference.low is None or difference.high is None:
        return ""
    return _("%(low)s to %(high)s", low=signed(difference.low, unit), high=signed(difference.high, unit))


def distance(value: float, unit: Unit) -> str:
    """How far two figures are apart, without a sign: "6.1 points", or "0.31" of a mean."""
    if unit == "mean":
        return f"{abs(value):.2f}"
    return _("%(points)s points", points=f"{abs(value) * 100:.1f}")


def change_words(change: Difference, unit: Unit) -> str:
    """A significant change in words, with the mark that the chart has for it; empty for one that is not."""
    if not change.significant:
        return ""
    if change.value > 0:
        return _("↑ up %(distance)s on the wave before", distance=distance(change.value, unit))
    return _("↓ down %(distance)s on the wave before", distance=distance(change.value, unit))


def band(level: LevelAt, unit: Unit) -> str:
    """Where the line stands, with its band: "41.9% (39.8–44.0%)"."""
    around = Figure(level.value, None, level.low, level.high, 0)
    return _("%(value)s (%(band)s)", value=number(level.value, unit, 1), band=interval(around, unit, 1))


def share_interval(figure: Figure) -> str:
    """The interval of a share in whole per cent."""
    return interval(figure, "share")


def period_words(period: str) -> str:
    """A period in words, "November 2026"; a wave's key as it is."""
    return _period_words(period, select())


def day_words(day: date) -> str:
    """A day, "7 February 2025"."""
    language = select()
    return str(format_date(day, "long" if language == "ja" else "d MMMM y", locale=language))


@lru_cache(maxsize=2048)
def _period_words(period: str, language: str) -> str:
    start = period_start(period)
    if start is None:
        return period
    if len(period) == len("2026-11"):
        return str(format_skeleton("yMMMM", start, locale=language))
    day = str(format_date(start, "long", locale=language))
    return _("Week from %(day)s", day=day) if "W" in period else day


def tick_words(tick: Tick) -> tuple[str, str]:
    """What stands at a tick of the time axis, and below it where a year or month begins."""
    return _tick_words(tick, select())


@lru_cache(maxsize=2048)
def _tick_words(tick: Tick, language: str) -> tuple[str, str]:
    def in_form(skeleton: str) -> str:
        return str(format_skeleton(skeleton, tick.day, locale=language))

    if tick.step == "year":
        return in_form("y"), ""
    if tick.step == "month":
        return in_form("MMM"), in_form("y") if tick.opens else ""
    return in_form("d"), in_form("yMMM") if tick.opens else ""


def reason_words(reason: Reason, synthetic_after: bool) -> str:
    """Why the points before and after a break cannot be compared."""
    if reason == "questionnaire":
        return _("Wording changed")
    if reason == "mode":
        return _("Mode changed")
    if reason == "population":
        return _("Population changed")
    if reason == "weighting":
        return _("Weighting changed")
    return _("Synthetic from here") if synthetic_after else _("Real from here")
