"""Reads an XLSForm, of whatever file it came, into a questionnaire and a report on every cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.interchange.finishing import NO_QUESTION, finish
from app.interchange.naming import questions_of
from app.interchange.report import Imported, Report
from app.interchange.yaml_file import MOST_QUESTIONS
from app.questionnaire.model import shown
from app.questionnaire.problems import FileError, Problem

from .choices import Lists, read_choices
from .headings import OWN, columns_of, languages_of
from .languages import code_of
from .paths import Paths
from .questions import Maker
from .sheets import NO_HEADING, NO_WORD, Column, Row, Sheet
from .structure import Structure
from .types import type_of
from .words import Words, own_value

READ = ("survey", "choices", "external_choices", "settings", "barometer")
_MOST_ROWS = 4 * MOST_QUESTIONS
"""Rows of the survey that are looked at: groups begin and end in rows too."""
TOO_MANY = "The questionnaire has more than %(limit)s questions."
NO_SURVEY = "The file has no sheet “survey”."
NO_TYPES = "The sheet “survey” has no column “type”."
NO_TYPE = "The row has no type."
DISABLED = "The row is switched off."
NO_VALUE = "It is a formula, and the file does not hold what it gave."
OTHER_SHEET = "Only the sheets survey, choices, external_choices and settings are read."
NOTHING_ASKED = "The form asks a person nothing: a note that says so was added."
_NOTHING_ASKED = {"en": "Nothing is asked here.", "ja": "ここでお答えいただく質問はありません。"}
LANGUAGE = "It is read as the language “%(language)s”."
SETTINGS = {
    "version": "Versions are counted by what they say.",
    "style": "Pages have one appearance here.",
    "instance_name": "Responses have no names.",
    "public_key": "Answers travel over an encrypted connection instead.",
    "submission_url": "Answers are sent here.",
    "auto_send": "Answers are sent by the person who gives them.",
    "auto_delete": "Answers are sent by the person who gives them.",
}


def read_xlsform(sheets: list[Sheet], survey: str | None = None, name: str = "") -> Imported:
    """The questionnaire in the sheets. `survey`: the key to give it; `name`: the file's. Raises FileError."""
    report = Report("XLSForm")
    found = _Book(sheets, report)
    document: dict[str, Any] = {"title": {}}
    settings = _settings(found, document, report)
    own = _own(found, report)
    default = code_of(settings.get("default_language", "default"))
    default = "en" if default == "und-default" else default
    words = Words(report, default, is_own=bool(own))
    asked = {type_of(row.get("type")).list_name or row.get(OWN + "list") for row in found.rows("survey")}
    lists: Lists = {}
    for key in ("external_choices", "choices"):
        lists |= read_choices(found.rows(key), words, asked)
    document["languages"] = found.languages(default)
    _title(document, settings, name)
    structure = _survey(found, words, lists, document)
    structure.pages_into(document)
    document["title"] |= {key: text for key, text in own.pop("title", {}).items() if key not in (default, "")}
    document |= {key: value for key, value in own.items() if key != "form"}
    if survey:
        document["survey"] = survey
    if not own and any(row.has("type") for row in found.rows("survey")):
        _note_if_nothing_is_asked(document, report)
    imported = finish(document, report, name)
    if not own and not any(shown(question) for question in imported.questionnaire.questions):
        raise FileError([Problem(0, "", NO_QUESTION)])
    return imported


def _note_if_nothing_is_asked(document: dict[str, Any], report: Report) -> None:
    """A form may only compute, or only record what a device knows: a page that says so makes a questionnaire of it."""
    if all(question["kind"] == "calculate" for _, question in questions_of(document)):
        label = {language: _NOTHING_ASKED.get(language, _NOTHING_ASKED["en"]) for language in document["languages"]}
        note = {"name": "nothing_asked", "kind": "note", "label": label}
        document["pages"].append({"name": "nothing_asked", "title": dict(document["title"]), "questions": [note]})
        report.add("", "question", "nothing_asked", "changed", NOTHING_ASKED)


