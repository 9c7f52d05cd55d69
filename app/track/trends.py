"""Trend pages: one question over time as a page, CSV, JSON, SVG and PNG, and the list of a survey's questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, abort, current_app, render_template, request
from flask_babel import gettext as _

from app.language import in_language
from app.storage import estimates

from . import weighting, words
from .apart import told_apart
from .asked import Wording, find_survey, wordings_of
from .drawing import break_notes, break_words, describe, draw, draw_all, join_words
from .figures import Named
from .files import Extract, write_csv, write_json
from .happenings import told_lines
from .joins import join_notes
from .label import wrap
from .levels import Beside, beside
from .picture import NoGlyph, picture
from .revisions import revised_periods
from .subject import Subject, subject_of
from .trend import Trend

# Names of figures hold quotations, and stand in one in Japanese.
_QUOTED = str.maketrans("「」", "『』")


def trend(survey: str, question: str) -> str:
    """The page of a question."""
    subject = subject_of(survey, question)
    found = subject.trend()
    around = beside(found, subject.figure)
    wordings = _wordings(found)
    return render_template(
        "track/trend.html",
        subject=subject,
        drawing=draw_all(found, subject.figure, around),
        told=told_lines(found, subject.figure, around),
        lined=bool(around.levels),
        changed=any(change.significant for change in around.changes.values()),
        breaks=break_notes(found),
        joins=join_notes(found),
        description=describe(found, subject.figure),
        finding=_finding(found, subject.figure),
        rows=list(_rows(found, subject.figure, around)),
        apart=told_apart(found, subject.figure),
        asked=wordings[0].variable if wordings else subject.variable,
        wordings=wordings,
        waves=found.waves,
        minimum=current_app.extensions["settings"].minimum_group,
        synthetic=found.synthetic,
        weights=weighting.shown(survey, found.rows.values()),
        revised=revised_periods(subject.survey, subject.variable.name),
    )


def as_svg(survey: str, question: str) -> Response:
    """The chart alone, with what is needed to understand it."""
    return _file(_svg(survey, question), "image/svg+xml", f"{survey}-{question}.svg")


def as_png(survey: str, question: str) -> Response:
    """The same as a picture; a sentence that says why where this machine's fonts do not have the characters."""
    try:
        return _file(picture(_svg(survey, question)), "image/png", f"{survey}-{question}.png")
    except NoGlyph as missing:
        current_app.logger.warning("no font for: %s", missing.characters)
        reason = _(
            "The server has no font for some characters of this chart, such as “%(characters)s”, so it cannot be drawn"
            " as a picture. The SVG shows it with the fonts of your own device.",
            characters=missing.characters[:10],
        )
        return Response(reason, 503, mimetype="text/plain")


def _svg(survey: str, question: str) -> str:
    subject = subject_of(survey, question)
    found = subject.trend()
    around = beside(found, subject.figure)
    chart = draw(found, subject.figure, around) or abort(404)
    notes = [line for note in join_notes(found) for line in note.lines]
    notes += [f"({line.number}) {line.words}" for line in told_lines(found, subject.figure, around)]
    return render_template(
        "track/trend.svg",
        subject=subject,
        trend=found,
        chart=chart,
        description=" ".join((describe(found, subject.figure), *notes)),
        note_lines=[line for note in notes for line in wrap(note, chart.width - 40, 12)],
        title_lines=wrap(subject.title, chart.width - 40, 20),
        subtitle_lines=wrap(_subtitle(subject), chart.width - 40, chart.font),
        source=f"{current_app.extensions['settings'].base_url}/trends/{survey}/{question}",
    )


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


def _written(survey: str, question: str, write: Callable[[Extract], str]) -> str:
    subject = subject_of(survey, question)
    line = subject.survey.line(subject.variable.name)
    if request.args.get("by"):
        rows = line.rows(
            lambda name: estimates.of_breakdown(survey, name, subject.division.name, scheme=subject.scheme)
        )
    else:
        rows = line.rows(lambda name: estimates.of_variable(survey, name, subject.scheme))
    figures = [subject.figure] if request.args.get("show") else subject.figures
    wordings = wordings_of(line, rows)
    return write(Extract(subject.survey, subject.variable, line, rows, wordings, subject.divisions, figures))


def _file(content: str | bytes, mimetype: str, name: str, attachment: bool = False) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment" if attachment else "inline", filename=name)
    return response


@dataclass(frozen=True)
class Row:
    """One line of the table that stands beside the chart."""

    period: str
    wave: str
    group: str
    n: int | None
    value: str
    interval: str
    line: str
    suppressed: bool
    note: str


def _rows(trend: Trend, named: Named, around: Beside) -> Iterator[Row]:
    """The newest period first, the groups in their order."""
    breaks, joins = trend.breaks(), trend.joins()
    labels = {domain: trend.division.label(domain) for domain in trend.stretches}
    synthetic = _("Synthetic")
    for place in reversed(trend.places):
        for domain in trend.stretches:
            row = trend.rows.get((domain, place))
            if row is None:
                continue
            estimate, made_up = row.estimate, row.wave.synthetic
            figure = trend.figure(domain, place, named.code)
            level, change = around.levels.get((domain, place)), around.changes.get((domain, place))
            notes = [synthetic] if made_up else []
            if change and change.significant:
                notes.append(words.change_words(change, named.unit))
            if (domain, place) in breaks:
                notes.append(break_words(breaks[domain, place], made_up))
            if (domain, place) in joins:
                notes.append(join_words())
            if estimate is not None and not estimate.n:
                notes.append(_("No answers"))
            yield Row(
                words.period_words(place[1]),
                row.wave.key,
                labels[domain],
                None if estimate is None else figure.n if figure else estimate.n,
                words.number(figure.value, named.unit, 1) if figure else "",
                words.interval(figure, named.unit, 1) if figure else "",
                words.band(level, named.unit) if level else "",
                estimate is None,
                " · ".join(notes),
            )


def _finding(trend: Trend, named: Named) -> str:
    """The newest figures in a sentence; empty when there are none."""
    for place in reversed(trend.places):
        found = [(f.value, d) for d in trend.stretches if (f := trend.figure(d, place, named.code))]
        if not found:
            continue
        told = [
            _("%(group)s (%(value)s)", group=trend.division.label(d), value=words.number(value, named.unit))
            for value, d in found
        ]
        figure = named.label.translate(_QUOTED)
        if len(found) > 3:
            highest, lowest = told[found.index(max(found))], told[found.index(min(found))]
            return _(
                "%(figure)s, %(period)s: highest %(highest)s, lowest %(lowest)s.",
                figure=figure,
                period=words.period_words(place[1]),
                highest=highest,
                lowest=lowest,
            )
        groups = _(", ").join(told)
        period = words.period_words(place[1])
        return _("%(figure)s, %(period)s: %(groups)s.", figure=figure, period=period, groups=groups)
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
