"""What the pages that compare groups share: the actions with figures, whose groups, in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, request
from flask_babel import gettext as _

from app.catalogue import catalogue
from app.estimation.figure import Figure
from app.questionnaire.catalogue import Catalogue, Track

from . import words
from .divisions import COUNTRY, HOSTS, STAKEHOLDER
from .figures_file import Cell
from .shape import shape
from .standing import Standing, standings

BREAKDOWNS = (STAKEHOLDER, COUNTRY, HOSTS)


def titles() -> dict[str, str]:
    """The breakdowns whose groups are compared, in the reader's language."""
    return {
        STAKEHOLDER: _("Stakeholder groups"),
        COUNTRY: _("Countries"),
        HOSTS: _("Host communities and others in Japan"),
    }


@dataclass(frozen=True)
class Group:
    """A group by its domain, with its place in its breakdown, which gives it colour and shape."""

    domain: str
    label: str
    number: int


@dataclass(frozen=True)
class Dot:
    """A group's support for an action; figure None: withheld, or nobody answered."""

    group: Group
    figure: Figure | None
    withheld: bool


def chosen_track(whole: Catalogue) -> Track | None:
    """The track of `?track=`, None for all. Raises BadRequest for one that is not there."""
    key = request.args.get("track", "")
    tracks = {track.key: track for track in whole.tracks}
    if key and key not in tracks:
        abort(400)
    return tracks.get(key)


def compared(track: Track | None) -> list[Standing]:
    """Every action of a track that has figures, in the paper's order."""
    whole = catalogue()
    of_track = (a for a in whole.actions if track is None or a.measure.startswith(track.code))
    return list(standings(whole, of_track, BREAKDOWNS).values())


def groups_of(known: Iterable[Standing], division: str) -> list[Group]:
    """The groups of a breakdown of which any action has a figure, in its order."""
    found: dict[str, Group] = {}
    for standing in known:
        for number, domain in enumerate(standing.domains(division)):
            if standing.support(domain):
                found.setdefault(domain, Group(domain, standing.label(domain), number))
    return sorted(found.values(), key=lambda group: group.number)


def dot(standing: Standing, group: Group) -> Dot:
    """A group's support for an action."""
    return Dot(group, standing.support(group.domain), standing.withheld(group.domain))


def keys_of(groups: Iterable[Group]) -> dict[int, str]:
    """The mark of each group in a box of 16 by 16, by its number."""
    return {group.number: shape(group.number, 8, 8, 5) for group in groups}


def spoken(dots: Iterable[Dot]) -> str:
    """The groups' support in words, as in "Japan 41%, United States 38%"."""
    told = [
        _("%(group)s %(share)s", group=d.group.label, share=words.number(d.figure.value, "share"))
        for d in dots
        if d.figure
    ]
    return _(", ").join(told)


def named(standing: Standing) -> dict[str, Cell]:
    """The columns of a file that say which action a line is of."""
    return {
        "action": standing.action.code,
        "title": standing.title,
        "survey": standing.survey.key,
        "question": standing.variable,
        "period": standing.period,
        "synthetic": standing.synthetic,
        "scheme": standing.scheme,
        "scheme_version": standing.version,
    }


def weighting_of(known: Iterable[Standing]) -> dict[str, dict[str, str]]:
    """By which scheme, and which version of it, the figures of each survey are weighted."""
    return {one.survey.key: {"scheme": one.scheme, "version": one.version} for one in known}
