"""The events of a trend in words: what happened when, and how far the line stepped where that was declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.estimation.event_effect import Effect
from app.estimation.figure import Figure
from app.language import in_language

from . import words
from .figures import Named
from .levels import Beside, Told
from .trend import Trend


@dataclass(frozen=True)
class ToldLine:
    """One event of the list. steps: a sentence for each group, where the line may jump."""

    number: int
    day: date
    kind: str
    title: str
    source: str
    declared: bool
    steps: tuple[str, ...]

    @property
    def words(self) -> str:
        """The event and what it changed, in one line."""
        return " ".join((f"{words.day_words(self.day)}{_(': ')}{self.title}.", *self.steps))


def told_lines(trend: Trend, named: Named, beside: Beside) -> list[ToldLine]:
    """Every event of the list in order of time."""
    return [_line(trend, named, told) for told in beside.told]


def _line(trend: Trend, named: Named, told: Told) -> ToldLine:
    steps = [_step(trend.division.label(domain), effect, named) for domain, effect in told.effects.items()]
    event = told.event
    return ToldLine(
        told.number,
        event.date,
        kind_words(event.kind),
        in_language(event.title),
        event.source,
        told.declared,
        tuple(steps),
    )


def kind_words(kind: str) -> str:
    """What sort of event it was."""
    return {
        "statement": _("Joint statement"),
        "visit": _("Summit or visit"),
        "decision": _("Government decision"),
        "accident": _("Accident"),
        "trade": _("Trade"),
    }[kind]


def _step(group: str, effect: Effect, named: Named) -> str:
    low, high = effect.interval
    unit = "net" if named.unit == "share" else named.unit
    return _(
        "%(group)s: a step of %(step)s (95%% interval %(interval)s).",
        group=group,
        step=words.number(effect.value, unit, 1),
        interval=words.interval(Figure(effect.value, effect.se, low, high, 0), unit, 1),
    )
