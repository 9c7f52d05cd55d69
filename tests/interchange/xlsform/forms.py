"""Forms for tests: from Markdown, and as workbooks; and the cells that a report says nothing of."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from app.interchange.importing import read_any
from app.interchange.report import Entry, Imported, Report
from app.interchange.xlsform.headings import columns_of
from app.interchange.xlsform.sheets import Sheet
from app.interchange.xlsform.tables import markdown_sheets
from app.questionnaire.model import Questionnaire


def form(survey: str, choices: str = "", settings: str = "") -> Imported:
    """A form of rows with cells between pipes; the first row of each sheet has the headings."""
    text = "".join(
        f"| {name} |\n" + "".join(f"| | {row.strip()} |\n" for row in rows.strip().splitlines())
        for name, rows in (("survey", survey), ("choices", choices), ("settings", settings))
        if rows
    )
    imported = read_any(text.encode(), "form.md")
    assert unaccounted(markdown_sheets(text), imported.report) == []
    return imported


YES_NO = """
list_name | name | label
yes_no    | yes  | Yes
yes_no    | no   | No
"""


def question(imported: Imported, name: str) -> dict[str, Any]:
    """A question as its document has it."""
    return next(q for q in questions(imported.questionnaire) if q["name"] == name)


def questions(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    document = questionnaire.model_dump(mode="json", exclude_defaults=True)
    return [question for page in document["pages"] for question in page["questions"]]


def told(imported: Imported, name: str, item: str = "question") -> list[tuple[str, str]]:
    """What became of a thing, but for "kept": outcome and message."""
    entries = [entry for entry in imported.report.told() if (entry.name, entry.item) == (name, item)]
    return [(entry.outcome, entry.message % entry.params) for entry in entries]


def entry(imported: Imported, where: str) -> Entry:
    """The last entry of a place."""
    return [found for found in imported.report.entries if found.where == where][-1]


def workbook(**sheets: list[list[Any]]) -> bytes:
    """An .xlsx file with these rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def unaccounted(sheets: list[Sheet], report: Report) -> list[str]:
    """The cells that are neither told of, nor the type, name or list of a row that is."""
    places = {found.where for found in report.entries}
    missing = []
    for sheet in sheets:
        columns = columns_of(sheet, sheet.key if len(sheets) > 1 else "survey")
        for position, (number, cells) in enumerate(sheet.rows):
            for index in cells:
                word = columns[index].word if index in columns else ""
                is_row = word in ("type", "name", "list_name") and sheet.where(number) in places
                is_heading = position == 0 and sheet.key in ("settings", "barometer")
                if not {sheet.name, sheet.where(number, index)} & places and not is_row and not is_heading:
                    missing.append(sheet.where(number, index))
    return missing