class _Book:
    """The sheets by what they are, each heading told of."""

    def __init__(self, sheets: list[Sheet], report: Report) -> None:
        self.report = report
        self.sheets: dict[str, Sheet] = {}
        self.columns: dict[str, dict[int, Column]] = {}
        for sheet in sheets:
            for message in sheet.notes:
                report.add(sheet.name, "macros", "", "dropped", message)
            key = "survey" if len(sheets) == 1 and sheet.key not in READ else sheet.key
            if key in READ and key not in self.sheets:
                self.sheets[key] = sheet
                self.columns[key] = columns_of(sheet, key)
            elif sheet.rows:
                report.add(sheet.name, "sheet", sheet.name, "dropped", OTHER_SHEET)
        if "survey" not in self.sheets or not self.sheets["survey"].rows:
            raise FileError([Problem(0, "", NO_SURVEY)])
        if not any(column.word == "type" for column in self.columns["survey"].values()):
            raise FileError([Problem(self.sheets["survey"].rows[0][0], "", NO_TYPES)])
        for key in ("survey", "choices", "external_choices"):
            self._tell_headings(key)

    def _tell_headings(self, key: str) -> None:
        sheet = self.sheets.get(key)
        for column in self.columns.get(key, {}).values() if sheet else ():
            where = sheet.where(sheet.rows[0][0], column.index) if sheet else ""
            if column.language and column.language.lower() not in re.split(r"[:()\s]+", column.raw.lower()):
                self.report.add(where, "heading", column.raw, "changed", LANGUAGE, language=column.language)
            elif key == "survey" and not column.word:
                self.report.add(where, "heading", column.raw, "dropped", NO_WORD)
            else:
                self.report.add(where, "heading", column.raw)

    def rows(self, key: str) -> list[Row]:
        """The rows under the headings."""
        sheet = self.sheets.get(key)
        return [self._row(sheet, key, number, cells) for number, cells in sheet.rows[1:]] if sheet else []

    def _row(self, sheet: Sheet, key: str, number: int, cells: dict[int, str]) -> Row:
        columns = self.columns[key]
        found = {columns.get(index) or Column(index, "", ""): text for index, text in cells.items()}
        return Row(sheet, number, found, self.report)

    def languages(self, default: str) -> list[str]:
        """The default one first, if anything is in it, then the others in the order of the headings."""
        columns = [column for key in ("survey", "choices") for column in self.columns.get(key, {}).values()]
        named = languages_of(columns)
        plain = any(column.word == "label" and not column.language for column in columns)
        return list(dict.fromkeys([default, *named])) if plain or default in named or not named else named


def _settings(book: _Book, document: dict[str, Any], report: Report) -> dict[str, str]:
    """The settings that mean something here; all are told of."""
    found: dict[str, str] = {}
    for number, row in enumerate(book.rows("settings")):
        for column, text in row.cells.items():
            where = row.sheet.where(row.number, column.index)
            if column.word and number == 0 and not column.word.startswith("barometer"):
                found[column.word] = text
                key = {"form_title": "title", "form_id": "survey"}.get(column.word, "languages")
                report.add(where, "setting", column.raw, at=document, key=key)
            else:
                reason = SETTINGS.get("_".join(column.raw.split()).lower(), NO_WORD if column.raw else NO_HEADING)
                report.add(where, "setting", column.raw, "dropped", reason)
    return found


def _own(book: _Book, report: Report) -> dict[str, Any]:
    """What XLSForm has no words for, in a sheet of ours: a key, and its value in one or more cells."""
    found: dict[str, Any] = {}
    for row in book.rows("barometer"):
        ordered = [text for _, text in sorted(row.cells.items(), key=lambda cell: cell[0].index)]
        if len(ordered) > 1:
            found[ordered[0]] = own_value("".join(ordered[1:]))
            report.add(row.where, "setting", ordered[0])
    return found


def _title(document: dict[str, Any], settings: dict[str, str], name: str) -> None:
    if settings.get("form_id"):
        document["survey"] = settings["form_id"]
    title = settings.get("form_title") or settings.get("form_id") or name
    document["title"] = dict.fromkeys(document["languages"], title) if title else {}


def _survey(book: _Book, words: Words, lists: Lists, document: dict[str, Any]) -> Structure:
    rows = list(_enabled(book.rows("survey")))
    maker = Maker(words, lists, Paths(rows))
    maker.languages = document["languages"]
    structure = Structure(maker, document["title"])
    for number, row in enumerate(rows):
        if number > _MOST_ROWS:
            raise FileError([Problem(row.number, "", TOO_MANY, {"limit": MOST_QUESTIONS})])
        sort = type_of(row.get("type"))
        if sort.kind == "setting":
            _late_setting(row, sort.word, document)
        elif sort.begins:
            structure.begin(row, sort)
        elif sort.ends:
            structure.end(row, sort)
        else:
            structure.add(row, sort)
    structure.close()
    _tell_lost_formulas(book)
    return structure


def _enabled(rows: list[Row]) -> Iterable[Row]:
    """The rows that are neither comments nor switched off; those are told of."""
    for row in rows:
        reason = DISABLED if row.get("disabled").lower() in ("yes", "true", "true()") else ""
        if not row.get("type"):
            reason = reason or NO_TYPE
        if reason:
            row.name = row.get("name")
            row.report.add(row.where, "row", row.name, "dropped", reason)
            row.close(dict.fromkeys([column.word for column in row.cells], reason))
        else:
            yield row


def _late_setting(row: Row, word: str, document: dict[str, Any]) -> None:
    """A setting as a row of the survey: its value stands under `name`."""
    value = row.get("name")
    row.cover("type", "name")
    if word.lower().endswith("title"):
        document["title"].update(dict.fromkeys(document["languages"], value))
        row.report.add(row.where, "setting", word, at=document, key="title")
    elif word.lower().endswith("id"):
        document["survey"] = value
        row.report.add(row.where, "setting", word, at=document, key="survey")
    else:
        row.report.add(row.where, "setting", word, "dropped", NO_WORD)
    row.close({})


def _tell_lost_formulas(book: _Book) -> None:
    for key, sheet in book.sheets.items():
        filled = {(number, index) for number, cells in sheet.rows for index in cells}
        for number, index in sorted(sheet.formulas - filled):
            column = book.columns[key].get(index)
            item = (column.word or column.raw) if column else "cell"
            book.report.add(sheet.where(number, index), item, "", "dropped", NO_VALUE)
