"""The form of one screen, made from the questionnaire, and the answers that a posted form holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wtforms import Field, Form, ValidationError

from .kinds.base import Answer, AnswerError, Answers, Variable
from .model import Questionnaire
from .routing import Screen

PREFIX = "q_"  # A field called `validate` or `data` would replace a method of the form.

REQUIRED = "Please answer this question."


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
        if self.problem is None and question.required and self.data is None:
            self.problem = AnswerError(REQUIRED)
        if self.problem:
            raise ValidationError(str(self.problem))


@dataclass(frozen=True)
class Cleaned:
    """What a posted screen holds: answers that can be stored, what was typed, and problems by variable name."""

    answers: Answers
    typed: dict[str, list[str]]
    problems: dict[str, AnswerError]


def build_form(questionnaire: Questionnaire, screen: Screen) -> type[Form]:
    """The form class of a screen: one field per variable of its questions. Made once per version and screen."""
    return _form_class(questionnaire, tuple(v.name for q in screen.questions for v in q.variables()))


@lru_cache(maxsize=1024)
def _form_class(questionnaire: Questionnaire, names: tuple[str, ...]) -> type[Form]:
    fields = {PREFIX + name: AnswerField(questionnaire.variables[name]) for name in names}
    return type("ScreenForm", (Form,), fields)


def clean(form: Form) -> Cleaned:
    """The answers in a posted form. Nothing chosen is None (skipped), unless the question must be answered."""
    form.validate()
    answers: dict[str, Answer] = {}
    typed: dict[str, list[str]] = {}
    problems: dict[str, AnswerError] = {}
    for field in form:
        if not isinstance(field, AnswerField):
            continue
        name = field.variable.name
        typed[name] = field.typed
        if field.problem is None:
            answers[name] = field.data
        else:
            problems[name] = field.problem
    return Cleaned(answers, typed, problems)
