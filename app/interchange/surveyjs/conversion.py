"""What the readers of the element types share: names, variables, words, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.interchange.drafts.draft import Draft, Say, Term, Words
from app.interchange.drafts.standard import standard
from app.interchange.finishing import TOO_MANY
from app.interchange.naming import RENAMED, Numbering, as_name
from app.interchange.report import Entry, Outcome, Report
from app.interchange.yaml_file import MOST_OPTIONS, MOST_QUESTIONS
from app.questionnaire.check_names import TAKEN

from .document import refused
from .element import Element
from .variables import Scope, Variable, Variables

MOST_COPIES = 10


class Converts(Protocol):
    """What turns elements into questions: elements within elements need it."""

    def element(self, element: Element, scope: Scope) -> list[Draft]: ...

    def elements(self, elements: Sequence[Element], scope: Scope, terms: Sequence[Term]) -> list[Draft]: ...


@dataclass
class Conversion:
    """A survey while it is converted. `languages`: that of texts which name none first."""

    languages: Sequence[str]
    report: Report
    variables: Variables = field(default_factory=Variables)
    names: Numbering = field(default_factory=lambda: Numbering(TAKEN))
    scopes: dict[str, Scope] = field(default_factory=dict)
    """Where each question of ours stands in theirs, by its name with us."""
    sources: dict[str, Element] = field(default_factory=dict)
    """The elements with choices of their own, by name: others may show the same."""
    copies: int = MOST_COPIES
    """How often a question is repeated at most."""
    options: int = 0
    converts: Converts | None = None
    told: set[tuple[str, str]] = field(default_factory=set)
    """The properties that were told of: (place, name)."""

    def convert(self, element: Element, scope: Scope) -> list[Draft]:
        """The questions of ours that an element within another becomes."""
        return self.converts.element(element, scope) if self.converts else []

    def flatten(self, elements: Sequence[Element], scope: Scope, terms: Sequence[Term]) -> list[Draft]:
        """The same of several elements, panels among them, that are shown under some terms."""
        return self.converts.elements(elements, scope, terms) if self.converts else []

    @property
    def base(self) -> str:
        return self.languages[0]

    def draft(self, element: Element, scope: Scope, kind: str, *beside: str, suffix: str = "") -> Draft:
        """A question of ours with a free name; `beside` are endings of names that come with it."""
        wanted = as_name(f"{scope.stem}{element.name or kind}{suffix}")
        name = self.names.free(wanted, lambda name: {name.lower(), *(f"{name}{e}".lower() for e in beside)})
        self.scopes[name] = scope
        if len(self.scopes) > 2 * MOST_QUESTIONS:
            raise refused(TOO_MANY, limit=MOST_QUESTIONS)
        draft: Draft = {"name": name, "kind": kind, "label": self.title(element, scope)}
        self.report.stands(element.where, element.item, element.name, draft)
        return draft

    def title(self, element: Element, scope: Scope, *more: Words) -> Say:
        """The words of an element: its title, or else its name, after those of the panel or row that it is in."""
        words = element.words("title") or dict.fromkeys(self.languages, element.name or element.type)
        return Say((scope.label, words, *more), element.where, "title")

    def say(self, element: Element, *keys: str) -> Say:
        return Say((element.words(*keys),), element.where, keys[0])

    def offer(self, options: int) -> None:
        """Counts the options made. Raises FileError."""
        self.options += options
        if self.options > MOST_OPTIONS:
            raise refused("The questions have more than %(limit)s options together.", limit=MOST_OPTIONS)

    def tell(
        self, element: Element, outcome: Outcome = "kept", message: str = "", at: Draft | None = None, **params: Any
    ) -> None:
        """What became of a question."""
        self.report.add(element.where, element.item, element.name, outcome, message, at=at, **params)
        name = at["name"] if at else ""
        if name and element.name and name != element.name and not self.scopes[name].stem:
            self.report.add(element.where, element.item, element.name, "changed", RENAMED, raw=element.name, name=name)

    def answered(self, element: Element, scope: Scope, variable: Variable, suffix: str = "") -> Variable:
        """A variable of theirs that is one of ours."""
        self.variables.add(f"{scope.path}{element.name}{suffix}", variable)
        value_name = element.word("valueName")
        if value_name:
            self.variables.add(f"{scope.path}{value_name}{suffix}", variable)
        return variable

    def property(self, element: Element, key: str, outcome: Outcome = "kept", message: str = "", **params: Any) -> None:
        """What became of a property."""
        element.used.add(key)
        self.told.add((element.where, key))
        self.report.entries.append(Entry(element.where, "property", key, outcome, message, params))

    def term(self, element: Element, key: str, source: Any = None, checks: bool = False) -> Term:
        """The condition in a property."""
        element.used.add(key)
        self.told.add((element.where, key))
        original = element.word(key)
        return Term(source or original, (element.where, "property", key), checks, original=original)

    def standard(self, word: str) -> Words:
        return standard(word, self.languages)
