"""SurveyJS's expressions in our words: what held there holds here."""

from __future__ import annotations

from typing import Any

import pytest

from app.questionnaire.expressions import parse

from .made import Data, asked, by_name, dumped, fate, read, reasons

BEFORE = [
    asked("one", "radiogroup", showCommentArea=True, choices=["a", "b", {"value": 3}]),
    asked("many", "checkbox", choices=["a", "b", "c"]),
    asked("age", inputType="number"),
    asked("word"),
    asked("day", inputType="date"),
    asked("yes", "boolean"),
    asked("stars", "rating"),
    asked("grid", "matrix", rows=["r1", "r2"], columns=["low", "high"]),
    asked("order", "ranking", choices=["a", "b"]),
    asked("items", "matrixdynamic", rowCount=2, maxRowCount=2, allowAddRows=False)
    | {"columns": [{"name": "n", "cellType": "text", "inputType": "number", "totalType": "sum"}]},
]


def relevant(source: str, *more: Data) -> str | None:
    """What a condition becomes."""
    found: str | None = dumped(*BEFORE, *more, asked("last", visibleIf=source))["last"]["relevant"]
    return found


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("{one} = 'a'", "${one} = 'a'"),
        ("{one} == 3", "${one} = '3'"),
        ("{one} <> 'a'", "${one} != 'a'"),
        ("{One} = 'A'", "${one} = 'a'"),
        ("'a' = {one}", "${one} = 'a'"),
        ("{one} = a", "${one} = 'a'"),
        ("{one} empty", "${one} = ''"),
        ("{one} notempty", "${one} != ''"),
        ("!({one} empty)", "${one} != ''"),
        ("not{one}", None),
        ("{one} anyof ['a', 'b']", "${one} = 'a' or ${one} = 'b'"),
        ("{one} noneof ['a']", "not(${one} = 'a')"),
        ("{many} contains 'a'", "selected(${many}, 'a')"),
        ("{many} contains ['a', 'b']", "selected(${many}, 'a') and selected(${many}, 'b')"),
        ("{many} notcontains 'a'", "not(selected(${many}, 'a'))"),
        ("{many} anyof ['a', 'b']", "selected(${many}, 'a') or selected(${many}, 'b')"),
        ("{many} allof ['a', 'b']", "selected(${many}, 'a') and selected(${many}, 'b')"),
        ("{many} = ['a']", "selected(${many}, 'a') and count-selected(${many}) = 1"),
        ("{many.length} > 1", "count-selected(${many}) > 1"),
        ("{many} contains {one}", "selected(${many}, ${one})"),
        ("{age} >= 18 and {age} < 65", "${age} >= 18 and ${age} < 65"),
        ("18 <= {age}", "${age} >= 18"),
        ("({age} + 2) * 3 > 9", "(${age} + 2) * 3 > 9"),
        ("{age} ^ 2 > 9", "pow(${age}, 2) > 9"),
        ("{age} % 2 = 1", "${age} mod 2 = 1"),
        ("{word} > 3", "number(${word}) > 3"),
        ("{word} contains 'x'", "contains(${word}, 'x')"),
        ("{day} < '2020-01-31'", "${day} < '2020-01-31'"),
        ("{day} > today()", "${day} > today()"),
        ("{yes} = true", "${yes} = 'yes'"),
        ("{yes} = false", "${yes} = 'no'"),
        ("{yes}", "${yes} = 'yes'"),
        ("{stars} >= 4", "${stars} >= 4"),
        ("{grid.r1} = 'high'", "${grid_r1} = '2'"),
        ("{grid} notempty", "${grid_r1} != '' or ${grid_r2} != ''"),
        ("{order} contains 'a'", "selected(${order}, 'a')"),
        ("{items[0].n} > 1", "${items_1_n} > 1"),
        ("{items-total.n} > 1", "sum(0, ${items_1_n}, ${items_2_n}) > 1"),
        ("sumInArray({items}, 'n') > 1", "sum(0, ${items_1_n}, ${items_2_n}) > 1"),
        ("sum({age}, [{stars}, 2]) = 5", "sum(0, ${age}, ${stars}, 2) = 5"),
        ("iif({age} > 17, 'adult', 'child') = 'adult'", "if(${age} > 17, 'adult', 'child') = 'adult'"),
        ("iif({age} > 17, true, false)", "${age} > 17"),
        ("year({day}) = 2020", "number(format-date(${day}, '%Y')) = 2020"),
        ("diffDays({day}, today()) > 3", "abs(today() - ${day}) > 3"),
        ("dateAdd({day}, 7, 'days') > today()", "${day} + 7 > today()"),
        ("{age} > 3 and !isDisplayMode()", "${age} > 3"),
        ("getComment('one') = 'x'", "${one_comment} = 'x'"),
        ("{age} > 1 or {age} < 0 and {stars} = 1", "${age} > 1 or ${age} < 0 and ${stars} = '1'"),
        ("true", None),
    ],
)
def test_conditions_are_said_in_our_words(theirs: str, ours: str | None) -> None:
    assert relevant(theirs) == ours


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ("{one} =", "ends too early"),
        ("{nobody} = 1", "no question “nobody”"),
        ("own({one}) > 1", "“own” has no counterpart"),
        ("{many} > 1", "compares lists"),
        ("{grid} = 'high'", "stands for several answers"),
        ("{one} > 'a'", "by the alphabet"),
        ("(" * 500 + "{one}" + ")" * 500, "nested too deeply"),
        ("{one} " + "empty " * 500, "nested too deeply"),
        ("{age} > " + "9" * 30 + " + {age}", "is too large"),
        ("{one} = '", "cannot be read"),
    ],
)
def test_what_cannot_be_said_is_dropped_with_its_words_and_the_reason(theirs: str, reason: str) -> None:
    imported = read(*BEFORE, asked("last", visibleIf=theirs))
    assert by_name(imported)["last"].relevant is None
    told = reasons(imported, "property", "visibleIf")
    assert reason in told
    assert theirs.strip()[:900] in told


