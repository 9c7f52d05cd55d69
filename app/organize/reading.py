"""A questionnaire as an organizer reads it: every page, question, option with its code, condition and experiment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from app.questionnaire.kinds.base import AnsweredQuestion, Choice, Option, Question, Row, Variant
from app.questionnaire.kinds.scale import Scale
from app.questionnaire.model import Page, PageGroup, Questionnaire

_TERMS = {
    "action": _("Action that it measures"),
    "appearance": _("Appearance"),
    "calculation": _("Calculated as"),
    "choice_filter": _("Options offered where"),
    "constraint": _("Taken only where"),
    "constraint_message": _("Said otherwise"),
    "fixed": _("Keeps its place in a random order"),
    "group": _("Group of pages"),
    "high": _("High end"),
    "low": _("Low end"),
    "of": _("Drawn from"),
    "parameters": _("Parameters"),
    "publish": _("Estimates are published"),
    "randomize": _("In random order"),
    "relevant": _("Asked only where"),
    "required": _("Must be answered"),
    "required_message": _("Said if it is not"),
}
_TEXTS = {"constraint_message", "high", "low", "required_message"}
_SHOWN_APART = {
    *("choices", "dont_know", "hint", "kind", "label", "name", "questions", "refused", "rows", "title", "variants"),
}


@dataclass(frozen=True)
class Said:
    """A word of the language with what it says. `is_code`: an expression or name, not words for people."""

    term: str
    value: str
    is_code: bool


@dataclass(frozen=True)
class Line:
    """An option or a row: the code or name, the words, and what else is said of it."""

    code: str
    label: str
    hint: str
    said: list[Said]
    marks: list[str]


@dataclass(frozen=True)
class Arm:
    """What is different in an arm of an experiment."""

    experiment: str
    code: str
    label: str
    hint: str
    options: list[Line]


@dataclass(frozen=True)
class Read:
    """A question in one language."""

    name: str
    kind: str
    label: str
    hint: str
    said: list[Said]
    rows: list[Line]
    options: list[Line]
    arms: list[Arm]


class Reader:
    """Reads the parts of a questionnaire in one of its languages."""

    def __init__(self, questionnaire: Questionnaire, language: str) -> None:
        self.questionnaire = questionnaire
        self.language = language

    def text(self, text: dict[str, str] | None) -> str:
        return self.questionnaire.text(text, self.language) if text else ""

    def question(self, question: Question) -> Read:
        return Read(
            question.name,
            question.kind,
            self.text(question.label),
            self.text(question.hint),
            self.said(question),
            [self._row(row) for row in getattr(question, "rows", ())],
            self._options(question),
            [self._arm(variant) for variant in question.variants],
        )

    def said(self, part: Question | Page | PageGroup | Row) -> list[Said]:
        """What is said of a part, as far as it is not as by default, in the language's own order."""
        given = part.model_dump(mode="json", exclude_defaults=True)
        return [self._said(key, value) for key, value in given.items() if key not in _SHOWN_APART]

    def _said(self, key: str, value: Any) -> Said:
        term = str(_TERMS.get(key, key))
        if isinstance(value, bool):
            return Said(term, str(_("yes") if value else _("no")), False)
        if key in _TEXTS:
            return Said(term, self.text(value), False)
        if isinstance(value, dict):
            return Said(term, " ".join(f"{word}={_plain(one)}" for word, one in value.items()), True)
        return Said(term, " ".join(value) if isinstance(value, list) else str(value), True)

    def _row(self, row: Row) -> Line:
        return Line(row.name, self.text(row.label), self.text(row.hint), self.said(row), [])

    def _options(self, question: Question) -> list[Line]:
        """The options as written, then the ways of not answering."""
        if not isinstance(question, AnsweredQuestion):
            return []
        written: tuple[Choice, ...] = getattr(question, "choices", ())
        points = question.options if isinstance(question, Scale) and not written else question.apart
        return [self._choice(choice) for choice in written] + [self._point(option) for option in points]

    def _choice(self, choice: Choice) -> Line:
        marks = (
            (_("stands alone"), choice.exclusive),
            (_("keeps its place"), choice.fixed),
            (_("with a field for words"), choice.specify),
            (_("share %(share)s", share=f"{choice.share:g}"), choice.share != 1),
        )
        said = [Said(name, value, True) for name, value in choice.attributes.items()]
        return Line(choice.code, self.text(choice.label), "", said, [str(mark) for mark, is_set in marks if is_set])

    def _point(self, option: Option) -> Line:
        label = option.label.get(self.language) or next(iter(option.label.values()))
        return Line(option.code, label, "", [], [str(_("stands apart"))] if option.apart else [])

    def _arm(self, variant: Variant) -> Arm:
        options = [self._choice(choice) for choice in variant.choices or ()]
        return Arm(variant.experiment, variant.arm, self.text(variant.label), self.text(variant.hint), options)


def language_to_read(questionnaire: Questionnaire, wanted: Iterable[str | None]) -> str:
    """The first of the wanted languages that a questionnaire has, else its own first."""
    return next((one for one in wanted if one in questionnaire.languages), None) or questionnaire.languages[0]


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
