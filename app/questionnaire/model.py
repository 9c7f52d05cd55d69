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
from .kinds.base import Choice, Code, Model, Name, Question, Text, Variable

MOST_LANGUAGES = 20
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
PERIODS = Literal["day", "week", "month", "wave"]


class Page(Model):
    """What is shown together, unless a question on it depends on another on it (see `routing.screens`)."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)
    title: Text
    relevant: str | None = None
    questions: tuple[AnyQuestion, ...] = Field(min_length=1, max_length=500)


class End(Model):
    """A screening rule: where `when` holds the interview ends with thanks, and nothing is kept."""

    when: str
    label: Text


class Group(Model):
    """A named part of the respondents: `where` is an expression over weighting variables."""

    code: Code
    label: Text
    where: str


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
    # The lists are written into their questions when read, so they are no part of what was published.
    choices: dict[str, tuple[Choice, ...]] = Field(default_factory=dict, exclude=True)
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
        """Every variable by name, in the order asked."""
        return {variable.name: variable for question in self.questions for variable in question.variables()}

    @cached_property
    def published_variables(self) -> tuple[Variable, ...]:
        """Those whose estimates are published: not weighting variables, not text, not withheld by the author."""
        return tuple(
            variable
            for variable in self.variables.values()
            if variable.question.publish and variable.question.measure != "text" and variable.name not in self.weighting
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


def fingerprint(variable: Variable) -> str:
    """SHA-256 over what a respondent meets: kind, wording, stem and options. The same means one trend."""
    met = {
        "kind": variable.question.kind,
        "label": variable.label,
        "stem": variable.stem,
        "options": [[option.code, option.label] for option in variable.options],
    }
    return hashlib.sha256(json.dumps(met, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
