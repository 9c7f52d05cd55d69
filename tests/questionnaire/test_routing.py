"""The way through a questionnaire is a function of the answers."""

from __future__ import annotations

from typing import Any

import pytest

from app.questionnaire.expressions import NOT_YET, Given
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.relevance import relevance
from app.questionnaire.routing import (
    counted_answers,
    ended_by,
    final_answers,
    path,
    relevant_variables,
    screens,
    unanswered_screen,
)

TEXT = {"en": "Text"}
YES_NO = [{"code": code, "label": TEXT} for code in ("yes", "no")]


def ask(name: str, relevant: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "select_one", "label": TEXT, "choices": YES_NO, "relevant": relevant, **more}


def note(name: str, relevant: str | None = None) -> dict[str, Any]:
    return {"name": name, "kind": "note", "label": TEXT, "relevant": relevant}


def made(*pages: tuple[str, list[dict[str, Any]]], page_relevant: str | None = None, **more: Any) -> Questionnaire:
    """A questionnaire of these pages; `page_relevant` is the last one's."""
    written: list[dict[str, Any]] = [{"name": name, "title": TEXT, "questions": asked} for name, asked in pages]
    written[-1]["relevant"] = page_relevant
    return Questionnaire.model_validate({"survey": "s", "title": TEXT, "languages": ["en"], "pages": written, **more})


def names(questionnaire: Questionnaire) -> list[tuple[str, list[str]]]:
    return [(screen.name, [question.name for question in screen.questions]) for screen in screens(questionnaire)]


def test_a_page_is_divided_where_a_question_depends_on_another_of_it() -> None:
    chain = made(("p", [ask("a"), ask("b", "${a} = 'yes'"), ask("c", "${b} = 'yes'"), ask("d", "${a} = 'no'")]))
    assert names(chain) == [("p", ["a"]), ("p-2", ["b"]), ("p-3", ["c", "d"])]


def test_a_page_whose_questions_depend_on_earlier_pages_is_whole() -> None:
    whole = made(("p", [ask("a")]), ("q", [ask("b", "${a} = 'yes'"), ask("c", "${a} = 'no'"), ask("d")]))
    assert names(whole) == [("p", ["a"]), ("q", ["b", "c", "d"])]


def test_a_row_of_a_matrix_divides_a_page_too() -> None:
    rows = [{"name": "r1", "label": TEXT}, {"name": "r2", "label": TEXT}]
    choices = [{"code": code, "label": TEXT} for code in ("1", "2")]
    matrix = {"name": "m", "kind": "matrix", "label": TEXT, "choices": choices, "rows": rows}
    questionnaire = made(("p", [matrix, note("n"), note("o", "${r2} = 2")]))
    assert names(questionnaire) == [("p", ["m", "n"]), ("p-2", ["o"])]
    assert [s.name for s in path(questionnaire, {"r2": "2"})] == ["p", "p-2"]
    assert [s.name for s in path(questionnaire, {"r2": "1"})] == ["p"]


BRANCH = made(
    ("p", [ask("a")]),
    ("q", [ask("b", "${a} = 'yes'"), ask("c", "${a} = 'yes'")]),
    ("r", [ask("d", "${b} = 'yes'", required=True), note("n")]),
)


def test_a_screen_without_relevant_questions_is_not_shown() -> None:
    assert [(s.name, len(s.questions)) for s in path(BRANCH, {"a": "no"})] == [("p", 1), ("r", 1)]
    assert [(s.name, len(s.questions)) for s in path(BRANCH, {"a": "yes", "b": "yes"})] == [
        ("p", 1),
        ("q", 2),
        ("r", 2),
    ]


def test_answers_on_a_way_since_left_decide_nothing() -> None:
    left: Answers = {"a": "no", "b": "yes", "c": "no", "d": "yes"}
    assert counted_answers(BRANCH, left) == {"a": "no"}
    assert final_answers(BRANCH, left) == {"a": "no"}
    assert [variable.name for variable in relevant_variables(BRANCH, left)] == ["a"]


def test_skipped_is_kept_and_not_asked_is_not() -> None:
    assert final_answers(BRANCH, {"a": "yes", "b": "yes"}) == {"a": "yes", "b": "yes", "c": None, "d": None}
    assert final_answers(BRANCH, {"zzz": "1"}) == {"a": None}


