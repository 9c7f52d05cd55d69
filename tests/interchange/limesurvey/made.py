"""Surveys of LimeSurvey made for tests, in the layout with texts in the tables themselves or with `_l10ns` tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.interchange.limesurvey import read_lss
from app.interchange.report import Imported, Outcome
from app.questionnaire.kinds.base import Question

Row = dict[str, str]


@dataclass
class Asked:
    """A question: `parts` are subquestions and `options` answers, as code or (code, words), or with the scale."""

    code: str
    letter: str = "S"
    words: str | dict[str, str] = "Text"
    parts: list[Any] = field(default_factory=list)
    options: list[Any] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    relevance: str = ""
    group: int = 1
    row: Row = field(default_factory=dict)
    help: str | dict[str, str] = ""


def in_languages(words: str | dict[str, str], languages: list[str]) -> dict[str, str]:
    return dict.fromkeys(languages, words) if isinstance(words, str) else words


def lss(tables: dict[str, list[Row]], kind: str = "Survey") -> bytes:
    """The file of some tables."""
    parts = [f"<document><LimeSurveyDocType>{kind}</LimeSurveyDocType><DBVersion>498</DBVersion>"]
    for table, rows in tables.items():
        parts.append(f"<{table}><rows>")
        for row in rows:
            cells = (f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items())
            parts.append(f"<row>{''.join(cells)}</row>")
        parts.append(f"</rows></{table}>")
    return ("".join(['<?xml version="1.0" encoding="UTF-8"?>', *parts]) + "</document>").encode()


def survey(
    *questions: Asked,
    languages: tuple[str, ...] = ("en",),
    groups: dict[int, Row] | None = None,
    row: Row | None = None,
    words: Row | None = None,
    is_old: bool = False,
    **tables: list[Row],
) -> bytes:
    """A survey of questions; their ids are 11, 12 …, those of their parts 1101, 1102 …"""
    base, found = languages[0], Tables(list(languages), is_old)
    for number, question in enumerate(questions, 11):
        found.add(question, str(number))
    for gid in sorted({question.group for question in questions} | set(groups or {})):
        extra = (groups or {}).get(gid, {})
        key = {"gid": str(gid), "sid": "9", "group_order": str(gid), **extra}
        found.texts("groups", "group_l10ns", key, {"group_name": f"Group {gid}"}, "gid")
    settings = {"sid": "9", "language": base, "additional_languages": " ".join(languages[1:]), **(row or {})}
    heads = [{"surveyls_language": language, "surveyls_title": "Title", **(words or {})} for language in languages]
    return lss({**found.tables, "surveys": [settings], "surveys_languagesettings": heads, **tables})


class Tables:
    def __init__(self, languages: list[str], is_old: bool) -> None:
        self.languages = languages
        self.is_old = is_old
        self.tables: dict[str, list[Row]] = {}

    def texts(self, table: str, own: str, key: Row, texts: dict[str, str | dict[str, str]], by: str) -> None:
        """Rows with texts: one for each language, or one and its texts in a table of their own."""
        rows = []
        for language in self.languages:
            said = {name: in_languages(words, self.languages).get(language, "") for name, words in texts.items()}
            rows.append({"language": language, **said})
        if self.is_old:
            self.tables.setdefault(table, []).extend({**key, **row} for row in rows)
        else:
            self.tables.setdefault(table, []).append(key)
            self.tables.setdefault(own, []).extend({by: key[by], **row} for row in rows)

    def add(self, question: Asked, qid: str) -> None:
        key = {"qid": qid, "parent_qid": "0", "gid": str(question.group), "type": question.letter}
        key |= {"title": question.code, "question_order": qid, "relevance": question.relevance, **question.row}
        texts: dict[str, str | dict[str, str]] = {"question": question.words, "help": question.help}
        self.texts("questions", "question_l10ns", key, texts, "qid")
        for number, part in enumerate(question.parts, 1):
            code, words, scale, relevance = (*((part,) if isinstance(part, str) else part), "", 0, "")[:4]
            own = {"qid": f"{qid}{number:02}", "parent_qid": qid, "gid": str(question.group), "title": code}
            own |= {"question_order": str(number), "scale_id": str(scale or 0), "relevance": str(relevance or "")}
            self.texts("subquestions", "question_l10ns", own, {"question": words or f"Part {code}"}, "qid")
        for number, option in enumerate(question.options, 1):
            code, words, scale = (*((option,) if isinstance(option, str) else option), "", 0)[:3]
            own = {"qid": qid, "code": code, "sortorder": str(number), "scale_id": str(scale or 0)}
            own |= {} if self.is_old else {"aid": f"{qid}{number:03}"}
            by = "qid" if self.is_old else "aid"
            self.texts("answers", "answer_l10ns", own, {"answer": words or f"Option {code}"}, by)
        for name, value in question.attributes.items():
            self.tables.setdefault("question_attributes", []).append({"qid": qid, "attribute": name, "value": value})


def read(*questions: Asked, **more: Any) -> Imported:
    return read_lss(survey(*questions, **more), "made")


def by_name(imported: Imported) -> dict[str, Question]:
    return {question.name: question for question in imported.questionnaire.questions}


def fate(imported: Imported, item: str, name: str) -> Outcome:
    """What became of a thing of the file."""
    found = {thing[1:]: outcome for thing, outcome in imported.report.worst().items()}
    return found[item, name]


def reasons(imported: Imported, item: str, name: str) -> str:
    """What the report says of a thing."""
    return " ".join(str(e.message % e.params) for e in imported.report.entries if (e.item, e.name) == (item, name))
