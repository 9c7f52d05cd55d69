"""A question as one reader meets it: words of their language and arm, earlier answers in them, options in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from .conditions import filtered, is_required
from .expressions.lexer import VARIABLE
from .kinds.base import Answer, AnsweredQuestion, Choice, Option, Question, Row, Text, Variable, Variant
from .model import ORDER, Questionnaire

_UNANSWERED = "…"
_Item = TypeVar("_Item", "ShownOption", "ShownRow")


@dataclass(frozen=True)
class ShownOption:
    """What can be pressed. `apart` ones (don't know, prefer not to say) stand apart from the others."""

    code: str
    label: str
    exclusive: bool = False
    apart: bool = False
    specify: bool = False

    @property
    def key(self) -> str:
        """What an order names it by."""
        return self.code


@dataclass(frozen=True)
class ShownRow:
    """One row of a matrix or an allocation."""

    name: str
    label: str
    hint: str | None = None

    @property
    def key(self) -> str:
        """What an order names it by."""
        return self.name


@dataclass(frozen=True)
class Shown:
    """One question on a page. `question` has what is the same for everybody: kind, parameters, appearance."""

    question: Question
    label: str
    hint: str | None = None
    required: bool = False
    options: tuple[ShownOption, ...] = ()
    rows: tuple[ShownRow, ...] = ()
    low: str | None = None
    high: str | None = None
    is_same_for_all: bool = False

    @property
    def name(self) -> str:
        return self.question.name

    def option(self, code: str) -> ShownOption | None:
        """The option of a code."""
        return self._by_code.get(code)

    @cached_property
    def _by_code(self) -> dict[str, ShownOption]:
        return {option.code: option for option in self.options}

    def asks(self, name: str) -> str:
        """What is asked under the name of one of the question's variables."""
        row = next((row for row in self.rows if row.name == name), None)
        if row:
            return row.label
        other = next((o for o in self.options if o.specify), None) if name != self.name else None
        return f"{self.label} – {other.label}" if other else self.label

    def said(self, variable: Variable, answer: Answer, language: str) -> str:
        """An answer in the words that were shown for it."""
        option = self.option(answer) if isinstance(answer, str) and variable.question is self.question else None
        return option.label if option else variable.question.show(answer, language)

    @property
    def kind(self) -> str:
        return self.question.kind


def present(questionnaire: Questionnaire, question: Question, answers: Mapping[str, Answer], language: str) -> Shown:
    """A question of a screen for a reader. `answers` hold what the seed gave too (`drawing.drawn`)."""
    for_all = present_for_all(questionnaire, question, language)
    if for_all:
        return for_all
    return _with_rows(_made(questionnaire, questionnaire.question(question.name), answers, language), question)


def present_for_all(questionnaire: Questionnaire, question: Question, language: str) -> Shown | None:
    """The same where nothing but the rows asked hangs on the reader's answers, arm or seed; None otherwise."""
    shown = _present_once(questionnaire, question.name, language)
    return _with_rows(shown, question) if shown else None


def _with_rows(shown: Shown, question: Question) -> Shown:
    """With those of its rows that are asked."""
    if not shown.rows:
        return shown
    asked = {row.name for row in getattr(question, "rows", ())}
    kept = tuple(row for row in shown.rows if row.name in asked)
    return shown if len(kept) == len(shown.rows) else replace(shown, rows=kept)


@lru_cache(maxsize=4096)
def _present_once(questionnaire: Questionnaire, name: str, language: str) -> Shown | None:
    question = questionnaire.question(name)
    if not _is_same_for_all(questionnaire, question):
        return None
    return replace(_made(questionnaire, question, {}, language), is_same_for_all=True)


def _is_same_for_all(questionnaire: Questionnaire, question: Question) -> bool:
    if question.variants or question.name + ORDER in questionnaire.shuffles or getattr(question, "choice_filter", None):
        return False
    if isinstance(question, AnsweredQuestion) and isinstance(question.required, str):
        return False
    return not piped(question)


def piped(question: Question) -> tuple[str, ...]:
    """The variables whose answers stand in the words of a question."""
    lines = (line for text in _texts(question) for line in text.values())
    return tuple(dict.fromkeys(name for line in lines if "${" in line for name in VARIABLE.findall(line)))


def _texts(question: Question) -> list[Text]:
    rows: Sequence[Row] = getattr(question, "rows", ())
    ends = (getattr(question, "low", None), getattr(question, "high", None))
    texts = [question.label, question.hint, *ends, *(row.label for row in rows), *(row.hint for row in rows)]
    texts += [text for variant in question.variants for text in (variant.label, variant.hint)]
    texts += [choice.label for variant in question.variants for choice in variant.choices or ()]
    if isinstance(question, AnsweredQuestion):
        texts += [option.label for option in question.options]
    return [text for text in texts if text]


def _made(questionnaire: Questionnaire, question: Question, answers: Mapping[str, Answer], language: str) -> Shown:
    def say(text: Text | None) -> str | None:
        return fill_in(questionnaire, questionnaire.text(text, language), answers, language) if text else None

    variants = [v for v in question.variants if answers.get(v.experiment) == v.arm]
    rows = [ShownRow(row.name, say(row.label) or "", say(row.hint)) for row in getattr(question, "rows", ())]
    order = answers.get(question.name + ORDER)
    options: list[ShownOption] = []
    if isinstance(question, AnsweredQuestion):
        options = [_option(option, say(option.label) or "") for option in _options(question, variants, answers)]
    return Shown(
        question,
        say(_last(variants, "label") or question.label) or "",
        say(_last(variants, "hint") or question.hint),
        is_required(question, answers),
        tuple(_in_order(options, order)) if options and not rows else tuple(options),
        tuple(_in_order(rows, order)),
        say(getattr(question, "low", None)),
        say(getattr(question, "high", None)),
    )


def _last(variants: list[Variant], field: str) -> Text | None:
    found: list[Text] = [text for variant in variants if (text := getattr(variant, field))]
    return found[-1] if found else None


def _options(question: AnsweredQuestion, variants: list[Variant], answers: Mapping[str, Answer]) -> list[Option]:
    """The options of this reader's arm, without those that the filter takes out."""
    words: dict[str, Choice] = {c.code: c for v in variants for c in v.choices or ()}
    allowed = filtered(question, answers)
    shown = [option for option in question.options if allowed is None or option.apart or option.code in allowed]
    return [replace(o, label=words[o.code].label) if o.code in words and not o.apart else o for o in shown]


def _option(option: Option, label: str) -> ShownOption:
    return ShownOption(option.code, label, option.exclusive, option.apart, option.specify)


def _in_order(items: Sequence[_Item], order: Answer) -> list[_Item]:
    """The items as an order of the seed says; those that it does not name come after."""
    if not isinstance(order, list):
        return list(items)
    places = {name: place for place, name in enumerate(order)}
    return sorted(
        items, key=lambda item: places.get(item.code if isinstance(item, ShownOption) else item.name, len(places))
    )


def fill_in(questionnaire: Questionnaire, line: str, answers: Mapping[str, Answer], language: str) -> str:
    """A text with `${name}` replaced by the answer to that question, in the reader's words."""
    if "${" not in line:
        return line

    def answer(found: re.Match[str]) -> str:
        variable = questionnaire.variables.get(found[1])
        given = answers.get(found[1])
        return variable.question.show(given, language) if variable and given is not None else _UNANSWERED

    return VARIABLE.sub(answer, line)
