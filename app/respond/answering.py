"""The pages of questions: shown, saved as they are passed, left in any direction without losing an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import abort, get_template_attribute, render_template, request
from markupsafe import Markup

from app.language import choose, select
from app.questionnaire.conditions import REQUIRED
from app.questionnaire.form import Cleaned, build_form, clean
from app.questionnaire.kinds.base import AnswerError, Answers
from app.questionnaire.model import End, Questionnaire
from app.questionnaire.presenting import Shown, present, present_for_all
from app.questionnaire.routing import Screen, ended_by, screens, unanswered_screen
from app.questionnaire.screening import declines
from app.storage import endings, invitations, responses, surveys

from . import made_once
from .mistakes import told
from .place import form_token, remember
from .quotas import full_for, turn_away
from .trust import forgery
from .visit import ViewResult, Visit, see_other, settle_language, visiting


@visiting
def first_screen(visit: Visit) -> ViewResult:
    """The introduction with the first questions: nothing is stored before they are answered."""
    if visit.stored and visit.stored.state == "done":
        state = surveys.survey_state(visit.survey, visit.now)
        wave = state.wave if state and state.is_open else None
        again = wave is not None and wave.id != visit.stored.wave_id and not wave.invited_only
        return render_template(
            "respond/answered.html",
            visit=visit,
            is_open=wave is not None and not wave.invited_only,
            again=again,
            form_token=form_token(visit.token),
        )
    if not visit.path:
        return render_template("respond/nothing.html", visit=visit)
    return _screen(visit, visit.path[0])


@visiting
def screen(visit: Visit, name: str) -> ViewResult:
    if visit.stored is None and request.method != "POST":
        return see_other(visit.address("first_screen"))
    if visit.stored and visit.stored.state == "done":
        return see_other(visit.address("receipt"))
    shown = visit.path
    if shown and name == shown[0].name:
        return see_other(visit.address("first_screen"))
    place = shown.place(name)
    if place is not None:
        return _screen(visit, shown[place])
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


def leave_out(visit: Visit, end: End, page: str) -> ViewResult:
    """Screened out on a page: what was stored so far is deleted, and counted."""
    how = endings.DECLINED if declines(end) else endings.SCREENED_OUT
    responses.screen_out(visit.token, visit.wave_id, page, how)
    return see_other(visit.address("ended", number=visit.questionnaire.ends.index(end)))


def _screen(visit: Visit, screen: Screen) -> ViewResult:
    if request.method != "POST":
        return _page(visit, screen, visit.answers_on(screen))
    distrust = forgery(visit.survey, visit.token)
    cleaned = clean(build_form(visit.questionnaire, _as_seen(screen))(request.form), lambda: visit.answers)
    if distrust:
        values = _typed_values(cleaned) if any(cleaned.typed.values()) else visit.answers_on(screen)
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
    if action == "next" and visit.questionnaire.ends:
        # Who does not agree to take part is not asked to complete the page first.
        end = ended_by(visit.questionnaire, {**visit.answers, **cleaned.answers})
        if end:
            return leave_out(visit, end, screen.page.name)
    problems = {} if action == "clear" else cleaned.problems
    if action != "next":
        problems = {name: problem for name, problem in problems.items() if problem.message != REQUIRED}
    if problems:
        return _page(visit, screen, _typed_values(cleaned), problems), 422
    kept = _kept(visit, cleaned, action)
    if kept or visit.stored or action == "next":
        _save(visit, kept, screen)
    number = full_for(visit, kept) if action == "next" else None
    if number is not None:
        return turn_away(visit, number)
    return see_other(_destination(visit, screen, action))


def _kept(visit: Visit, cleaned: Cleaned, action: str) -> Answers:
    """What is saved. A question left open on a page that was not passed is not skipped: it will be asked again."""
    if action == "next":
        return cleaned.answers
    answers = dict.fromkeys(cleaned.typed) if action == "clear" else cleaned.answers
    return {name: answer for name, answer in answers.items() if answer is not None or name in visit.answers}


def _save(visit: Visit, answers: Answers, screen: Screen) -> None:
    page = None if _checking() else screen.page.name  # Who only changes an answer has come further than that.
    if visit.stored is None:
        if responses.start(visit.token, visit.wave_id, visit.language, answers, visit.now, page):
            visit.stored = responses.find(visit.token)
            invitations.note_begun(visit.token, visit.wave_id)
            return
        visit.stored = responses.find(visit.token)
    if visit.stored is None and visit.invited_only:
        return  # Being withdrawn: by this link the person can begin anew when that is done.
    if visit.stored is None:  # Withdrawn elsewhere: this person begins anew.
        visit.token = remember(visit.survey, responses.new_token())
        responses.start(visit.token, visit.wave_id, visit.language, answers, visit.now, page)
        visit.stored = responses.find(visit.token)
        return
    visit.stored = responses.save(visit.token, visit.stored, answers, visit.language, visit.now, page)


def _destination(visit: Visit, screen: Screen, action: str) -> str:
    if visit.stored is None:
        return visit.address("first_screen")
    if visit.stored.state == "done":
        return visit.address("receipt")
    if action == "later":
        return visit.address("later")
    if action == "clear":
        return visit.page(screen, _checking())
    if _checking():
        missing = unanswered_screen(visit.questionnaire, visit.answers)
        return visit.page(missing, checking=True) if missing else visit.address("check")
    shown = visit.path
    place = shown.place(screen.name)
    at = len(shown) if place is None else place
    if action == "back":
        return visit.page(shown[max(at - 1, 0)])
    return visit.page(shown[at + 1]) if at + 1 < len(shown) else visit.address("check")


def _checking() -> bool:
    """Whether the page was opened from the check page, to change one answer."""
    return bool(request.query_string) and request.args.get("from") == "check"


def _switch_language(visit: Visit, screen: Screen, cleaned: Cleaned, wanted: str) -> ViewResult:
    """The same page in another language, with what was typed; valid answers are saved where a response has begun."""
    choose(wanted)
    settle_language(visit.languages)
    given: Answers = {name: answer for name, answer in cleaned.answers.items() if answer is not None}
    if visit.stored and not ended_by(visit.questionnaire, {**visit.answers, **given}):
        _save(visit, given, screen)
    return _page(visit, screen, _typed_values(cleaned))


def _typed_values(cleaned: Cleaned) -> dict[str, Any]:
    """As typed: nothing, one value, or several, of which some may be empty where their places count."""
    given = {name: values if any(values) else [] for name, values in cleaned.typed.items()}
    return {name: values[0] if len(values) == 1 else values or None for name, values in given.items()}


def _page(
    visit: Visit,
    screen: Screen,
    values: dict[str, Any],
    problems: dict[str, AnswerError] | None = None,
    notice: str | None = None,
) -> str:
    checking = _checking()
    number = (visit.path.place(screen.name) or 0) + 1
    context = {"address": visit.page(screen, checking), "number": number, "total": len(visit.path)}
    errors, summary = told(visit, screen, problems or {})
    questions = "\n".join(_fields(visit, screen, values, errors))

    def render() -> str:
        said = {"errors": errors, "summary": summary, "notice_text": notice, "checking": checking}
        marks = {"questions": Markup(made_once.ANSWERS), "form_token": made_once.FORM_TOKEN}  # noqa: S704
        return render_template("respond/screen.html", visit=visit, screen=screen, **context, **said, **marks)

    names = tuple(question.name for question in screen.questions)
    key = (
        visit.questionnaire.hash,
        visit.languages,
        screen.name,
        names,
        visit.stored is None,
        notice,
        *context.values(),
    )
    own = {made_once.FORM_TOKEN: form_token(visit.token), made_once.ANSWERS: questions}
    return made_once.page(key, render, own, is_for_all=not errors)


def _fields(visit: Visit, screen: Screen, values: dict[str, Any], errors: dict[str, str]) -> Iterator[Markup]:
    """The questions of a screen. One without free words, and the same for everybody, is made once."""
    reader, language = select(), visit.language
    for question, variables in screen.asked:
        shown = present_for_all(visit.questionnaire, question, language)
        shown = shown or present(visit.questionnaire, question, visit.answers, language)
        own = [(variable.name, values.get(variable.name)) for variable in variables]
        if shown.is_same_for_all and not errors and all(_is_option(shown, value) for _, value in own):
            rows = tuple(row.name for row in shown.rows)
            yield _field_once(reader, visit.questionnaire, language, shown.name, rows, tuple(own))
        else:
            yield _field(shown, values, errors)


def _is_option(shown: Shown, value: object) -> bool:
    return value is None or (isinstance(value, str) and shown.option(value) is not None)


@lru_cache(maxsize=8192)
def _field_once(
    _reader: str, questionnaire: Questionnaire, language: str, name: str, rows: tuple[str, ...], own: tuple[Any, ...]
) -> Markup:
    shown = present(questionnaire, questionnaire.question(name), {}, language)
    return _field(replace(shown, rows=tuple(row for row in shown.rows if row.name in rows)), dict(own), {})


def _field(shown: Shown, values: dict[str, Any], errors: dict[str, str]) -> Markup:
    macro: Callable[..., Markup] = get_template_attribute("macros/question.html", "question")
    return macro(shown, values, errors)
