"""After the questions: check and send, the receipt, stopping for now and coming back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby

from flask import abort, current_app, get_template_attribute, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.language import select
from app.questionnaire.form import PREFIX
from app.questionnaire.kinds.base import Answer, Answers, Question
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.model import Questionnaire
from app.questionnaire.presenting import Shown, present
from app.questionnaire.routing import Screen, ended_by, final_answers, unanswered_screen
from app.storage import invitations, responses
from app.storage.quotas import QuotaFull, first_full

from . import made_once
from .answering import leave_out
from .place import forget, form_token, remember
from .quotas import turn_away
from .traces import seconds_to_wait, trace_of
from .trust import forgery
from .visit import ViewResult, Visit, see_other, visiting


@visiting
def check(visit: Visit) -> ViewResult:
    """All answers on one page, each with a way to change it; sending them."""
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    end = ended_by(visit.questionnaire, visit.answers)
    if end:
        return leave_out(visit, end, visit.path[-1].page.name if visit.path else "")
    missing = unanswered_screen(visit.questionnaire, visit.answers)
    if missing:
        return see_other(visit.page(missing))
    if request.method != "POST":
        return _check_page(visit)
    distrust = forgery(visit.survey, visit.token)
    if distrust:
        return _check_page(visit, distrust), 400
    full = first_full(visit.wave_id, visit.answers)
    if full is not None:
        return turn_away(visit, full)
    by_link = invitations.complete(visit.token, visit.wave_id)
    if by_link is False or (by_link is None and visit.invited_only):
        return render_template("respond/invited_once.html", visit=visit), 409
    trace = trace_of(visit) if by_link is None else None
    wait = seconds_to_wait(visit, trace) if trace else 0
    if wait:
        said = _(
            "Very many answers have come from your network today, so they are taken one after another. Yours are saved."
            " Please press the button again in %(n)s seconds.",
            n=wait,
        )
        return _check_page(visit, said), 429, {"Retry-After": str(wait)}
    try:
        responses.submit(visit.token, visit.stored, lambda given: _complete(visit, given), visit.now, trace)
    except QuotaFull as error:  # The last place went to somebody else at this moment.
        return turn_away(visit, error.number)
    return see_other(visit.address("receipt"))


def _check_page(visit: Visit, notice: str | None = None) -> str:
    frame = {
        "answers": Markup(made_once.ANSWERS),  # noqa: S704
        "notice_text": notice,
        "form_token": made_once.FORM_TOKEN,
    }
    return made_once.page(
        ("check", visit.questionnaire.hash, visit.languages, notice, visit.finish_by, visit.time_zone),
        lambda: render_template("respond/check.html", visit=visit, **frame),
        {made_once.FORM_TOKEN: form_token(visit.token), made_once.ANSWERS: "\n".join(_sections(visit))},
    )


def _complete(visit: Visit, given: Answers) -> Answers | None:
    """What is kept of the answers given; None while a page is missing or a screening rule holds."""
    if visit.stored and given is visit.stored.answers:  # The same that were found complete.
        return final_answers(visit.questionnaire, visit.answers)
    answers = visit.known(given)
    if unanswered_screen(visit.questionnaire, answers) or ended_by(visit.questionnaire, answers):
        return None
    return final_answers(visit.questionnaire, answers)


def _sections(visit: Visit) -> Iterator[Markup]:
    """Per page its title and a row for each question: the answer, and the way to change it."""
    section: Callable[..., Markup] = get_template_attribute("macros/page.html", "summary_section")
    for _name, screens in groupby(visit.path, key=lambda screen: screen.page.name):
        # A page may be divided into screens; who checks the answers need not know.
        together = list(screens)
        lists: list[tuple[str, list[Markup]]] = []
        for stem, rows in (made for screen in together for made in _lists(visit, screen)):
            if lists and not stem and not lists[-1][0]:
                lists[-1][1].extend(rows)
            else:
                lists.append((stem, rows))
        if lists:
            yield section(visit.questionnaire.text(together[0].page.title, visit.language), lists)


def _lists(visit: Visit, screen: Screen) -> Iterator[tuple[str, list[Markup]]]:
    """The rows of each question of a screen, under its words if it has several."""
    address = visit.page(screen, checking=True)
    for question in screen.questions:
        has_rows = bool(getattr(question, "rows", ()))
        stem = present(visit.questionnaire, question, visit.answers, visit.language).label if has_rows else ""
        if rows := list(_rows(visit, question, address)):
            yield stem, rows


def _rows(visit: Visit, question: Question, address: str) -> Iterator[Markup]:
    reader, language, answers = select(), visit.language, visit.answers
    shown = present(visit.questionnaire, question, answers, language)
    for variable in question.variables():
        answer = answers.get(variable.name)
        if isinstance(variable.question, Specified) and not answer:
            continue
        name, way = variable.name, f"{address}#{PREFIX}{variable.name}"
        if shown.is_same_for_all and (answer is None or (isinstance(answer, str) and shown.option(answer))):
            yield _row_once(reader, visit.questionnaire, language, name, answer, way)
        else:
            yield _row_of(visit.questionnaire, language, shown, name, answer, way)


@lru_cache(maxsize=8192)
def _row_once(
    _reader: str, questionnaire: Questionnaire, language: str, name: str, code: str | None, address: str
) -> Markup:
    """The row of an answer that is an option, as most are: made once."""
    shown = present(questionnaire, questionnaire.variables[name].question, {}, language)
    return _row_of(questionnaire, language, shown, name, code, address)


def _row_of(
    questionnaire: Questionnaire, language: str, shown: Shown, name: str, answer: Answer, address: str
) -> Markup:
    """The row of the check page for an answer."""
    row: Callable[..., Markup] = get_template_attribute("macros/page.html", "summary_row")
    return row(shown.asks(name), shown.said(questionnaire.variables[name], answer, language), address)


@visiting
def receipt(visit: Visit) -> ViewResult:
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state != "done":
        return see_other(visit.address("check"))
    made = {"token": made_once.TOKEN, "form_token": made_once.FORM_TOKEN}
    return made_once.page(
        ("receipt", visit.questionnaire.hash, visit.languages, visit.invited_only),
        lambda: render_template("respond/receipt.html", visit=visit, **made),
        {made_once.FORM_TOKEN: form_token(visit.token), made_once.TOKEN: visit.token},
    )


@visiting
def later(visit: Visit) -> ViewResult:
    """The link to come back by; on a shared device the place can be forgotten here."""
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    if request.method == "POST":
        if forgery(visit.survey, visit.token):
            abort(400)
        forget(visit.survey)
        return render_template("respond/forgotten.html", visit=visit, link=_link(visit))
    own = form_token(visit.token)
    return render_template("respond/later.html", visit=visit, link=_link(visit), form_token=own)


def _link(visit: Visit) -> str:
    return str(current_app.extensions["settings"].base_url) + visit.address("resume", token=visit.token)


@visiting
def another(visit: Visit) -> ViewResult:
    """A new response in this browser, for another person of the household."""
    if forgery(visit.survey, visit.token):
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
