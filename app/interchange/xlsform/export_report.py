"""What XLSForm has no words for in a questionnaire: our workbook holds it where other programs do not read."""

from __future__ import annotations

from app.interchange.report import Report
from app.questionnaire.model import Questionnaire

from .headings import OWN, OWN_OF_CHOICES
from .write import choice_rows, own_rows, survey_rows
from .write_questions import Cells, Lists

AS_ANOTHER = "Other programs take it for “%(type)s”."
PASSED_OVER = "XLSForm has no word for it: other programs pass over the column “%(column)s”."
ON_OUR_SHEET = "XLSForm has no word for it: other programs pass over the sheet “barometer”."


def export_report(questionnaire: Questionnaire) -> Report:
    """An entry for each thing that other programs do not read as it is meant; none where XLSForm can say all."""
    report, lists = Report("XLSForm"), Lists()
    for row in survey_rows(questionnaire, lists):
        for column in _own_columns(row, OWN):
            if column == OWN + "kind":
                report.add("survey", "question", row["name"], "changed", AS_ANOTHER, type=row["type"].split()[0])
            else:
                report.add("survey", column.removeprefix(OWN), row["name"], "changed", PASSED_OVER, column=column)
    for row in choice_rows(questionnaire, lists):
        for column in _own_columns(row, OWN_OF_CHOICES):
            name = f"{row['list_name']} {row['name']}"
            report.add("choices", column.removeprefix(OWN_OF_CHOICES), name, "changed", PASSED_OVER, column=column)
    for row in own_rows(questionnaire):
        # The title in the first language is the form's.
        if row["key"] not in ("form", *(("title",) if len(questionnaire.title) == 1 else ())):
            report.add("barometer", row["key"], "", "changed", ON_OUR_SHEET)
    return report


def _own_columns(row: Cells, beginning: str) -> list[str]:
    return [column for column in row if column.startswith(beginning)]
