"""The codebook explains every column and every code of the data file."""

from __future__ import annotations

import csv
import io

import pytest

from app.interchange.codebook import write_codebook
from app.interchange.data_file import FIXED, columns_of
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from tests.conftest import ROOT
from tests.questionnaire.made import questionnaire_of

Row = dict[str, str]


def rows_of(*versions: Questionnaire) -> list[Row]:
    data = b"".join(write_codebook(versions))
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def of(label: str = "Text", **more: object) -> Questionnaire:
    choices = [{"code": "a", "label": {"en": "=A"}}, {"code": "b", "label": {"en": "B"}}]
    asked = {"name": "one", "kind": "select_one", "label": {"en": label}, "choices": choices, **more}
    return questionnaire_of([asked])


def test_every_column_of_the_file_in_its_order(questionnaire: Questionnaire) -> None:
    rows = rows_of(questionnaire)
    assert list(dict.fromkeys(row["column"] for row in rows)) == [*FIXED, *columns_of([questionnaire])]


def test_every_code_that_can_stand_in_the_file(questionnaire: Questionnaire) -> None:
    rows = rows_of(questionnaire)
    codes = {name: [row["code"] for row in rows if row["column"] == name] for name in columns_of([questionnaire])}
    assert codes["country"] == ["jp", "us", "other", "-1", "-7"]
    assert codes["gender"] == ["female", "male", "other", "-1", "-7", "-9"]
    assert codes["DD6a"] == ["1", "2", "3", "4", "5", "-1", "-7", "-8"]
    assert codes["contact_study"] == ["1", "0", "-1", "-7"]
    assert codes["comment"] == ["", "-1", "-7"]
    assert [row["code"] for row in rows if row["column"] == "synthetic"] == ["0", "1"]
    missing = {row["code"] for row in rows if row["missing"] == "1"}
    assert missing == {"-1", "-7", "-8", "-9"}
    assert all(row["note_en"] and row["note_ja"] for row in rows if row["missing"] == "1")


def test_what_was_asked_in_each_language(questionnaire: Questionnaire) -> None:
    row = next(row for row in rows_of(questionnaire) if row["column"] == "DD6a" and row["code"] == "5")
    variable = questionnaire.variables["DD6a"]
    assert variable.stem is not None
    assert (row["label_en"], row["label_ja"]) == (variable.label["en"], variable.label["ja"])
    assert (row["stem_en"], row["stem_ja"]) == (variable.stem["en"], variable.stem["ja"])
    assert (row["code_label_en"], row["code_label_ja"]) == ("Strongly support", "賛成")
    assert (row["kind"], row["page"], row["action"], row["publish"]) == ("matrix", "bases", "DD6a", "1")
    assert row["versions"] == questionnaire.hash


def test_conditions_of_page_and_question(questionnaire: Questionnaire) -> None:
    rows = {row["column"]: row for row in rows_of(questionnaire)}
    assert rows["region_jp"]["relevant"] == "(${country} = 'jp' or ${country} = 'us') and (${country} = 'jp')"
    assert rows["burden"]["relevant"] == "${country} = 'jp'"
    assert (rows["consent"]["required"], rows["consent"]["publish"]) == ("1", "0")


def test_a_changed_question_has_the_rows_of_each_definition() -> None:
    new, old = of("New words"), of("Old words")
    rows = [row for row in rows_of(new, old) if row["column"] == "one"]
    assert [row["label_en"] for row in rows] == ["New words"] * 4 + ["Old words"] * 4
    assert [row["versions"] for row in rows] == [new.hash] * 4 + [old.hash] * 4


def test_an_unchanged_question_has_its_rows_once_with_all_versions() -> None:
    new = questionnaire_of(
        [of().pages[0].questions[0].model_dump()], [{"name": "n", "kind": "integer", "label": {"en": "N"}}]
    )
    rows = [row for row in rows_of(new, of()) if row["column"] == "one"]
    assert [row["versions"] for row in rows] == [f"{new.hash} {of().hash}"] * 4
    numbers = [row for row in rows_of(new, of()) if row["column"] == "n"]
    assert numbers[0]["code_label_en"] == "A whole number from 0 to 1000000"


@pytest.fixture(scope="module")
def kinds() -> Questionnaire:
    return read_questionnaire((ROOT / "tests" / "fixtures" / "kinds.yaml").read_bytes())


def test_every_column_of_every_kind_is_explained(kinds: Questionnaire) -> None:
    rows = rows_of(kinds)
    assert list(dict.fromkeys(row["column"] for row in rows)) == [*FIXED, *columns_of([kinds])]
    assert all(row["code_label_en"] and row["code_label_ja"] for row in rows if row["column"] not in FIXED)
    first = {row["column"]: row for row in reversed(rows)}
    said = {column: row["code_label_en"] for column, row in first.items() if not row["code"]}
    assert said["hours"] == "A number from 0 to 168, digits after the point: 1 or fewer"
    assert said["budget_trade"] == "A whole number from 0 to 100"
    assert said["warmth"] == "A whole number from 0 (Cold) to 100 (Warm) in steps of 5"
    assert said["born"] == "A day from 1900-01-01 to 2026-12-31, as 2026-01-31"
    assert said["asked"] == (
        "Those of these that were asked, with spaces between them: step_talks step_visits step_study"
    )
    assert said["first_order"] == "All of these in the order shown, with spaces between them: safety cost voice trust"
    assert said["per_visit"].startswith("A text or number that follows from other answers: if(${visits} > 0")
    assert said["country_other_text"].startswith("Text as typed")
    assert [column for column, row in first.items() if row["personal"] == "1"] == ["address"]


def test_codes_of_experiments_rankings_and_points(kinds: Questionnaire) -> None:
    rows = rows_of(kinds)
    arms = [row for row in rows if row["column"] == "words"]
    assert [(row["code"], row["note_en"]) for row in arms[:2]] == [
        ("plain", "1 of every 3 responses"),
        ("long", "2 of every 3 responses"),
    ]
    assert [row["code"] for row in rows if row["column"] == "first_3"] == [
        *("safety", "cost", "voice", "trust", "-1", "-7", "-8")
    ]
    sure = [row["code_label_ja"] for row in rows if row["column"] == "sure"]
    assert (sure[0], sure[5], sure[10]) == ("0 全く確信がない", "5", "10 完全に確信がある")
    warmth = next(row for row in rows if row["column"] == "warmth")
    assert warmth["variants_en"].startswith("words=long: On a thermometer from 0 to 100")


def test_of_whom_each_column_is_asked(kinds: Questionnaire) -> None:
    asked = {row["column"]: row["relevant"] for row in rows_of(kinds)}
    assert asked["country_other_text"] == "selected(${country}, 'other')"
    assert asked["step_talks"] == "selected(${asked}, 'step_talks')"
    assert asked["first_1"] == asked["opinions_order"] == ""


@pytest.mark.parametrize("bom", [False, True])
def test_labels_that_begin_a_formula_are_quoted_and_codes_are_not(bom: bool) -> None:
    data = b"".join(write_codebook([of()], bom))
    assert data.startswith(b"\xef\xbb\xbf") == bom
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert "'=A" in {row["code_label_en"] for row in rows}
    assert "-7" in {row["code"] for row in rows}
