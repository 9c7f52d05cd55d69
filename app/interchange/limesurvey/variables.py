"""What LimeSurvey's variables are with us: `Q1`, `Q1_SQ001`, `123X4X5SQ001`, `that.Q1.sq_SQ001`, `self`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError
from app.questionnaire.kinds.choices import OTHER
from app.questionnaire.problems import Message

from .survey import Question

NO_VARIABLE = "There is no question “%(name)s”."
SEVERAL = "“%(name)s” stands for several answers."
NO_REASON = Message("")

ATTRIBUTES = frozenset(
    [
        "code",
        "gid",
        "grelevance",
        "gseq",
        "jsName",
        "mandatory",
        "NAOK",
        "qid",
        "qseq",
        "question",
        "readWrite",
        "relevanceStatus",
        "relevance",
        "rowdivid",
        "sgqa",
        "shown",
        "type",
        "valueNAOK",
        "value",
    ]
)
Sort = Literal["code", "number", "text", "date", "ticked", "place", "lost"]


@dataclass(frozen=True)
class Variable:
    """One variable there. `name` is our variable's.

    Of the sorts, `ticked` is one option (`code`) of a question with several answers, and counts as `tick` where it is
    chosen; `place` is the option at a place (`number`) of an order; `lost` is not there with us, for a `reason`.
    `codes` says what has become of each code; `least` is the smallest number that can be answered.
    """

    question: str
    sort: Sort
    name: str = ""
    code: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    tick: str = "Y"
    number: int = 0
    reason: Message = NO_REASON

    def value(self) -> Phrase:
        """The answer itself. Raises FormulaError."""
        if self.sort == "ticked":
            return phrase.call("if", [self.answered(), phrase.text(self.tick), phrase.NOTHING])
        if self.sort == "place":
            return phrase.call("selected-at", [phrase.variable(self.name), phrase.number(str(self.number - 1))])
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
        if self.sort == "ticked" and not self.code:
            return phrase.comparison("!=", phrase.variable(self.name), phrase.NOTHING)
        if self.sort == "ticked":
            return phrase.call("selected", [phrase.variable(self.name), phrase.text(self.code)])
        if self.sort == "place":
            count = phrase.call("count-selected", [phrase.variable(self.name)])
            return phrase.comparison(">=", count, phrase.number(str(self.number)))
        return phrase.comparison("!=", self.value(), phrase.NOTHING)


@dataclass(frozen=True)
class Reference:
    """What a name in an expression stands for. `guarded`: false where the question was not asked (no .NAOK)."""

    variables: tuple[Variable, ...]
    attribute: str = ""

    @property
    def guarded(self) -> bool:
        return self.attribute not in ("NAOK", "valueNAOK", "shown", "question", "qid", "gid")


class Variables:
    """All variables of a survey, by the names that expressions call them."""

    def __init__(self) -> None:
        self._by_name: dict[str, Variable] = {}
        self._by_question: dict[str, list[tuple[str, Variable]]] = {}
        self._qids: dict[str, str] = {}

    def add(self, question: Question, suffix: str, sgqa: str, variable: Variable) -> None:
        """A variable of a question: `suffix` follows the question's code, `sgqa` its id."""
        self._qids.setdefault(question.code, question.qid)
        self._by_name.setdefault(question.code + suffix, variable)
        self._by_question.setdefault(question.qid, []).append((sgqa, variable))

    def of(self, qid: str) -> list[tuple[str, Variable]]:
        """The variables of a question, each with what follows the question's id in its name."""
        return self._by_question.get(qid, [])

    def options_of(self, qid: str, name: str) -> int:
        """How many options a question with several answers has, “other” among them; `name` is its name with us."""
        own = (variable for _, variable in self.of(qid))
        return sum(variable.sort == "ticked" or variable.name == name + OTHER for variable in own)

    def named(self, code: str) -> str:
        """The id of the question with a code; empty where there is none."""
        return self._qids.get(code, "")

    def find(self, name: str, own: str) -> Reference:
        """What a name stands for in an expression of the question `own` (an id). Raises FormulaError."""
        parts = name.removeprefix("INSERTANS:").split(".")
        attribute = parts.pop() if len(parts) > 1 and parts[-1] in ATTRIBUTES else ""
        if parts[0] in ("self", "that"):
            return Reference(self._several(name, parts, own), attribute)
        if len(parts) > 1:
            raise FormulaError(NO_VARIABLE, name=name)
        if re.match(r"[0-9]+X[0-9]+X[0-9]+", parts[0]):
            return Reference((self._by_id(parts[0]),), attribute)
        variable = self._by_name.get(parts[0])
        if variable is None:
            raise FormulaError(NO_VARIABLE, name=parts[0])
        return Reference((variable,), attribute)

    def _several(self, name: str, parts: list[str], own: str) -> tuple[Variable, ...]:
        """`self` and `that.CODE` are all variables of a question; sq_, nosq_ and comments choose among them."""
        qid, choice = (own, parts[1:]) if parts[0] == "self" else (self.named("".join(parts[1:2])), parts[2:])
        found = self.of(qid)
        wanted = [part[3:] for part in choice if part.startswith("sq_")]
        unwanted = [part[5:] for part in choice if part.startswith("nosq_")]
        if "comments" in choice or "nocomments" in choice:
            found = [(sgqa, v) for sgqa, v in found if sgqa.endswith("comment") == ("comments" in choice)]
        if wanted:
            found = [(sgqa, v) for sgqa, v in found if any(part in sgqa for part in wanted)]
        found = [(sgqa, v) for sgqa, v in found if not any(part in sgqa for part in unwanted)]
        if not found:
            raise FormulaError(NO_VARIABLE, name=name)
        return tuple(variable for _, variable in found)

    def _by_id(self, sgqa: str) -> Variable:
        """A variable by survey, group and question id; the last runs into the subquestion's code."""
        rest = sgqa.split("X", 2)[2]
        digits = re.match(r"[0-9]+", rest)
        end = digits.end() if digits else 0
        for length in range(end, 0, -1):
            for suffix, variable in self.of(rest[:length]):
                if suffix == rest[length:]:
                    return variable
        raise FormulaError(NO_VARIABLE, name=sgqa)
