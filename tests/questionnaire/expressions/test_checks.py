"""What is known to be wrong before there are answers, and what is right."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.questionnaire.expressions import Answer, Context, parse
from app.questionnaire.expressions.checks import mistakes
from app.questionnaire.expressions.possible import Effort, never_holds
from app.questionnaire.expressions.types import Declared, Scope, Type
from tests.questionnaire.expressions.made import SOURCES

SCOPE = Scope(
    {
        "country": Declared(Type.CODE, ("jp", "us", "-8")),
        "score": Declared(Type.CODE, ("1", "2", "3", "-9")),
        "contact": Declared(Type.CODES, ("study", "work")),
        "age": Declared(Type.NUMBER, ("-8",), 18, 120, whole=True),
        "height": Declared(Type.NUMBER, (), 0, 300),
        "moved": Declared(Type.DATE, ()),
        "words": Declared(Type.TEXT),
        "adult": Declared(Type.TRUTH),
        "made": Declared(Type.MADE),
    },
    Declared(Type.NUMBER, (), 0, 10, whole=True),
    {"region": frozenset({"kanto", "kansai"})},
)


def told(source: str, condition: bool = True) -> list[str]:
    expression = parse(source, dot=True, attributes=True)
    return [message % params for message, params in mistakes(expression, SCOPE, condition)]


@pytest.mark.parametrize(
    "source",
    [
        "${country} = 'jp' or ${country} = '' or ${country} = '-8' or ${country} = -8",
        "${score} >= 2 and ${score} = 1 and ${score} = '1' and ${score} * 2 = 4",
        "selected(${contact}, 'work') and count-selected(${contact}) > 1",
        "selected(${country}, 'us') and selected('jp us', ${country})",
        "count-selected(${contact})",
        "${age} + 1 > 20 and ${age} = '-8' and -${age} < 0",
        "${moved} > '2026-01-31' and today() - ${moved} > 30 and ${moved} + 30 < today()",
        "max(${moved}, '2020-01-01') < today() and max(1, ${age}) < 5",
        "if(${age} > 20, ${moved}, '') > '2020-01-01'",
        "if(selected(${contact}, 'work'), 1, 0) + 1 > 1",
        "coalesce(${age}, 0) * 2 > 1",
        "number(${words}) > 3 and string-length(${words}) > 3",
        "substr(${words}, 0, 4) + 1 > 2000",
        "${adult} and ${adult} = 'true'",
        "${unknown} and ${unknown} + 1 > 2",
        "${made} > 1 and ${made} = 'x'",
        ". > 3 and not(. = 7)",
        "region = 'kanto' and region = ${words}",
        "format-date(${moved}, '%Y') > 2000",
        "true() and (${country} = 'jp') = (${score} = 1)",
        "(${country} = 'jp') + (${score} = 1) >= 1",
    ],
)
def test_what_is_right(source: str) -> None:
    assert told(source) == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("${country} = 'fr'", "“country” has no option with the code “fr”."),
        ("'fr' != ${country}", "“country” has no option with the code “fr”."),
        ("${country} = '-9'", "“country” has no option with the code “-9”."),
        ("${score} = 4", "“score” has no option with the code “4”."),
        ("selected(${contact}, 'none')", "“contact” has no option with the code “none”."),
        ("selected(${contact}, '')", "“contact” has no option with the code “”."),
        ("${contact} = 'study work'", "“contact” has no option with the code “study work”."),
        ("${age} = '-9'", "“age” has no option with the code “-9”."),
        ("${age} = 'old'", "“age” is a number, which “old” is not."),
        ("${moved} = '2026/01/31'", "“moved” is a date, which “2026/01/31” is not: write it as 2026-01-31."),
        (". = 'x'", "“.” is a number, which “x” is not."),
        ("${country}", "A condition is expected here: “${country}” is to be compared with something."),
        ("'jp'", "A condition is expected here: “'jp'” is to be compared with something."),
        ("not(${words})", "A condition is expected here: “${words}” is to be compared with something."),
        ("${adult} or ${moved}", "A condition is expected here: “${moved}” is to be compared with something."),
        (
            "if(${contact}, 1, 2) = 1",
            "A condition is expected here: “${contact}” is to be compared with something.",
        ),
        ("concat('a', 'b')", "A condition is expected here: “concat('a', 'b')” is to be compared with something."),
        ("${country} > 1", "“>” compares numbers or dates, and “${country}” is neither."),
        ("${age} < 'old'", "“<” compares numbers or dates, and “'old'” is neither."),
        ("${words} <= 3", "“<=” compares numbers or dates, and “${words}” is neither."),
        ("${contact} >= 3", "“>=” compares numbers or dates, and “${contact}” is neither."),
        ("${moved} > 2020", "“${moved}” is a date and “2020” a number: they cannot be compared."),
        ("${age} = today()", "“today()” is a date and “${age}” a number: they cannot be compared."),
        ("${contact} + 1 > 2", "“+” calculates with numbers, and “${contact}” is none."),
        ("1 - 2 + ${words} > 2", "“+” calculates with numbers, and “${words}” is none."),
        ("${moved} * 2 > 2", "“*” calculates with numbers, and “${moved}” is none."),
        ("-${country} > 2", "“-” calculates with numbers, and “${country}” is none."),
        ("${adult} + 1 > 1", "“+” calculates with numbers, and “${adult}” is none."),
        ("selected(${age}, '20')", "“selected()” asks about “age”, which has no options."),
        ("count-selected(${words}) > 1", "“count-selected()” asks about “words”, which has no options."),
        ("selected(${age} + 1, '20')", "“selected()” asks about “${age} + 1”, which has no options."),
        ("round(${country}) = 1", "“round()” takes a number here, and “${country}” is none."),
        ("round(1, ${moved}) = 1", "“round()” takes a number here, and “${moved}” is none."),
        ("sum(1, 2, ${contact}) = 1", "“sum()” takes a number here, and “${contact}” is none."),
        ("format-date(${age}, '%Y') = '2026'", "“format-date()” takes a date here, and “${age}” is none."),
        ("area = 'kanto'", "No choice of this list has the attribute “area”."),
        ("region = 'kantou'", "No choice of this list has “kantou” as its “region”."),
    ],
)
def test_what_is_wrong(source: str, message: str) -> None:
    assert told(source) == [message]


def test_a_calculation_may_be_anything() -> None:
    assert told("${country}", condition=False) == []
    assert told("concat(${contact}, ' ')", condition=False) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 = 2", True),
        ("1 = 1", False),
        ("${country} = 'jp' and ${country} = 'us'", True),
        ("${country} = 'jp' and not(${country} != 'us')", True),
        ("${country} = 'jp' or ${country} = 'us'", False),
        ("${country} = ''", False),
        ("${country} = '' and ${country} = '-8'", True),
        ("${score} > 2 and ${score} < 3", True),
        ("${score} > 2 and ${score} < 4", False),
        ("${score} > 3", True),
        ("${score} - 1 > 2", True),
        ("${country} = 'jp' and ${words} = 'x' and ${country} = 'us'", True),
        ("${country} = 'jp' and ${words} = 'x'", False),
        ("${age} < 18", True),
        ("${age} <= 18", False),
        ("${age} > 120", True),
        ("${age} = 200", True),
        ("${age} > 30 and ${age} < 31", True),
        ("${age} > 30 and ${age} < 32", False),
        ("${age} >= 65 and ${age} < 30", True),
        ("${age} = '-8'", False),
        ("${height} > 30 and ${height} < 31", False),
        ("${height} > 31 and ${height} < 31", True),
        ("${height} < 0.001", False),
        ("${age} * 2 < 30", False),  # Only plain comparisons are tried.
        ("${moved} > '2026-01-01' and ${moved} < '2025-01-01'", False),
        ("selected(${contact}, 'work')", False),
        (". > 10", True),
        (". = ''", True),
        (". < 10", False),
        ("today() < '2000-01-01'", False),
        ("region = 'kanto'", False),
        ("region = 'kansai'", True),
    ],
)
def test_what_can_never_hold(source: str, expected: bool) -> None:
    expression = parse(source, dot=True, attributes=True)
    assert never_holds(expression, SCOPE, Effort(), {"region": "kanto"}) is expected


def test_what_takes_too_long_is_not_tried() -> None:
    expression = parse("${country} = 'jp' and ${country} = 'us'")
    assert never_holds(expression, SCOPE, Effort(10)) is False
    codes = tuple(f"c{n}" for n in range(400))
    many = Scope({name: Declared(Type.CODE, codes) for name in "abc"})
    both = parse("${a} = 'c1' and ${b} = 'c2' and ${a} = 'c3'")
    assert never_holds(both, many, Effort()) is True
    apart = parse("${a} = ${b} and ${a} = 'c1' and ${b} = 'c2'")
    assert never_holds(apart, many, Effort()) is False


ANSWERS: dict[str, st.SearchStrategy[Answer]] = {
    "a": st.sampled_from([None, "x", "y", "-8"]),
    "b": st.none() | st.integers(0, 10) | st.just("-9"),
    "c": st.none() | st.lists(st.sampled_from(["x", "y"]), min_size=1, unique=True),
    "d": st.none() | st.decimals(0, 5, places=2).map(lambda number: f"{number.normalize():f}"),
}
DECLARED = {
    "a": Declared(Type.CODE, ("x", "y", "-8")),
    "b": Declared(Type.NUMBER, ("-9",), 0, 10, whole=True),
    "c": Declared(Type.CODES, ("x", "y")),
    "d": Declared(Type.NUMBER, (), 0, 5),
}
SIMPLE = st.sampled_from(["${a}", "${b}", "${d}", "'x'", "'-8'", "''", "0", "3", "4.5", "11"])
COMPARED = st.builds("{} {} {}".format, SIMPLE, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), SIMPLE)
CONDITIONS = st.lists(COMPARED, min_size=1, max_size=4).map(" and ".join) | SOURCES


@settings(suppress_health_check=list(HealthCheck))
@given(CONDITIONS, st.fixed_dictionaries(ANSWERS), ANSWERS["a"])
def test_what_never_holds_never_holds(source: str, answers: dict[str, Answer], own: Answer) -> None:
    scope = Scope(DECLARED, Declared(Type.CODE, ("x", "y", "-8")))
    expression = parse(source, dot=True, attributes=True)
    assert all(message % params for message, params in mistakes(expression, scope))
    assume(own is not None and never_holds(expression, scope, Effort()))
    assert not expression.holds(answers, Context(own=own))
