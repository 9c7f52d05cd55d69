"""Trend pages: one question over time as a page, CSV, JSON and SVG, and the list of a survey's questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from app.catalogue import catalogue
from app.language import in_language
from app.questionnaire.kinds.base import Variable
from app.storage import estimates

from . import words
from .asked import Survey, Wording, find_survey, wordings_of
from .divisions import COUNTRY, Division, divisions_of
from .drawing import break_words, describe, draw, draw_both
from .figures import Named, figures_of
from .files import write_csv, write_json
from .label import wrap
from .trend import Trend, read_trend


@dataclass(frozen=True)
class Subject:
    """What the address names: a question, and by `?by=` and `?show=` a breakdown and a figure."""

    survey: Survey
    variable: Variable
    divisions: dict[str, Division]
    figures: list[Named]
    division: Division
    figure: Named

    @property
    def title(self) -> str:
        """The catalogue's title of the action, or the question's words."""
        if self.variable.action:
            return in_language(catalogue().action(self.variable.action).title)
        return in_language(self.variable.label)


def _subject(survey: str, question: str) -> Subject:
    """Unknown surveys and questions are not found; an unknown breakdown or figure is a bad request."""
    known = find_survey(survey) or abort(404)
    variable = known.variable(question) or abort(404)
    divisions = divisions_of(known.versions.values())
    figures = figures_of(variable)
    by = request.args.get("by") or (COUNTRY if COUNTRY in divisions else next(iter(divisions)))
    show = request.args.get("show") or figures[0].code
    figure = next((named for named in figures if named.code == show), None)
    return Subject(known, variable, divisions, figures, divisions.get(by) or abort(400), figure or abort(400))


def trend(survey: str, question: str) -> str:
    """The page of a question."""
    subject = _subject(survey, question)
    found = read_trend(subject.survey, subject.variable, subject.division, subject.figure.code)
    return render_template(
        "track/trend.html",
        subject=subject,
        trend=found,
        charts=draw_both(found, subject.figure),
        description=describe(found, subject.figure),
        finding=_finding(found, subject.figure),
        rows=list(_rows(found, subject.figure)),
        wordings=_wordings(found),
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=found.synthetic,
    )


def as_svg(survey: str, question: str) -> Response:
    """The chart alone, with what is needed to understand it."""
    subject = _subject(survey, question)
    found = read_trend(subject.survey, subject.variable, subject.division, subject.figure.code)
    chart = draw(found, subject.figure)
    if chart is None:
        abort(404)
    page = render_template(
        "track/trend.svg",
        subject=subject,
        trend=found,
        chart=chart,
        description=describe(found, subject.figure),
        title_lines=wrap(subject.title, chart.width - 40, 20),
        subtitle_lines=wrap(_subtitle(subject), chart.width - 40, chart.font),
        source=f"{current_app.extensions['settings'].base_url}/trends/{survey}/{question}",
    )
    return _file(page, "image/svg+xml", f"{survey}-{question}.svg")


def _subtitle(subject: Subject) -> str:
    return " · ".join(
        (subject.figure.label, in_language(subject.variable.label), _("with %(level)s intervals", level="95%"))
    )


def as_csv(survey: str, question: str) -> Response:
    """Every estimate of the question as CSV; `?by=` and `?show=` narrow it."""
    return _file(_written(survey, question, write_csv), "text/csv", f"{survey}-{question}.csv", attachment=True)


def as_json(survey: str, question: str) -> Response:
    """The same as JSON."""
    return _file(_written(survey, question, write_json), "application/json", f"{survey}-{question}.json")


def _written(survey: str, question: str, write: Callable[..., str]) -> str:
    subject = _subject(survey, question)
    name = subject.variable.name
    if request.args.get("by"):
        rows = estimates.of_breakdown(survey, name, subject.division.name)
    else:
        rows = estimates.of_variable(survey, name)
    wordings = wordings_of(subject.survey, name, rows)
    figures = [subject.figure] if request.args.get("show") else subject.figures
    return write(subject.survey, subject.variable, rows, wordings, subject.divisions, figures)


def _file(text: str, mimetype: str, name: str, attachment: bool = False) -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment" if attachment else "inline", filename=name)
    return response


@dataclass(frozen=True)
class Row:
    """One line of the table that stands beside the chart."""

    period: str
    group: str
    n: int | None
    value: str
    interval: str
    suppressed: bool
    note: str


def _rows(trend: Trend, named: Named) -> Iterator[Row]:
    """The newest period first, the groups in their order."""
    breaks = trend.breaks()
    labels = {domain: trend.division.label(domain) for domain in trend.stretches}
    synthetic = _("Synthetic")
    for place in reversed(trend.places):
        for domain in trend.stretches:
            row = trend.rows.get((domain, place))
            if row is None:
                continue
            estimate, made_up = row.estimate, row.wave.synthetic
            figure = trend.figure(domain, place, named.code)
            notes = [synthetic] if made_up else []
            if (domain, place) in breaks:
                notes.append(break_words(breaks[domain, place], made_up))
            if estimate is not None and not estimate.n:
                notes.append(_("No answers"))
            yield Row(
                words.period_words(place[1]),
                labels[domain],
                None if estimate is None else figure.n if figure else estimate.n,
                words.number(figure.value, named.unit, 1) if figure else "",
                words.interval(figure, named.unit, 1) if figure else "",
                estimate is None,
                " · ".join(notes),
            )


def _finding(trend: Trend, named: Named) -> str:
    """The newest figures in a sentence; empty when there are none."""
    for place in reversed(trend.places):
        found = [(f.value, d) for d in trend.stretches if (f := trend.figure(d, place, named.code))]
        if not found:
            continue
        told = [f"{trend.division.label(d)} {words.number(value, named.unit)}" for value, d in found]
        if len(found) > 3:
            highest, lowest = told[found.index(max(found))], told[found.index(min(found))]
            return _(
                "%(figure)s, %(period)s: highest %(highest)s, lowest %(lowest)s.",
                figure=named.label,
                period=words.period_words(place[1]),
                highest=highest,
                lowest=lowest,
            )
        groups = _(", ").join(told)
        period = words.period_words(place[1])
        return _("%(figure)s, %(period)s: %(groups)s.", figure=named.label, period=period, groups=groups)
    return ""


def _wordings(trend: Trend) -> list[Wording]:
    """Each wording once, the newest first."""
    return list({wording.fingerprint: wording for wording in trend.wordings.values()}.values())[::-1]


def questions(survey: str) -> str:
    """Every published question of a survey."""
    known = find_survey(survey) or abort(404)
    published = known.published()
    pages = [
        (in_language(page.title), [v for q in page.questions for v in q.variables() if v in published])
        for page in known.newest.pages
    ]
    current = {variable.name for _page, variables in pages for variable in variables}
    dropped = [variable for variable in published if variable.name not in current]
    if dropped:
        pages.append((_("No longer asked"), dropped))
    return render_template("track/questions.html", survey=known, pages=[p for p in pages if p[1]])
