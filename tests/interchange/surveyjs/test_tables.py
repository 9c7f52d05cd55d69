"""Tables, panels and fields: what holds several answers becomes several questions here."""

from __future__ import annotations

import pytest

from .made import Data, asked, by_name, dumped, fate, read, reasons


def test_matrices_have_rows_and_scores() -> None:
    more = {"columns": [{"value": "bad"}, "good"], "rows": [{"value": "r 1", "text": "Row"}], "eachRowRequired": True}
    question = dumped(asked("q", "matrix", **more))["q"]
    assert [row["name"] for row in question["rows"]] == ["q_r_1"]
    assert [choice["code"] for choice in question["choices"]] == ["1", "2"]
    assert question["required"] is True


def test_matrices_of_one_row_required_or_of_boxes() -> None:
    matrix = {"columns": [1, 2], "rows": ["r"]}
    imported = read(asked("q", "matrix", isRequired=True, **matrix))
    assert by_name(imported)["q"].model_dump()["required"] is False
    assert fate(imported, "property", "isRequired") == "changed"
    boxes = dumped(asked("q", "matrix", cellType="checkbox", **matrix))
    assert boxes["q_r"]["kind"] == "select_multiple"


def test_columns_without_rows_are_one_question() -> None:
    imported = read(asked("q", "matrix", columns=["bad", "good"]), asked("r", visibleIf="{q} = 'good'"))
    question = by_name(imported)["q"].model_dump()
    assert (question["kind"], [choice["code"] for choice in question["choices"]]) == ("scale", ["1", "2"])
    assert by_name(imported)["r"].relevant == "${q} = '2'"
    assert fate(imported, "question", "q") == "changed"


@pytest.mark.parametrize("parts", [{"rows": ["r"]}, {"columns": ["c"]}])
def test_parts_that_have_no_use_are_dropped(parts: Data) -> None:
    imported = read(asked("q", "matrix", **parts))
    assert fate(imported, "question", "q") == "dropped"


def test_cells_are_questions_of_their_columns_types() -> None:
    columns = [{"name": "age", "cellType": "text", "inputType": "number", "isRequired": True}, {"name": "likes"}]
    found = dumped(asked("q", "matrixdropdown", title="You", rows=["me"], columns=columns, choices=["x", "y"]))
    assert {name: question["kind"] for name, question in found.items()} == {
        "q": "note",
        "q_me_age": "decimal",
        "q_me_likes": "select_one",
    }
    assert found["q_me_age"]["required"] is True
    assert found["q_me_age"]["label"] == {"en": "me – age"}


def test_rows_that_can_be_added_are_shown_when_the_one_before_is_in_use() -> None:
    columns = [{"name": "x", "cellType": "text", "isRequired": True}]
    found = dumped(asked("q", "matrixdynamic", rowCount=2, columns=columns))
    assert list(found) == ["q", "q_1_x", "q_2_x", "q_3_x"]
    assert [found[f"q_{n}_x"]["relevant"] for n in (1, 2, 3)] == [None, None, "${q_2_x} != ''"]
    assert [found[f"q_{n}_x"]["required"] for n in (1, 2, 3)] == [True, True, False]


def test_panels_that_are_repeated_know_their_own_answers() -> None:
    template = [asked("kind", "radiogroup", choices=["a", "b"]), asked("why", visibleIf="{panel.kind} = 'a'")]
    found = dumped(
        asked(
            "p",
            "paneldynamic",
            panelCount=2,
            maxPanelCount=2,
            templateElements=template,
            templateTitle="No. {panelIndex}",
        )
    )
    assert found["p_2_why"]["relevant"] == "${p_2_kind} = 'a'"
    assert found["p_2_paneldynamic_title" if "p_2_paneldynamic_title" in found else "p_2_p_title"]["label"] == {
        "en": "No. 2"
    }


def test_fields_of_a_multiple_text() -> None:
    items = [{"name": "first", "title": "First name"}, {"name": "born", "inputType": "date", "isRequired": True}]
    found = dumped(asked("q", "multipletext", items=items), asked("r", visibleIf="{q.first} notempty"))
    assert {name: question["kind"] for name, question in found.items()} == {
        "q": "note",
        "q_first": "text",
        "q_born": "date",
        "r": "text",
    }
    assert found["r"]["relevant"] == "${q_first} != ''"


def test_where_copies_would_be_too_many_questions_they_are_left_out() -> None:
    panels = [asked(f"p{n}", "paneldynamic", templateElements=[asked("x"), asked("y")]) for n in range(200)]
    imported = read(*panels)
    assert len(imported.questionnaire.questions) == 600
    assert imported.report.counts()["question"] == {"kept": 400, "changed": 200, "dropped": 0}
    assert "not repeated" in reasons(imported, "question", "p7")
