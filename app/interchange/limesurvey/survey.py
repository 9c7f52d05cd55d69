"""A survey of LimeSurvey as its tables describe it: groups, questions, subquestions and answers in their order.

Two layouts are read. Until version 3 a row of `questions` stands once for each language; since version 4 the words are
in tables of their own, whose names end in `_l10ns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.interchange.drafts.draft import Words

from .tables import Row, Tables, refused

Attributes = dict[str, Words]
"""The attributes of a question that have a value, by name; those without a language stand under ""."""


@dataclass
class Option:
    """One row of `answers`."""

    code: str
    scale: int
    words: Words
    order: int = 0
    assessment: str = ""

    @property
    def name(self) -> str:
        """The code; with the scale, where that is not the first."""
        return self.code if self.scale == 0 else f"{self.code} ({self.scale + 1})"


@dataclass
class Part:
    """A subquestion: a row or column of an array, an option of a multiple choice, a field of several."""

    qid: str
    code: str
    scale: int
    words: Words
    help: Words
    order: int
    relevance: str


@dataclass
class Question:
    qid: str
    code: str
    letter: str
    words: Words
    help: Words
    row: Row
    attributes: Attributes = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)

    @property
    def relevance(self) -> str:
        return self.row.get("relevance", "").strip()

    @property
    def other(self) -> bool:
        return self.row.get("other") == "Y"

    def attribute(self, name: str) -> str:
        """An attribute's value without a language; empty where it has none."""
        return self.attributes.get(name, {}).get("", "").strip()

    def on(self, name: str) -> bool:
        return self.attribute(name).lower() in ("1", "y", "yes", "true")

    def scale(self, number: int) -> list[Part]:
        return [part for part in self.parts if part.scale == number]

    def options_of(self, scale: int) -> list[Option]:
        return [option for option in self.options if option.scale == scale]


@dataclass
class Group:
    gid: str
    title: Words
    description: Words
    relevance: str
    randomization: str
    questions: list[Question]


@dataclass
class Survey:
    sid: str
    languages: tuple[str, ...]
    row: Row
    words: dict[str, Row]
    """The rows of `surveys_languagesettings` by language."""
    groups: list[Group]
    tables: Tables
    lost: list[tuple[str, str, str]] = field(default_factory=list)
    """Rows that belong to nothing: (table, id, code)."""

    @property
    def questions(self) -> list[Question]:
        return [question for group in self.groups for question in group.questions]


def assemble(tables: Tables) -> Survey:
    """The survey that the tables hold. Raises FileError where there is none."""
    rows = tables.get("surveys", [])
    if len(rows) != 1:
        raise refused("The file holds %(count)s surveys; one is expected.", count=len(rows))
    base = rows[0].get("language", "").strip() or "en"
    languages = tuple(dict.fromkeys([base, *rows[0].get("additional_languages", "").split()]))
    words = {row.get("surveyls_language", base): row for row in tables.get("surveys_languagesettings", [])}
    survey = Survey(rows[0].get("sid", ""), languages, rows[0], words, [], tables)
    survey.groups = _groups(survey)
    return survey


def _groups(survey: Survey) -> list[Group]:
    tables, base = survey.tables, survey.languages[0]
    texts = [*tables.get("groups", []), *tables.get("group_l10ns", [])]
    titles, descriptions = _words(texts, "gid", "group_name", base), _words(texts, "gid", "description", base)
    by_group: dict[str, list[Question]] = {}
    for question in _in_order(_questions(survey)):
        by_group.setdefault(question.row.get("gid", ""), []).append(question)
    found = []
    for gid, row in sorted(_once(tables.get("groups", []), "gid").items(), key=lambda item: _order(item[1], "group")):
        relevance, random = row.get("grelevance", "").strip(), row.get("randomization_group", "").strip()
        questions = by_group.pop(gid, [])
        found.append(Group(gid, titles.get(gid, {}), descriptions.get(gid, {}), relevance, random, questions))
    lost = [question for questions in by_group.values() for question in questions]
    survey.lost += [("questions", question.qid, question.code) for question in lost]
    return found


