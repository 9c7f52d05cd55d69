"""Experiments, samples, random orders and groups: who is asked what, in which order and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from app.questionnaire.drawing import drawn
from app.questionnaire.expressions import NOT_YET
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.presenting import present
from app.questionnaire.relevance import relevance
from app.questionnaire.routing import final_answers, known, path, unanswered_screen
from tests.questionnaire.test_routing import TEXT, YES_NO, ask

SCALE = [{"code": str(code), "label": {"en": f"Point {code}"}} for code in (1, 2, 3)]


def survey(*pages: dict[str, Any], **more: Any) -> Questionnaire:
    written = [{"title": TEXT, **page} for page in pages]
    return Questionnaire.model_validate({"survey": "s", "title": TEXT, "languages": ["en"], "pages": written, **more})


def met(questionnaire: Questionnaire, seed: int, answers: Answers | None = None) -> list[tuple[str, list[str]]]:
    everything = known(questionnaire, answers or {}, seed, "2026-11-23")
    return [(screen.name, [q.name for q in screen.questions]) for screen in path(questionnaire, everything)]


ARM = {"name": "words", "kind": "arm", "label": TEXT, "choices": YES_NO}


def test_an_arm_decides_which_questions_are_asked_and_in_which_words() -> None:
    changed = {"experiment": "words", "arm": "no", "label": {"en": "Other words"}}
    other = [{"code": "yes", "label": {"en": "Aye"}}, {"code": "no", "label": {"en": "Nay"}}]
    questionnaire = survey(
        {
            "name": "p",
            "questions": [
                ARM,
                ask("a", variants=[{**changed, "choices": other}]),
                ask("b", "${words} = 'yes'"),
                ask("c", "${words} = 'no'"),
            ],
        }
    )
    for seed in range(40):
        arm = drawn(questionnaire, seed)["words"]
        assert met(questionnaire, seed) == [("p", ["a", "b" if arm == "yes" else "c"])]
        shown = present(questionnaire, questionnaire.question("a"), known(questionnaire, {}, seed, ""), "en")
        labels = [option.label for option in shown.options]
        assert (shown.label, labels) == (("Text", ["Text"] * 2) if arm == "yes" else ("Other words", ["Aye", "Nay"]))
        assert not shown.is_same_for_all
    assert {drawn(questionnaire, seed)["words"] for seed in range(40)} == {"yes", "no"}


def test_questions_and_rows_outside_the_sample_are_not_asked() -> None:
    rows = [{"name": f"r{number}", "label": {"en": f"Row {number}"}} for number in range(4)]
    questionnaire = survey(
        {
            "name": "p",
            "questions": [
                {"name": "s", "kind": "sample", "label": TEXT, "of": ["r0", "r1", "r2", "a"], "parameters": {"ask": 2}},
                {"name": "m", "kind": "matrix", "label": TEXT, "choices": SCALE, "rows": rows},
                ask("a"),
            ],
        }
    )
    for seed in range(60):
        asked = drawn(questionnaire, seed)["s"]
        assert isinstance(asked, list)
        answers = known(questionnaire, {}, seed, "")
        [screen] = path(questionnaire, answers)
        variables = [v.name for question in screen.questions for v in question.variables()]
        assert variables == [name for name in ("r0", "r1", "r2", "r3", "a") if name in asked or name == "r3"]
        shown = present(questionnaire, screen.questions[0], answers, "en")
        assert [row.name for row in shown.rows] == [name for name in variables if name != "a"]
        assert unanswered_screen(questionnaire, answers) is screen
        done = {**answers, **dict.fromkeys(variables, "1"), **dict.fromkeys(["r0", "r1", "r2", "a"], "1")}
        final = final_answers(questionnaire, done)
        assert set(final) == {*variables, "s"}
        assert final["s"] == asked


def test_without_a_seed_nothing_is_known_of_the_sample() -> None:
    questions = [
        {"name": "s", "kind": "sample", "label": TEXT, "of": ["a", "b"], "parameters": {"ask": 1}},
        *(ask("a"), ask("b")),
    ]
    questionnaire = survey({"name": "p", "questions": questions})
    assert relevance(questionnaire, {"s": NOT_YET})["a"] is NOT_YET
    assert relevance(questionnaire, {"s": ["b"]})["a"] is False
    assert relevance(questionnaire, {"s": ["b"]})["b"] is True


def test_options_rows_questions_pages_and_groups_come_in_the_order_drawn() -> None:
    randomize = {"parameters": {"randomize": True}}
    rows = [{"name": f"r{number}", "label": TEXT} for number in range(3)]
    choices = [*SCALE, {"code": "9", "label": TEXT, "fixed": True}]
    questionnaire = survey(
        {"name": "first", "questions": [ask("intro")]},
        {"name": "a1", "group": "a", "questions": [ask("x1")]},
        {"name": "a2", "group": "a", "questions": [ask("x2")]},
        {"name": "b1", "group": "b", "questions": [{**ask("y1"), "choices": choices, "dont_know": True, **randomize}]},
        {
            "name": "b2",
            "group": "b",
            "randomize": True,
            "questions": [
                {"name": "m", "kind": "matrix", "label": TEXT, "choices": SCALE, "rows": rows, **randomize},
                *(ask("y2"), ask("y3"), ask("last", fixed=True)),
            ],
        },
        {"name": "end", "questions": [ask("z")]},
        groups=[
            {"name": "all", "randomize": True},
            {"name": "a", "group": "all", "randomize": True},
            {"name": "b", "group": "all"},
        ],
    )
    orders: set[tuple[str, ...]] = set()
    pages: set[tuple[str, ...]] = set()
    for seed in range(80):
        answers = known(questionnaire, {}, seed, "")
        screens = path(questionnaire, answers)
        names = tuple(screen.name for screen in screens)
        pages.add(names)
        assert (names[0], names[-1]) == ("first", "end")
        inner = names[1:-1]
        assert {inner[:2], inner[2:]} in ({("a1", "a2"), ("b1", "b2")}, {("a2", "a1"), ("b1", "b2")})
        assert [pair[0][0] for pair in (inner[:2], inner[2:])] == [pair[1][0] for pair in (inner[:2], inner[2:])]
        shown = present(questionnaire, questionnaire.question("y1"), answers, "en")
        codes = [option.code for option in shown.options]
        assert codes[3:] == ["9", "-8"]
        assert codes[:4] == answers["y1_order"]
        orders.add(tuple(codes))
        [b2] = [screen for screen in screens if screen.name == "b2"]
        assert [question.name for question in b2.questions] == answers["b2_order"]
        assert b2.questions[-1].name == "last"
        matrix = present(questionnaire, questionnaire.question("m"), answers, "en")
        assert [row.name for row in matrix.rows] == answers["m_order"]
    assert len(pages) == 4
    assert len(orders) == 6
    final = final_answers(questionnaire, known(questionnaire, {}, 1, ""))
    assert {name for name in final if name.endswith("_order")} == set(questionnaire.shuffles)


def test_a_group_is_asked_where_its_condition_and_those_above_hold() -> None:
    questionnaire = survey(
        {"name": "first", "questions": [ask("a"), ask("b")]},
        {"name": "inner", "group": "g", "relevant": "${b} = 'yes'", "questions": [ask("c")]},
        groups=[{"name": "top", "relevant": "${a} = 'yes'"}, {"name": "g", "group": "top"}],
    )
    for a, b, asked in (("yes", "yes", True), ("yes", "no", False), ("no", "yes", False)):
        assert (("inner", ["c"]) in met(questionnaire, 1, {"a": a, "b": b})) is asked


def test_rows_have_conditions_of_their_own() -> None:
    rows = [{"name": "r1", "label": TEXT}, {"name": "r2", "label": TEXT, "relevant": "${a} = 'yes'"}]
    only = [{"name": "o1", "label": TEXT, "relevant": "${a} = 'yes'"}]
    questionnaire = survey(
        {"name": "first", "questions": [ask("a")]},
        {
            "name": "second",
            "questions": [
                {"name": "m", "kind": "matrix", "label": TEXT, "choices": SCALE, "rows": rows},
                {"name": "o", "kind": "matrix", "label": TEXT, "choices": SCALE, "rows": only},
            ],
        },
    )
    for a, expected in (("yes", ["r1", "r2", "o1"]), ("no", ["r1"])):
        screens = path(questionnaire, {"a": a})
        assert [v.name for q in screens[1].questions for v in q.variables()] == expected


def test_earlier_answers_stand_in_the_words_of_later_questions() -> None:
    questionnaire = survey(
        {"name": "first", "questions": [ask("a"), {**ask("n"), "kind": "integer", "choices": None}]}
        | {"questions": [ask("a")]},
        {"name": "second", "questions": [ask("b", label={"en": "You said ${a} and ${ a }"})]},
    )
    shown = present(questionnaire, questionnaire.question("b"), {"a": "yes"}, "en")
    assert shown.label == "You said Text and Text"
    assert present(questionnaire, questionnaire.question("b"), {}, "en").label == "You said … and …"


def test_a_question_whose_words_depend_on_another_of_its_page_comes_on_the_next_screen() -> None:
    said = {"en": "You said ${a}"}
    questionnaire = survey({"name": "p", "questions": [ask("a"), ask("b", label=said)]})
    assert met(questionnaire, 1) == [("p", ["a"]), ("p-2", ["b"])]
    options = [{"code": "yes", "label": said}, {"code": "no", "label": TEXT}]
    for changed in ({"label": said}, {"hint": said}, {"choices": options}):
        variant = {"experiment": "words", "arm": "no", **changed}
        questionnaire = survey({"name": "p", "questions": [ARM, ask("a"), ask("b", variants=[variant])]})
        assert met(questionnaire, 1) == [("p", ["a"]), ("p-2", ["b"])]


@pytest.mark.parametrize("seed", range(5))
def test_the_way_is_the_same_when_coming_back(seed: int) -> None:
    questions = [ask(f"q{number}") for number in range(5)]
    questionnaire = survey({"name": "p", "randomize": True, "questions": questions})
    first = met(questionnaire, seed)
    stored = final_answers(questionnaire, known(questionnaire, {"q1": "yes"}, seed, ""))
    assert met(questionnaire, seed, stored) == first
    assert met(questionnaire, seed + 1000, stored) == first
