"""What is imported can be answered through the real pages, from the first to the receipt; what cannot is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app.storage import surveys
from benchmarks.imports import outcomes, run
from tests.respond.person import Person

from .guessing import stuck_at
from .xlsform.forms import form

SURVEY = """
type                 | name   | label        | required | relevant         | constraint
select_one region    | region | Region?      | yes      |                  |
date                 | next   | When?        | yes      |                  | . > today() and . < today() + 20
text                 | code   | Code?        | yes      |                  | . = 'secret'
select_multiple town | seen   | Seen?        |          | ${code} != 'x'   | count-selected(.) >= 2
rank town            | order  | Order?       | yes      |                  |
range                | warmth | How warm?    | yes      |                  | . > 3
note                 | thanks | So: ${code}. |          | ${warmth} > 3    |
"""
CHOICES = """
list_name | name  | label
region    | south | South
region    | north | North
town      | naha  | Naha
town      | nago  | Nago
town      | otaru | Otaru
"""


def test_an_imported_form_is_answered_to_the_receipt(app: Flask) -> None:
    questionnaire = form(SURVEY, CHOICES, "form_id\nguessed").questionnaire
    with app.app_context():
        now = datetime.now(UTC)
        surveys.publish(questionnaire, now)
        surveys.open_wave("guessed", "w1", now)
    person = Person(app.test_client()).open("/s/guessed")
    assert stuck_at(person, questionnaire) == ""
    assert person.place == "receipt"


def test_a_folder_of_files_is_measured_by_format(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("| survey |\n| | type | name | label |\n| | text | q | What? |\n")
    (tmp_path / "stuck.md").write_text(
        "| survey |\n| | type | name | label | required | constraint |\n"
        "| | text | q | What? | yes | string-length(.) = 777 |\n"
    )
    (tmp_path / "broken.md").write_text("| survey |\n| | type | name |\n| | end_group | |\n")
    assert [(outcome.form, outcome.problem) for outcome in outcomes(iter(sorted(tmp_path.iterdir())))] == [
        ("refused .md", "The row ends a group that was not begun."),
        ("XLSForm", ""),
        ("XLSForm", "/s/file-2: every guess for q is refused"),
    ]
    lines = list(run(str(tmp_path)))
    assert "XLSForm: 1 of 2 files imported and answered (50.0%)" in lines
    assert "refused .md: 0 of 1 files imported and answered (0.0%)" in lines
    assert lines[-1].startswith("things in them: ")
