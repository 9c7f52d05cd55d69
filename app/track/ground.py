"""Common ground: actions by the lowest support that any group gives them, as a page, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from app.catalogue import catalogue
from app.estimation.common_ground import Ground, common_ground
from app.questionnaire.catalogue import Track

from . import words
from .comparing import (
    BREAKDOWNS,
    Dot,
    Group,
    chosen_track,
    compared,
    dot,
    groups_of,
    keys_of,
    named,
    spoken,
    titles,
    weighting_of,
)
from .divisions import STAKEHOLDER
from .figures_file import Cell, csv_file, json_file
from .standing import Standing
from .strip import Strip, strip


@dataclass(frozen=True)
class Ranked:
    """An action with its ground, and the support of each group."""

    standing: Standing
    ground: Ground
    dots: list[Dot]

    @property
    def lowest(self) -> Dot:
        return self.dots[self.ground.group]

    @property
    def strip(self) -> Strip:
        return strip(self.dots, [self.lowest])

    @property
    def words(self) -> str:
        return spoken(self.dots)


@dataclass(frozen=True)
class Listing:
    """Of one track and breakdown: the ranked actions, and those of which a group cannot be shown."""

    track: Track | None
    division: str
    groups: list[Group]
    ranked: list[Ranked]
    unranked: list[tuple[Standing, list[Dot]]]

    @property
    def synthetic(self) -> bool:
        shown = [one.standing for one in self.ranked] + [standing for standing, _dots in self.unranked]
        return any(standing.synthetic for standing in shown)


def listing() -> Listing:
    """What `?track=` and `?by=` choose."""
    division = request.args.get("by", STAKEHOLDER)
    if division not in BREAKDOWNS:
        abort(400)
    track = chosen_track(catalogue())
    known = compared(track)
    groups = _usual(known, groups_of(known, division))
    rows = [(standing, [dot(standing, group) for group in groups]) for standing in known]
    if len(groups) < 2:
        return Listing(track, division, groups, [], rows)
    whole = [row for row in rows if all(d.figure for d in row[1])]
    partial = [row for row in rows if not all(d.figure for d in row[1])]
    grounds = common_ground([[d.figure for d in dots if d.figure] for _standing, dots in whole]) if whole else []
    ranked = [Ranked(standing, ground, dots) for (standing, dots), ground in zip(whole, grounds, strict=True)]
    return Listing(track, division, groups, sorted(ranked, key=lambda one: one.ground.rank), partial)


def _usual(known: list[Standing], groups: list[Group]) -> list[Group]:
    """The groups that half of the actions or more have a figure of: a lowest is over the same groups for all."""
    return [group for group in groups if 2 * sum(s.support(group.domain) is not None for s in known) >= len(known)]


def page() -> str:
    """The page."""
    found = listing()
    return render_template(
        "track/ground.html",
        listing=found,
        tracks=catalogue().tracks,
        divisions=list(titles().items()),
        finding=_finding(found),
        keys=keys_of(found.groups),
        periods=sorted({words.period_words(one.standing.period) for one in found.ranked}),
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=found.synthetic,
    )


def _finding(found: Listing) -> str:
    if not found.ranked:
        return ""
    first = found.ranked[0]
    return _(
        "The most common ground is for “%(action)s”: every group supports it with %(share)s or more"
        " (%(group)s the least).",
        action=first.standing.title,
        share=words.number(first.ground.floor, "share"),
        group=first.lowest.group.label,
    )


COLUMNS = (
    *("rank", "best_rank", "worst_rank", "action", "title", "survey", "question", "period", "floor", "floor_group"),
    *("consensus", "group", "group_label", "support", "se", "low", "high", "n", "suppressed", "synthetic"),
    *("scheme", "scheme_version"),
)


def as_csv() -> Response:
    """A line for each action and group; unranked actions have no rank. Shares are fractions of 1."""
    return csv_file(COLUMNS, _rows(listing()), "common-ground.csv")


def as_json() -> Response:
    """The same lines as JSON."""
    found = listing()
    about = {
        "by": found.division,
        "track": found.track.key if found.track else None,
        "groups": {group.domain: group.label for group in found.groups},
        "synthetic": found.synthetic,
        "weighting": weighting_of(
            [*(one.standing for one in found.ranked), *(standing for standing, _dots in found.unranked)]
        ),
        "ranks": "simultaneous 95 % confidence sets",
    }
    return json_file(about, list(_rows(found)), "common-ground.json")


def _rows(found: Listing) -> Iterator[dict[str, Cell]]:
    for one in found.ranked:
        ground = one.ground
        ranks: dict[str, Cell] = {"rank": ground.rank, "best_rank": ground.best, "worst_rank": ground.worst}
        lowest: dict[str, Cell] = {"floor": ground.floor, "floor_group": one.lowest.group.domain}
        yield from (
            {**ranks, **named(one.standing), **lowest, "consensus": ground.consensus, **_dot(d)} for d in one.dots
        )
    for standing, dots in found.unranked:
        none: dict[str, Cell] = dict.fromkeys(COLUMNS)
        yield from ({**none, **named(standing), **_dot(d)} for d in dots)


def _dot(one: Dot) -> dict[str, Cell]:
    figure = one.figure
    return {
        "group": one.group.domain,
        "group_label": one.group.label,
        "support": figure.value if figure else None,
        "se": figure.se if figure else None,
        "low": figure.low if figure else None,
        "high": figure.high if figure else None,
        "n": figure.n if figure else None,
        "suppressed": one.withheld,
    }
