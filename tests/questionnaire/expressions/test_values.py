"""What expressions give. Where XLSForm's words leave a question, the answer is XPath's or the social sciences'."""

from __future__ import annotations

from datetime import date

import pytest

from app.questionnaire.expressions import NOT_YET, Context, Given, Value, parse, text_of
from app.questionnaire.expressions.values import NO_ANSWERS, TODAY
from app.questionnaire.kinds.base import RESERVED

ANSWERS: Given = {
    "country": "jp",
    "score": "4",
    "age": 30,
    "height": "170.5",
    "skipped": None,
    "unsure": "-8",
    "contact": ["study", "work"],
    "one": ["study"],
    "born": "2000-02-29",
    "moved": "2026-01-31",
    "words": "  two  words ",
}
CONTEXT = Context(today=date(2026, 11, 23), own="7", choice={"name": "13", "region": "kanto"})


def value(source: str) -> Value:
    return parse(source, dot=True, attributes=True).value(ANSWERS, CONTEXT)


def check(source: str, expected: Value) -> None:
    found = value(source)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 * 3 mod 4", 2),
        ("7 div 2", 3.5),
        ("6 div 2", 3),
        ("1 div 3", 0.333333333333333),
        ("-5 mod 2", -1),
        ("5 mod -2", 1),
        ("5.5 mod 2", 1.5),
        ("- ${age}", -30),
        ("- -3", 3),
        ("0.1 + 0.2", 0.3),
        ("0.1 + 0.2 = 0.3", True),
        ("1.5 + 1.5", 3),
        (".5 * 2", 1),
        ("${age} + ${score}", 34),
        ("${height} * 2", 341),
        ("(${age} > 20) + (${age} > 25) + (${age} > 90)", 2),
        # what has no result is the empty text
        ("1 div 0", ""),
        ("1 mod 0", ""),
        ("${skipped} + 1", ""),
        ("${unsure} + 1", ""),
        ("-${unsure}", ""),
        ("${absent} * 0", ""),
        ("'word' + 1", ""),
        ("${contact} + 1", ""),
        ("999999999999999 + 1", ""),
        ("999999999999999 * 999999999999999 * 0", ""),
    ],
)
def test_arithmetic(source: str, expected: Value) -> None:
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${moved} > ${born}", True),
        ("${moved} > '2026-02-01'", False),
        ("'2026-1-31' < '2026-02-01'", False),  # The first is no date: it has no order.
        ("'2026-02-30' < '2027-01-01'", False),
        ("${moved} > 2000", False),
        ("${moved} - ${born}", 9468),
        ("today() - ${moved}", 296),
        ("${born} + 366", "2001-03-01"),
        ("1 + ${born}", "2000-03-01"),
        ("${moved} - 31", "2025-12-31"),
        ("${moved} + 0.9", "2026-01-31"),
        ("${moved} + ${born}", ""),
        ("${moved} * 2", ""),
        ("3 - ${moved}", ""),
        ("'9999-12-31' + 1", ""),
        ("'0001-01-01' - 1", ""),
        ("today()", "2026-11-23"),
        ("today() = '2026-11-23'", True),
        ("int((today() - ${born}) div 365.25)", 26),
        ("date('2026-01-31')", "2026-01-31"),
        ("date('2026-02-30')", ""),
        ("date('soon')", ""),
        ("date(20484)", "2026-01-31"),
        ("date(999999999)", ""),
        ("decimal-date-time(${moved})", 20484),
        ("decimal-date-time(${skipped})", ""),
        ("format-date(${moved}, '%Y年%n月%e日')", "2026年1月31日"),
        ("format-date(${born}, '%a %d %b %y, %m%%')", "Tue 29 Feb 00, 02%"),
        ("format-date(${skipped}, '%Y')", ""),
    ],
)
def test_dates(source: str, expected: Value) -> None:
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("round(2.5)", 3),
        ("round(-2.5)", -2),
        ("round(2.4)", 2),
        ("round(2.675, 2)", 2.68),
        ("round(1.005, 2)", 1.01),
        ("round(1234, -2)", 1200),
        ("round(1.5, ${skipped})", ""),
        ("round(1.5, 99)", ""),
        ("round(${unsure})", ""),
        ("int(2.9)", 2),
        ("int(-2.9)", -2),
        ("int('x')", ""),
        ("number('12.50')", 12.5),
        ("number('007')", 7),
        ("number('1e3')", ""),
        ("number('')", ""),
        ("number(1 = 1)", 1),
        ("abs(-3.5)", 3.5),
        ("sqrt(9)", 3),
        ("sqrt(-9)", ""),
        ("pow(2, 10)", 1024),
        ("pow(3, 31)", 617673396283947),
        ("pow(2, -1)", 0.5),
        ("pow(0, -1)", ""),
        ("pow(-8, 0.5)", ""),
        ("pow(9, 99999999)", ""),
        ("pow(999999, 49)", ""),
        ("pow(9.5, 99999999)", ""),
        ("min(3, ${age}, ${score})", 3),
        ("max(3, ${age}, ${score})", 30),
        ("max(${born}, ${moved})", "2026-01-31"),
        ("min(${born}, ${moved}, ${skipped})", "2000-02-29"),
        # sums pass over what was not answered, as opposed to +
        ("sum(${age}, ${score}, ${skipped}, ${unsure})", 34),
        ("count(${age}, ${score}, ${skipped}, ${unsure})", 2),
        ("sum(${age}, ${score}, ${skipped}) div count(${age}, ${score}, ${skipped})", 17),
        ("sum(0.1, 0.2)", 0.3),
        ("sum(${skipped}, ${unsure})", ""),
        ("max(${skipped})", ""),
        ("count(${contact}, '', 0)", 2),
    ],
)
def test_functions_of_numbers(source: str, expected: Value) -> None:
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("string(2.50)", "2.5"),
        ("string(3.0)", "3"),
        ("string(0.00001)", "0.00001"),
        ("string(1 = 1)", "true"),
        ("string(${contact})", "study work"),
        ("string(-0.5)", "-0.5"),
        ("string(0 * -1)", "0"),
        ("string-length('日本')", 2),
        ("string-length(${skipped})", 0),
        ("concat('a', 1, ${skipped}, 2.50)", "a12.5"),
        ("concat('x')", "x"),
        ("substr('abcdef', 2)", "cdef"),
        ("substr('abcdef', 1, 3)", "bc"),
        ("substr('abcdef', -2)", "ef"),
        ("substr('abcdef', 0, -1)", "abcde"),
        ("substr('abc', 9)", ""),
        ("substr('abc', ${skipped})", ""),
        ("normalize-space(${words})", "two words"),
        ("translate('2026/01/31', '/', '-')", "2026-01-31"),
        ("translate('aab', 'ab', 'x')", "xx"),
        ("translate('aa', 'aa', 'xy')", "xx"),
        ("contains(${words}, 'wo  w')", True),
        ("contains(${words}, '')", True),
        ("starts-with('DD6a', 'DD')", True),
        ("starts-with('DD6a', 'dd')", False),
        ("ends-with('DD6a', '6a')", True),
        ("regex('123-4567', '[0-9]{3}-[0-9]{4}')", True),
        ("regex('x123-4567', '[0-9]{3}-[0-9]{4}')", False),  # The whole text matches, or nothing does.
        ("regex(${age}, '[0-9]+')", True),
        ("regex('東京都', '\\p{Han}+')", True),
        ("regex('ひらがな', '[\\u3041-\\u3096]+')", True),
        ("regex('a\\u', '.\\\\u')", True),
        ("regex('', 'a*')", True),
    ],
)
def test_functions_of_texts(source: str, expected: Value) -> None:
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("selected(${contact}, 'work')", True),
        ("selected(${contact}, 'stud')", False),
        ("selected(${country}, 'jp')", True),
        ("selected(${score}, 4)", True),
        ("selected('a b c', 'b')", True),
        ("selected(${skipped}, '')", False),
        ("selected(${unsure}, '-8')", True),
        ("count-selected(${contact})", 2),
        ("count-selected(${country})", 1),
        ("count-selected(${skipped})", 0),
        ("count-selected(${unsure})", 0),
        ("selected-at(${contact}, 0)", "study"),
        ("selected-at(${contact}, 1)", "work"),
        ("selected-at(${contact}, 2)", ""),
        ("selected-at(${contact}, -1)", ""),
        ("selected-at(${contact}, '')", ""),
        ("${contact} = 'study work'", True),
        ("${one} = 'study'", True),
        ("if(${age} >= 18, 'adult', 'child')", "adult"),
        ("if(${skipped}, 1, 2)", 2),
        ("coalesce(${skipped}, ${absent}, 'x', 'y')", "x"),
        ("coalesce(${skipped}, '')", ""),
        ("coalesce(${unsure}, 'x')", "-8"),
        ("coalesce(0, 1)", 0),
        ("once(${age})", 30),
        ("boolean('')", False),
        ("boolean('false')", False),
        ("boolean('0')", True),
        ("boolean(0)", False),
        ("true() and not(false())", True),
        # the answer itself, and the choice
        (". > 5 and . <= 7", True),
        ("region = 'kanto' and name = 13", True),
        ("other = ''", True),
        # ways of not answering
        ("${unsure} = '-8'", True),
        ("${unsure} = -8", True),
        ("${unsure} < 0 or ${unsure} >= -9", False),
        ("${contact} > 0", False),
        ("'true' = true()", True),
        ("'false' = false()", True),
    ],
)
def test_what_was_chosen_and_what_holds(source: str, expected: Value) -> None:
    check(source, expected)


