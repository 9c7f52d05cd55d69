"""What the readers of the question types share: names, variables, codes, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.interchange.drafts.codes import ORDERED, SCORED, as_scores, distinct
from app.interchange.drafts.draft import Draft, Say, Term, Words
from app.interchange.drafts.standard import standard
from app.interchange.naming import RECODED, RENAMED, Numbering, as_name
from app.interchange.report import Outcome, Report
from app.questionnaire.check_names import TAKEN
from app.questionnaire.problems import Message

from .survey import Option, Part, Question, Survey
from .variables import Sort, Variable, Variables

OTHER_CODE = "oth"
THEIR_OTHER = "-oth-"


@dataclass
class Conversion:
    """A survey while it is converted."""

    survey: Survey
    report: Report
    variables: Variables = field(default_factory=Variables)
    names: Numbering = field(default_factory=lambda: Numbering(TAKEN))
    set_defaults: dict[int, str] = field(default_factory=dict)
    """The rows of default values that are in use, and as what."""
    by_rows: bool = False
    """Whether the rows of tables of texts are fields, as there would be too many of cells."""
    survey_title: Words = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    """The attributes that were told of: (question's id, name)."""

    def name(self, wanted: str, *beside: str) -> str:
        """A name that is free; `beside` are endings of names that come with it."""
        return self.names.free(as_name(wanted), lambda name: {name.lower(), *(f"{name}{e}".lower() for e in beside)})

    def place(self, question: Question) -> str:
        return f"questions/{question.qid}"

    def tell(
        self,
        question: Question,
        outcome: Outcome = "kept",
        message: str = "",
        at: Draft | None = None,
        **params: Any,
    ) -> None:
        """What became of a question."""
        thing = self.place(question), "question", question.code
        self.report.add(*thing, outcome, message, at=at, **params)
        if at and question.code and at["name"] != question.code:
            self.report.add(*thing, "changed", RENAMED, raw=question.code, name=at["name"])

    def attribute(
        self, question: Question, name: str, outcome: Outcome = "kept", message: str = "", **params: Any
    ) -> None:
        """What became of an attribute that has a value."""
        self.used.add((question.qid, name))
        if name in question.attributes:
            self.report.add(self.place(question), "attribute", name, outcome, message, **params)

    def stands(self, question: Question, at: Draft) -> Draft:
        """Says that a question of ours comes from one of theirs."""
        self.report.stands(self.place(question), "question", question.code, at)
        return at

    def words(self, question: Question, *more: Words, name: str = "question") -> Say:
        return Say((question.words, *more), self.place(question), name)

    def standard(self, word: str) -> dict[str, str]:
        return standard(word, self.survey.languages)

    def answered(
        self, question: Question, sort: Sort, name: str, suffix: str = "", sgqa: str = "", **more: Any
    ) -> Variable:
        """A variable of theirs that is one of ours."""
        variable = Variable(question.qid, sort, name, **more)
        self.variables.add(question, suffix, sgqa, variable)
        return variable

    def lost(self, question: Question, reason: str, suffix: str = "", sgqa: str = "") -> None:
        """A variable of theirs that has no counterpart. `reason` may name the question: %(name)s."""
        told = Message(reason, {"name": question.code})
        self.variables.add(question, suffix, sgqa, Variable(question.qid, "lost", reason=told))

    def part(self, part: Part, at: Draft | None, outcome: Outcome = "kept", message: str = "", **params: Any) -> Say:
        """Reports a subquestion; returns its words."""
        where = f"subquestions/{part.qid}"
        self.report.add(where, "subquestion", part.code, outcome, message, at=at, **params)
        return Say((part.words,), where, "subquestion")

    def relevance_of(self, part: Part) -> tuple[Term, ...]:
        """A subquestion's own condition."""
        if part.relevance in ("", "1"):
            return ()
        return (Term(part.relevance, (f"subquestions/{part.qid}", "relevance", part.code)),)

    def choices(self, question: Question, options: Sequence[Option]) -> tuple[list[Draft], dict[str, str]]:
        """Choices, and what became of their codes."""
        found: list[Draft] = []
        codes: dict[str, str] = {}
        for option, code in zip(options, distinct([option.code for option in options]), strict=True):
            choice = self._choice(question, option, code, RECODED if code != option.code else "")
            codes.setdefault(option.code, code)
            found.append(choice)
        return found, codes

    def scores(self, question: Question, options: Sequence[Option]) -> tuple[list[Draft], dict[str, str]]:
        """Choices of a scale, whose codes are whole numbers that ascend, and what became of their codes."""
        given = [option.code for option in options]
        scores = as_scores(given)
        ordered = sorted(zip(scores, options, strict=True), key=lambda pair: int(pair[0]))
        found = []
        for (score, option), before in zip(ordered, options, strict=True):
            message = SCORED if score != option.code else ORDERED if option is not before else ""
            found.append(self._choice(question, option, score, message))
        return found, dict(reversed(list(zip(given, scores, strict=True))))

    def _choice(self, question: Question, option: Option, code: str, message: str) -> Draft:
        where = f"answers/{question.qid}"
        name = option.name
        choice: Draft = {"code": code, "label": Say((option.words,), f"{where}/{name}", "answer")}
        outcome: Outcome = "changed" if message else "kept"
        self.report.add(where, "answer", name, outcome, message, at=choice, raw=option.code, code=code)
        return choice

    def other(self, question: Question) -> Draft:
        """The choice “other”, with words of one's own."""
        own = {k: v for k, v in question.attributes.get("other_replace_text", {}).items() if v.strip()}
        words = {language: own.get(language) or own.get("", "") for language in self.survey.languages}
        label: Any = self.standard("other")
        if any(words.values()):
            label = Say((words,), self.place(question), "other_replace_text")
        self.attribute(question, "other_replace_text")
        choice: Draft = {"code": OTHER_CODE, "label": label, "specify": True}
        self.report.add(self.place(question), "answer", THEIR_OTHER, at=choice)
        return choice
