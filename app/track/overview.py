"""The front page: support for every action of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import abort, current_app, render_template, request
from flask_babel import gettext as _

from app.catalogue import catalogue
from app.language import in_language
from app.questionnaire.catalogue import Action, Catalogue, Track

from . import words
from .divisions import COUNTRY, STAKEHOLDER, WHOLE
from .standing import Standing, standings

SORTS: dict[str, Callable[[Standing, str], float]] = {
    "support": lambda standing, domain: -(f.value if (f := standing.support(domain)) else -1.0),
    "gap": lambda standing, domain: -(gap.points if (gap := standing.gap) else -1.0),
    "catalogue": lambda standing, domain: 0.0,
}


@dataclass(frozen=True)
class Chosen:
    """What the reader asked for: an order, a track (None: all), and whose support."""

    sort: str
    track: Track | None
    domain: str


def overview() -> str:
    """Every action, sorted by `?sort=`, of one `?track=`, as one `?group=` sees it."""
    whole = catalogue()
    known = standings(whole, whole.actions, [COUNTRY, STAKEHOLDER])
    chosen = _chosen(whole, known.values())
    of_track = [a for a in whole.actions if chosen.track is None or a.measure.startswith(chosen.track.code)]
    listed = [known[action.code] for action in of_track if action.code in known]
    shown = sorted(listed, key=lambda standing: SORTS[chosen.sort](standing, chosen.domain))
    any_data = any(standing.support() for standing in known.values())
    return render_template(
        "track/overview.html",
        chosen=chosen,
        tracks=whole.tracks,
        agenda=whole.agenda,
        groups=_groups(known.values()),
        standings=shown if any_data else [],
        any_data=any_data,
        finding=_finding(shown, chosen.domain) if any_data else "",
        withheld=any(standing.withheld(domain) for standing in shown for domain in standing.estimates),
        periods=sorted({words.period_words(standing.period) for standing in shown}),
        surveys=list({s.survey.key: s.survey for s in known.values()}.values()),
        waiting=_waiting(whole, [a for a in of_track if not any_data or a.code not in known]),
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=any_data and any(standing.synthetic for standing in shown),
    )


def _chosen(whole: Catalogue, known: Iterable[Standing]) -> Chosen:
    """Raises BadRequest for what is not there to choose."""
    sort = request.args.get("sort", "support")
    tracks = {track.key: track for track in whole.tracks}
    track, group = request.args.get("track", ""), request.args.get("group", "")
    domains = {code: domain for code, domain, _label in _groups(known)}
    # A group can be chosen only where there are figures of it; before that, its link shows everyone.
    domain = domains.get(group, WHOLE)
    if sort not in SORTS or (track and track not in tracks) or (domains and group and group not in domains):
        abort(400)
    return Chosen(sort, tracks.get(track), domain)


def _groups(known: Iterable[Standing]) -> list[tuple[str, str, str]]:
    """(code in addresses, domain, label) of each country and stakeholder group that any action has a figure of."""
    found: dict[str, tuple[str, str, str]] = {}
    for standing in known:
        for domain in (*standing.domains(COUNTRY), *standing.domains(STAKEHOLDER)):
            if standing.support(domain):
                code = domain.split("=")[1]
                found.setdefault(code, (code, domain, standing.label(domain)))
    return list(found.values())


def _finding(shown: list[Standing], domain: str) -> str:
    """The actions with most and least support, in a sentence; empty when there is nothing to say."""
    ranked = sorted((f.value, s.title) for s in shown if (f := s.support(domain)))
    if not ranked:
        return ""
    (most, best), (least, worst) = ranked[-1], ranked[0]
    if len(ranked) == 1:
        return _("Support for “%(action)s”: %(share)s.", action=best, share=words.number(most, "share"))
    finding = _(
        "Most supported: “%(best)s”, %(most)s. Least supported: “%(worst)s”, %(least)s.",
        best=best,
        most=words.number(most, "share"),
        worst=worst,
        least=words.number(least, "share"),
    )
    return finding if domain == WHOLE else f"{shown[0].label(domain)} – {finding}"


def _waiting(whole: Catalogue, actions: list[Action]) -> list[tuple[str, list[Action], list[Action]]]:
    """Per track its title, the actions that were not asked yet, and those whose time has passed."""
    waiting = []
    for track in whole.tracks:
        own = [action for action in actions if action.measure.startswith(track.code)]
        current = [action for action in own if action.status == "current"]
        past = [action for action in own if action.status == "past"]
        if own:
            waiting.append((in_language(track.title), current, past))
    return waiting
