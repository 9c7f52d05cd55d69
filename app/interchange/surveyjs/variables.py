"""What SurveyJS's variables are with us: `q`, `q-Comment`, `matrix.row`, `panels[0].q`, `panel.q` in a panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.interchange.drafts.draft import Words
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError
from app.questionnaire.problems import Message

Sort = Literal["code", "codes", "rank", "number", "text", "date", "several", "lost"]

NO_VARIABLE = "There is no question “%(name)s”."
SEVERAL = "“%(name)s” stands for several answers."
NO_REASON = Message("")


@dataclass(frozen=True)
class Variable:
    """One variable there; `name` is our variable's. `codes` says what has become of each value.

    `several` are `members`; what is `lost` is not there with us, for a `reason`.
    """

    sort: Sort
    name: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    members: tuple[Variable, ...] = ()
    reason: Message = NO_REASON

    def value(self) -> Phrase:
        """The answer itself. Raises FormulaError."""
        if self.sort == "several":
            raise FormulaError(SEVERAL, name=self.name)
        if self.sort == "lost":
            raise FormulaError(self.reason.template, **self.reason.params)
        return phrase.variable(self.name)

    def figure(self) -> Phrase:
        """The answer where a number or a date is expected. Raises FormulaError."""
        if self.sort == "text" or (self.sort == "code" and not all(map(str.isdecimal, self.codes.values()))):
            return phrase.call("number", [self.value()])
        return self.value()

    def answered(self) -> Phrase:
        """Whether there is an answer. Raises FormulaError."""
        if self.sort == "several":
            return phrase.any_of(member.answered() for member in self.members)
        return phrase.comparison("!=", self.value(), phrase.NOTHING)

    def code(self, value: str) -> str | None:
        """What a value has become; as in SurveyJS, case does not count."""
        if value in self.codes:
            return self.codes[value]
        return next((code for theirs, code in self.codes.items() if theirs.lower() == value.lower()), None)

    @property
    def is_recoded(self) -> bool:
        return any(value != code for value, code in self.codes.items())


@dataclass(frozen=True)
class Scope:
    """Where a question stands: `prefixes` of what `panel` and `row` mean there, `constants` such as the panel's number.

    `stem` begins the names of its questions with us, `path` those there; `label` begins their words.
    """

    prefixes: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    stem: str = ""
    path: str = ""
    label: Words = field(default_factory=dict)
    is_optional: bool = False

    def inside(
        self,
        word: str,
        stem: str,
        path: str,
        label: Words,
        constants: Mapping[str, str],
        is_optional: bool = False,
        beside: Mapping[str, str] | None = None,
    ) -> Scope:
        """The scope of one panel or row of a question that stands here; `beside` are the paths of its neighbours."""
        outer = {f"parent{word}": self.prefixes[word]} if word in self.prefixes else {}
        prefixes = {**self.prefixes, **outer, word: path, **(beside or {})}
        constants = {**self.constants, **constants}
        made = replace(self, prefixes=prefixes, constants=constants, stem=f"{stem}_", path=f"{path}.", label=label)
        return replace(made, is_optional=self.is_optional or is_optional)


class Variables:
    """All variables of a survey, by the names that expressions call them."""

    def __init__(self) -> None:
        self._by_name: dict[str, Variable] = {}
        self._by_small: dict[str, Variable] = {}
        self.copies: dict[str, list[str]] = {}
        """The paths of the panels or rows of each question that repeats."""
        self.totals: dict[str, str] = {}
        """What stands under a column of such a question: sum, min, max, avg or count, by its name in expressions."""

    def add(self, name: str, variable: Variable) -> None:
        self._by_name.setdefault(name, variable)
        self._by_small.setdefault(name.lower(), variable)

    def find(self, name: str, scope: Scope) -> Variable:
        """What a name stands for where it stands. Raises FormulaError."""
        name = self.path(name, scope)
        found = self._by_name.get(name) or self._by_small.get(name.lower())
        if found is None:
            raise FormulaError(NO_VARIABLE, name=name[:100])
        return found

    def path(self, name: str, scope: Scope) -> str:
        """A name as it is outside of panels and rows."""
        name = name.strip().removeprefix("#").removeprefix("$self.")
        head, _, rest = name.partition(".")
        prefix = scope.prefixes.get(head.lower()) if rest else None
        return name if prefix is None else f"{prefix}.{rest}"

    def __contains__(self, name: str) -> bool:
        return name in self._by_name or name.lower() in self._by_small
