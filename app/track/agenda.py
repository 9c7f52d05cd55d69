"""The catalogue's pages: a measure with its actions, an agenda question with what answers it."""

from __future__ import annotations

from flask import abort, current_app, render_template

from app.catalogue import catalogue

from .standing import standings


def measure(code: str) -> str:
    """A measure of the paper, and how much support each of its actions has."""
    whole = catalogue()
    found = next((m for m in whole.measures if m.code == code), None) or abort(404)
    known = standings(whole, whole.actions_of(code))
    actions = [(action, known.get(action.code)) for action in whole.actions_of(code)]
    return render_template(
        "track/measure.html",
        measure=found,
        track=next(track for track in whole.tracks if track.code == found.track),
        source=whole.source,
        actions=actions,
        agenda=[question for question in whole.agenda if question.id in found.agenda],
        minimum=_minimum(),
        synthetic=any(standing.synthetic for _action, standing in actions if standing),
    )


def question(number: int) -> str:
    """An agenda question, and the measures whose actions answer it."""
    whole = catalogue()
    found = next((q for q in whole.agenda if q.id == number), None) or abort(404)
    known = standings(whole, (action for action in whole.actions if number in whole.agenda_of(action.code)))
    measures = [
        (m, [(a, known.get(a.code)) for a in whole.actions_of(m.code) if number in whole.agenda_of(a.code)])
        for m in whole.measures
        if number in m.agenda
    ]
    return render_template(
        "track/agenda.html",
        question=found,
        source=whole.source,
        agenda=whole.agenda,
        measures=measures,
        minimum=_minimum(),
        synthetic=any(standing.synthetic for _m, actions in measures for _a, standing in actions if standing),
    )


def _minimum() -> int:
    minimum: int = current_app.extensions["settings"].minimum_group
    return minimum
