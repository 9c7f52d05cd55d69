"""What expressions may say in every place. What they may not is in tests/fixtures/mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from app.questionnaire.check import check_document
from app.questionnaire.expressions.possible import Effort

TEXT = {"en": "Text"}


def asked(name: str, kind: str = "integer", **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": TEXT, **more}


def choices(*codes: str, **attributes: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": TEXT, **({"attributes": attributes} if attributes else {})} for code in codes]


def page(name: str, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "title": TEXT, "questions": list(questions), **more}


def document(*pages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"survey": "made", "title": TEXT, "languages": ["en"], **more, "pages": list(pages)}


def told(made: dict[str, Any]) -> list[str]:
    return [f"{'.'.join(map(str, path))}: {message % params}" for path, message, params in check_document(made)]


FIRST = page(
    "first",
    asked("words", "arm", choices=choices("a", "b")),
    asked("some", "sample", of=["one", "two"], parameters={"ask": 1}),
    asked("country", "select_one", choices=choices("jp", "us")),
    asked("age", parameters={"start": 18, "end": 120}),
    asked("asks", "select_one", choices=[*choices("x"), {"code": "other", "label": TEXT, "specify": True}]),
    asked("line", "scale", parameters={"start": 0, "end": 10}, low=TEXT, high=TEXT),
    asked("grid", "matrix", choices=choices("1", "2"), rows=[{"name": "g1", "label": TEXT}]),
    asked("order", "rank", choices=choices("x", "y")),
    asked("consent", "acknowledge"),
    asked("moved", "date"),
    asked("part", "allocate", rows=[{"name": "p1", "label": TEXT}, {"name": "p2", "label": TEXT}]),
    asked("year", "calculate", calculation="2026 - ${age}"),
    asked("young", "calculate", calculation="${age} < 30"),
    asked("group", "calculate", calculation="if(${age} < 30, 'young', 'old')"),
)


@pytest.mark.parametrize(
    "condition",
    [
        "${words} = 'a'",
        "selected(${some}, 'one')",
        "${asks_other} != ''",
        "${line} >= 7 and ${line} = 10",
        "${g1} = 2",
        "selected-at(${order}, 0) = 'x'",
        "${consent} = 'yes'",
        "today() - ${moved} > 365",
        "${p1} > ${p2} and ${p1} = 100",
        "${year} > 2000",
        "${young}",
        "${young} = 'true'",
        "${group} = 'old'",
        "coalesce(${country}, ${group}) = 'young'",
    ],
)
def test_every_kind_of_variable_may_be_named(condition: str) -> None:
    last = page("last", asked("one"), asked("two", relevant=condition))
    assert told(document(FIRST, last)) == []
    rows = [{"name": "r1", "label": TEXT, "relevant": condition}, {"name": "r2", "label": TEXT}]
    matrix = asked("m", "matrix", rows=rows, choices=choices("1", "2"), required=condition)
    last = page("last", asked("one"), asked("two"), matrix, relevant=condition)
    assert told(document(FIRST, last, ends=[{"when": condition, "label": TEXT}])) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("${group} > 3", "“>” compares numbers or dates, and “${group}” is neither."),
        ("${year} = 'old'", None),
        ("selected(${group}, 'old')", None),
        ("selected(${year}, '2000')", None),
        ("selected(${age}, '20')", "“selected()” asks about “age”, which has no options."),
        ("selected(${some}, 'three')", "“some” has no option with the code “three”."),
        ("${line} = 11", "“line” has no option with the code “11”."),
        ("${consent} = 'no'", "“consent” has no option with the code “no”."),
        ("${p1} > 100", "It can never hold."),
        ("${grid} = 1", "It names “grid”, which takes no answer itself."),
        ("${country_other} = 'x'", "It names “country_other”, which is no question."),
    ],
)
def test_what_a_variable_can_be_follows_from_its_question(condition: str, message: str | None) -> None:
    last = page("last", asked("one"), asked("two", relevant=condition))
    assert told(document(FIRST, last)) == ([f"pages.1.questions.1.relevant: {message}"] if message else [])


def test_a_constraint_is_about_the_answer_and_earlier_ones() -> None:
    last = page("last", asked("one", constraint=". > ${age} and . < 200"), asked("two", constraint=". != 3"))
    assert told(document(FIRST, last)) == []


def test_a_filter_is_about_the_choices_attributes() -> None:
    here = [*choices("tokyo", land="jp"), *choices("ohio", land="us"), *choices("else")]
    source = "land = ${country} or land = '' or name = ${age}"
    last = page("last", asked("one"), asked("two", "select_one", choices=here, choice_filter=source))
    assert told(document(FIRST, last)) == []


RELEVANT = {"relevant": "${a} > 1"}


def test_in_a_random_order_only_what_comes_first_anyway_may_be_named() -> None:
    def random_page(*questions: dict[str, Any]) -> list[str]:
        return [line.split(":")[0] for line in told(document(page("p", *questions, randomize=True)))]

    assert random_page(asked("a"), asked("b"), asked("c", **RELEVANT)) == ["pages.0.questions.2.relevant"]
    assert random_page(asked("a", fixed=True), asked("b"), asked("c", **RELEVANT)) == []
    assert random_page(asked("a"), asked("b"), asked("c", **RELEVANT, fixed=True)) == []
    assert random_page(asked("b"), asked("a", fixed=True), asked("c", **RELEVANT)) == ["pages.0.questions.2.relevant"]
    assert random_page(asked("a"), asked("b"), asked("c", "calculate", calculation="${a} + ${b}")) == []


def test_the_parts_of_a_group_in_random_order_do_not_name_one_another() -> None:
    """What is outside of the group comes after all of it, and may name any of it."""

    def groups(**inner: Any) -> list[str]:
        pages = [
            page("p", asked("a"), asked("b", **RELEVANT), group="inner"),
            page("q", asked("c", **RELEVANT), group="inner"),
            page("r", asked("d"), group="outer"),
            page("s", asked("e", **RELEVANT)),
        ]
        outer = {"name": "outer", "randomize": not inner.get("randomize", False)}
        made = document(*pages, groups=[outer, {"name": "inner", "group": "outer", **inner}])
        return [line.split(":")[0] for line in told(made)]

    assert groups(randomize=False) == []
    assert groups(randomize=True) == ["pages.1.questions.0.relevant"]


def test_a_group_hangs_on_what_comes_before_all_of_it() -> None:
    pages = [page("o", asked("a")), page("p", asked("b"), group="g"), page("q", asked("c"), group="g")]
    assert told(document(*pages, groups=[{"name": "g", **RELEVANT}])) == []
    within = document(*pages, groups=[{"name": "g", "relevant": "${b} > 1"}])
    assert told(within) == ["groups.0.relevant: It names “b”, which comes later."]


def test_breakdowns_may_be_by_the_arms_of_an_experiment() -> None:
    groups = [{"code": "first", "label": TEXT, "where": "${words} = 'a' and ${country} = 'jp'"}]
    breakdowns = [{"name": "words"}, {"name": "both", "label": TEXT, "groups": groups}]
    made = document(FIRST, page("last", asked("one"), asked("two")), weighting=["country"], breakdowns=breakdowns)
    assert told(made) == []
    made["breakdowns"][1]["groups"][0]["where"] = "${group} = 'old'"
    assert told(made) == ["breakdowns.1.groups.0.where: It names “group”, which is no weighting variable."]


def test_calculations_in_a_circle_are_told_of_and_do_not_hang() -> None:
    circle = [
        asked("a", "calculate", calculation="${b} + 1"),
        asked("b", "calculate", calculation="${c} + 1"),
        asked("c", "calculate", calculation="${a} + ${b} + ${c}"),
    ]
    assert told(document(page("p", *circle, asked("last")))) == [
        "pages.0.questions.0.calculation: It names “b”, which is calculated from this in turn.",
        "pages.0.questions.1.calculation: It names “c”, which is calculated from this in turn.",
        "pages.0.questions.2.calculation: It names “c”, which is this question itself.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("You said ${a}, and ${ b }.", None),
        ("It costs $5 {or more}.", None),
        ("You said ${c}.", "It names “c”, which is this question itself."),
        ("You said ${d}.", "It names “d”, which comes later."),
        ("You said ${a b}.", "“${a b}.” shows no answer: write ${name}, with the name of a question."),
        ("You said ${a", "“${a” shows no answer: write ${name}, with the name of a question."),
    ],
)
def test_words_show_the_answers_to_earlier_questions(text: str, message: str | None) -> None:
    shown = asked("c", "text", hint={"en": text})
    made = document(page("p", asked("a"), asked("b"), shown, asked("d")))
    assert told(made) == ([f"pages.0.questions.2.hint.en: {message}"] if message else [])


def test_what_is_wrong_in_shape_is_passed_over() -> None:
    everything: tuple[Any, ...] = (None, 3, [], {"a": 1}, "", "${")
    for broken in everything:
        question = asked("a", relevant=broken, constraint=broken, choice_filter=broken, rows=broken, choices=broken)
        made = document(page("p", question, asked("b", broken, label=broken), relevant=broken, group=broken))
        made |= {"groups": broken, "ends": [{"when": broken}, broken], "breakdowns": broken, "choices": broken}
        assert isinstance(told(made), list)


def test_the_effort_for_a_whole_document_is_bounded() -> None:
    many = choices(*(f"c{n}" for n in range(400)))
    condition = " or ".join(["(${a} = 'c1' and ${a} = 'c2')"] * 200)
    questions = [asked("a", "select_one", choices=many)]
    questions += [asked(f"q{n}", relevant=condition) for n in range(30)]
    findings = told(document(page("p", *questions)))
    # Those found are right; where the effort ends, nothing is said.
    assert 0 < len(findings) < 30
    assert {line.split(": ")[1] for line in findings} == {"It can never hold."}
    assert Effort().left // (400 * 1_400) <= len(findings) + 1