def test_ways_of_not_answering_are_those_of_the_questionnaire() -> None:
    assert frozenset(RESERVED) == NO_ANSWERS


def test_answers_may_keep_the_day() -> None:
    assert parse("today() + 1").value({TODAY: "2026-11-23"}) == "2026-11-24"
    assert parse("today()").value({TODAY: NOT_YET}) is NOT_YET
    assert parse("today()").value({}) == ""
    assert parse("today()").value({TODAY: "2026-11-23"}, Context(today=date(2026, 1, 1))) == "2026-01-01"


def test_texts_stay_short() -> None:
    long: Given = {"a": "x" * 6_000}
    assert parse("concat(${a}, '')").value(long) == "x" * 6_000
    assert parse("concat(${a}, ${a})").value(long) == ""
    tower = "${a}"
    for _ in range(7):
        tower = f"concat({tower}, {tower})"
    found = {length: parse(tower).value({"a": "x" * length}) for length in (78, 79)}
    assert found == {78: "x" * 78 * 128, 79: ""}


@pytest.mark.parametrize(
    ("number", "text"), [(3, "3"), (2.50, "2.5"), (3.0, "3"), (1e-9, "0.000000001"), (123456.75, "123456.75")]
)
def test_numbers_are_written_without_zeros_that_say_nothing(number: float, text: str) -> None:
    assert text_of(number) == text
    assert parse(f"'{text}' + 0").value({}) == number
