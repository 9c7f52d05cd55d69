"""What stands beside the estimates of a trend: the line with its band, significant changes, and events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.estimation.difference import Difference, changes_since
from app.estimation.event_effect import Effect
from app.estimation.series import Point, Stretch
from app.estimation.trend_line import LevelAt, Observed, step_at, trend_line
from app.events import events
from app.questionnaire.events import Event

from .asked import Survey
from .figures import Named
from .trend import Place, Trend

Stretches = Mapping[str, list[Stretch]]
At = tuple[str, Place]
"""A domain at a wave and period."""


@dataclass(frozen=True)
class Told:
    """An event in the time of a trend, by its number. effects: the step at a declared one, by domain."""

    number: int
    event: Event
    declared: bool
    effects: dict[str, Effect]


@dataclass(frozen=True)
class Beside:
    """All of it for one figure of a trend. told: the events in its time."""

    levels: dict[At, LevelAt]
    changes: dict[At, Difference]
    told: list[Told]


def beside(trend: Trend, named: Named) -> Beside:
    """What stands beside the estimates of a figure."""
    steps = declared_days(trend.survey, trend.variable.name)
    return Beside(
        levels(trend.stretches, trend.days, named, steps),
        changes(trend.stretches, named.code),
        told(trend, named),
    )


def levels(stretches: Stretches, days: Mapping[Place, float], named: Named, steps: list[float]) -> dict[At, LevelAt]:
    """The line of every domain, of each stretch for itself. steps: the days of declared events."""
    found: dict[At, LevelAt] = {}
    for domain, listed in stretches.items():
        for stretch in listed:
            observed = list(_observed(stretch, days, named.code))
            line = trend_line([one for _, one in observed], named.unit, named.bounds, steps) if observed else None
            found.update({(domain, place): at for (place, _), at in zip(observed, line or [], strict=False)})
    return found


def changes(stretches: Stretches, code: str) -> dict[At, Difference]:
    """The change of a figure against the wave before it, wherever the two compare."""
    return {
        (domain, _place(point)): change
        for domain, listed in stretches.items()
        for stretch, row in zip(listed, changes_since(listed, code), strict=True)
        for point, change in zip(stretch.points, row, strict=True)
        if change
    }


def _observed(stretch: Stretch, days: Mapping[Place, float], code: str) -> Iterator[tuple[Place, Observed]]:
    for point in stretch.points:
        figure = point.estimate.figures.get(code) if point.estimate else None
        if figure and point.estimate:
            place = _place(point)
            yield place, Observed(days[place], figure, point.estimate.effective_n)


def _place(point: Point) -> Place:
    return point.wave, point.period


def declared_days(survey: Survey, name: str) -> list[float]:
    """The days on which the line of a question may jump."""
    return [float(event.date.toordinal()) for event in events() if _declared(event, survey, name)]


def told(trend: Trend, named: Named) -> list[Told]:
    """The events between the first and the last estimate of a trend."""
    if not trend.days:
        return []
    first, last = trend.days[trend.places[0]], trend.days[trend.places[-1]]
    within = [event for event in events() if first <= event.date.toordinal() <= last]
    return [_told(trend, named, number, event) for number, event in enumerate(within, 1)]


def _told(trend: Trend, named: Named, number: int, event: Event) -> Told:
    declared = _declared(event, trend.survey, trend.variable.name)
    effects = {}
    if declared:
        for domain, listed in trend.stretches.items():
            for stretch in listed:
                observed = [one for _, one in _observed(stretch, trend.days, named.code)]
                day = float(event.date.toordinal())
                if observed and (effect := step_at(observed, named.unit, named.bounds, day)):
                    effects[domain] = effect
    return Told(number, event, declared, effects)


def _declared(event: Event, survey: Survey, name: str) -> bool:
    variable = survey.variable(name)
    own = {f"{survey.key}/{known}" for known in survey.names(name)}
    return bool(own & set(event.affects)) or bool(variable and variable.action in event.affects)