def _questions(survey: Survey) -> list[Question]:
    tables, base = survey.tables, survey.languages[0]
    rows = [row for row in tables.get("questions", []) if row.get("parent_qid", "0") in ("", "0")]
    texts = [*rows, *tables.get("question_l10ns", [])]
    words, help_ = _words(texts, "qid", "question", base), _words(texts, "qid", "help", base)
    found = {
        qid: Question(qid, row.get("title", ""), row.get("type", ""), words.get(qid, {}), help_.get(qid, {}), row)
        for qid, row in _once(rows, "qid").items()
    }
    _give_parts(survey, found)
    _give_options(survey, found)
    for row in tables.get("question_attributes", []):
        question = found.get(row.get("qid", ""))
        if question is None:
            survey.lost.append(("question_attributes", row.get("qid", ""), row.get("attribute", "")))
        elif value := row.get("value", ""):
            question.attributes.setdefault(row.get("attribute", ""), {})[row.get("language", "")] = value
    return list(found.values())


def _give_parts(survey: Survey, questions: dict[str, Question]) -> None:
    tables, base = survey.tables, survey.languages[0]
    # Some exports keep them among the questions.
    among = [row for row in tables.get("questions", []) if row.get("parent_qid", "0") not in ("", "0")]
    rows = [*tables.get("subquestions", []), *among]
    texts = [*rows, *tables.get("question_l10ns", [])]
    words, help_ = _words(texts, "qid", "question", base), _words(texts, "qid", "help", base)
    for qid, row in _once(rows, "qid").items():
        part = Part(
            qid,
            row.get("title", ""),
            _number(row.get("scale_id")),
            words.get(qid, {}),
            help_.get(qid, {}),
            _number(row.get("question_order")),
            row.get("relevance", "").strip(),
        )
        parent = questions.get(row.get("parent_qid", ""))
        if parent is None:
            survey.lost.append(("subquestions", qid, part.code))
        else:
            parent.parts.append(part)
    for question in questions.values():
        question.parts.sort(key=lambda part: (part.scale, part.order))


def _give_options(survey: Survey, questions: dict[str, Question]) -> None:
    tables, base = survey.tables, survey.languages[0]
    in_tables: dict[str, Words] = {}
    for row in tables.get("answer_l10ns", []):
        in_tables.setdefault(row.get("aid", ""), {})[row.get("language", base)] = row.get("answer", "")
    found: dict[tuple[str, str, int], Option] = {}
    for row in tables.get("answers", []):
        qid, code, scale = row.get("qid", ""), row.get("code", ""), _number(row.get("scale_id"))
        option = found.get((qid, code, scale))
        if option is None:
            option = Option(code, scale, {}, _number(row.get("sortorder")), row.get("assessment_value", ""))
            found[qid, code, scale] = option
            if qid in questions:
                questions[qid].options.append(option)
            else:
                survey.lost.append(("answers", qid, code))
        if "answer" in row:
            option.words.setdefault(row.get("language", base), row["answer"])
        for language, words in in_tables.get(row.get("aid", ""), {}).items():
            option.words.setdefault(language, words)
    for question in questions.values():
        question.options.sort(key=lambda option: (option.scale, option.order))


def _words(rows: Iterable[Row], key: str, column: str, base: str) -> dict[str, Words]:
    """A column of texts by id and language."""
    found: dict[str, Words] = {}
    for row in rows:
        if row.get(column):
            found.setdefault(row.get(key, ""), {}).setdefault(row.get("language", base), row[column])
    return found


def _once(rows: Iterable[Row], key: str) -> dict[str, Row]:
    """The rows by their id; of those that stand once for each language, the first."""
    found: dict[str, Row] = {}
    seen: set[tuple[str, str]] = set()
    for row in rows:
        place = row.get(key, ""), row.get("language", "")
        if place in seen:
            raise refused("The id %(id)s stands twice in a table.", id=f"{key} {place[0][:40]}")
        seen.add(place)
        found.setdefault(place[0], row)
    return found


def _in_order(questions: list[Question]) -> list[Question]:
    return sorted(questions, key=lambda question: _order(question.row, "question"))


def _order(row: Row, of: str) -> int:
    return _number(row.get(f"{of}_order"))


def _number(text: str | None) -> int:
    """A small whole number; 0 where there is none, or one that no order can be."""
    return int(text) if re.fullmatch(r"\s*-?[0-9]{1,9}\s*", text := text or "") else 0
