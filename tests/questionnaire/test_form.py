"""What a posted screen holds, whatever was posted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.questionnaire.conditions import REQUIRED
from app.questionnaire.form import PREFIX, Cleaned, build_form, clean
from app.questionnaire.kinds.choices import FORGOTTEN
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import Screen, screens
from tests.questionnaire.made import questionnaire_of


def question(name: str, kind: str, **more: object) -> dict[str, object]:
    options = [{"code": code, "label": {"en": code}} for code in ("1", "2")]
    choices = {} if kind in ("integer", "text") else {"choices": options}
    return {"name": name, "kind": kind, "label": {"en": name}, **choices, **more}


MADE: Questionnaire = questionnaire_of(
    [
        question("validate", "select_one", required=True),
        question("data", "select_multiple", dont_know=True),
        question("errors", "integer", dont_know=True),
        question("populate_obj", "text"),
        question("m", "matrix", rows=[{"name": "r1", "label": {"en": "a"}}, {"name": "r2", "label": {"en": "b"}}]),
        {"name": "n", "kind": "note", "label": {"en": "Note"}},
    ]
)
SCREEN: Screen = screens(MADE)[0]


def posted(*pairs: tuple[str, str]) -> Cleaned:
    return clean(build_form(MADE, SCREEN)(MultiDict([(PREFIX + name, value) for name, value in pairs])))


def test_a_form_is_made_once_per_version_and_screen() -> None:
    assert build_form(MADE, SCREEN) is build_form(MADE, SCREEN)
    assert [field.name for field in build_form(MADE, SCREEN)()] == [PREFIX + name for name in MADE.variables]


def test_good_answers_are_taken() -> None:
    cleaned = posted(("validate", "1"), ("data", "2"), ("data", "1"), ("errors", "1２"), ("errors", ""), ("r2", "2"))
    assert cleaned.problems == {}
    assert cleaned.answers == {
        "validate": "1",
        "data": ["1", "2"],
        "errors": 12,
        "populate_obj": None,
        "r1": None,
        "r2": "2",
    }


def test_nothing_posted_is_skipped_but_for_what_is_required() -> None:
    cleaned = posted()
    assert {name: str(problem) for name, problem in cleaned.problems.items()} == {"validate": REQUIRED}
    assert cleaned.answers == dict.fromkeys(["data", "errors", "populate_obj", "r1", "r2"])


@pytest.mark.parametrize(
    "pairs",
    [
        [("validate", "1"), ("validate", "2")],
        [("validate", "3")],
        [("validate", "1\0")],
        [("data", "-8"), ("data", "1")],
        [("errors", "5"), ("errors", "-8")],
        [("populate_obj", "\ufffd")],
        [("r1", "1"), ("r1", "2")],
    ],
)
def test_a_bad_answer_is_a_problem_of_its_own_and_kept_as_typed(pairs: list[tuple[str, str]]) -> None:
    name = pairs[0][0]
    cleaned = posted(*pairs, *[("validate", "1")] * (name != "validate"), ("r2", "1"))
    assert list(cleaned.problems) == [name]
    assert name not in cleaned.answers
    assert cleaned.typed[name] == [value for _, value in pairs]
    assert cleaned.answers["r2"] == "1"


NAMES = st.sampled_from([*MADE.variables, "n", "m", "x", "__class__"])
VALUES = st.sampled_from(["1", "2", "-8", "-9", "", "9" * 400]) | st.text(max_size=8)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=12))
def test_every_variable_has_an_answer_or_a_problem(pairs: list[tuple[str, str]]) -> None:
    cleaned = posted(*pairs)
    assert set(cleaned.answers) | set(cleaned.problems) == set(MADE.variables) == set(cleaned.typed)
    assert not set(cleaned.answers) & set(cleaned.problems)
    # What was taken is taken again: going back and on changes nothing.
    again = [(name, value) for name, values in cleaned.typed.items() for value in values]
    assert posted(*again).answers == cleaned.answers


OTHER = [{"code": "1", "label": {"en": "One"}}, {"code": "x", "label": {"en": "Other"}, "specify": True}]
PARTS = [{"name": "p1", "label": {"en": "a"}}, {"name": "p2", "label": {"en": "b"}}]


def answered(question: dict[str, object], **values: list[str]) -> Cleaned:
    """What a page with one question holds."""
    made = questionnaire_of([{"name": "q", "label": {"en": "Q"}, **question}])
    pairs = [(PREFIX + name, value) for name, given in values.items() for value in given]
    return clean(build_form(made, screens(made)[0])(MultiDict(pairs)))


def told(cleaned: Cleaned) -> dict[str, str]:
    return {name: str(problem) for name, problem in cleaned.problems.items()}


@pytest.mark.parametrize("required", [True, "true()", False])
def test_rows_left_blank_count_as_nothing_where_the_total_is_divided(required: bool | str) -> None:
    question: dict[str, object] = {"kind": "allocate", "rows": PARTS, "required": required}
    assert answered(question, p1=["100"], p2=[""]) == Cleaned(
        {"p1": 100, "p2": 0}, {"p1": ["100"], "p2": [""]}, problems={}
    )
    assert told(answered(question, p1=["60"], p2=["50"])) == {
        "q": "These numbers make 110 together; they must make 100."
    }
    blank = answered(question, p1=[""], p2=[""])
    assert told(blank) == (dict.fromkeys(("p1", "p2"), REQUIRED) if required else {})
    # One that cannot be read says nothing of the others.
    assert list(told(answered(question, p1=["ten"], p2=["50"]))) == ["p1"]


@pytest.mark.parametrize("required", [True, "true()"])
def test_the_words_beside_an_option_can_be_left_out(required: bool | str) -> None:
    question: dict[str, object] = {"kind": "select_one", "choices": OTHER, "required": required}
    assert answered(question, q=["x"]).answers == {"q": "x", "q_other": None}
    assert answered(question, q=["x"], q_other=["Kyoto"]).answers == {"q": "x", "q_other": "Kyoto"}
    assert told(answered(question)) == {"q": REQUIRED}


def test_words_beside_an_option_that_was_forgotten_are_asked_about() -> None:
    for kind in ("select_one", "select_multiple"):
        question: dict[str, object] = {"kind": kind, "choices": OTHER}
        assert told(answered(question, q_other=["Kyoto"])) == {"q": FORGOTTEN}
    assert told(answered({"kind": "select_multiple", "choices": OTHER}, q=["1"], q_other=["Kyoto"])) == {"q": FORGOTTEN}
    assert told(answered({"kind": "select_one", "choices": OTHER}, q=["1"], q_other=["Kyoto"])) == {}


def test_places_of_a_ranking_are_read_in_their_order() -> None:
    question: dict[str, object] = {"kind": "rank", "choices": [OTHER[0], {"code": "2", "label": {"en": "Two"}}]}
    assert answered(question, q=["2", "1"]).answers == {"q": ["2", "1"]}
    assert told(answered(question, q=["", "1"])) == {"q": "Place 1 is empty, but a later one is not."}


def test_a_row_that_is_no_longer_asked_has_no_part_in_the_total() -> None:
    made = questionnaire_of(
        [{"name": "q", "kind": "allocate", "label": {"en": "Q"}, "rows": [*PARTS, {**PARTS[0], "name": "p3"}]}]
    )
    whole = screens(made)[0]
    asked = replace(whole, questions=(whole.questions[0].model_copy(update={"rows": made.questions[0].rows[:2]}),))  # type: ignore[attr-defined]
    form = build_form(made, asked)(MultiDict([(f"{PREFIX}p1", "90"), (f"{PREFIX}p2", "10")]))
    assert clean(form, lambda: {"p1": 50, "p2": 20, "p3": 30}).problems == {}
