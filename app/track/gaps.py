"""The gap between two groups, for every action: as a page, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from app.catalogue import catalogue
from app.estimation.difference import LEVEL, Difference, group_differences, holm_of
from app.estimation.figure import Figure
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
from .divisions import COUNTRY, HOSTS, STAKEHOLDER
from .figures_file import Cell, csv_file, json_file
from .standing import Standing
from .strip import Strip, strip


@dataclass(frozen=True)
class Gap:
    """An action with the support of two groups, the first less the second.

    p: adjusted for all the actions that are shown (Holm); None where an error is unknown.
    """

    standing: Standing
    first: Dot
    second: Dot
    difference: Difference
    p: float | None

    @property
    def significant(self) -> bool:
        return self.p is not None and self.p < 1 - LEVEL

    @property
    def interval(self) -> str:
        """The 95 % interval in words."""
        one = self.difference
        return words.interval(Figure(one.value, one.se, one.low, one.high, 0), "net", 1)

    @property
    def strip(self) -> Strip:
        return strip([self.first, self.second], [self.first, self.second])

    @property
    def words(self) -> str:
        return spoken([self.first, self.second])

    @property
    def points(self) -> str:
        return words.number(self.difference.value, "net", 1)


@dataclass(frozen=True)
class Listing:
    """Of one track: the groups to choose from by breakdown, the two chosen, and the gaps, the widest first.

    withheld: the actions of which one of the two cannot be shown. problem: why the two cannot be compared.
    """

    track: Track | None
    choices: list[tuple[str, list[Group]]]
    first: Group | None
    second: Group | None
    gaps: list[Gap]
    withheld: list[Standing]
    problem: str = ""

    @property
    def synthetic(self) -> bool:
        return any(s.synthetic for s in (*(gap.standing for gap in self.gaps), *self.withheld))


def listing() -> Listing:
    """What `?track=`, `?first=` and `?second=` choose. Raises BadRequest for a group that is not there."""
    track = chosen_track(catalogue())
    known = compared(track)
    listed = {name: groups for name in BREAKDOWNS if (groups := groups_of(known, name))}
    choices = [(title, listed[name]) for name, title in titles().items() if name in listed]
    by_domain = {group.domain: group for groups in listed.values() for group in groups}
    pairs = (groups[:2] for name in (COUNTRY, STAKEHOLDER, HOSTS) if len(groups := listed.get(name, [])) > 1)
    usual = [group.domain for group in next(pairs, [])] or ["", ""]
    asked = [request.args.get("first"), request.args.get("second")]
    if by_domain and any(name and name not in by_domain for name in asked):
        abort(400)
    first, second = (by_domain.get(name or domain) for name, domain in zip(asked, usual, strict=True))
    if first is None or second is None:
        return Listing(track, choices, first, second, [], [])
    if problem := _problem(first, second):
        return Listing(track, choices, first, second, [], [], problem)
    rows = [(standing, dot(standing, first), dot(standing, second)) for standing in known]
    withheld = [standing for standing, a, b in rows if a.withheld or b.withheld]
    return Listing(track, choices, first, second, _gaps(rows), withheld)


def _problem(first: Group, second: Group) -> str:
    if first == second:
        return _("Choose two different groups.")
    if first.domain.split("=")[0] != second.domain.split("=")[0]:
        return _(
            "Choose two groups of the same kind. A country and a stakeholder group share people, so what stands here"
            " would not be a difference between two sets of people."
        )
    return ""


def _gaps(rows: list[tuple[Standing, Dot, Dot]]) -> list[Gap]:
    """Groups of one breakdown share nobody; what they share by being weighted together is taken into account."""
    shown = [(standing, a, b) for standing, a, b in rows if a.figure and b.figure]
    pairs = [(standing.group(a.group.domain), standing.group(b.group.domain)) for standing, a, b in shown]
    found = group_differences(pairs, "support")
    adjusted = holm_of(found)
    gaps = [Gap(*row, one, p) for row, one, p in zip(shown, found, adjusted, strict=True)]
    return sorted(gaps, key=lambda gap: -abs(gap.difference.value))


def page() -> str:
    """The page."""
    found = listing()
    return render_template(
        "track/gaps.html",
        listing=found,
        tracks=catalogue().tracks,
        finding=_finding(found),
        keys=keys_of([group for group in (found.first, found.second) if group]),
        periods=sorted({words.period_words(gap.standing.period) for gap in found.gaps}),
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=found.synthetic,
    )


def _finding(found: Listing) -> str:
    if not found.gaps or not found.first or not found.second:
        return ""
    count = sum(gap.significant for gap in found.gaps)
    return _(
        "%(first)s and %(second)s differ significantly on %(count)s of %(total)s actions, most on “%(action)s”:"
        " %(points)s points.",
        first=found.first.label,
        second=found.second.label,
        count=count,
        total=len(found.gaps),
        action=found.gaps[0].standing.title,
        points=found.gaps[0].points,
    )


COLUMNS = (
    *("action", "title", "survey", "question", "period", "first", "second", "first_support", "second_support"),
    *("first_n", "second_n", "gap", "se", "low", "high", "p", "p_adjusted", "suppressed", "synthetic"),
    *("scheme", "scheme_version"),
)


def as_csv() -> Response:
    """A line for each action, the widest gap first. Shares are fractions of 1; p_adjusted is Holm's."""
    return csv_file(COLUMNS, _rows(listing()), "gaps.csv")


def as_json() -> Response:
    """The same lines as JSON."""
    found = listing()
    about = {
        "track": found.track.key if found.track else None,
        "first": found.first.domain if found.first else None,
        "second": found.second.domain if found.second else None,
        "problem": found.problem or None,
        "synthetic": found.synthetic,
        "weighting": weighting_of([*(gap.standing for gap in found.gaps), *found.withheld]),
        "interval": LEVEL,
        "adjustment": "Holm",
    }
    return json_file(about, list(_rows(found)), "gaps.json")


def _rows(found: Listing) -> Iterator[dict[str, Cell]]:
    groups: dict[str, Cell] = {
        "first": found.first.domain if found.first else None,
        "second": found.second.domain if found.second else None,
    }
    none: dict[str, Cell] = dict.fromkeys(COLUMNS)
    for gap in found.gaps:
        one, a, b = gap.difference, gap.first.figure, gap.second.figure
        numbers = {"gap": one.value, "se": one.se, "low": one.low, "high": one.high, "p": one.p, "p_adjusted": gap.p}
        supports = {"first_support": a.value if a else None, "second_support": b.value if b else None}
        counts = {"first_n": a.n if a else None, "second_n": b.n if b else None, "suppressed": False}
        yield {**named(gap.standing), **groups, **supports, **counts, **numbers}
    yield from ({**none, **named(standing), **groups, "suppressed": True} for standing in found.withheld)
