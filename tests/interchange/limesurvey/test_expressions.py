"""ExpressionScript and the old table of conditions in our words: what held there holds here."""

from __future__ import annotations

from typing import Any

import pytest

from app.questionnaire.expressions import parse

from .made import Asked, by_name, fate, read, reasons

BEFORE = [
    Asked("sex", "L", options=["F", "M"]),
    Asked("age", "N", row={"mandatory": "Y"}),
    Asked("job", "S"),
    Asked("uses", "M", parts=["tv", "web"], row={"other": "Y"}),
    Asked("army", "F", parts=["jp", "us"], options=["A1", "A2", "A3"]),
    Asked("first", "R", options=["a", "b", "c"]),
    Asked("score", "5"),
    Asked("born", "D"),
    Asked("dual", "1", parts=["x"], options=["1", "2", ("1", "", 1), ("2", "", 1)]),
]


def relevant(source: str, *more: Asked) -> str | None:
    """What a condition becomes."""
    return by_name(read(*BEFORE, *more, Asked("last", relevance=source)))["last"].relevant


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ('((sex.NAOK == "F"))', "${sex} = 'F'"),
        ('sex.NAOK eq "F" and age.NAOK ge 18', "${sex} = 'F' and ${age} >= 18"),
        ('sex.NAOK == "F" && (age.NAOK > 1 || job.NAOK != "x")', "${sex} = 'F' and (${age} > 1 or ${job} != 'x')"),
        ("!is_empty(age.NAOK)", "${age} != ''"),
        ("is_empty(job.NAOK)", "${job} = ''"),
        ('!(sex.NAOK == "F")', "${sex} != 'F'"),
        ('"F" == sex.NAOK', "${sex} = 'F'"),
        ("18 <= age.NAOK", "${age} >= 18"),
        ('9X1X11.NAOK == "F"', "${sex} = 'F'"),
        ('uses_tv.NAOK == "Y"', "selected(${uses}, 'tv')"),
        ('uses_tv.NAOK != "Y"', "not(selected(${uses}, 'tv'))"),
        ('9X1X14web.NAOK == ""', "not(selected(${uses}, 'web'))"),
        ("!is_empty(uses_other.NAOK)", "${uses_other} != ''"),
        ("count(that.uses.NAOK) > 1", "count-selected(${uses}) > 1"),
        ("count(uses_tv, uses_web) == 2", "if(selected(${uses}, 'tv'), 1, 0) + if(selected(${uses}, 'web'), 1, 0) = 2"),
        ('army_jp.NAOK == "A2"', "${army_jp} = '2'"),
        ("army_jp.NAOK == army_us.NAOK", "${army_jp} = ${army_us}"),
        ('first_1.NAOK == "b"', "selected-at(${first}, 0) = 'b'"),
        ("is_empty(first_3.NAOK)", "not(count-selected(${first}) >= 3)"),
        ("score.NAOK > 3", "${score} > 3"),
        ("dual_x_1.NAOK == 2", "${dual_x_1} = '2'"),
        ('9X1X19x#0.NAOK == "1"', "${dual_x_0} = '1'"),
        ("sum(age.NAOK, score.NAOK) == 10", "sum(0, ${age}, ${score}) = 10"),
        ("count(age, job, sex) > 2", "count(${age}, ${job}, ${sex}) > 2"),
        ('countif("A1", that.army) == 2', "if(${army_jp} = '1', 1, 0) + if(${army_us} = '1', 1, 0) = 2"),
        ('countifop(">=", 2, age, score) > 0', "if(${age} >= 2, 1, 0) + if(${score} >= 2, 1, 0) > 0"),
        ("if(age.NAOK > 17, 1, 0) == 1", "if(${age} > 17, 1, 0) = 1"),
        ("strlen(job.NAOK) > 3", "string-length(${job}) > 3"),
        ("intval(job.NAOK) > 3", "int(number(${job})) > 3"),
        ("age.NAOK + 2 * score.NAOK > 9", "${age} + 2 * ${score} > 9"),
        ("(age.NAOK + 2) * 3 > 9", "(${age} + 2) * 3 > 9"),
        ("-age.NAOK < 0", "0 - ${age} < 0"),
        ("age.NAOK", "${age} != '' and ${age} != 0"),
        ("job.NAOK", "${job} != ''"),
        ('regexMatch("/^a.c$/", job.NAOK)', "regex(${job}, '^a.c$')"),
        ('regexMatch("/b/i", job.NAOK)', "regex(${job}, '(?i)(?s:.*)(?:b)(?s:.*)')"),
        ('born.NAOK <= date("Y-m-d")', "${born} <= today()"),
        ("unique(age, score)", "${age} != ${score} or ${age} = ''"),
        ('substr(job.NAOK, 0, 2) == "ab"', "substr(${job}, 0, 2) = 'ab'"),
        ('job.NAOK == "it\'s"', '${job} = "it\'s"'),
        ("is_empty(age.NAOK) == 1", "${age} = ''"),
        ("1", None),
        ("", None),
    ],
)
def test_conditions_are_said_in_our_words(theirs: str, ours: str | None) -> None:
    assert relevant(theirs) == ours


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ("age.NAOK ==", "ends too early"),
        ("age = 3", "sets a variable"),
        ("nobody.NAOK == 1", "no question “nobody”"),
        ("TOKEN:FIRSTNAME == 'x'", "no question “TOKEN:FIRSTNAME”"),
        ("stddev(age) > 1", "“stddev” has no counterpart"),
        ('sex.NAOK > "A"', "by the alphabet"),
        ('sex.shown == "Female"', "cannot ask for “shown”"),
        ("that.uses == 1", "stands for several answers"),
        ('army_jp.NAOK > "A1" + 1', "have become others"),
        ("(" * 200 + "age" + ")" * 200, "nested too deeply"),
        ("9" * 40 + " + age > 1", "is too large"),
        ("age § 3", "cannot be read"),
    ],
)
def test_what_cannot_be_said_is_dropped_with_its_words_and_the_reason(theirs: str, reason: str) -> None:
    imported = read(*BEFORE, Asked("last", relevance=theirs))
    assert by_name(imported)["last"].relevant is None
    assert fate(imported, "relevance", "last") == "dropped"
    told = reasons(imported, "relevance", "last")
    assert reason in told
    assert theirs in told