def test_age_counts_whole_years() -> None:
    ours = relevant("age({day}) >= 18")
    assert ours is not None
    expression = parse(ours)
    from datetime import date

    from app.questionnaire.expressions import Context

    context = Context(today=date(2026, 3, 1))
    days = {"2008-03-01": True, "2008-03-02": False, "2008-02-29": True, "2000-12-31": True, "2020-01-01": False}
    assert {day: expression.holds({"day": day}, context) for day in days} == days


ANSWERS: list[dict[str, Any]] = [
    {},
    {"one": "a", "many": ["a"], "age": "17"},
    {"one": "b", "many": ["a", "b"], "age": "40", "yes": "no"},
]


@pytest.mark.parametrize(
    ("theirs", "holds"),
    [
        ("{one} != 'a'", [True, False, True]),
        ("{many} notcontains 'b'", [True, True, False]),
        ("{many} noneof ['b', 'c']", [True, True, False]),
        ("{many} = ['b', 'a']", [False, False, True]),
        ("!({age} > 18)", [True, True, False]),
        ("{one} anyof ['b', 3]", [False, False, True]),
        ("{many} contains {one}", [False, True, True]),
        ("{yes} != true", [True, True, True]),
    ],
)
def test_they_hold_of_the_same_answers(theirs: str, holds: list[bool]) -> None:
    ours = relevant(theirs)
    assert ours is not None
    assert [parse(ours).holds(answers) for answers in ANSWERS] == holds


def test_panels_and_pages_hand_down_their_conditions() -> None:
    panel = asked("p", "panel", title="Part", visibleIf="{q} = 1", elements=[asked("r", visibleIf="{q} = 2")])
    pages = [{"name": "one", "elements": [asked("q")]}, {"name": "two", "visibleIf": "{q} = 3", "elements": [panel]}]
    imported = read(pages=pages)
    assert imported.questionnaire.pages[1].relevant == "${q} = 3"
    assert by_name(imported)["p"].relevant == "${q} = 1"
    assert by_name(imported)["r"].relevant == "${q} = 1 and ${q} = 2"


def test_what_is_required_sometimes() -> None:
    found = dumped(
        asked("a", "boolean"),
        asked("b", requiredIf="{a} = true", requiredErrorText="Please"),
        asked("c", isRequired=True),
    )
    assert found["b"]["required"] == "${a} = 'yes'"
    assert found["b"]["required_message"] == {"en": "Please"}
    assert found["c"]["required"] is True


def test_what_is_disabled_is_not_shown() -> None:
    imported = read(asked("a", "boolean"), asked("b", enableIf="{a} = true"))
    assert by_name(imported)["b"].relevant == "${a} = 'yes'"
    assert fate(imported, "property", "enableIf") == "changed"


@pytest.mark.parametrize(
    ("validator", "ours"),
    [
        ({"type": "regex", "regex": "^[0-9]{3}$"}, "regex(., '^[0-9]{3}$')"),
        ({"type": "regex", "regex": "a|b", "insensitive": True}, "regex(., '(?i)(?s:.*)(?:a|b)(?s:.*)')"),
        ({"type": "text", "minLength": 2, "maxLength": 5}, "string-length(.) >= 2 and string-length(.) <= 5"),
        ({"type": "text", "allowDigits": False}, "regex(., '[^0-9]*')"),
        ({"type": "numeric", "minValue": 1}, "number(.) != '' and number(.) >= 1"),
        ({"type": "expression", "expression": "{q} != {a}"}, ". != ${a}"),
    ],
)
def test_validators_are_constraints(validator: Data, ours: str) -> None:
    question = dumped(asked("a"), asked("q", validators=[{**validator, "text": "No."}]))["q"]
    assert question["constraint"] == ours
    assert question["constraint_message"] == {"en": "No."}


