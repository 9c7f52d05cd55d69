"""The pages of questions: shown, saved as they are passed, left in any direction without losing an answer."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from app.language import choose
from app.questionnaire.form import PREFIX, REQUIRED, Cleaned, build_form, clean
from app.questionnaire.kinds.base import AnswerError, Answers
from app.questionnaire.routing import Screen, ended_by, path, unanswered_screen
from app.storage import responses

from .visit import ViewResult, Visit, forgery, see_other, visiting


@visiting
def first_screen(visit: Visit) -> ViewResult:
    """The introduction with the first questions: nothing is stored before they are answered."""
    if visit.stored and visit.stored.state == "done":
        return render_template("respond/answered.html", visit=visit)
    return _screen(visit, path(visit.questionnaire, _answers(visit))[0])


@visiting
def screen(visit: Visit, name: str) -> ViewResult:
    if visit.stored is None:
        return see_other(visit.address("first_screen"))
    if visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    shown = path(visit.questionnaire, visit.stored.answers)
    if name == shown[0].name:
        return see_other(visit.address("first_screen"))
    found = next((screen for screen in shown if screen.name == name), None)
    if found is None:
        abort(404)
    return _screen(visit, found)


@visiting
def ended(visit: Visit, number: int) -> ViewResult:
    """The thanks of a screening rule. Nothing was kept."""
    if number >= len(visit.questionnaire.ends):
        abort(404)
    return render_template("respond/ended.html", visit=visit, end=visit.questionnaire.ends[number])


def _answers(visit: Visit) -> Answers:
    return visit.stored.answers if visit.stored else {}


def _screen(visit: Visit, screen: Screen) -> ViewResult:
    if request.method != "POST":
        return _page(visit, screen, _stored_values(visit, screen))
    cleaned = clean(build_form(visit.questionnaire, screen)(request.form))
    distrust = forgery()
    if distrust:
        return _page(visit, screen, _typed_values(cleaned), notice=distrust), 400
    wanted = request.form.get("language")
    if wanted:
        return _switch_language(visit, screen, cleaned, wanted)
    action = request.form.get("action", "next")
    # Who does not agree to take part is not asked to complete the page first.
    end = ended_by(visit.questionnaire, {**_answers(visit), **cleaned.answers}) if action == "next" else None
    if end:
        return _leave_out(visit, visit.questionnaire.ends.index(end))
    if action == "next" and cleaned.problems:
        return _page(visit, screen, _typed_values(cleaned), cleaned.problems), 422
    _save(visit, cleaned.answers if action != "clear" else dict.fromkeys(cleaned.typed))
    return see_other(_destination(visit, screen, action))


def _leave_out(visit: Visit, number: int) -> ViewResult:
    """Screened out: what was stored so far is deleted."""
    if visit.stored:
        responses.withdraw(visit.token)
    return see_other(visit.address("ended", number=number))


def _save(visit: Visit, answers: Answers) -> None:
    if visit.stored is None and responses.start(visit.token, visit.wave_id, visit.language, answers, visit.now):
        visit.stored = responses.find(visit.token)
        return
    stored = visit.stored or responses.find(visit.token)
    if stored is None:
        abort(409)
    visit.stored = responses.save(visit.token, stored, answers, visit.language, visit.now)


def _destination(visit: Visit, screen: Screen, action: str) -> str:
    if visit.stored is None or visit.stored.state == "done":
        return visit.address("receipt")
    if action == "later":
        return visit.address("later")
    shown = path(visit.questionnaire, visit.stored.answers)
    at = next((i for i, other in enumerate(shown) if other.name == screen.name), 0)
    if action == "clear":
        return _address(visit, shown, at)
    if action == "back":
        return _address(visit, shown, max(at - 1, 0))
    if request.args.get("from") == "check" and unanswered_screen(visit.questionnaire, visit.stored.answers) is None:
        return visit.address("check")
    return _address(visit, shown, at + 1) if at + 1 < len(shown) else visit.address("check")


def _address(visit: Visit, shown: tuple[Screen, ...], at: int) -> str:
    return visit.address("first_screen") if at == 0 else visit.address("screen", name=shown[at].name)


def _switch_language(visit: Visit, screen: Screen, cleaned: Cleaned, wanted: str) -> ViewResult:
    """The same page in another language, with what was typed; valid answers are saved where a response has begun."""
    choose(wanted)
    if visit.stored:
        _save(visit, {name: answer for name, answer in cleaned.answers.items() if answer is not None})
    return _page(visit, screen, _typed_values(cleaned))


def _stored_values(visit: Visit, screen: Screen) -> dict[str, Any]:
    answers = _answers(visit)
    return {v.name: answers.get(v.name) for question in screen.questions for v in question.variables()}


def _typed_values(cleaned: Cleaned) -> dict[str, Any]:
    return {name: values[0] if len(values) == 1 else values for name, values in cleaned.typed.items()}


def _page(
    visit: Visit,
    screen: Screen,
    values: dict[str, Any],
    problems: dict[str, AnswerError] | None = None,
    notice: str | None = None,
) -> str:
    shown = path(visit.questionnaire, _answers(visit))
    number = next((i for i, other in enumerate(shown, 1) if other.name == screen.name), 1)
    errors = {name: _message(visit, name, problem) for name, problem in (problems or {}).items()}
    summary = [(PREFIX + name, message) for name, message in errors.items()]
    return render_template(
        "respond/screen.html",
        visit=visit,
        screen=screen,
        number=number,
        total=len(shown),
        values=values,
        errors=errors,
        summary=summary,
        notice_text=notice,
    )


def _message(visit: Visit, name: str, problem: AnswerError) -> str:
    own = visit.questionnaire.variables[name].question.required_message
    if own and problem.message == REQUIRED:
        return visit.questionnaire.text(own, visit.language)
    return _(problem.message, **problem.params)
