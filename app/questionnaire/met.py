"""What a respondent meets of a question, part by part: its fingerprint, and in what two questions differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .kinds.allocate import Allocate
from .kinds.base import AnsweredQuestion, Choice, Text, Variable
from .kinds.calculate import Calculate
from .kinds.sample import Sample
from .model import Questionnaire

Value = str | list[list[str]]
"""What is met of a part: a text, or lines such as the code and words of each option."""

# What the bounds of scales, numbers and lists are called among a question's parameters.
BOUNDS = ("start", "end", "step", "decimals", "total", "minimum", "maximum")
# How a part reads in a version that says nothing of it.
UNSAID = {"position": "alone", "order": "as written", "asked of": "everybody"}


class Part(NamedTuple):
    """One part of what is met: "wording", "options" … in a language, and in the arm of an experiment."""

    what: str
    language: str = ""
    arm: str = ""

    def __str__(self) -> str:
        words = f"{self.what}, {self.arm}" if self.arm else self.what
        return f"{words} ({self.language})" if self.language else words


Met = Mapping[Part, Value]
"""Everything that is met of a question, in each language."""


def met(questionnaire: Questionnaire, variable: Variable) -> Met:
    """What a respondent meets of a question. A part that is as by default is left out, so that new ones may come."""
    return met_under(questionnaire, variable.name)


@lru_cache(maxsize=4096)
def met_under(questionnaire: Questionnaire, name: str) -> Met:
    """The same of the question of a name, made once. Do not change what you get."""
    variable = questionnaire.variables[name]
    question, row = variable.question, variable.row
    languages = questionnaire.languages
    found: dict[Part, Value] = {Part("kind"): question.kind}
    if row:
        found[Part("position")] = "one of several rows"
        found |= _words("stem", question.label, languages)
    found |= _words("wording", variable.label, languages)
    found |= _options(question, getattr(question, "choices", ()), languages)
    found |= _words("low end", getattr(question, "low", None), languages)
    found |= _words("high end", getattr(question, "high", None), languages)
    if isinstance(question, Allocate):
        # What is given to one row is taken from the others, so all of them are met.
        found |= {Part("rows", code): [[r.name, r.label.get(code, "")] for r in question.rows] for code in languages}
    found |= _limits(question)
    if any(not fixed and item == (row.name if row else item) for item, fixed in question.shuffle):
        found[Part("order")] = "random"
    if _is_sampled(questionnaire, variable):
        found[Part("asked of")] = "a sample"
    return found | _in_arms(variable, languages)


def fingerprint(questionnaire: Questionnaire, variable: Variable) -> str:
    """SHA-256 over what a respondent meets: the same means one trend."""
    parts = [[*part, value] for part, value in sorted(met(questionnaire, variable).items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _words(what: str, text: Text | None, languages: Iterable[str], arm: str = "") -> dict[Part, Value]:
    return {Part(what, code, arm): text.get(code, "") for code in languages} if text else {}


def _options(
    question: AnsweredQuestion, choices: Sequence[Choice], languages: Iterable[str], arm: str = ""
) -> dict[Part, Value]:
    """The options in each language: code, words, and what sets an option apart from others."""
    if not choices and (arm or not question.apart):
        return {}
    keeps = bool(question.shuffle) and not hasattr(question, "rows")
    marked = [(choice, _marks(choice, keeps)) for choice in choices]
    apart = () if arm else question.apart
    return {
        Part("options", code, arm): [[c.code, c.label.get(code, ""), *marks] for c, marks in marked]
        + [[option.code, option.label.get(code, ""), "apart"] for option in apart]
        for code in languages
    }


def _marks(choice: Choice, keeps: bool) -> list[str]:
    marks = (("alone", choice.exclusive), ("in one's own words", choice.specify), ("in place", keeps and choice.fixed))
    return [mark for mark, is_set in marks if is_set]


def _limits(question: AnsweredQuestion) -> dict[Part, Value]:
    """Bounds, which options a filter leaves, and what a value is calculated from."""
    found: dict[Part, Value] = {}
    parameters = getattr(question, "parameters", None)
    given = parameters.model_dump(mode="json", exclude_defaults=True) if parameters else {}
    bounds = [[name, _plain(given[name])] for name in BOUNDS if given.get(name) is not None]
    if bounds:
        found[Part("scale" if question.kind in ("scale", "range") else "bounds")] = bounds
    if choice_filter := getattr(question, "choice_filter", None):
        choices: tuple[Choice, ...] = getattr(question, "choices", ())
        told = [[c.code, *(f"{name}={value}" for name, value in sorted(c.attributes.items()))] for c in choices]
        found[Part("options offered")] = [[choice_filter], *told]
    if isinstance(question, Calculate):
        found[Part("calculation")] = question.calculation
    return found


def _plain(bound: object) -> str:
    return str(int(bound)) if isinstance(bound, float) and bound.is_integer() else str(bound)


def _is_sampled(questionnaire: Questionnaire, variable: Variable) -> bool:
    names = {variable.name, variable.question.name}
    return any(isinstance(sample, Sample) and names & set(sample.of) for sample in questionnaire.questions)


def _in_arms(variable: Variable, languages: Iterable[str]) -> dict[Part, Value]:
    """What is different in the arms of experiments. In a matrix an arm has another stem."""
    question, found = variable.question, dict[Part, Value]()
    for variant in question.variants:
        arm = f"{variant.experiment}={variant.arm}"
        found |= _words("stem" if variable.row else "wording", variant.label, languages, arm)
        found |= _options(question, variant.choices or (), languages, arm)
    return found


@dataclass(frozen=True)
class Fact:
    """One part in which two questions differ; None where a version has nothing of it."""

    part: Part
    before: Value | None
    after: Value | None

    def __str__(self) -> str:
        return str(self.part)

    def told(self, say: Callable[[str], str] = str) -> tuple[str, str, str]:
        """The part, and both sides of it in words. `say` translates the words that are not the survey's own."""
        part = str(self.part._replace(what=say(self.part.what)))
        return part, self._said(self.before, say), self._said(self.after, say)

    def _said(self, value: Value | None, say: Callable[[str], str]) -> str:
        if value is None or isinstance(value, str):
            unsaid = UNSAID.get(self.part.what)
            return say(value or unsaid or "–") if unsaid or not value else value
        return " / ".join(self._line(line, say) for line in value)

    def _line(self, line: list[str], say: Callable[[str], str]) -> str:
        if self.part.what != "options":
            return " ".join(line)
        code, label, *marks = line
        return f"{code} {label}" + "".join(f" [{say(mark)}]" for mark in marks)


def facts(before: Met, after: Met) -> tuple[Fact, ...]:
    """In what two questions differ in the languages that both have: nothing where they are the same.

    Nobody meets a question in two languages, so one that only one of them has is no difference. Without a language in
    common nothing says that they are the same, and the languages are what differs.
    """
    old, new = languages_of(before), languages_of(after)
    shared = {"", *old} & {"", *new}
    parts = [part for part in dict.fromkeys((*after, *before)) if part.language in shared]
    found = [Fact(part, before.get(part), after.get(part)) for part in parts if before.get(part) != after.get(part)]
    if len(shared) == 1:
        found.append(Fact(Part("languages"), ", ".join(old), ", ".join(new)))
    return tuple(found)


def languages_of(found: Met) -> tuple[str, ...]:
    """The languages in which a question is put."""
    return tuple(dict.fromkeys(part.language for part in found if part.language))


def carried(before: Met, after: Met) -> Met:
    """What has been met when `after` follows `before`: its own, and in languages that it lacks what was met there."""
    kept = set(languages_of(before)) - set(languages_of(after))
    return {part: value for part, value in before.items() if part.language in kept} | dict(after) if kept else after
