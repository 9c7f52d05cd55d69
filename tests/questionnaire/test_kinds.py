"""Every kind reads, shows, counts and writes its answers, and refuses others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.questionnaire.kinds import KINDS, AnyQuestion
from app.questionnaire.kinds.base import (
    DONT_KNOW,
    NOT_ASKED,
    REFUSED,
    RESERVED,
    Answer,
    AnsweredQuestion,
    AnswerError,
    check_text,
    quote_formula,
    unquote_formula,
)

BOTH = {"en": "Label", "ja": "ラベル"}
CODES = [{"code": code, "label": {"en": f"Option {code}", "ja": f"選択肢{code}"}} for code in ("1", "2", "3")]
READER: TypeAdapter[Any] = TypeAdapter(AnyQuestion)


def question(kind: str, **more: Any) -> AnsweredQuestion:
    made = READER.validate_python({"name": "q", "kind": kind, "label": BOTH, **more})
    assert isinstance(made, AnsweredQuestion)
    return made


ONE = question("select_one", choices=CODES, dont_know=True, refused={"en": "Rather not", "ja": "控える"})
SCALE = question("scale", choices=CODES, dont_know=True)
MATRIX = question("matrix", choices=CODES, rows=[{"name": "a", "label": BOTH}, {"name": "b", "label": BOTH}])
NONE = {"code": "none", "label": {"en": "None", "ja": "なし"}, "exclusive": True}
MULTIPLE = question("select_multiple", choices=[*CODES, NONE], dont_know=True, refused=True)
NUMBER = question("integer", parameters={"start": 0, "end": 2000}, dont_know=True)
TEXT = question("text", parameters={"max_length": 5})


def refusal(asked: AnsweredQuestion, values: list[str]) -> str:
    with pytest.raises(AnswerError) as caught:
        asked.read(values)
    assert str(caught.value) == caught.value.message % caught.value.params
    return str(caught.value)


def test_every_kind_of_the_language_is_registered() -> None:
    assert list(KINDS) == ["integer", "matrix", "note", "scale", "select_multiple", "select_one", "text"]


@pytest.mark.parametrize(
    ("asked", "values", "answer"),
    [
        (ONE, ["2"], "2"),
        (ONE, [], None),
        (ONE, ["", ""], None),
        (ONE, ["-8"], "-8"),
        (MATRIX, ["3"], "3"),
        (MULTIPLE, ["3", "1"], ["1", "3"]),
        (MULTIPLE, ["1", "1", ""], ["1"]),
        (MULTIPLE, ["none"], ["none"]),
        (MULTIPLE, ["-9"], "-9"),
        (MULTIPLE, [""], None),
        (NUMBER, ["12"], 12),
        (NUMBER, [" 12 "], 12),
        (NUMBER, ["１２"], 12),
        (NUMBER, ["1,200"], 1200),
        (NUMBER, ["１，２００"], 1200),
        (NUMBER, ["007"], 7),
        (NUMBER, ["0"], 0),
        (NUMBER, ["", "-8"], "-8"),
        (NUMBER, ["", ""], None),
        (TEXT, ["  hi \r\n"], "hi"),
        (TEXT, [], None),
        (TEXT, [" \n\t"], None),
        (TEXT, ["a\r\nb\rc"], "a\nb\nc"),
        (TEXT, ["a\x0bb\u2028c"], "a\nb\nc"),
        (TEXT, ["😀" * 5], "😀" * 5),
        (TEXT, ["a\tb"], "a\tb"),
    ],
)
def test_an_answer_is_read(asked: AnsweredQuestion, values: list[str], answer: Answer) -> None:
    read = asked.read(values)
    assert read == answer
    assert type(read) is type(answer)


@pytest.mark.parametrize("values", [["4"], ["-9"], ["-7"], ["-1"], ["1 "], ["１"], ["1\0"], ["x" * 1000], ["%(x)s"]])
def test_a_code_that_is_no_option_is_refused(values: list[str]) -> None:
    assert "is not one of the answers" in refusal(SCALE, values)
    assert len(refusal(MULTIPLE, ["zz" * 1000])) < 150


@pytest.mark.parametrize("values", [["1", "2"], ["1", "-8"], ["1", "1"]])
def test_one_answer_only(values: list[str]) -> None:
    assert refusal(ONE, values) == "Please choose one answer only."


@pytest.mark.parametrize("values", [["none", "1"], ["-8", "1"], ["-8", "-9"], ["none", "-8"]])
def test_what_stands_alone_stands_alone(values: list[str]) -> None:
    assert "cannot be chosen together" in refusal(MULTIPLE, values)


@pytest.mark.parametrize(
    "typed",
    [
        "1.5",
        "1,5",
        "1,2,3",
        ",5",
        "1,0000",
        "-3",
        "+3",
        "1e3",
        "0x1",
        "twelve",
        "十二",
        "12歳",
        "1 2",
        "9" * 5000,
        "-9",
    ],
)
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    assert refusal(NUMBER, [typed]) == "Please write a whole number in figures, such as 0."


def test_numbers_have_bounds_and_one_answer() -> None:
    assert refusal(NUMBER, ["2001"]) == "Please write a number from 0 to 2000."
    assert NUMBER.read(["2000"]) == 2000
    assert refusal(NUMBER, ["5", "-8"]).startswith("Please give a number, or choose")
    assert refusal(question("integer"), ["-8"]).startswith("Please write a whole number")


@pytest.mark.parametrize("typed", ["a\0", "\x1b[31m", "\x7f", "\x85\x9b", "\ufffd", chr(0xD800), "\uffff"])
def test_characters_that_cannot_be_kept_are_refused(typed: str) -> None:
    assert refusal(TEXT, [typed]).startswith("This text contains characters")


def test_length_counts_after_line_ends_are_made_one() -> None:
    assert TEXT.read(["a\r\nb\r\nc"]) == "a\nb\nc"
    assert refusal(TEXT, ["abcdef"]) == "Please shorten this to 5 characters or fewer; it has 6."


@pytest.mark.parametrize("code", RESERVED)
def test_a_text_is_never_a_way_of_not_answering(code: str) -> None:
    assert refusal(TEXT, [f" {code} "]) == f"Please write this in words: “{code}” alone cannot be kept."


@pytest.mark.parametrize("kind", ["select_one", "select_multiple", "scale"])
def test_labels_are_shown_in_the_readers_language(kind: str) -> None:
    asked = question(kind, choices=CODES, dont_know=True)
    assert asked.show("1", "ja") == "選択肢1"
    assert asked.show("-8", "en") == "Don't know"
    assert asked.show(None, "en") == ""
    assert asked.show(["1", "2"], "ja") == "選択肢1、選択肢2"
    assert asked.show(["1", "2"], "en") == "Option 1; Option 2"


def test_own_words_for_a_way_of_not_answering() -> None:
    assert ONE.show(REFUSED, "en") == "Rather not"
    assert [option.code for option in ONE.options if option.apart] == [DONT_KNOW, REFUSED]


QUESTIONS = [ONE, SCALE, MATRIX, MULTIPLE, NUMBER, TEXT]
VALUES = {"text": st.text(max_size=5), "number": st.integers(0, 2000).map(str)}


@st.composite
def answered(draw: st.DrawFn) -> tuple[AnsweredQuestion, Answer]:
    """A question and an answer that it takes."""
    asked = draw(st.sampled_from(QUESTIONS))
    if asked.measure in VALUES:
        values = st.lists(VALUES[asked.measure], max_size=1)
    else:
        values = st.lists(st.sampled_from([option.code for option in asked.options]), max_size=4, unique=True)
    try:
        return asked, asked.read(draw(values))
    except AnswerError:
        return asked, None


@given(answered())
def test_what_is_written_is_read_back(pair: tuple[AnsweredQuestion, Answer]) -> None:
    asked, answer = pair
    cells = asked.cells(answer, None)
    assert len(cells) == len(asked.columns("q"))
    assert asked.from_cells([str(cell) for cell in cells]) == answer
    assert len(asked.cells(answer, "ja")) == len(cells)


@given(answered())
def test_each_answer_adds_to_known_counters(pair: tuple[AnsweredQuestion, Answer]) -> None:
    asked, answer = pair
    keys = asked.tally_keys()
    assert len(set(keys)) == len(keys)
    added = dict(asked.tally(answer))
    assert added
    assert set(added) <= set(keys)


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.kind)
def test_not_asked_is_another_thing_than_skipped(asked: AnsweredQuestion) -> None:
    for answer in (NOT_ASKED, None):
        assert asked.from_cells([str(cell) for cell in asked.cells(answer, None)]) == answer
    assert asked.from_cells([""] * len(asked.columns("q"))) == NOT_ASKED


@pytest.mark.parametrize(
    "cells", [["1", "0", "-7", "0"], ["0", "0", "0", "0"], ["1", "0", "0", "1"], ["1", "", "0", "0"], ["2"] * 4]
)
def test_columns_of_options_that_contradict_are_refused(cells: list[str]) -> None:
    with pytest.raises(AnswerError):
        MULTIPLE.from_cells(cells)


@pytest.mark.parametrize("text", ["-7", "-1", "-8", "'-7", "=1+1", "'=1", "''", "'"])
def test_texts_that_look_like_codes_or_formulae(text: str) -> None:
    long = question("text")
    try:
        answer = long.read([text])
    except AnswerError:
        assert text in RESERVED
        return
    (cell,) = long.cells(answer, None)
    assert long.from_cells([str(cell)]) == text


@given(st.text())
def test_quoting_a_formula_is_undone(text: str) -> None:
    assert unquote_formula(quote_formula(text)) == text
    assert not quote_formula(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@given(st.text(max_size=40))
def test_a_text_taken_is_taken_again(text: str) -> None:
    try:
        taken = check_text(text, 30)
    except AnswerError:
        return
    assert check_text(taken, 30) == taken
    taken.encode()


@pytest.mark.parametrize(
    "more",
    [
        {"required": "yes"},
        {"required": 1},
        {"dont_know": "no"},
        {"dont_know": 0},
        {"parameters": {"start": True}},
        {"parameters": {"start": "5"}},
        {"parameters": {"end": 10.0}},
        {"parameters": {"end": 10**9}},
    ],
)
def test_a_definition_has_the_types_it_says(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        question("integer", **more)


def test_a_definition_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ONE.required = True  # type: ignore[misc]
    assert ONE.options is ONE.options
