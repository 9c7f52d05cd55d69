"""What every question kind shares: the definition's fields, and the questions a kind must answer about itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

# The four ways of not answering. They are never option codes: a code cannot begin with a minus sign.
NOT_ASKED, SKIPPED, DONT_KNOW, REFUSED = "-1", "-7", "-8", "-9"
RESERVED = (NOT_ASKED, SKIPPED, DONT_KNOW, REFUSED)

Answer = str | int | list[str] | None
"""An option code, a number, a list of codes or a text; None is *skipped*. *Not asked* is the absence of the name."""
Answers = dict[str, Answer]

STANDARD_LABELS: dict[str, dict[str, str]] = {
    NOT_ASKED: {"en": "Not asked", "ja": "質問していない"},
    SKIPPED: {"en": "Skipped", "ja": "無回答"},
    DONT_KNOW: {"en": "Don't know", "ja": "わからない"},
    REFUSED: {"en": "Prefer not to say", "ja": "答えたくない"},
}


class AnswerError(ValueError):
    """An answer that the question does not take. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


def _no_controls(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise ValueError("contains a control character")
    return text


def _code(value: object) -> object:
    """Codes are text; YAML reads 1 as a number, which is what its writer meant as the code "1"."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# Only true and false, only whole numbers: the word "no" or "false" in quotes is no boolean.
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Line = Annotated[str, Field(max_length=10_000), AfterValidator(_no_controls)]
Text = dict[str, Line]
Code = Annotated[str, BeforeValidator(_code), Field(pattern=r"^[A-Za-z0-9_.]+$", max_length=40)]
Source = Annotated[str, Field(max_length=10_000)]
"""An expression as written."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]


class Model(BaseModel):
    """A part of a questionnaire: it never changes once read, and knows no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Choice(Model):
    """One option: the code is what is stored, the label is what is read.

    `fixed` keeps its place in a random order; `specify` asks for words of one's own beside it; `attributes` are what a
    choice_filter reads; `share` is how large an arm of an experiment is beside the others.
    """

    code: Code
    label: Text
    exclusive: Flag = False
    fixed: Flag = False
    specify: Flag = False
    attributes: dict[Name, Annotated[str, BeforeValidator(_code), Field(max_length=200)]] = Field(default_factory=dict)
    share: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0


class Row(Model):
    """One row of a matrix: a variable of its own."""

    name: Name
    label: Text
    hint: Text | None = None
    action: str | None = None
    fixed: Flag = False
    relevant: Source | None = None


class Variant(Model):
    """What is different in one arm of an experiment. What is left out stays; choices keep the same codes."""

    experiment: Name
    arm: Code
    label: Text | None = None
    hint: Text | None = None
    choices: tuple[Choice, ...] | None = None


@dataclass(frozen=True)
class Option:
    """What a respondent can press; `apart` ones (don't know, prefer not to say) stand apart from the scale."""

    code: str
    label: dict[str, str]
    exclusive: bool = False
    apart: bool = False
    specify: bool = False


@dataclass(frozen=True)
class Meaning:
    """What may stand in a column of a data file: a code, or without one whatever the words describe."""

    code: str
    label: dict[str, str]
    note: dict[str, str] | None = None


class Question(Model):
    """The base of every kind. `relevant` is an expression over earlier answers (XLSForm)."""

    name: Name
    kind: str
    label: Text
    hint: Text | None = None
    relevant: Source | None = None
    fixed: Flag = False
    variants: tuple[Variant, ...] = ()

    def variables(self) -> tuple[Variable, ...]:
        """The variables this question fills: none for a note, one for most, one a row for a matrix."""
        return ()


class AnsweredQuestion(Question):
    """A kind that takes an answer. Subclasses own reading, tallying, columns and showing of their answers."""

    required: Flag | Source = False
    required_message: Text | None = None
    constraint: Source | None = None
    constraint_message: Text | None = None
    publish: Flag = True
    dont_know: Flag | Text = False
    refused: Flag | Text = False

    measure: ClassVar[Literal["nominal", "scale", "multiple", "rank", "number", "text", "none"]] = "text"
    personal: ClassVar[bool] = False  # Whether the answer names a person; the codebook says so.
    entered: ClassVar[bool] = True
    """Whether the respondent enters the answer; it is the seed's, or follows from other answers, otherwise."""

    def variables(self) -> tuple[Variable, ...]:
        return (Variable(self),)

    @property
    def shuffle(self) -> tuple[tuple[str, bool], ...]:
        """What is shown in random order, and whether each keeps its place; nothing for most questions."""
        return ()

    @cached_property
    def apart(self) -> tuple[Option, ...]:
        """The offered ways of not answering, after the options."""
        offered = ((DONT_KNOW, self.dont_know), (REFUSED, self.refused))
        return tuple(
            Option(code, STANDARD_LABELS[code] if label is True else dict(label), exclusive=True, apart=True)
            for code, label in offered
            if label is True or isinstance(label, dict)
        )

    @cached_property
    def options(self) -> tuple[Option, ...]:
        return self.apart

    def read(self, values: Sequence[str]) -> Answer:
        """The answer in the values of one form field or import cell; nothing is None. Raises AnswerError."""
        raise NotImplementedError

    @cached_property
    def hangs_on_others(self) -> bool:
        """Whether more than the answer itself decides if it fits or must be given."""
        together = type(self).check_together is not AnsweredQuestion.check_together
        is_filtered = getattr(self, "choice_filter", None) is not None
        return bool(self.constraint or is_filtered or isinstance(self.required, str) or together)

    def complete(self, answers: Mapping[str, Answer]) -> Answers:
        """The answers to the question's several variables, with what follows from one for the others."""
        return dict(answers)

    def check_together(self, answers: Mapping[str, Answer]) -> None:
        """Raises AnswerError where the answers to the question's several variables do not go together."""

    def show(self, answer: Answer, language: str) -> str:
        """The answer in a reader's words; an empty text when there is none."""
        if answer is None:
            return ""
        codes = answer if isinstance(answer, list) else [str(answer)]
        return ("、" if language == "ja" else "; ").join(self._label(code, language) for code in codes)

    def _label(self, code: str, language: str) -> str:
        for option in self.options:
            if option.code == code:
                return option.label.get(language) or next(iter(option.label.values()))
        standard = STANDARD_LABELS.get(code, {})
        return standard.get(language) or standard.get("en", code)

    def tally_keys(self) -> tuple[str, ...]:
        """The counters of one variable of this kind, in a fixed order."""
        raise NotImplementedError

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        """What one answer adds to those counters."""
        raise NotImplementedError

    def columns(self, name: str) -> tuple[str, ...]:
        """The data-file columns of a variable."""
        return (name,)

    def cells(self, answer: Answer, language: str | None) -> tuple[str | int, ...]:
        """The values under `columns`: codes, or labels in a language. `answer` may be NOT_ASKED."""
        answer = SKIPPED if answer is None else answer
        if isinstance(answer, int):
            return (answer,)
        return (str(answer) if language is None else quote_formula(self.show(answer, language)),)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        """What may stand in one of the `columns`, for the codebook; the ways of not answering are not among it."""
        return tuple(Meaning(option.code, option.label) for option in self.options if not option.apart)

    def from_cells(self, cells: Sequence[str]) -> Answer:
        """The answer that `cells` wrote as codes; NOT_ASKED when it was not asked. Raises AnswerError."""
        if cells[0] in ("", NOT_ASKED):
            return NOT_ASKED
        return None if cells[0] == SKIPPED else self.read(cells)


@dataclass(frozen=True)
class Variable:
    """One column of answers: a question, or one row of a matrix question."""

    question: AnsweredQuestion
    row: Row | None = None

    @property
    def name(self) -> str:
        return self.row.name if self.row else self.question.name

    @property
    def label(self) -> dict[str, str]:
        return self.row.label if self.row else self.question.label

    @property
    def stem(self) -> dict[str, str] | None:
        """The matrix question above the row, which is part of what was asked."""
        return self.question.label if self.row else None

    @property
    def action(self) -> str | None:
        return self.row.action if self.row else getattr(self.question, "action", None)

    @property
    def options(self) -> tuple[Option, ...]:
        return self.question.options


# Word processors end lines in ways of their own, and people paste from them.
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")


def check_text(text: str, limit: int) -> str:
    """A typed text, with line ends made one; refuses what no keyboard types and what cannot be stored."""
    text = _LINE_END.sub("\n", text).strip()
    if _UNREADABLE.search(text):
        raise AnswerError("This text contains characters that cannot be read. Please type it again.")
    if len(text) > limit:
        message = "Please shorten this to %(limit)s characters or fewer; it has %(length)s."
        raise AnswerError(message, limit=limit, length=len(text))
    return text


# What a spreadsheet takes for the beginning of a formula, full-width forms of Japanese keyboards included.
_FORMULA = tuple("=+-@\t\r＝＋－＠|%'")


def quote_formula(text: str) -> str:
    """Text that no spreadsheet will run: an apostrophe before what could begin a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def unquote_formula(text: str) -> str:
    """The text that `quote_formula` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
