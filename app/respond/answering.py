"""The pages of questions: shown, saved as they are passed, left in any direction without losing an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app.language import choose, select
from app.questionnaire.form import PREFIX, REQUIRED, Cleaned, build_form, clean
from app.questionnaire.kinds.base import AnswerError, Answers
from app.questionnaire.model import End
from app.questionnaire.routing import Screen, ended_by, path, screens, unanswered_screen
from app.storage import responses, surveys

from .visit import ViewResult, Visit, forgery, remember, see_other, settle_language, visiting


@visiting
def first_screen(visit: Visit) -> ViewResult:
    """The introduction with the first questions: nothing is stored before they are answered."""
    if visit.stored and visit.stored.state == "done":
        state = surveys.survey_state(visit.survey, visit.now)
        wave = state.wave if state and state.is_open else None
        again = wave is not None and wave.id != visit.stored.wave_id
        return render_template("respond/answered.html", visit=visit, is_open=wave is not None, again=again)
    return _screen(visit, path(visit.questionnaire, visit.answers)[0])


@visiting
def screen(visit: Visit, name: str) -> ViewResult:
    if visit.stored is None and request.method != "POST":
        return see_other(visit.address("first_screen"))
    if visit.stored and visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    shown = path(visit.questionnaire, visit.answers)
    if name == shown[0].name:
        return see_other(visit.address("first_screen"))
    found = next((screen for screen in shown if screen.name == name), None)
    if found:
        return _screen(visit, found)
    if any(screen.name == name for screen in screens(visit.questionnaire)):
        return see_other(visit.address("check"))  # Its questions are no longer asked: on to where answers are missing.
    abort(404)


@visiting
def ended(visit: Visit, number: int) -> ViewResult:
    """The thanks of a screening rule. Nothing was kept."""
    if number >= len(visit.questionnaire.ends):
        abort(404)
    if visit.stored:
        return see_other(visit.address("check"))
    return render_template("respond/ended.html", visit=visit, end=visit.questionnaire.ends[number])


def leave_out(visit: Visit, end: End) -> ViewResult:
    """Screened out: what was stored so far is deleted."""
    responses.abandon(visit.token)
    return see_other(visit.address("ended", number=visit.questionnaire.ends.index(end)))


def _screen(visit: Visit, screen: Screen) -> ViewResult:
    if request.method != "POST":
        return _page(visit, screen, _stored_values(visit, screen))
    distrust = forgery()
    cleaned = clean(build_form(visit.questionnaire, _as_seen(screen))(request.form))
    if distrust:
        values = _typed_values(cleaned) if any(cleaned.typed.values()) else _stored_values(visit, screen)
        return _page(visit, screen, values, notice=distrust), 400
    wanted = request.form.get("language")
    if wanted:
        return _switch_language(visit, screen, cleaned, wanted)
    action = request.form.get("action")
    return _act(visit, screen, cleaned, action if action in ("back", "later", "clear") else "next")


def _as_seen(screen: Screen) -> Screen:
    """The screen with the questions that the reader saw: another window may have changed which are asked."""
    seen = request.form.get("asked")
    if seen is None:
        return screen
    return replace(screen, questions=tuple(q for q in screen.questions if q.name in seen.split()))


def _act(visit: Visit, screen: Screen, cleaned: Cleaned, action: str) -> ViewResult:
    if action == "next":
        # Who does not agree to take part is not asked to complete the page first.
        end = ended_by(visit.questionnaire, {**visit.answers, **cleaned.answers})
        if end:
            return leave_out(visit, end)
    problems = {} if action == "clear" else cleaned.problems
    if action != "next":
        problems = {name: problem for name, problem in problems.items() if problem.message != REQUIRED}
    if problems:
        return _page(visit, screen, _typed_values(cleaned), problems), 422
    kept = _kept(visit, cleaned, action)
    if kept or visit.stored or action == "next":
        _save(visit, kept)
    return see_other(_destination(visit, screen, action))


def _kept(visit: Visit, cleaned: Cleaned, action: str) -> Answers:
    """What is saved. A question left open on a page that was not passed is not skipped: it will be asked again."""
    if action == "next":
        return cleaned.answers
    answers = dict.fromkeys(cleaned.typed) if action == "clear" else cleaned.answers
    return {name: answer for name, answer in answers.items() if answer is not None or name in visit.answers}


def _save(visit: Visit, answers: Answers) -> None:
    if visit.stored is None:
        if responses.start(visit.token, visit.wave_id, visit.language, answers, visit.now):
            visit.stored = responses.find(visit.token)
            return
        visit.stored = responses.find(visit.token)
    if visit.stored is None:  # Withdrawn elsewhere: this person begins anew.
        visit.token = remember(visit.survey, responses.new_token())
        responses.start(visit.token, visit.wave_id, visit.language, answers, visit.now)
        visit.stored = responses.find(visit.token)
        return
    visit.stored = responses.save(visit.token, visit.stored, answers, visit.language, visit.now)


def _destination(visit: Visit, screen: Screen, action: str) -> str:
    if visit.stored is None:
        return visit.address("first_screen")
    if visit.stored.state == "done":
        return visit.address("receipt")
    if action == "later":
        return visit.address("later")
    if action == "clear":
        return visit.page(screen, _checking())
    shown = path(visit.questionnaire, visit.answers)
    at = next((i for i, other in enumerate(shown) if other.name == screen.name), len(shown))
    if _checking():
        missing = unanswered_screen(visit.questionnaire, visit.answers)
        return visit.page(missing, checking=True) if missing else visit.address("check")
    if action == "back":
        return visit.page(shown[max(at - 1, 0)])
    return visit.page(shown[at + 1]) if at + 1 < len(shown) else visit.address("check")


def _checking() -> bool:
    """Whether the page was opened from the check page, to change one answer."""
    return request.args.get("from") == "check"


def _switch_language(visit: Visit, screen: Screen, cleaned: Cleaned, wanted: str) -> ViewResult:
    """The same page in another language, with what was typed; valid answers are saved where a response has begun."""
    choose(wanted)
    settle_language(visit.questionnaire)
    given: Answers = {name: answer for name, answer in cleaned.answers.items() if answer is not None}
    if visit.stored and not ended_by(visit.questionnaire, {**visit.answers, **given}):
        _save(visit, given)
    return _page(visit, screen, _typed_values(cleaned))


def _stored_values(visit: Visit, screen: Screen) -> dict[str, Any]:
    return {v.name: visit.answers.get(v.name) for question in screen.questions for v in question.variables()}


def _typed_values(cleaned: Cleaned) -> dict[str, Any]:
    """As typed: nothing, one value, or several."""
    given = {name: [value for value in values if value] for name, values in cleaned.typed.items()}
    return {name: values[0] if len(values) == 1 else values or None for name, values in given.items()}


def _page(
    visit: Visit,
    screen: Screen,
    values: dict[str, Any],
    problems: dict[str, AnswerError] | None = None,
    notice: str | None = None,
) -> str:
    shown = path(visit.questionnaire, visit.answers)
    number = next((i for i, other in enumerate(shown, 1) if other.name == screen.name), 1)
    context = {"address": visit.page(screen, _checking()), "number": number, "total": len(shown)}
    if not problems and not notice and all(value is None for value in values.values()):
        return _blank_page(visit, screen, context)
    errors = {name: _message(visit, name, problem) for name, problem in (problems or {}).items()}
    summary = [(PREFIX + name, message) for name, message in errors.items()]
    return _render(visit, screen, **context, values=values, errors=errors, summary=summary, notice_text=notice)


def _render(visit: Visit, screen: Screen, **context: Any) -> str:
    return render_template("respond/screen.html", visit=visit, screen=screen, checking=_checking(), **context)


_blank_pages: dict[tuple[Any, ...], str] = {}
_MOST_PAGES = 2000
_TOKEN = "\ue000token\ue000"  # noqa: S105  (stands for the token of the reader)


def _blank_page(visit: Visit, screen: Screen, context: dict[str, Any]) -> str:
    """A page that nothing was answered on yet, as most are met: the same for everybody but for the form's token."""
    names = tuple(question.name for question in screen.questions)
    key = (visit.questionnaire.hash, screen.name, names, visit.stored is None, select(), *context.values())
    # A message for this reader alone must not be kept. Showing it takes it out of the session, so that is asked first.
    for_all = "_flashes" not in session
    page = _blank_pages.get(key) if for_all else None
    if page is None:
        page = _render(visit, screen, **context, values={}, errors={}, summary=[], csrf_token=lambda: _TOKEN)
        if for_all and len(_blank_pages) < _MOST_PAGES:
            _blank_pages[key] = page
    return page.replace(_TOKEN, generate_csrf())


def _message(visit: Visit, name: str, problem: AnswerError) -> str:
    own = visit.questionnaire.variables[name].question.required_message
    if own and problem.message == REQUIRED:
        return visit.questionnaire.text(own, visit.language)
    return _(problem.message, **problem.params)
