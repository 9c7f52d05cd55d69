"""After the questions: check and send, the receipt, stopping for now and coming back."""

from __future__ import annotations

from flask import abort, current_app, render_template, request, url_for

from app.questionnaire.form import PREFIX
from app.questionnaire.kinds.base import Answers
from app.questionnaire.routing import ended_by, final_answers, path, unanswered_screen
from app.storage import responses

from .answering import leave_out
from .visit import ViewResult, Visit, forgery, forget, remember, see_other, visiting


@visiting
def check(visit: Visit) -> ViewResult:
    """All answers on one page, each with a way to change it; sending them."""
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    end = ended_by(visit.questionnaire, visit.answers)
    if end:
        return leave_out(visit, end)
    missing = unanswered_screen(visit.questionnaire, visit.answers)
    if missing:
        return see_other(visit.page(missing))
    if request.method != "POST":
        return render_template("respond/check.html", visit=visit, items=_items(visit))
    distrust = forgery()
    if distrust:
        return render_template("respond/check.html", visit=visit, items=_items(visit), notice_text=distrust), 400
    responses.submit(visit.token, visit.stored, lambda given: _complete(visit, given), visit.now)
    return see_other(visit.address("receipt"))


def _complete(visit: Visit, given: Answers) -> Answers | None:
    """What is kept of the answers given; None while a page is missing or a screening rule holds."""
    if unanswered_screen(visit.questionnaire, given) or ended_by(visit.questionnaire, given):
        return None
    return final_answers(visit.questionnaire, given)


def _items(visit: Visit) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Per screen its title and (question, answer, address to change it)."""
    language = visit.language
    items = []
    for screen in path(visit.questionnaire, visit.answers):
        address = visit.page(screen, checking=True)
        rows = [
            (
                visit.questionnaire.text(variable.label, language),
                variable.question.show(visit.answers.get(variable.name), language),
                f"{address}#{PREFIX}{variable.name}",
            )
            for question in screen.questions
            for variable in question.variables()
        ]
        if rows:
            items.append((visit.questionnaire.text(screen.page.title, language), rows))
    return items


@visiting
def receipt(visit: Visit) -> ViewResult:
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state != "done":
        return see_other(visit.address("check"))
    return render_template("respond/receipt.html", visit=visit)


@visiting
def later(visit: Visit) -> ViewResult:
    """The link to come back by; on a shared device the place can be forgotten here."""
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    if request.method == "POST":
        if forgery():
            abort(400)
        forget(visit.survey)
        return render_template("respond/forgotten.html", visit=visit, link=_link(visit))
    return render_template("respond/later.html", visit=visit, link=_link(visit))


def _link(visit: Visit) -> str:
    return str(current_app.extensions["settings"].base_url) + visit.address("resume", token=visit.token)


@visiting
def another(visit: Visit) -> ViewResult:
    """A new response in this browser, for another person of the household."""
    if forgery():
        abort(400)
    if visit.stored and visit.stored.state == "done":
        forget(visit.survey)
    return see_other(visit.address("first_screen"))


def resume(survey: str, token: str) -> ViewResult:
    """Back to where a response was left, on any device."""
    known = responses.read_token(token)
    stored = responses.find(known) if known else None
    if known is None or stored is None or stored.survey != survey:
        return render_template("respond/unknown_link.html", survey=survey), 404
    remember(survey, known)
    return see_other(url_for("respond.check", survey=survey))
