"""A questionnaire as it was published: pages of questions, shared lists, screening, and by whom results are shown.

Reading one from a file is `app.interchange.yaml_file.read_questionnaire`; what the file may not say is in `check`.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field

from .kinds import AnyQuestion
from .kinds.arm import Arm
from .kinds.base import AnsweredQuestion, Choice, Code, Flag, Line, Model, Name, Question, Source, Text, Variable
from .kinds.calculate import Calculate
from .kinds.companions import Order
from .kinds.sample import Sample
from .shape import LANGUAGE

MOST_LANGUAGES = 20
Language = Annotated[str, Field(pattern=LANGUAGE, max_length=35)]
PERIODS = Literal["day", "week", "month", "wave"]


PageName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class Page(Model):
    """What is shown together, unless a question on it depends on another on it (see `routing.screens`)."""

    name: PageName
    title: Text
    relevant: Source | None = None
    group: PageName | None = None
    randomize: Flag = False
    questions: tuple[AnyQuestion, ...] = Field(min_length=1, max_length=500)


ORDER = "_order"
_ORDER_LABEL = {"en": "order shown", "ja": "表示順"}


def order_of(name: str) -> str:
    """The variable that keeps the order of a page or group."""
    return name.replace("-", "_") + ORDER


def shown(question: Question) -> bool:
    """Whether a respondent meets the question."""
    return not isinstance(question, AnsweredQuestion) or question.entered


class PageGroup(Model):
    """Pages, and other groups, that are asked under one condition or come in random order: the blocks of a design."""

    name: PageName
    relevant: Source | None = None
    group: PageName | None = None
    randomize: Flag = False


class Continuation(Model):
    """A declaration that a question goes on measuring what an earlier one of the survey measured, and why."""

    question: Name
    was: Name
    reason: Line


class End(Model):
    """A screening rule: where `when` holds the interview ends with thanks, and nothing is kept."""

    when: Source
    label: Text


class Contradiction(Model):
    """Answers that do not go together: where `when` holds the response is marked, and kept like all others."""

    when: Source
    label: Text


class Group(Model):
    """A named part of the respondents: `where` is an expression over weighting variables."""

    code: Code
    label: Text
    where: Source


class Breakdown(Model):
    """A way to divide the respondents: by the options of a weighting variable, or by declared groups."""

    name: Name
    label: Text | None = None
    groups: tuple[Group, ...] = ()


class Questionnaire(Model):
    """One version of a survey's questionnaire."""

    survey: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    title: Text
    languages: tuple[Language, ...] = Field(min_length=1, max_length=MOST_LANGUAGES)
    period: PERIODS = "month"
    introduction: Text | None = None
    weighting: tuple[Name, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    ends: tuple[End, ...] = ()
    contradictions: tuple[Contradiction, ...] = Field(default=(), max_length=100)
    # The lists are written into their questions when read, so they are no part of what was published.
    choices: dict[str, tuple[Choice, ...]] = Field(default_factory=dict, exclude=True)
    groups: tuple[PageGroup, ...] = Field(default=(), max_length=200)
    continues: tuple[Continuation, ...] = Field(default=(), max_length=1000)
    pages: tuple[Page, ...] = Field(min_length=1, max_length=200)

    @cached_property
    def canonical(self) -> str:
        """Canonical JSON: sorted keys, no spaces, defaults left out, so that it does not change with the software."""
        document = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def hash(self) -> str:
        """The version's name: SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.pages for question in page.questions)

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """Every variable by name, in the order asked; those that no respondent enters among them."""
        found = {variable.name: variable for question in self.questions for variable in question.variables()}
        return found | {name: self._order(name, items) for name, items in self.shuffles.items()}

    def _order(self, name: str, items: tuple[tuple[str, bool], ...]) -> Variable:
        of = self._questions_by_name.get(name.removesuffix(ORDER))
        label = of.label if of else {language: name.removesuffix(ORDER) for language in self.languages}
        words = {
            language: f"{text} – {_ORDER_LABEL.get(language, _ORDER_LABEL['en'])}" for language, text in label.items()
        }
        return Variable(Order(name=name, label=words, shown=tuple(item for item, _ in items)))

    @cached_property
    def _questions_by_name(self) -> dict[str, Question]:
        return {question.name: question for question in self.questions}

    def question(self, name: str) -> Question:
        """The question of a name."""
        return self._questions_by_name[name]

    @cached_property
    def shuffles(self) -> dict[str, tuple[tuple[str, bool], ...]]:
        """What is shown in random order, by the variable that keeps the order: (item, whether it keeps its place)."""
        found = {q.name + ORDER: q.shuffle for q in self.questions if isinstance(q, AnsweredQuestion) and q.shuffle}
        for page in self.pages:
            if page.randomize:
                found[order_of(page.name)] = tuple((q.name, q.fixed) for q in page.questions if shown(q))
        for group in self.groups:
            if group.randomize:
                found[order_of(group.name)] = tuple((part, False) for part in self.parts[group.name])
        # A page may hold nothing that is shown: a draw of an experiment, say.
        return {name: items for name, items in found.items() if items}

    @cached_property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The pages and groups in each group, in the order in which they come."""
        inside: dict[str, list[str]] = {group.name: [] for group in self.groups}
        above = {group.name: group.group for group in self.groups}
        for page in self.pages:
            part, group = page.name, page.group
            while group is not None and part not in inside[group]:
                inside[group].append(part)
                part, group = group, above[group]
        return {name: tuple(parts) for name, parts in inside.items()}

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The experiments, by their variables' names."""
        return tuple(question.name for question in self.questions if isinstance(question, Arm))

    @cached_property
    def calculates(self) -> bool:
        """Whether anything is calculated from answers."""
        return any(isinstance(question, Calculate) for question in self.questions)

    @cached_property
    def draws(self) -> bool:
        """Whether the seed of a response gives anything."""
        return bool(self.shuffles) or any(isinstance(question, Arm | Sample) for question in self.questions)

    @cached_property
    def cell(self) -> tuple[str, ...]:
        """The variables whose codes together are a cell of the tallies."""
        return self.weighting + self.arms

    @cached_property
    def published_variables(self) -> tuple[Variable, ...]:
        """Those whose estimates are published: not weighting variables, not text, not withheld by the author."""
        return tuple(
            variable
            for variable in self.variables.values()
            if variable.question.publish
            and variable.question.measure not in ("text", "none")
            and variable.name not in self.weighting
        )

    def __hash__(self) -> int:
        return hash(self.hash)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Questionnaire) and self.hash == other.hash)

    def text(self, text: dict[str, str], language: str) -> str:
        """`text` in a language, or in the questionnaire's first language when it has no other."""
        return text.get(language) or text[self.languages[0]]


@lru_cache(maxsize=64)
def from_canonical(document: str) -> Questionnaire:
    """The questionnaire whose `canonical` this is. Parsed once per process: published versions never change."""
    return Questionnaire.model_validate_json(document)
