"""What XLSForm has no words for is told, thing by thing, and nothing else is."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from app.interchange.xlsform.export_report import export_report
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from tests.conftest import ROOT
from tests.questionnaire.made import documents

PLAIN = read_questionnaire(
    "survey: plain\ntitle: {en: Plain}\nlanguages: [en]\npages:\n  - name: p\n    title: {en: P}\n    questions:\n"
    "      - {name: a, kind: integer, label: {en: How many?}, required: true}\n"
    "      - {name: b, kind: select_one, label: {en: Which?}, relevant: '${a} > 1',"
    " choices: [{code: x, label: {en: X}}, {code: y, label: {en: Y}}]}\n"
)
KINDS = read_questionnaire((ROOT / "tests" / "fixtures" / "kinds.yaml").read_bytes())


def own_cells(questionnaire: Questionnaire) -> int:
    """How many cells of the workbook other programs pass over."""
    book = load_workbook(io.BytesIO(write_xlsform(questionnaire)), read_only=True)
    found = 0
    for name in ("survey", "choices"):
        headings, *rows = book[name].iter_rows(values_only=True)
        own = [n for n, heading in enumerate(headings) if str(heading).startswith(("barometer::", "barometer_"))]
        found += sum(row[n] is not None for row in rows for n in own)
    return found + sum(1 for _ in book["barometer"].iter_rows(min_row=3))


def test_what_xlsform_can_say_has_no_entry() -> None:
    # Only the words that the spreadsheet needs of us, such as the kind of what it calls otherwise.
    assert [str(entry) for entry in export_report(PLAIN).entries] == []


def test_kinds_that_xlsform_does_not_have_are_named() -> None:
    told = {entry.name: entry.params.get("type") for entry in export_report(KINDS).entries if entry.item == "question"}
    matrix = next(question.name for question in KINDS.questions if question.kind == "matrix")
    arm = next(question.name for question in KINDS.questions if question.kind == "arm")
    assert (told[matrix], told[arm]) == ("begin_group", "hidden")


@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(documents())
def test_each_cell_that_is_passed_over_is_told_of(document: dict[str, Any]) -> None:
    questionnaire = Questionnaire.model_validate(document)
    one_language = len(questionnaire.title) == 1
    assert len(export_report(questionnaire).entries) == own_cells(questionnaire) - one_language
