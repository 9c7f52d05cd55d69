"""What the address of a trend names: a question of a survey, how it is divided, and which figure of it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, request, url_for

from app.catalogue import catalogue
from app.language import in_language
from app.questionnaire.kinds.base import Variable

from . import weighting
from .asked import Survey, find_survey
from .divisions import COUNTRY, Division, divisions_of
from .figures import Named, figures_of
from .trend import Trend, read_trend


@dataclass(frozen=True)
class Subject:
    """What the address names: a question; by `?by=`, `?show=` and `?weights=` a breakdown, a figure and a scheme."""

    survey: Survey
    variable: Variable
    divisions: dict[str, Division]
    figures: list[Named]
    division: Division
    figure: Named
    scheme: str | None = None

    @property
    def title(self) -> str:
        """The catalogue's title of the action, or the question's words."""
        if self.variable.action:
            return in_language(catalogue().action(self.variable.action).title)
        return in_language(self.variable.label)

    def trend(self) -> Trend:
        """The estimates that are shown."""
        return read_trend(self.survey, self.variable, self.division, self.figure.code, self.scheme)


def subject_of(survey: str, question: str) -> Subject:
    """Unknown surveys and questions are not found; an unknown breakdown or figure is a bad request.

    The address of a question that goes on under another name, as was declared, leads there.
    """
    known = find_survey(survey) or abort(404)
    if (name := known.leads_on(question)) != question:
        address = url_for(request.endpoint or "", survey=survey, question=name)
        query = request.query_string.decode(errors="replace")
        abort(redirect(f"{address}?{query}" if query else address))
    variable = known.variable(question) or abort(404)
    divisions = divisions_of(known.versions.values())
    figures = figures_of(variable)
    by = request.args.get("by") or (COUNTRY if COUNTRY in divisions else next(iter(divisions)))
    show = request.args.get("show") or figures[0].code
    figure = next((named for named in figures if named.code == show), None)
    scheme = weighting.named(request.args.get("weights"))
    return Subject(known, variable, divisions, figures, divisions.get(by) or abort(400), figure or abort(400), scheme)
