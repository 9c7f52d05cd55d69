"""Every kind reads its answers, and refuses others in words that help."""

from __future__ import annotations

import pytest

from app.questionnaire.kinds.base import (
    RESERVED,
    Answer,
    AnsweredQuestion,
)
from tests.questionnaire.asked import (
    ALLOCATE,
    ARM,
    BESIDE,
    BEST,
    BOX,
    CALCULATE,
    DATE,
    DECIMAL,
    EMAIL,
    MATRIX,
    MULTIPLE,
    NUMBER,
    ONE,
    POINTS,
    RANGE,
    RANK,
    SAMPLE,
    SCALE,
    SHORT,
    SOME,
    TEXT,
    question,
    refusal,
)


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
        (POINTS, ["10"], "10"),
        (SOME, ["x", "2"], ["2", "x"]),
        (SOME, ["none"], ["none"]),
        (RANK, ["3", "1", "2"], ["3", "1", "2"]),
        (RANK, ["3", "", ""], ["3"]),
        (RANK, ["", "", "", "-8"], "-8"),
        (RANK, ["", "", ""], None),
        (RANK, [], None),
        (BEST, ["2", "1"], ["2", "1"]),
        (ALLOCATE, ["１０"], 10),
        (ALLOCATE, [""], None),
        (DECIMAL, ["12.5"], "12.5"),
        (DECIMAL, ["１２．５０"], "12.5"),
        (DECIMAL, ["12。5"], "12.5"),
        (DECIMAL, ["0012"], "12"),
        (DECIMAL, ["1,200.25"], "1200.25"),
        (DECIMAL, [".5"], "0.5"),
        (DECIMAL, ["1."], "1"),
        (DECIMAL, ["2000.000"], "2000"),
        (DECIMAL, ["", "-8"], "-8"),
        (RANGE, ["55"], 55),
        (RANGE, ["０"], 0),
        (RANGE, ["-9"], "-9"),
        (SHORT, ["7"], 7),
        (SHORT, [], None),
        (DATE, ["2026-02-28"], "2026-02-28"),
        (DATE, ["2024/2/29"], "2024-02-29"),
        (DATE, ["２０２４年２月３日"], "2024-02-03"),
        (DATE, ["", "-8"], "-8"),
        (DATE, [""], None),
        (EMAIL, [" ａ@example.org "], "a@example.org"),
        (EMAIL, [""], None),
        (BOX, ["yes"], "yes"),
        (BOX, ["", "yes"], "yes"),
        (BOX, [], None),
        (BESIDE, [" Kyoto "], "Kyoto"),
        (ARM, ["2"], "2"),
        (SAMPLE, ["c a"], ["c", "a"]),
        (CALCULATE, ["2"], "2"),
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


@pytest.mark.parametrize(
    ("asked", "values", "message"),
    [
        (SOME, ["1"], "Please choose 2 or more; you chose 1."),
        (SOME, ["1", "2", "3", "x"], "Please choose 3 at most; you chose 4."),
        (RANK, ["1", "", "2"], "Place 2 is empty, but a later one is not."),
        (RANK, ["1", "2", "1"], "Places 1 and 3 have the same answer. Please choose another for one of them."),
        (RANK, ["1", "-8"], "Please give an order, or choose one of the other answers, not both."),
        (RANK, ["-8", "-9"], "Please give an order, or choose one of the other answers, not both."),
        (RANK, ["4"], "“4” is not one of the answers. Please choose from the list."),
        (BEST, ["1", "2", "3"], "Please fill 2 places at most."),
        (ALLOCATE, ["11"], "Please write a number from 0 to 10."),
        (ALLOCATE, ["1.5"], "Please write a whole number in figures, such as 0."),
        (DECIMAL, ["1,5"], "Please write a number in figures, such as 0.5."),
        (DECIMAL, ["-1"], "Please write a number in figures, such as 0.5."),
        (DECIMAL, ["."], "Please write a number in figures, such as 0.5."),
        (DECIMAL, ["1e3"], "Please write a number in figures, such as 0.5."),
        (DECIMAL, ["1.255"], "This has too many digits after the point. Please write 2 or fewer of them."),
        (DECIMAL, ["0.49"], "Please write a number from 0.5 to 2000."),
        (RANGE, ["52"], "Please write a number from 0 to 100 in steps of 5."),
        (RANGE, ["105"], "Please write a number from 0 to 100."),
        (DATE, ["2026-02-30"], "There is no such day: 2026-02-30."),
        (DATE, ["30.2.2026"], "Please write a date such as 2026-01-31."),
        (DATE, ["2020-01-30"], "Please give a date from 2020-01-31 to 2026-12-31."),
        (DATE, ["2026-01-01", "-8"], "Please give a date, or choose one of the other answers, not both."),
        (EMAIL, ["somebody"], "Please write an e-mail address such as name@example.org."),
        (EMAIL, ["a b@example.org"], "Please write an e-mail address such as name@example.org."),
        (EMAIL, ["a@b@example.org"], "Please write an e-mail address such as name@example.org."),
        (BOX, ["no"], "“no” is not one of the answers. Please choose from the list."),
        (BESIDE, ["-9"], "Please write this in words: “-9” alone cannot be kept."),
    ],
)
def test_an_answer_that_a_kind_does_not_take_is_refused(
    asked: AnsweredQuestion, values: list[str], message: str
) -> None:
    assert refusal(asked, values) == message
