"""What can be read, and what is said of what cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.expressions import Answer, ExpressionError, parse
from app.questionnaire.expressions.parser import parse_tree
from app.questionnaire.expressions.tree import Chain, Comparison, Logical, Name, Number, Text
from tests.questionnaire.expressions.made import SOURCES


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "The expression is empty."),
        (" \n ", "The expression is empty."),
        ("${a} =", "The expression ends too early."),
        ("${a} = 'x", "“'x” cannot be read."),
        ("${a} == 'x'", "“==” is not known here: write =."),
        ("${a} = 'x' = 'y'", "“=” is not expected here."),
        ("1 < 2 < 3", "“<” is not expected here."),
        ("${a} && ${b}", "“&&” is not known here: write and."),
        ("${a} = x", "“x” stands without quotes or ${}."),
        ("${a} = 'x' AND ${b}", "“AND” is not expected here."),
        ("not ${a} = 'x'", "“(” is missing."),
        ("(${a} = 'x'", "“)” is missing."),
        ("${a} = 'x')", "“)” is not expected here."),
        ("max(1 2)", "“,” is missing."),
        ("max(1,)", "“)” is not expected here."),
        ("or", "“or” is not expected here."),
        ("1 div", "The expression ends too early."),
        ("div 1", "“div” is not expected here."),
        ("+1", "“+” is not expected here."),
        ("__import__('os')", "There is no function “__import__”."),
        ("random()", "There is no function “random”."),
        ("Selected(${a}, 'b')", "There is no function “Selected”; perhaps you mean “selected”."),
        ("count_selected(${a})", "There is no function “count_selected”; perhaps you mean “count-selected”."),
        ("selected(${a})", "“selected()” takes another number of values: 2."),
        ("round(1, 2, 3)", "“round()” takes another number of values: 1–2."),
        ("coalesce(1)", "“coalesce()” takes another number of values: 2+."),
        ("true(1)", "“true()” takes another number of values: 0."),
        (". > 1", "“.” stands for the answer in a constraint, and nowhere else."),
        ("../a", "“../a” is a path, which is not followed here: name a question, as in ${name}."),
        ("instance('a')/root/b", "“/root/b” is a path, which is not followed here: name a question, as in ${name}."),
        ("${a} / ${b}", "“/” is not known here: write div."),
        ("${a-b} = 1", "“${a-b} = 1” cannot be read."),
        ("${日本} = 1", "“${日本} = 1” cannot be read."),
        ("１ = 1", "“１” is not known here: write 1."),
        ("‘jp’", "“‘” is not known here: write '."),
        ("1234567890123456", "The number “1234567890123456” has more than 15 digits."),
        ("1.1234567890123456", "The number “1.1234567890123456” has more than 15 digits."),
        ("(" * 60 + "1" + ")" * 60, "The expression is nested too deeply."),
        ("-" * 60 + "1", "The expression is nested too deeply."),
        ("not(" * 3000 + "1" + ")" * 3000, "The expression is longer than 10000 characters."),
        ("not(" * 1900 + "1" + ")" * 1900, "The expression is nested too deeply."),
        ("-1+" * 3000 + "1", "The expression has more than 5000 parts."),
        ("regex(${a}, ${b})", "“regex()” takes its second value in quotes."),
        (
            "format-date(${a}, '%Y %')",
            "“%” is no part of a date: there are %Y, %y, %m, %n, %b, %d, %e and %a.",
        ),
    ],
)
def test_what_cannot_be_read_is_said(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    assert str(caught.value) == caught.value.message % caught.value.params == message


def test_a_place_decides_what_may_stand_there() -> None:
    assert parse(". > 1", dot=True)
    assert parse("region = 'kanto'", attributes=True)
    assert parse("not = 'x'", attributes=True).attributes == ("not",)
    with pytest.raises(ExpressionError, match="without quotes"):
        parse("region = 'kanto'", dot=True)
    with pytest.raises(ExpressionError, match="in a constraint"):
        parse(". > 1", attributes=True)


def test_the_strength_of_operators() -> None:
    tree = parse_tree("${a} - 1 - 2 * 3 = '4' or ${b} and ${c}")
    assert isinstance(tree, Logical)
    assert tree.operator == "or"
    comparison, both = tree.parts
    assert isinstance(comparison, Comparison)
    product = Chain(Number(2, (0, 0)), (("*", Number(3, (0, 0))),), (0, 0))
    chain = Chain(Name("a", (0, 0)), (("-", Number(1, (0, 0))), ("-", product)), (0, 0))
    assert (comparison.left, comparison.right) == (chain, Text("4", (0, 0)))
    assert both == Logical("and", (Name("b", (0, 0)), Name("c", (0, 0))), (0, 0))


def test_parts_know_where_they_stand() -> None:
    source = "  ${ a } + (1 + 2) > max( ${b} ,3)"
    tree = parse_tree(source)
    assert isinstance(tree, Comparison)
    assert source[slice(*tree.left.span)] == "${ a } + (1 + 2)"
    assert source[slice(*tree.right.span)] == "max( ${b} ,3)"


def test_a_long_expression_is_read_and_evaluated() -> None:
    alternatives = parse(" or ".join(["${a} = 'x'"] * 650))
    assert [alternatives.holds({"a": answer}) for answer in "xy"] == [True, False]
    assert parse("+".join(["1"] * 4_000)).value({}) == 4_000
    assert parse("(" * 50 + "1" + ")" * 50).value({}) == 1


def test_what_was_read_is_kept() -> None:
    assert parse("${a} = 'x'") is parse("${a} = 'x'")
    assert parse("${a} = 'x'") == parse("${a} = 'x'", dot=True)


PIECES = ["${a}", "${b}", "'x'", "''", "1", "2.5", ".", "word", "=", "!=", "<", "<=", "(", ")", "and", "or", "not("]
PIECES += ["selected(", "if(", ",", "'", "$", "{", "x", "-", "+", "div", "today()", "max("]
ANSWER: st.SearchStrategy[Answer] = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=2))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=30), ANSWER, ANSWER)
def test_any_text_is_an_expression_or_an_error(source: str, a: Answer, b: Answer) -> None:
    try:
        expression = parse(source, dot=True, attributes=True)
    except ExpressionError:
        return
    opposite = parse(f"not({source})", dot=True, attributes=True)
    assert expression.holds({"a": a, "b": b}) is not opposite.holds({"a": a, "b": b})


@given(SOURCES)
def test_brackets_and_spaces_change_nothing(source: str) -> None:
    tree = parse_tree(source, dot=True, attributes=True)
    assert parse_tree(f"\n( {source} )\t", dot=True, attributes=True) == tree
