"""The form of one screen, made from the questionnaire, and the answers that a posted form holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wtforms import Field, Form, ValidationError

from .conditions import REQUIRED, is_required, unfit
from .kinds.base import Answer, AnsweredQuestion, AnswerError, Answers, Variable
from .model import Questionnaire
from .routing import Screen

PREFIX = "q_"  # A field called `validate` or `data` would replace a method of the form.


class AnswerField(Field):
    """One variable's field: reads the posted values with the question's own rules and keeps them as typed."""

    def __init__(self, variable: Variable, **kwargs: Any) -> None:
        super().__init__(label=variable.name, **kwargs)
        self.variable = variable
        self.typed: list[str] = []
        self.problem: AnswerError | None = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = [str(value) for value in valuelist]
        try:
            self.data = self.variable.question.read(self.typed)
        except AnswerError as error:
            self.data, self.problem = None, error

    def pre_validate(self, form: Any) -> None:
        question = self.variable.question
        if self.problem is None and question.required is True and self.data is None and not question.hangs_on_others:
            self.problem = AnswerError(REQUIRED)
        if self.problem:
            raise ValidationError(str(self.problem))


@dataclass(frozen=True)
class Cleaned:
    """What a posted screen holds: answers that can be stored, what was typed, and problems by variable name.

    A problem of several rows together stands under their question's name.
    """

    answers: Answers
    typed: dict[str, list[str]]
    problems: dict[str, AnswerError]


def build_form(questionnaire: Questionnaire, screen: Screen) -> type[Form]:
    """The form class of a screen: one field per variable of its questions. Made once per version and screen."""
    names = (variable.name for variable in screen.variables if variable.question.entered)
    return _form_class(questionnaire, tuple(sorted(names)))


@lru_cache(maxsize=1024)
def _form_class(questionnaire: Questionnaire, names: tuple[str, ...]) -> type[Form]:
    in_order = (name for name in questionnaire.variables if name in names)
    fields = {PREFIX + name: AnswerField(questionnaire.variables[name]) for name in in_order}
    return type("ScreenForm", (Form,), fields)


def clean(form: Form, earlier: Callable[[], Mapping[str, Answer]] = dict) -> Cleaned:
    """The answers in a posted form. Nothing chosen is None (skipped), unless the question must be answered.

    `earlier` gives the answers to other screens: asked where what must be answered, or what fits, may hang on them.
    """
    form.validate()
    fields = [field for field in form if isinstance(field, AnswerField)]
    cleaned = Cleaned({}, {field.variable.name: field.typed for field in fields}, {})
    for field in fields:
        name = field.variable.name
        if field.problem is None:
            cleaned.answers[name] = field.data
        else:
            cleaned.problems[name] = field.problem
    for question in _questions(fields):
        _check(question, earlier(), cleaned)
    return cleaned


def _questions(fields: list[AnswerField]) -> list[AnsweredQuestion]:
    """The questions whose answers hang on one another, each once."""
    found = {id(field.variable.question): field.variable.question for field in fields}
    return [question for question in found.values() if question.hangs_on_others]


def _check(question: AnsweredQuestion, earlier: Mapping[str, Answer], cleaned: Cleaned) -> None:
    """Completes the answers to a question, and moves those that do not fit to the problems."""
    variables = {variable.name: variable.question for variable in question.variables()}
    names = [name for name in variables if name in cleaned.answers]
    own = [name for name, of in variables.items() if of is question]
    can_be_read = not any(name in cleaned.problems for name in variables)
    if can_be_read:
        cleaned.answers.update(question.complete({name: cleaned.answers[name] for name in names}))
    # Rows that are no longer asked may have answers still.
    given = {name: answer for name, answer in earlier.items() if name not in variables} | cleaned.answers
    if is_required(question, given):
        missing = [name for name in own if name in names and given[name] is None]
        cleaned.problems.update((name, AnswerError(REQUIRED)) for name in missing)
    for name, problem in unfit(question, given).items() if can_be_read else ():
        if name in names or name == question.name:
            cleaned.problems[name] = problem
    for name in (*cleaned.problems, *(own if question.name in cleaned.problems else ())):
        cleaned.answers.pop(name, None)
