"""Conditions as the questionnaire uses them. The language itself is tested in `expressions`."""

from __future__ import annotations

from datetime import date

import pytest

from app.questionnaire.expressions import NOT_YET, Context, Given, all_hold, holds, parse
from app.questionnaire.kinds.base import Answer

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


def test_names_and_compared_codes_are_known() -> None:
    expression = parse("${a} = 'x' and 1 != ${b} or selected(${c}, 'y') and ${d} < 3 and ${e} = ''")
    assert expression.names == ("a", "b", "c", "d", "e")
    assert expression.compared == (("a", "x"), ("b", "1"), ("c", "y"))
    assert expression.selected == ("c",)


def test_each_name_is_known_once_wherever_it_stands() -> None:
    expression = parse("if(${b} > 1, . + ${a}, region = ${b}) or selected(., 'x') or . = -8", dot=True, attributes=True)
    assert expression.names == ("b", "a")
    assert expression.attributes == ("region",)
    assert expression.compared == ()


def test_several_conditions_hold_together() -> None:
    answers: Given = {**ANSWERS, "later": NOT_YET}
    assert all_hold([], answers) is True
    assert all_hold([None, "${country} = 'jp'"], answers) is True
    assert all_hold(["${later} = 'x'", "${country} = 'us'"], answers) is False
    assert all_hold(["${later} = 'x'", "${country} = 'jp'"], answers) is NOT_YET
    assert all_hold(["today() = '2026-01-31'"], answers, Context(today=date(2026, 1, 31))) is True
    assert holds("today() > '2026-01-31'", {}, Context(today=date(2026, 1, 31))) is False


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
