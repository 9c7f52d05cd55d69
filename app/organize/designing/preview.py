"""A draft as a respondent sees it: in a language, a width and an arm, with the answers chosen. Nothing is stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import make_response, render_template, request
from flask_babel import gettext as _

from app.language import LANGUAGES, select, speak
from app.protection import FRAMED, FRAMING
from app.questionnaire.conditions import CONSTRAINT, REQUIRED
from app.questionnaire.draft.salvage import salvage
from app.questionnaire.expressions import holds
from app.questionnaire.form import PREFIX, Cleaned, build_form, clean
from app.questionnaire.kinds.arm import Arm
from app.questionnaire.kinds.base import AnsweredQuestion, AnswerError, Answers
from app.questionnaire.model import End, Questionnaire
from app.questionnaire.presenting import present
from app.questionnaire.routing import Screen, ended_by, known, path, screens

from . import drafts
from .outline import words

_ARM = "arm_"
_LARGEST = 1_000_000
_POLICY = "Content-Security-Policy"


@dataclass
class Walk:
    """Where somebody stands in a preview. given: the answers so far, which the page itself carries."""

    questionnaire: Questionnaire
    given: Answers
    arms: Answers
    seed: int

    @property
    def answers(self) -> Answers:
        today = datetime.now(UTC).date().isoformat()
        return known(self.questionnaire, {**self.given, **self.arms}, self.seed, today)

    @property
    def path(self) -> tuple[Screen, ...]:
        return path(self.questionnaire, self.answers)


def design_preview(key: str) -> Any:
    """The preview in its frame: ?width=wide or that of a phone, ?page= to begin with, ?arm_NAME=, ?seed=."""
    draft = drafts.known(key)
    questionnaire, left_out = salvage(draft.tree)
    page = request.args.get("page", "")
    made = render_template(
        "organize/design/preview.html",
        draft=draft,
        has=questionnaire is not None,
        left_out=left_out,
        experiments=_experiments(questionnaire) if questionnaire else [],
        wide=request.args.get("width") == "wide",
        kept=_kept(page),
        seed=_seed(),
        page=page,
        pages=[(one.name, words(one.title)) for one in questionnaire.pages] if questionnaire else [],
    )
    answer = make_response(made)
    answer.headers[_POLICY] = FRAMING
    return answer


def _kept(page: str) -> dict[str, str]:
    """What the frame's address says."""
    kept = {name: value for name, value in request.args.items() if name.startswith(_ARM)}
    return {**kept, "seed": str(_seed()), **({"page": page} if page else {})}


def _seed() -> int:
    given = request.args.get("seed", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 1


def _experiments(questionnaire: Questionnaire) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """Each experiment: the name of its field, its words, its arms, and the arm that was chosen."""
    return [
        (
            _ARM + one.name,
            words(one.label),
            [("", _("By chance")), *((choice.code, words(choice.label)) for choice in one.choices)],
            request.args.get(_ARM + one.name, ""),
        )
        for one in questionnaire.questions
        if isinstance(one, Arm)
    ]


def preview_frame(key: str) -> Any:
    """What a respondent sees; what is answered leads on."""
    questionnaire, _left_out = salvage(drafts.known(key).tree)
    made = _frame(questionnaire) if questionnaire else render_template("organize/design/frame_empty.html")
    answer = make_response(made)
    answer.headers[_POLICY] = FRAMED
    return answer


def _frame(questionnaire: Questionnaire) -> str:
    wanted = request.form.get("text") or request.args.get("text") or select()
    language = wanted if wanted in questionnaire.languages else questionnaire.languages[0]
    speak(language if language in LANGUAGES else select())
    experiments = {one.name: {c.code for c in one.choices} for one in questionnaire.questions if isinstance(one, Arm)}
    arms: Answers = {
        name: code for name, codes in experiments.items() if (code := request.args.get(_ARM + name, "")) in codes
    }
    walk = Walk(questionnaire, _given(questionnaire), arms, _seed())
    screen = _screen(walk)
    if screen is None:
        return render_template("organize/design/frame_empty.html")
    if request.method != "POST":
        return _page(walk, screen, language)
    cleaned = clean(build_form(questionnaire, screen)(request.form), lambda: walk.answers)
    if request.form.get("do") == "back":
        return _back(walk, screen, cleaned, language)
    if request.form.get("do") != "next":
        walk.given |= cleaned.answers
        return _page(walk, screen, language, cleaned)
    end = ended_by(questionnaire, {**walk.answers, **cleaned.answers})
    if end:
        return _last(walk, language, end)
    if cleaned.problems:
        return _page(walk, screen, language, cleaned, cleaned.problems)
    walk.given |= cleaned.answers
    following = _after(walk, screen)
    return _page(walk, following, language) if following else _last(walk, language)


def _given(questionnaire: Questionnaire) -> Answers:
    """The answers that the page carries, as far as they can be answers."""
    try:
        found = json.loads(request.form.get("given", "{}")[:_LARGEST])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: value
        for name, value in found.items()
        if name in questionnaire.variables
        and (value is None or (isinstance(value, str | int) and not isinstance(value, bool)) or _is_codes(value))
    }


