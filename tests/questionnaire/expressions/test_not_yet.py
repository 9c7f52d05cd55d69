"""What is not known yet: what hangs on it is not either, and what is decided in spite of it stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.expressions import NOT_YET, Answer, Context, Given, Unknown, Value, parse
from app.questionnaire.expressions.values import LARGEST, TODAY
from tests.questionnaire.expressions.made import ANSWERS, CONTEXTS, NAMES, SOURCES


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("${later}", NOT_YET),
        ("${later} = ''", NOT_YET),
        ("${later} + 1", NOT_YET),
        ("1 + 2 + ${later}", NOT_YET),
        ("-${later}", NOT_YET),
        ("concat('x', ${later})", NOT_YET),
        ("count(${later})", NOT_YET),
        ("regex(${later}, 'x')", NOT_YET),
        ("not(${later} = 'x')", NOT_YET),
        ("${now} = 'x' or ${later} = 'x'", True),
        ("${later} = 'x' or ${now} = 'x'", True),
        ("${later} = 'x' or ${now} = 'y'", NOT_YET),
        ("${later} = 'x' and ${now} = 'y'", False),
        ("${later} = 'x' and ${now} = 'x'", NOT_YET),
        ("if(${now} = 'x', 1, ${later})", 1),
        ("if(${now} = 'y', 1, ${later})", NOT_YET),
        ("if(${later} = 'x', 1, 1)", 1),
        ("if(${later} = 'x', 1, 2)", NOT_YET),
        ("if(${later} = 'x', 1, true())", NOT_YET),
        ("coalesce(${now}, ${later})", "x"),
        ("coalesce(${later}, ${now})", NOT_YET),
        ("coalesce(${nothing}, ${later})", NOT_YET),
    ],
)
def test_what_hangs_on_it(source: str, expected: Value) -> None:
    assert parse(source).value({"now": "x", "later": NOT_YET, "nothing": None}) is expected or (
        parse(source).value({"now": "x", "later": NOT_YET, "nothing": None}) == expected and expected is not NOT_YET
    )


@pytest.mark.parametrize(("answer", "holds", "may"), [("x", True, True), ("y", False, False), (NOT_YET, False, True)])
def test_what_may_hold_is_not_known_to_be_false(answer: Answer | Unknown, holds: bool, may: bool) -> None:
    expression = parse("${a} = 'x'")
    assert (expression.holds({"a": answer}), expression.may_hold({"a": answer})) == (holds, may)


@given(SOURCES, st.lists(ANSWERS, min_size=4, max_size=4), CONTEXTS)
def test_nothing_is_raised_and_results_have_bounds(source: str, given: list[Answer], context: Context) -> None:
    answers = dict(zip(NAMES, given, strict=True))
    found = parse(source, dot=True, attributes=True).value(answers, context)
    assert found is not NOT_YET
    assert isinstance(found, str | int | float | bool | list)
    if isinstance(found, str) and found not in (*given, context.own):
        assert len(found) <= 10_000
    if isinstance(found, float) or (isinstance(found, int) and found not in (*given, context.own)):
        assert -LARGEST < found < LARGEST


@given(SOURCES, st.lists(ANSWERS, min_size=4, max_size=4), st.sets(st.sampled_from((*NAMES, ".", TODAY))), CONTEXTS)
def test_what_is_decided_stays(source: str, given: list[Answer], unknown: set[str], context: Context) -> None:
    expression = parse(source, dot=True, attributes=True)
    whole: dict[str, Answer | Unknown] = dict(zip(NAMES, given, strict=True))
    early: Given = {**whole, **dict.fromkeys(unknown, NOT_YET)}
    before = context
    if "." in unknown:
        before = replace(before, own=NOT_YET)
    if TODAY in unknown:
        before = replace(before, today=None)
    decided = expression.value(early, before)
    if decided is not NOT_YET:
        finally_ = expression.value(whole, context)
        assert (type(decided), decided) == (type(finally_), finally_)
    assert expression.holds(early, before) <= expression.holds(whole, context)