def test_without_naok_nothing_holds_where_the_question_was_not_asked() -> None:
    asked = Asked("wife", "S", relevance='sex.NAOK == "M"')
    assert relevant('wife != "Ann"', asked) == "${sex} = 'M' and ${wife} != 'Ann'"
    assert relevant('wife.NAOK != "Ann"', asked) == "${wife} != 'Ann'"
    assert relevant('wife == "Ann"', asked) == "${wife} = 'Ann'"


def test_a_code_that_does_not_exist_never_holds_and_is_told() -> None:
    imported = read(*BEFORE, Asked("last", relevance='sex.NAOK == "X" or age.NAOK > 3'))
    assert by_name(imported)["last"].relevant == "${age} > 3"
    assert "no answer “X”" in reasons(imported, "relevance", "last")


def test_what_is_asked_of_nobody_leaves_an_empty_value() -> None:
    imported = read(Asked("never", relevance="0"), Asked("b", relevance='never.NAOK != "x"'))
    found = by_name(imported)
    assert found["never"].model_dump()["calculation"] == "''"
    assert found["b"].relevant == "${never} != 'x'"
    assert fate(imported, "question", "never") == "changed"


def test_conditions_in_a_circle_end() -> None:
    questions = [Asked(f"q{n}", relevance=f'q{n % 9 + 1} != "x"') for n in range(1, 10)]
    imported = read(*questions)
    assert len(imported.questionnaire.questions) == 9
    assert fate(imported, "relevance", "q1") == "dropped"


@pytest.mark.parametrize(
    ("rows", "ours"),
    [
        ([("11", "9X1X11", "==", "F")], "${sex} = 'F'"),
        ([("11", "9X1X11", "==", "F"), ("11", "9X1X11", "==", "M")], "${sex} = 'F' or ${sex} = 'M'"),
        ([("11", "9X1X11", "==", "F"), ("12", "9X1X12", ">=", "18")], "${sex} = 'F' and ${age} >= 18"),
        ([("14", "9X1X14", "==", "tv")], "selected(${uses}, 'tv')"),
        ([("14", "+9X1X14web", "==", "Y")], "selected(${uses}, 'web')"),
        ([("13", "9X1X13", "==", " ")], "${job} = ''"),
        ([("13", "9X1X13", "RX", "^a$")], "regex(${job}, '^a$')"),
        ([("15", "9X1X15jp", "!=", "@9X1X15us@")], "${army_jp} != ${army_us}"),
        ([("13", "9X1X13", "a<b", "x")], None),
    ],
)
def test_the_old_table_of_conditions(rows: list[tuple[str, ...]], ours: str | None) -> None:
    keys = ("cqid", "cfieldname", "method", "value")
    table = [
        {"cid": str(n), "qid": "20", "scenario": "1", **dict(zip(keys, row, strict=True))} for n, row in enumerate(rows)
    ]
    imported = read(*BEFORE, Asked("last"), conditions=table)
    assert by_name(imported)["last"].relevant == ours
    assert imported.report.counts()["condition"]["kept" if ours else "dropped"] == len(rows)


def test_of_several_scenarios_one_is_enough() -> None:
    def row(scenario: str, value: str) -> dict[str, str]:
        return {"cid": value, "qid": "20", "cqid": "11", "cfieldname": "9X1X11", "method": "==", "value": value} | {
            "scenario": scenario
        }

    imported = read(*BEFORE, Asked("last"), conditions=[row("1", "F"), row("2", "M")])
    assert by_name(imported)["last"].relevant == "${sex} = 'F' or ${sex} = 'M'"


ANSWERS: list[dict[str, Any]] = [
    {},
    {"sex": "F", "age": "17", "uses": ["tv"]},
    {"sex": "M", "age": "40", "uses": ["tv", "web"], "first": ["b", "a"], "army_jp": "1"},
]


@pytest.mark.parametrize(
    ("theirs", "holds"),
    [
        ('sex.NAOK != "F"', [True, False, True]),
        ('!(sex.NAOK == "F" or age.NAOK > 30)', [True, False, False]),
        ("count(that.uses.NAOK) >= 1", [False, True, True]),
        ('uses_web.NAOK != "Y"', [True, True, False]),
        ('first_2.NAOK == "a"', [False, False, True]),
        ('army_jp.NAOK == "A1" && !is_empty(age.NAOK)', [False, False, True]),
        ("age.NAOK * 2 > 50", [False, False, True]),
    ],
)
def test_they_hold_of_the_same_answers(theirs: str, holds: list[bool]) -> None:
    ours = relevant(theirs)
    assert ours is not None
    assert [parse(ours).holds(answers) for answers in ANSWERS] == holds


def test_a_condition_on_what_comes_later_is_dropped_alone() -> None:
    imported = read(Asked("a", "Y"), Asked("b", "5", relevance="c == 1"), Asked("c", "5"))
    assert by_name(imported)["b"].relevant is None
    assert "“c == 1” cannot be said here. It names “c”, which comes later." in reasons(imported, "relevance", "b")
    assert [fate(imported, "question", name) for name in "abc"] == ["kept", "changed", "kept"]
