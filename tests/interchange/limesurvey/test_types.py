"""Each question type of LimeSurvey becomes what asks the same here."""

from __future__ import annotations

from typing import Any

import pytest

from app.interchange.limesurvey.reader import TYPES
from app.questionnaire.kinds.base import Question

from .made import Asked, by_name, fate, read, reasons

LETTERS = {
    **dict.fromkeys("STU", "text"),
    **dict.fromkeys("N", "decimal"),
    **dict.fromkeys("D", "date"),
    **dict.fromkeys("YGL!O", "select_one"),
    **dict.fromkeys("5", "scale"),
    **dict.fromkeys("X|QK:;", "note"),
    **dict.fromkeys("R", "rank"),
    **dict.fromkeys("MP", "select_multiple"),
    **dict.fromkeys("ABCEFH1", "matrix"),
}
OPTIONS = ["A1", "A2", "A3"]
PARTS = ["s1", "s2"]
GRID = [("r1", "", 0), ("r2", "", 0), ("c1", "", 1), ("c2", "", 1)]


def asked(letter: str, code: str = "q", **more: Any) -> Asked:
    """A question of a type with all that such a type needs."""
    options: list[Any] = OPTIONS if letter in "LO!RFH" else []
    if letter == "1":
        options = [*OPTIONS, ("B1", "", 1), ("B2", "", 1)]
    parts = GRID if letter in ":;" else PARTS if letter in "MPABCEFH1QK" else []
    return Asked(code, letter, **{"parts": parts, "options": options, **more})


def names(letter: str, **more: Any) -> dict[str, Question]:
    return by_name(read(asked(letter, **more)))


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("is_old", [True, False], ids=["old layout", "l10ns layout"])
def test_every_type_has_its_kind(letter: str, is_old: bool) -> None:
    imported = read(asked(letter), is_old=is_old)
    assert imported.questionnaire.questions[0].kind == LETTERS[letter]
    assert fate(imported, "question", "q") in (("dropped",) if letter == "|" else ("kept", "changed"))


def test_every_letter_that_is_read_is_tried_here() -> None:
    assert set(LETTERS) | {"I", "*", "Z", "W"} == set(TYPES)


def test_options_and_other_of_a_list() -> None:
    question = names("L", row={"other": "Y"}, attributes={"other_replace_text": "Another"})["q"].model_dump()
    assert [choice["code"] for choice in question["choices"]] == ["A1", "A2", "A3", "oth"]
    assert question["choices"][3]["label"] == {"en": "Another"}
    assert question["choices"][3]["specify"] is True


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ({"other_position": "beginning"}, ["oth", "A1", "A2", "A3"]),
        ({"other_position": "specific", "other_position_code": "A1"}, ["A1", "oth", "A2", "A3"]),
    ],
)
def test_other_stands_where_it_stood(attributes: dict[str, str], codes: list[str]) -> None:
    question = names("L", row={"other": "Y"}, attributes=attributes)["q"].model_dump()
    assert [choice["code"] for choice in question["choices"]] == codes


def test_a_list_with_a_comment_is_two_questions() -> None:
    found = names("O", row={"mandatory": "Y"})
    assert {name: question.kind for name, question in found.items()} == {"q": "select_one", "q_comment": "text"}
    assert found["q"].model_dump()["required"] is True
    assert found["q_comment"].model_dump()["required"] is False


def test_a_drop_down_stays_one() -> None:
    assert names("!")["q"].model_dump()["appearance"] == "minimal"


def test_a_single_option_is_a_box() -> None:
    assert names("L", options=["A1"])["q"].kind == "acknowledge"
    assert names("M", parts=["s1"])["q"].kind == "acknowledge"


@pytest.mark.parametrize("letter", "L!MRFH1QK;")
def test_where_nothing_can_be_answered_the_words_are_shown(letter: str) -> None:
    imported = read(asked(letter, options=[], parts=[]))
    [question] = imported.questionnaire.questions
    assert (question.kind, question.label) == ("note", {"en": "Text"})
    assert fate(imported, "question", "q") == "changed"


@pytest.mark.parametrize("letter", "L!M")
def test_other_without_options_is_a_text(letter: str) -> None:
    imported = read(asked(letter, options=[], parts=[], row={"other": "Y"}))
    assert by_name(imported)["q"].kind == "text"
    assert fate(imported, "question", "q") == "changed"


def test_without_options_a_note_keeps_the_words_of_rows() -> None:
    imported = read(asked("F", options=[]))
    assert imported.questionnaire.questions[0].label == {"en": "Text\n[array]"}
    assert fate(imported, "question", "q") == "dropped"
    assert fate(imported, "subquestion", "s1") == "dropped"


