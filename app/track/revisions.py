"""The revision log of a survey: as a page, CSV and JSON; of one question with `?question=`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from app.estimation.figure import Figure
from app.questionnaire.kinds.base import Variable
from app.questionnaire.scheme import UNWEIGHTED
from app.revised import COLUMNS, declared, rows
from app.storage import estimates, revisions
from app.storage.revisions import Revision

from . import words
from .asked import Survey, find_survey
from .divisions import WHOLE, Division, divisions_of
from .figures import Named, figures_of
from .figures_file import csv_file, json_file

EVENTS = 24


@dataclass(frozen=True)
class Line:
    """One figure before and after, in words. place: of its question and its group."""

    name: str
    label: str
    group: str
    earlier: str
    earlier_note: str
    later: str
    later_note: str
    place: tuple[int, int]


@dataclass(frozen=True)
class Event:
    """What was revised of one period at one time."""

    wave: str
    period: str
    published: date
    revised: date
    reasons: str
    synthetic: bool
    lines: list[Line] = field(default_factory=list)


def page(survey: str) -> str:
    """The newest revisions first: of everyone for all questions, or for every group of one question."""
    known = find_survey(survey) or abort(404)
    variable = _chosen(known)
    found = revisions.of_survey(survey, _names(known, variable), None if variable else [WHOLE])
    # Pages show figures by one scheme; the files have those without weights too.
    weighted = estimates.shown_scheme(survey) != UNWEIGHTED
    events = list(_events(known, [one for one in found if (one.scheme != UNWEIGHTED) == weighted]))
    return render_template(
        "track/revisions.html",
        survey=known,
        variable=variable,
        events=events[:EVENTS],
        more=len(events) - EVENTS,
        joins=[join for join in declared(survey) if not variable or join[0] in known.names(variable.name)],
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=any(event.synthetic for event in events),
    )


def as_csv(survey: str) -> Response:
    """A line for each figure that changed, in every group, with and without weights. Shares are fractions of 1."""
    known = find_survey(survey) or abort(404)
    return csv_file(COLUMNS, rows(survey, _names(known, _chosen(known))), f"{survey}-revisions.csv")


def as_json(survey: str) -> Response:
    """The same lines as JSON."""
    known = find_survey(survey) or abort(404)
    about = {"survey": survey, "interval": 0.95}
    return json_file(about, rows(survey, _names(known, _chosen(known))), f"{survey}-revisions.json")


def revised_periods(survey: Survey, name: str) -> int:
    """How many periods of a question have earlier values in the log."""
    return revisions.count(survey.key, survey.names(name))


def _chosen(survey: Survey) -> Variable | None:
    """The question of `?question=`. Raises BadRequest for one that is not published."""
    name = request.args.get("question")
    return None if name is None else survey.variable(name) or abort(400)


def _names(survey: Survey, variable: Variable | None) -> list[str] | None:
    return None if variable is None else survey.names(variable.name)


def _events(survey: Survey, found: Iterable[Revision]) -> Iterable[Event]:
    divisions = divisions_of(survey.versions.values())
    domains = {domain: i for i, domain in enumerate([WHOLE, *(d for one in divisions.values() for d in one.domains)])}
    names = {variable.name: i for i, variable in enumerate(survey.published())}
    events: dict[tuple[datetime, int, str], Event] = {}
    for one in found:
        variable = survey.variable(survey.leads_on(one.variable)) or survey.variable(one.variable)
        place = names.get(variable.name, 0) if variable else 0, domains.get(one.domain, 0)
        line = _line(one, variable, divisions, place) if variable else None
        if line:
            key = one.revised_at, one.wave.id, one.period
            events.setdefault(key, _event(one)).lines.append(line)
    for event in events.values():
        event.lines.sort(key=lambda line: line.place)
    return events.values()


def _event(one: Revision) -> Event:
    return Event(
        one.wave.key,
        words.period_words(one.period),
        one.published_at.date(),
        one.revised_at.date(),
        _(", ").join(reason_words(reason) for reason in one.reasons),
        one.wave.synthetic,
    )


def _line(one: Revision, variable: Variable, divisions: dict[str, Division], place: tuple[int, int]) -> Line | None:
    """The first figure of a question that changed. place: the question's, and the group's, in their order."""
    for named in figures_of(variable):
        earlier, later = (side.figures.get(named.code) for side in (one.earlier, one.later))
        if earlier and later and not estimates.same_figure(earlier, later):
            division = divisions.get(one.domain.split("=")[0])
            group = division.labels.get(one.domain, one.domain) if division else one.domain
            sides = (*_told(earlier, named), *_told(later, named))
            return Line(variable.name, named.label, group, *sides, place)
    return None


def _told(figure: Figure, named: Named) -> tuple[str, str]:
    interval = words.interval(figure, named.unit, 1) or "–"
    return words.number(figure.value, named.unit, 1), _("%(interval)s, n = %(n)s", interval=interval, n=figure.n)


def reason_words(reason: str) -> str:
    """Why published figures changed."""
    return {
        "late_responses": _("responses that came late"),
        "withdrawals": _("answers that were withdrawn"),
        "targets": _("new population figures"),
        "scheme": _("another way of weighting"),
        "rebuild": _("a recount of the responses"),
    }[reason]
