"""Every kind shows, counts and writes its answers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.questionnaire.kinds import KINDS
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
from tests.conftest import ROOT
from tests.questionnaire.asked import (
    ALLOCATE,
    ARM,
    BESIDE,
    BEST,
    BOX,
    CALCULATE,
    CODES,
    DATE,
    DECIMAL,
    EMAIL,
    MATRIX,
    MULTIPLE,
    NONE,
    NUMBER,
    ONE,
    OTHER,
    POINTS,
    RANGE,
    RANK,
    ROWS,
    SAMPLE,
    SCALE,
    SHORT,
    SOME,
    TEXT,
    WITH_OTHER,
    question,
)


def test_every_kind_of_the_language_is_registered() -> None:
    language = (ROOT / "docs" / "questionnaires.md").read_text(encoding="utf-8")
    table = language.split("## Kinds")[1].split("## ")[0]
    assert sorted(KINDS) == sorted(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE))


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


def test_what_is_divided_makes_the_total() -> None:
    ALLOCATE.check_together({"a": 7, "b": 3})
    with pytest.raises(AnswerError, match="make 8 together; they must make 10"):
        ALLOCATE.check_together({"a": 7, "b": 1})
    assert ALLOCATE.complete({"a": 10, "b": None}) == {"a": 10, "b": 0}
    assert ALLOCATE.complete({"a": None, "b": None}) == {"a": None, "b": None}


def test_words_beside_an_option_need_the_option() -> None:
    with pytest.raises(AnswerError, match="did not choose"):
        WITH_OTHER.check_together({"q": None, "q_other": "Kyoto"})
    several = question("select_multiple", choices=[*CODES, OTHER])
    with pytest.raises(AnswerError, match="did not choose"):
        several.check_together({"q": ["1"], "q_other": "Kyoto"})
    several.check_together({"q": ["1", "x"], "q_other": "Kyoto"})
    # Another option chosen after the words were written: they are no longer meant.
    WITH_OTHER.check_together({"q": "1", "q_other": "Kyoto"})


def test_points_of_a_scale_have_words_at_the_ends() -> None:
    labels = [option.label["ja"] for option in POINTS.options]
    assert labels == ["0 冷たい", *map(str, range(1, 10)), "10 温かい"]


def test_only_a_short_range_has_a_button_for_each_number() -> None:
    assert [option.code for option in SHORT.options] == [*map(str, range(1, 8)), "-8"]
    assert [option.code for option in RANGE.options] == ["-9"]


def test_other_and_what_stands_alone_come_last_in_a_random_order() -> None:
    fixed = {**CODES[0], "fixed": True}
    made = question("select_multiple", choices=[NONE, OTHER, fixed, *CODES[1:]], parameters={"randomize": True})
    assert made.shuffle == (("1", True), ("2", False), ("3", False), ("x", True), ("none", True))
    assert SOME.shuffle == ()
    rows = question(
        "matrix", choices=CODES, rows=[*ROWS[:1], {**ROWS[1], "fixed": True}], parameters={"randomize": True}
    )
    assert rows.shuffle == (("a", False), ("b", True))


def test_the_best_counts_as_a_choice_of_one() -> None:
    assert RANK.tally_keys()[:4] == ("1", "2", "3", "1:2")
    assert dict(RANK.tally(["3", "1"])) == {"3": 1, "1:2": 1}


def test_decimals_are_counted_in_whole_units() -> None:
    assert dict(DECIMAL.tally("12.5")) == {"n": 1, "sum": 1250, "sumsq": 1250**2}
    assert dict(DECIMAL.tally("-8")) == {"-8": 1}


def test_an_address_is_personal_and_an_order_of_places_is_in_columns() -> None:
    assert [cls.__name__ for cls in KINDS.values() if issubclass(cls, AnsweredQuestion) and cls.personal] == ["Email"]
    assert RANK.columns("q") == ("q_1", "q_2", "q_3")
    assert RANK.cells(["3", "1"], None) == ("3", "1", "-7")
    assert RANK.cells(["3", "1"], "ja") == ("選択肢3", "選択肢1", "無回答")
    assert BESIDE.columns("q_other") == ("q_other_text",)


QUESTIONS = [
    *(ONE, SCALE, MATRIX, MULTIPLE, NUMBER, TEXT, SOME, POINTS, RANK, BEST, ALLOCATE, DECIMAL, RANGE, SHORT, DATE),
    *(EMAIL, BOX, ARM, SAMPLE, CALCULATE, BESIDE),
]
OF_KIND: dict[str, st.SearchStrategy[str]] = {
    "text": st.text(max_size=5),
    "calculate": st.text(max_size=5),
    "specified": st.text(max_size=5),
    "email": st.from_regex(r"[a-z=+]{1,3}@[a-z]{1,3}\.jp", fullmatch=True),
    "integer": st.integers(0, 2000).map(str),
    "allocate": st.integers(0, 10).map(str),
    "range": st.integers(0, 20).map(lambda n: str(5 * n)),
    "decimal": st.integers(50, 200_000).map(lambda n: f"{n // 100}.{n % 100:02}"),
    "date": st.dates(date(2020, 1, 31), date(2026, 12, 31)).map(date.isoformat),
    "sample": st.sampled_from(["a", "b", "c"]),
}


@st.composite
def answered(draw: st.DrawFn) -> tuple[AnsweredQuestion, Answer]:
    """A question and an answer that it takes."""
    asked = draw(st.sampled_from(QUESTIONS))
    codes = [option.code for option in asked.options]
    typed = OF_KIND.get(asked.kind, st.nothing()) | (st.sampled_from(codes) if codes else st.nothing())
    try:
        return asked, asked.read(draw(st.lists(typed, max_size=4, unique=True)))
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
    assert bool(added) == bool(keys)
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
