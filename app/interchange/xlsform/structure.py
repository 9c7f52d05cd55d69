"""Groups of a spreadsheet, begun and ended by rows, as pages of ours and groups of pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.interchange.mending import EMPTY
from app.interchange.naming import RENAMED, Numbering, same
from app.questionnaire.problems import FileError, Problem

from .headings import OWN
from .questions import Maker, Question
from .sheets import Row
from .types import Begins, Type
from .words import own_value

DEEPEST = 20
LARGEST_PAGE = 20
"""Questions that stand in no group make pages of so many."""

MIXED = "The row ends a %(sort)s that was not begun."
OPEN = "The %(sort)s “%(name)s” is not ended."
DEEP = "Groups are nested more than %(limit)s deep."
ONCE = "It is asked once: there are no repeated rounds here."
REASONS = {
    "hint": "Pages have no hint.",
    "appearance": "Pages have one appearance here.",
    "repeat_count": ONCE,
    "required": "Only questions can be required.",
}
IN_GROUP = ("required", "required_message", "constraint", "constraint_message")


@dataclass
class Section:
    """A group and what stands in it, in order."""

    row: Row
    sort: Begins
    title: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    parts: list[Section | Question] = field(default_factory=list)
    rows: list[tuple[Row, Type]] = field(default_factory=list)
    """The rows of the questions in it, while it may still become one question: a matrix or an allocation."""


class Structure:
    """Takes rows one by one; `pages_into` writes what came of them."""

    def __init__(self, maker: Maker, title: dict[str, str]) -> None:
        self.maker = maker
        self.title = title
        self.parts: list[Section | Question] = []
        self._open: list[Section] = []
        self._groups = Numbering()

    def begin(self, row: Row, sort: Type) -> None:
        if len(self._open) >= DEEPEST:
            raise _refused(row, DEEP, limit=DEEPEST)
        section = Section(row, sort.begins or "group")
        self.maker.name(row, section.sort)
        row.cover("type", "name")
        section.data["name"] = own_value(row.get(OWN + "name")) or row.name
        row.report.add(row.where, section.sort, row.name, at=section.data)
        if section.sort != "group":
            row.report.add(row.where, section.sort, row.name, "changed", ONCE)
        self.maker.words.take(row, "label", section.data, "title")
        section.title = section.data.pop("title", {})
        self.maker.expression(row, section.data, "relevant")
        self._open.append(section)

    def end(self, row: Row, sort: Type) -> None:
        if not self._open or self._open[-1].sort != sort.ends:
            raise _refused(row, MIXED, sort=str(sort.ends))
        row.cover("type", "name")
        row.report.add(row.where, "end", row.name)
        row.close({})
        section = self._open.pop()
        made = self._as_question(section)
        target = self._open[-1].parts if self._open else self.parts
        target.append(made if made is not None else self._as_pages(section))

    def add(self, row: Row, sort: Type) -> None:
        """A row that is a question."""
        section = self._open[-1] if self._open else None
        kind = section and own_value(section.row.get(OWN + "kind"))
        if section and (kind or "table-list" in section.row.get("appearance").split()):
            section.rows.append((row, sort))
        else:
            (section.parts if section else self.parts).extend(self.maker.make(row, sort))

    def close(self) -> None:
        if self._open:
            raise _refused(self._open[-1].row, OPEN, sort=self._open[-1].sort, name=self._open[-1].row.name)

    def _as_pages(self, section: Section) -> Section:
        for row, sort in section.rows:
            section.parts += self.maker.make(row, sort)
        for column, text in section.row.cells.items():
            key = column.word.removeprefix(OWN)
            if column.word.startswith(OWN) and key != "name":
                section.data[key] = own_value(text)
            if column.word.startswith(OWN):
                section.row.tell(column, at=section.data, key=key)
        if section.row.get("appearance") == "field-list":
            section.row.tell_all("appearance")
        section.row.close(REASONS)
        return section

    def _as_question(self, section: Section) -> Question | None:
        """A table of questions with one list is a matrix, if its rows differ in nothing else; ours says what it is."""
        kind = own_value(section.row.get(OWN + "kind"))
        rows = section.rows
        if section.parts or not rows or not (kind or self._is_table(rows)):
            return None
        question: Question = {**section.data, "kind": kind or "matrix", "label": section.title}
        section.row.report.stands(section.row.where, section.sort, section.row.name, question)
        first, sort = rows[0]
        if sort.list_name:
            question["choices"] = self.maker.lists.get(sort.list_name, [])
        question["rows"] = [self._row(row) for row, _ in rows]
        answered: Question = {"kind": question["kind"], "label": {}}
        self.maker.answered(first, answered)
        question |= {key: value for key, value in answered.items() if key in IN_GROUP}
        for row, _ in rows:
            for word in IN_GROUP:
                row.tell_all(word, at=question, key=word)
            row.close(REASONS)
        section.row.tell_all("appearance")
        self.maker.words.take(section.row, "hint", question)
        self.maker.own(section.row, question)
        section.row.close(REASONS)
        return question

    def _row(self, row: Row) -> dict[str, Any]:
        """A row of a matrix."""
        self.maker.name(row)
        row.cover("type", "name")
        found: dict[str, Any] = {"name": row.name, "label": {}}
        row.report.add(row.where, "question", row.name, at=found)
        self.maker.words.take(row, "label", found)
        self.maker.words.take(row, "hint", found)
        self.maker.expression(row, found, "relevant")
        self.maker.own(row, found)
        return found

    def _is_table(self, rows: list[tuple[Row, Type]]) -> bool:
        """Whether all are asked with one list whose codes are scores, and differ in words and conditions alone."""
        first, sort = rows[0]
        choices = self.maker.lists.get(sort.list_name, [])
        codes = [str(choice["code"]) for choice in choices]
        if not 2 <= len(codes) <= 100 or not all(code.isascii() and code.isdigit() for code in codes):
            return False
        numbers = [int(code) for code in codes]
        alike = all(
            (other.kind, other.list_name, other.other) == ("select_one", sort.list_name, False)
            and all(row.get(word) == first.get(word) for word in IN_GROUP)
            and not any(row.has(word) for word in ("calculation", "choice_filter", "parameters", "read_only"))
            for row, other in rows
        )
        return alike and numbers == sorted(set(numbers))

    def pages_into(self, document: dict[str, Any]) -> None:
        """Writes the pages and the groups of pages."""
        document["groups"], document["pages"] = [], []
        self._write(document, self.parts, None, self.title)

    def _write(self, document: dict[str, Any], parts: list[Any], group: str | None, title: dict[str, str]) -> None:
        loose: list[Question] = []
        for part in [*parts, None]:
            if isinstance(part, dict):
                loose.append(part)
                continue
            for questions in _evenly(loose):
                name = f"page_{len(document['pages']) + 1}"
                self._page(document, {"name": name}, questions, group, title)
            loose = []
            if isinstance(part, Section):
                self._section(document, part, group, title)

    def _section(self, document: dict[str, Any], part: Section, group: str | None, title: dict[str, str]) -> None:
        title = part.title or title
        if any(isinstance(inner, Section) for inner in part.parts):
            # What stands in it names it, so that two of one name would be one.
            raw = str(part.data["name"])
            data = part.data | {"name": self._groups.free(raw, same)} | ({"group": group} if group else {})
            part.row.report.stands(part.row.where, part.sort, part.row.name, data)
            if data["name"] != raw:
                part.row.report.add(
                    part.row.where, part.sort, part.row.name, "changed", RENAMED, raw=raw, name=data["name"]
                )
            document["groups"].append(data)
            self._write(document, part.parts, data["name"], title)
        elif part.parts:
            self._page(document, part.data, part.parts, group, title)
        else:
            part.row.report.add(part.row.where, part.sort, part.row.name, "dropped", EMPTY)

    @staticmethod
    def _page(
        document: dict[str, Any], data: dict[str, Any], questions: list[Any], group: str | None, title: dict[str, str]
    ) -> None:
        data["title"] = dict(title)
        if group:
            data["group"] = group
        data["questions"] = questions
        document["pages"].append(data)


def _evenly(questions: list[Question]) -> list[list[Question]]:
    """Questions on as few pages as hold them, about as many on each."""
    pages = -(-len(questions) // LARGEST_PAGE)
    bounds = [len(questions) * page // pages for page in range(pages + 1)] if pages else []
    return [questions[start:end] for start, end in pairwise(bounds)]


def _refused(row: Row, message: str, **params: object) -> FileError:
    return FileError([Problem(row.number, "", message, params)])