def test_what_stands_alone_and_how_many() -> None:
    attributes = {"exclude_all_others": "s2;s3", "min_answers": "1", "max_answers": "2", "random_order": "1"}
    question = names("M", parts=["s1", "s2", "s3", "s4"], attributes=attributes)["q"].model_dump()
    assert [choice["exclusive"] for choice in question["choices"]] == [False, True, True, False]
    assert question["parameters"] == {"randomize": True, "minimum": 1, "maximum": 2}


def test_comments_are_asked_where_their_option_is_chosen() -> None:
    found = names("P", row={"other": "Y"})
    assert found["q_s1comment"].relevant == "selected(${q}, 's1')"
    assert found["q_othercomment"].relevant == "selected(${q}, 'oth')"


def test_arrays_have_rows_and_scores() -> None:
    question = names("F", options=["A1", "A3", "A4"])["q"].model_dump()
    assert [row["name"] for row in question["rows"]] == ["q_s1", "q_s2"]
    assert [choice["code"] for choice in question["choices"]] == ["1", "3", "4"]
    assert [choice["code"] for choice in names("C")["q"].model_dump()["choices"]] == ["1", "2", "3"]
    assert len(names("B")["q"].model_dump()["choices"]) == 10


def test_scores_that_descend_are_turned_around_and_told() -> None:
    imported = read(asked("F", options=[("3", "Good"), ("2", "Fair"), ("1", "Bad")]))
    choices = by_name(imported)["q"].model_dump()["choices"]
    assert [(choice["code"], choice["label"]["en"]) for choice in choices] == [
        ("1", "Bad"),
        ("2", "Fair"),
        ("3", "Good"),
    ]
    assert "ascending order" in reasons(imported, "answer", "3")


def test_two_scales_are_two_matrices() -> None:
    attributes = {"dualscale_headerA": "Now", "dualscale_headerB": "Then"}
    found = names("1", attributes=attributes)
    assert [row["name"] for row in found["q_0"].model_dump()["rows"]] == ["q_s1_0", "q_s2_0"]
    assert found["q_1"].label == {"en": "Text – Then"}
    assert len(found["q_1"].model_dump()["choices"]) == 2


def test_several_fields_are_questions_after_a_note() -> None:
    found = names("K", attributes={"num_value_int_only": "1", "max_num_value_n": "9"})
    assert {name: question.kind for name, question in found.items()} == {
        "q": "note",
        "q_s1": "integer",
        "q_s2": "integer",
    }
    assert found["q_s1"].model_dump()["parameters"] == {"start": 0, "end": 9}


def test_numbers_that_make_a_total_are_an_allocation() -> None:
    question = names("K", attributes={"equals_num_value": "100"})["q"].model_dump()
    assert (question["kind"], question["parameters"]["total"]) == ("allocate", 100)
    assert [row["name"] for row in question["rows"]] == ["q_s1", "q_s2"]


def test_sliders_are_lines() -> None:
    attributes = {"slider_layout": "1", "slider_min": "0", "slider_max": "10", "slider_separator": "|"}
    question = names("K", parts=[("s1", "How warm?|cold|hot")], attributes=attributes)["q_s1"].model_dump()
    assert question["kind"] == "range"
    assert question["parameters"] == {"start": 0, "end": 10, "step": 1}
    assert (question["label"], question["low"], question["high"]) == (
        {"en": "How warm?"},
        {"en": "cold"},
        {"en": "hot"},
    )


def test_tables_of_fields() -> None:
    assert list(names(";")) == ["q", "q_r1_c1", "q_r1_c2", "q_r2_c1", "q_r2_c2"]
    cell = names(":", attributes={"multiflexible_max": "8", "multiflexible_step": "2"})["q_r1_c1"].model_dump()
    assert (cell["kind"], cell["parameters"], cell["constraint"]) == (
        "integer",
        {"start": 1, "end": 8},
        "(. - 1) mod 2 = 0",
    )
    ticks = names(":", attributes={"multiflexible_checkbox": "1"})
    assert {name: question.kind for name, question in ticks.items()} == {
        "q": "note",
        "q_r1": "select_multiple",
        "q_r2": "select_multiple",
    }


def test_a_large_table_of_texts_has_a_field_for_each_row() -> None:
    grid = [*((f"r{n}", "", 0) for n in range(60)), *((f"c{n}", "", 1) for n in range(10))]
    found = names(";", parts=grid)
    assert len(found) == 61
    assert found["q_r0"].hint == {"en": ", ".join(f"Part c{n}" for n in range(10))}