def _is_codes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _screen(walk: Walk) -> Screen | None:
    """The screen that was shown, else the one to begin with."""
    name = request.form.get("screen")
    every = {screen.name: screen for screen in screens(walk.questionnaire)}
    shown = {screen.name: screen for screen in walk.path}
    if name:
        return shown.get(name) or every.get(name) or next(iter(shown.values()), None)
    # A page to begin with is shown whole, with what only some answers lead to.
    return every.get(request.args.get("page", "")) or next(iter(shown.values()), None)


def _after(walk: Walk, screen: Screen) -> Screen | None:
    """The next screen on the path that comes behind one."""
    order = [one.name for one in screens(walk.questionnaire)]
    names = [one.name for one in walk.path]
    if screen.name in names:
        return next(iter(walk.path[names.index(screen.name) + 1 :]), None)
    return next((one for one in walk.path if order.index(one.name) > order.index(screen.name)), None)


def _back(walk: Walk, screen: Screen, cleaned: Cleaned, language: str) -> str:
    walk.given |= {name: answer for name, answer in cleaned.answers.items() if answer is not None}
    order = [one.name for one in screens(walk.questionnaire)]
    before = [one for one in walk.path if order.index(one.name) < order.index(screen.name)]
    names = [one.name for one in walk.path]
    at = names.index(screen.name) if screen.name in names else len(before)
    return _page(walk, walk.path[max(at - 1, 0)] if walk.path else screen, language)


def _last(walk: Walk, language: str, end: End | None = None) -> str:
    answers = walk.answers
    said = [
        (variable.name, variable.question.show(answers[variable.name], language))
        for variable in walk.questionnaire.variables.values()
        if answers.get(variable.name) is not None
    ]
    met = [one.label for one in walk.questionnaire.contradictions if holds(one.when, answers)]
    return render_template(
        "organize/design/frame_end.html",
        walk=walk,
        language_shown=language,
        end=end,
        said=said,
        contradictions=[walk.questionnaire.text(label, language) for label in met],
    )


def _page(
    walk: Walk,
    screen: Screen,
    language: str,
    cleaned: Cleaned | None = None,
    problems: dict[str, AnswerError] | None = None,
) -> str:
    answers = walk.answers
    values: dict[str, Any] = dict(walk.given)
    if cleaned:
        given = {name: typed if any(typed) else [] for name, typed in cleaned.typed.items()}
        values |= {name: typed[0] if len(typed) == 1 else typed or None for name, typed in given.items()}
    errors = {name: _message(walk, name, problem, language) for name, problem in (problems or {}).items()}
    names = [one.name for one in walk.path]
    return render_template(
        "organize/design/frame.html",
        walk=walk,
        screen=screen,
        language_shown=language,
        shown=[present(walk.questionnaire, question, answers, language) for question in screen.questions],
        values=values,
        told=errors,
        summary=[(PREFIX + name, message) for name, message in errors.items()],
        number=names.index(screen.name) + 1 if screen.name in names else None,
        total=len(names),
        given=json.dumps(walk.given, ensure_ascii=False),
        offered=[(code, LANGUAGES.get(code, code)) for code in walk.questionnaire.languages],
    )


def _message(walk: Walk, name: str, problem: AnswerError, language: str) -> str:
    variable = walk.questionnaire.variables.get(name)
    question = variable.question if variable else walk.questionnaire.question(name)
    if isinstance(question, AnsweredQuestion):
        own = {REQUIRED: question.required_message, CONSTRAINT: question.constraint_message}.get(problem.message)
        if own:
            return walk.questionnaire.text(own, language)
    return str(_(problem.message, **problem.params))