def test_an_irrelevant_page_asks_nothing() -> None:
    page = made(("p", [ask("a")]), ("q", [ask("b"), note("n")]), page_relevant="${a} = 'yes'")
    assert [s.name for s in path(page, {"a": "no"})] == ["p"]
    assert final_answers(page, {"a": "no", "b": "yes"}) == {"a": "no"}


def missing(questionnaire: Questionnaire, answers: Answers) -> str | None:
    screen = unanswered_screen(questionnaire, answers)
    return screen.name if screen else None


def test_what_is_missing_is_the_first_screen_not_passed() -> None:
    assert missing(BRANCH, {}) == "p"
    assert missing(BRANCH, {"a": None}) is None
    assert missing(BRANCH, {"a": "yes", "b": "yes"}) == "q"
    assert missing(BRANCH, {"a": "yes", "b": "yes", "c": None, "d": None}) == "r"
    assert missing(BRANCH, {"a": "yes", "b": "yes", "c": None, "d": "no"}) is None


def ending(when: str) -> Questionnaire:
    return made(
        ("p", [ask("consent"), ask("adult")]),
        ("q", [ask("here"), ask("extra", "${here} = 'yes'")]),
        ends=[{"when": when, "label": TEXT}],
    )


@pytest.mark.parametrize(
    ("when", "answers", "expected"),
    [
        ("${consent} = 'no'", {"consent": "no"}, True),
        ("${consent} = 'no'", {"consent": "yes"}, False),
        ("${consent} != 'yes'", {}, False),
        ("${consent} != 'yes'", {"consent": None}, True),
        ("${consent} != 'yes'", {"adult": "yes"}, False),
        ("${here} != 'yes'", {"consent": "yes", "adult": "yes"}, False),
        ("${here} != 'yes'", {"consent": "yes", "adult": "yes", "here": "no"}, True),
        ("${consent} = 'no' or ${here} != 'yes'", {"consent": "no", "adult": "yes"}, True),
        ("not(${here} = 'yes')", {"consent": "yes", "adult": None}, False),
        ("${extra} = 'no'", {"consent": "yes", "adult": "yes", "here": "no", "extra": "no"}, False),
        ("${extra} = 'no'", {"consent": "yes", "adult": "yes", "here": "yes", "extra": "no"}, True),
    ],
)
def test_screening_waits_for_what_may_still_be_answered(when: str, answers: Answers, expected: bool) -> None:
    questionnaire = ending(when)
    end = questionnaire.ends[0] if expected else None
    assert ended_by(questionnaire, answers) is end


def test_the_first_screening_rule_that_holds_decides() -> None:
    ends = [{"when": f"${{a}} = '{code}'", "label": {"en": code}} for code in ("no", "yes", "yes")]
    found = ended_by(made(("p", [ask("a")]), ends=ends), {"a": "yes"})
    assert found
    assert found.label == {"en": "yes"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"a": "yes", "b": "no"}, {"b": True, "c": True, "d": False}),
        ({"a": "no", "b": "yes"}, {"b": False, "c": False, "d": False}),
        ({"a": NOT_YET, "b": "yes"}, {"b": NOT_YET, "c": NOT_YET, "d": True}),
        ({"a": NOT_YET, "b": "no"}, {"b": NOT_YET, "c": NOT_YET, "d": False}),
        ({"a": "yes", "b": NOT_YET}, {"b": True, "c": True, "d": NOT_YET}),
        ({"a": "no", "b": NOT_YET}, {"b": False, "c": False, "d": False}),
    ],
)
def test_what_is_not_known_leaves_open_what_hangs_on_it(answers: Given, expected: dict[str, object]) -> None:
    assert relevance(BRANCH, answers) == {"a": True, **expected, "n": True}


def test_a_screening_rule_waits_for_what_is_not_known() -> None:
    ends = [{"when": "${b} != 'yes'", "label": TEXT}]
    questionnaire = made(("p", [ask("a"), ask("b", "${a} = 'yes'"), ask("c")]), ends=ends)
    assert ended_by(questionnaire, {"a": "no", "c": "yes"})
    assert ended_by(questionnaire, {"a": NOT_YET, "c": "yes"}) is None
    assert ended_by(questionnaire, {"a": NOT_YET, "b": "no", "c": NOT_YET})
