"""Writes a questionnaire as an XLSForm workbook, from which our reader reads the same.

What XLSForm has words for stands under them. The rest stands in columns that begin with `barometer::` (`barometer_`
on the sheet of choices) and in a sheet `barometer`, which other programs pass over. Groups of pages come in the order
of their pages; the two characters that no XML file can hold (U+FFFE, U+FFFF) become U+FFFD.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.questionnaire.model import Page, PageGroup, Questionnaire

from .headings import OWN, OWN_OF_CHOICES, is_known
from .languages import name_of
from .words import own_text
from .write_questions import Cells, Lists, question_rows

_FIRST = ("type", "list_name", "name", "key", "value", "label", "hint")
_OF_QUESTIONNAIRE = (
    "title",
    "period",
    "introduction",
    "weighting",
    "breakdowns",
    "ends",
    "contradictions",
    "continues",
)
_LONGEST_CELL = 30_000
_WIDTHS = {"label": 50, "hint": 30, "relevant": 30, "constraint": 20, "calculation": 30, "value": 80}
_FORMULA = tuple("=+-@")


def write_xlsform(questionnaire: Questionnaire) -> bytes:
    """An .xlsx workbook with the sheets survey, choices, settings and barometer."""
    lists = Lists()
    survey = list(survey_rows(questionnaire, lists))
    book = Workbook()
    book.remove(book.worksheets[0])
    languages = [name_of(language) for language in questionnaire.languages]
    _write(book.create_sheet("survey"), survey, languages)
    _write(book.create_sheet("choices"), list(choice_rows(questionnaire, lists)), languages, ["list_name", "name"])
    _write(book.create_sheet("settings"), [_settings(questionnaire)], languages)
    _write(book.create_sheet("barometer"), list(own_rows(questionnaire)), languages)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def survey_rows(questionnaire: Questionnaire, lists: Lists) -> Iterable[Cells]:
    """The rows: pages as groups, and groups of pages as groups around them."""
    groups = {group.name: group for group in questionnaire.groups}
    variables = {name.lower() for name in questionnaire.variables}
    variables |= {question.name.lower() for question in questionnaire.questions}
    inside: list[str] = []
    for page in questionnaire.pages:
        around = _around(groups, page.group)
        while inside != around[: len(inside)]:
            inside.pop()
            yield {"type": "end_group"}
        for name in around[len(inside) :]:
            inside.append(name)
            yield _begin(groups[name], variables)
        yield _begin(page, variables) | _texts("label", page.title) | {"appearance": "field-list"}
        for question in page.questions:
            yield from question_rows(question, lists)
        yield {"type": "end_group"}
    for _ in inside:
        yield {"type": "end_group"}


def _around(groups: dict[str, PageGroup], name: str | None) -> list[str]:
    """The groups that a page is in, the outermost first."""
    found: list[str] = []
    while name:
        found.insert(0, name)
        name = groups[name].group
    return found


def _begin(part: Page | PageGroup, variables: set[str]) -> Cells:
    row = {"type": "begin_group", "name": part.name}
    # Elsewhere a group and a question cannot have one name, and "meta" is a group of theirs.
    if part.name in variables or part.name == "meta":
        row |= {"name": f"{part.name}_page", OWN + "name": part.name}
    if part.relevant:
        row["relevant"] = part.relevant
    if part.randomize:
        row[OWN + "randomize"] = own_text(True)
    return row


def _texts(word: str, text: dict[str, str]) -> Cells:
    return {f"{word}::{name_of(language)}": words for language, words in text.items()}


def choice_rows(questionnaire: Questionnaire, lists: Lists) -> Iterable[Cells]:
    for name, choices in lists.named():
        for choice in choices:
            data = dict(choice)
            row: Cells = {"list_name": name, "name": data.pop("code")} | _texts("label", data.pop("label"))
            attributes: dict[str, str] = data.pop("attributes", {})
            if any(is_known(key) or not value for key, value in attributes.items()):
                row[OWN_OF_CHOICES + "attributes"] = own_text(attributes)
            else:
                row |= attributes
            yield row | {OWN_OF_CHOICES + key: own_text(value) for key, value in data.items()}


def _settings(questionnaire: Questionnaire) -> Cells:
    first = questionnaire.languages[0]
    return {
        "form_title": questionnaire.title[first],
        "form_id": questionnaire.survey,
        "default_language": name_of(first),
    }


def own_rows(questionnaire: Questionnaire) -> Iterable[Cells]:
    """What XLSForm has no words for, one row for each; a long value goes on in the cells beside it."""
    yield {"key": "form", "value": "1"}
    document = questionnaire.model_dump(mode="json", exclude_defaults=True)
    for key in _OF_QUESTIONNAIRE:
        if key in document:
            text = own_text(document[key])
            parts = [text[start : start + _LONGEST_CELL] for start in range(0, len(text), _LONGEST_CELL)]
            yield {"key": key} | {f"value{number or ''}": part for number, part in enumerate(parts)}


def _write(sheet: Worksheet, rows: list[Cells], languages: list[str], headings: Iterable[str] = ()) -> None:
    named = dict.fromkeys([*headings, *(key for row in rows for key in row)])
    columns = sorted(named, key=lambda heading: _place(heading, languages))
    numbers = {heading: number for number, heading in enumerate(columns, 1)}
    for heading, number in numbers.items():
        _put(sheet, 1, number, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(heading.split("::")[0], 16)
    for line, row in enumerate(rows, 2):
        for heading, text in row.items():
            _put(sheet, line, numbers[heading], text).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"


def _place(heading: str, languages: list[str]) -> tuple[int, bool, int]:
    """What names a row first, what other programs do not read last; then by language; otherwise as they came."""
    word, _, rest = heading.partition("::")
    first = _FIRST.index(word) if word in _FIRST else len(_FIRST)
    return first, heading.startswith((OWN, OWN_OF_CHOICES)), languages.index(rest) if rest in languages else -1


def _put(sheet: Worksheet, line: int, column: int, text: str) -> Any:
    """A cell that holds a text, whatever it begins with: nothing runs as a formula, and 007 stays what it is."""
    cell = sheet.cell(line, column)
    cell.value = re.sub("[\ufffe\uffff]", "\ufffd", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)
    return cell
