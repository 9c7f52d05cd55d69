"""Conditions: what they mean, what they refuse, and that they stay cheap."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.kinds.base import Answer
from app.questionnaire.logic import NOT_YET, ExpressionError, Given, holds, parse

ANSWERS: dict[str, Answer] = {
    "country": "jp",
    "score": "4",
    "age": 30,
    "none": None,
    "unsure": "-8",
    "contact": ["study", "work"],
    "one": ["study"],
    "empty": "",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${country} = 'jp'", True),
        ("'jp' = ${country}", True),
        ('${country} = "jp"', True),
        ("${country} != 'jp'", False),
        ("${ country }='jp'", True),
        # and binds tighter than or
        ("1 = 1 or 1 = 1 and 1 = 2", True),
        ("(1 = 1 or 1 = 1) and 1 = 2", False),
        ("1 = 2 and 1 = 1 or 1 = 1", True),
        ("not(1 = 1) or 1 = 1", True),
        ("not(1 = 1 or 1 = 1)", False),
        # numbers, and codes that write numbers
        ("${score} = 4", True),
        ("${score} = '4'", True),
        ("${score} = 4.0", True),
        ("${score} = '04'", False),
        ("${score} >= 4 and ${score} < 5", True),
        ("${age} = '30'", True),
        ("${age} > '9'", True),
        ("'10' > '9'", True),
        ("'b' > 'a'", False),
        ("'nan' = 1 or 'inf' > 1 or '1_0' = 10 or '1e1' = 10", False),
        # truth values
        ("(1 = 1) = (2 = 2)", True),
        ("(1 = 1) != (1 = 2)", True),
        ("(1 = 2) = (1 = 3)", True),
        # lists
        ("selected(${contact}, 'work')", True),
        ("selected(${contact}, 'stud')", False),
        ("selected(${country}, 'jp')", True),
        ("${one} = 'study'", True),
        ("${contact} = 'study'", False),
        ("${contact} != 'study'", True),
        # unanswered is the empty text
        ("${none} = ''", True),
        ("${absent} = ''", True),
        ("${age} = ''", False),
        ("${age} != ''", True),
        ("${none} != 'jp'", True),
        ("${none} = 0", False),
        ("${none} < 5 or ${none} >= 0", False),
        ("${unsure} < 5 or ${unsure} >= 0", False),
        ("${unsure} = '-8'", True),
        ("selected(${none}, 'jp')", False),
        ("${country}", True),
        ("${none}", False),
        # names of other words
        ("${not} = ''", True),
        ("'or' = 'or'", True),
        ("'a)b' = 'a)b'", True),
    ],
)
def test_what_a_condition_means(source: str, expected: bool) -> None:
    assert holds(source, ANSWERS) is expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "The expression is empty."),
        ("   ", "The expression is empty."),
        ("${a} =", "The expression ends too early."),
        ("${a} = 'x", "“'x” cannot be read."),
        ("${a} == 'x'", "“=” is not expected here."),
        ("${a} = 'x' = 'y'", "“=” is not expected here."),
        ("${a} && ${b}", "“&& ${b}” cannot be read."),
        ("${a} = x", "“x” stands without quotes or ${}."),
        ("${a} = 'x' AND ${b}", "“AND” is not expected here."),
        ("not ${a} = 'x'", "“(” is missing."),
        ("(${a} = 'x'", "“)” is missing."),
        ("${a} = 'x')", "“)” is not expected here."),
        ("or", "“or” is not expected here."),
        ("regex(${a}, 'x')", "There is no function “regex”; there are not() and selected()."),
        ("__import__('os')", "“__import__('os')” cannot be read."),
        ("selected('a', 'b')", "selected() takes a variable first, as in selected(${name}, 'code')."),
        ("selected(${a}, b)", "selected() takes a code in quotes second, as in selected(${name}, 'code')."),
        ("selected(${a})", "“,” is missing."),
        ("${a-b} = 1", "“${a-b} = 1” cannot be read."),
        ("${日本} = 1", "“${日本} = 1” cannot be read."),
        ("１ = 1", "“１ = 1” cannot be read."),
        ("(" * 60 + "1" + ")" * 60, "The expression is nested too deeply."),
        ("not(" * 3000 + "1" + ")" * 3000, "The expression is longer than 10000 characters."),
        ("not(" * 1900 + "1" + ")" * 1900, "The expression is nested too deeply."),
    ],
)
def test_what_cannot_be_read_is_said(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    assert str(caught.value) == caught.value.message % caught.value.params == message


def test_names_and_compared_codes_are_known() -> None:
    expression = parse("${a} = 'x' and 1 != ${b} or selected(${c}, 'y') and ${d} < 3 and ${e} = ''")
    assert expression.names == ("a", "b", "c", "d", "e")
    assert expression.compared == (("a", "x"), ("b", "1"), ("c", "y"))
    assert expression.selected == ("c",)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${later} != 'yes'", False),
        ("${later} = ''", False),
        ("not(${later} = 'yes')", False),
        ("not(selected(${later}, 'yes'))", False),
        ("${country} = 'jp' or ${later} = 'x'", True),
        ("${later} = 'x' or ${country} = 'jp'", True),
        ("${country} = 'jp' and ${later} != 'x'", False),
        ("not(${country} = 'us' and ${later} != 'x')", True),
        ("not(${later} != 'x' and ${country} = 'us')", True),
        ("not(${later} = 'x' or ${country} = 'jp')", False),
        ("${later}", False),
    ],
)
def test_what_is_not_known_yet_does_not_hold_yet(source: str, expected: bool) -> None:
    answers: Given = {**ANSWERS, "later": NOT_YET}
    assert holds(source, answers) is expected


def test_a_long_expression_is_quick() -> None:
    source = " or ".join(["${a} = 'x'"] * 650)
    begun = time.perf_counter()
    assert not any(parse(source).holds({"a": "y"}) for _ in range(50))
    assert time.perf_counter() - begun < 2


WORDS = st.sampled_from(
    [
        "${a}",
        "${b}",
        "'x'",
        "''",
        "1",
        "2.5",
        "=",
        "!=",
        "<",
        "<=",
        "(",
        ")",
        "and",
        "or",
        "not(",
        "selected(",
        ",",
        "'",
        "$",
        "{",
        "x",
    ]
)
ANSWER = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=2), max_size=2)


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=30), ANSWER, ANSWER)
def test_any_text_is_a_condition_or_an_error(source: str, a: Answer, b: Answer) -> None:
    try:
        expression = parse(source)
    except ExpressionError:
        return
    assert expression.holds({"a": a, "b": b}) in (True, False)
    assert expression.holds({"a": a, "b": b}) == (not parse(f"not({source})").holds({"a": a, "b": b}))