def test_bounds_may_be_computed() -> None:
    question = dumped(asked("a", inputType="date"), asked("q", inputType="date", minValueExpression="{a}"))["q"]
    assert question["constraint"] == "${a} = '' or . >= ${a}"


def test_calculated_values_stand_behind_what_they_are_computed_from() -> None:
    values = [{"name": "double", "expression": "{a} * 2"}, {"name": "bad", "expression": "own()"}]
    pages = [{"elements": [asked("a", inputType="number")]}, {"elements": [asked("b", visibleIf="{double} > 4")]}]
    imported = read(pages=pages, calculatedValues=values)
    assert list(by_name(imported)) == ["a", "double", "b"]
    assert by_name(imported)["b"].relevant == "number(${double}) > 4"
    assert fate(imported, "calculated value", "bad") == "dropped"


def test_triggers_that_end_or_skip_become_conditions() -> None:
    pages = [{"elements": [asked(f"q{n}") for n in range(4)]}, {"elements": [asked("later")]}]
    triggers = [
        {"type": "complete", "expression": "{q0} = 1"},
        {"type": "skip", "expression": "{q0} = 2", "gotoName": "q3"},
        {"type": "setvalue", "expression": "{q0} = 3", "setToName": "q1"},
        {"type": "complete", "name": "q1", "operator": "equal", "value": "end"},
    ]
    imported = read(pages=pages, triggers=triggers)
    assert imported.questionnaire.pages[1].relevant == "not(${q0} = 1) and not(${q1} = 'end')"
    conditions = [question.relevant for question in imported.questionnaire.pages[0].questions]
    assert conditions == [None, "not(${q0} = 2)", "not(${q0} = 2)", None]
    assert fate(imported, "trigger", "setvalue") == "dropped"


def test_conditions_in_a_circle_end() -> None:
    imported = read(*(asked(f"q{n}", visibleIf=f"{{q{n % 9 + 1}}} = 1") for n in range(1, 10)))
    assert len(imported.questionnaire.questions) == 9


def test_a_condition_on_what_comes_later_is_dropped_alone() -> None:
    panel = {"type": "panel", "name": "p", "visibleIf": "{a} = 1"}
    elements = [asked("b", visibleIf="{c} = 1"), asked("c", visibleIf="{c} = 2"), asked("d", visibleIf="{c} = 3")]
    imported = read(asked("a", inputType="number"), panel | {"elements": elements})
    assert [by_name(imported)[name].relevant for name in "bc"] == ["${a} = 1", "${a} = 1"]
    assert by_name(imported)["d"].relevant == "${a} = 1 and ${c} = 3"
    told = reasons(imported, "property", "visibleIf")
    assert "“{c} = 1” cannot be said here. It names “c”, which comes later." in told
    assert "It names “c”, which is this question itself." in told
    assert [fate(imported, "question", name) for name in "bcd"] == ["changed", "changed", "kept"]


def test_a_page_cannot_hang_on_what_is_asked_on_it() -> None:
    pages = [{"name": "one", "visibleIf": "{a} = 1", "elements": [asked("a", inputType="number")]}]
    imported = read(pages=pages)
    assert imported.questionnaire.pages[0].relevant is None
    assert "comes later" in reasons(imported, "property", "visibleIf")
    assert fate(imported, "question", "a") == "changed"


def test_columns_that_hang_on_one_another_are_still_repeated_one_by_one() -> None:
    columns = ["y", {"name": "x", "cellType": "text", "visibleIf": "{row.z} = 1"}, {"name": "z", "cellType": "text"}]
    imported = read(asked("q", "MatrixDynamic", rowCount=1, columns=columns, choices=[1, 2]))
    found = by_name(imported)
    assert found["q_1_y"].kind == "select_one"
    assert found["q_1_x"].relevant is None
    assert found["q_2_x"].relevant == "${q_1_y} != '' or ${q_1_x} != '' or ${q_1_z} != ''"
    assert fate(imported, "question", "q") == "changed"
    assert fate(imported, "property", "visibleIf") == "dropped"


def test_nothing_is_computed_from_what_comes_later() -> None:
    imported = read(asked("sum", "expression", title="Sum", expression="{a} + 1"), asked("a", inputType="number"))
    assert by_name(imported)["sum_shown"].label == {"en": "Sum\n[expression: {a} + 1]"}
    assert "comes later" in reasons(imported, "property", "expression")