def test_places_in_order() -> None:
    question = names("R", attributes={"max_answers": "2", "min_answers": "2"})["q"].model_dump()
    assert question["parameters"]["maximum"] == 2
    assert question["constraint"] == "count-selected(.) >= 2"


def test_dates() -> None:
    question = names("D", attributes={"date_min": "2020", "date_max": "2026-03-31"})["q"].model_dump()
    assert question["parameters"] == {"start": "2020-01-01", "end": "2026-03-31"}
    assert names("D", attributes={"date_max": "now"})["q"].model_dump()["constraint"] == ". <= today()"
    assert names("D", attributes={"date_format": "HH:MM"})["q"].kind == "text"


def test_texts_have_a_length_and_a_pattern() -> None:
    question = names("S", attributes={"maximum_chars": "20"}, row={"preg": "/^[0-9]{3}$/"})["q"].model_dump()
    assert question["parameters"]["max_length"] == 20
    assert question["constraint"] == "regex(., '^[0-9]{3}$')"
    assert names("S", attributes={"numbers_only": "1"})["q"].kind == "decimal"


@pytest.mark.parametrize(
    ("attributes", "kind", "parameters"),
    [
        ({}, "decimal", {"start": 0, "end": None, "decimals": 1}),
        ({"num_value_int_only": "1", "min_num_value_n": "18"}, "integer", {"start": 18, "end": 1_000_000}),
        ({"min_num_value_n": "-5", "max_num_value_n": "5"}, "decimal", {"start": 0, "end": 5, "decimals": 2}),
        ({"max_num_value_n": "9" * 12}, "decimal", {"start": 0, "end": None, "decimals": 1}),
    ],
)
def test_numbers_have_bounds(attributes: dict[str, str], kind: str, parameters: dict[str, Any]) -> None:
    question = names("N", attributes=attributes)["q"].model_dump()
    assert (question["kind"], question["parameters"]) == (kind, parameters)


def test_equations_are_computed_and_shown() -> None:
    found = by_name(read(asked("N", "a"), Asked("b", "*", "{a * 2}")))
    assert found["b"].model_dump()["calculation"] == "${a} * 2"
    assert found["b_shown"].label == {"en": "${b}"}
    hidden = by_name(read(asked("N", "a"), Asked("b", "*", "Twice: {a * 2}", attributes={"hidden": "1"})))
    assert list(hidden) == ["a", "b"]
    assert hidden["b"].model_dump()["calculation"] == "concat('Twice:', ${a} * 2)"


def test_a_note_keeps_an_equation_that_cannot_be_said() -> None:
    imported = read(asked("N", "a"), Asked("b", "*", "{stddev(a, 2)}"))
    assert by_name(imported)["b_shown"].label == {"en": "b\n[equation: {stddev(a, 2)}]"}
    assert fate(imported, "question", "b") == "dropped"
    assert "stddev(a, 2)" in reasons(imported, "equation", "")


def test_a_hidden_question_keeps_its_value() -> None:
    defaults = [{"qid": "11", "sqid": "0", "scale_id": "0", "defaultvalue": "web", "language": "en"}]
    imported = read(
        asked("S", "source", attributes={"hidden": "1"}),
        Asked("b", relevance='source == "web"'),
        defaultvalues=defaults,
    )
    found = by_name(imported)
    assert found["source"].model_dump()["calculation"] == "'web'"
    assert found["b"].relevant == "${source} = 'web'"


def test_a_question_of_an_unknown_type_is_a_note() -> None:
    imported = read(Asked("q", "^", "Words"))
    assert imported.questionnaire.questions[0].label == {"en": "Words\n[^]"}
    assert fate(imported, "question", "q") == "dropped"


def test_built_in_words_are_in_the_surveys_languages() -> None:
    question = by_name(read(asked("Y"), languages=("ja", "de-informal")))["q"].model_dump()
    assert question["choices"][0]["label"] == {"ja": "はい", "de-informal": "Ja"}


def test_names_and_codes_that_do_not_fit_are_changed_and_followed() -> None:
    imported = read(
        Asked("1st", "M", parts=["a-b", "other"], row={"other": "Y"}),
        Asked("language", relevance='1st_a-b == "Y"'),
        Asked("z", relevance='language == "x"'),
    )
    found = by_name(imported)
    assert list(found) == ["q_1st", "language_2", "z"]
    assert [choice["code"] for choice in found["q_1st"].model_dump()["choices"]] == ["a_b", "other_2", "oth"]
    assert found["z"].relevant == "${language_2} = 'x'"
