"""Answers as a row keeps them: what is read of a part is what is read of the whole, and nothing kept is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.conditions import TODAY
from app.questionnaire.kept import Kept
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import known, path, path_of
from benchmarks.pages import questionnaire
from tests.questionnaire.made import answers_to
from tests.questionnaire.test_properties import CALM, MADE

SEEDS = st.integers(0, 2**63 - 1)
PAIRS = MADE.flatmap(lambda made: st.tuples(st.just(made), answers_to(made), answers_to(made)))
PART = questionnaire(40, 15)


def entered(made: Questionnaire, answers: Answers) -> Answers:
    """Those that a respondent gave: neither drawn nor calculated."""
    return {n: a for n, a in answers.items() if n != TODAY and made.variables[n].question.entered}


@CALM
@given(PAIRS, SEEDS)
def test_the_path_of_what_is_kept_is_the_path_of_its_answers(
    found: tuple[Questionnaire, Answers, Answers], seed: int
) -> None:
    made, answers, later = found
    today = str(answers[TODAY])
    kept = Kept.of(made, entered(made, answers))
    for one in (kept, kept.over(entered(made, later)), Kept(made, "{}")):
        assert path_of(one, seed, today) == path(made, known(made, one.answers, seed, today))


@given(st.dictionaries(st.sampled_from(list(PART.variables)), st.sampled_from(["1", "2", None])))
def test_a_path_that_hangs_on_answers_alone_is_that_of_all_of_them(answers: Answers) -> None:
    assert not PART.draws
    walked = path_of(Kept.of(PART, answers), 1, "2026-11-28")
    assert walked == path(PART, known(PART, answers, 1, "2026-11-28"))
    assert [walked.place(screen.name) for screen in walked] == list(range(len(walked)))
    assert walked.place("elsewhere") is None


@CALM
@given(PAIRS)
def test_pages_laid_over_one_another_are_all_there(found: tuple[Questionnaire, Answers, Answers]) -> None:
    made, first, second = (found[0], entered(found[0], found[1]), entered(found[0], found[2]))
    laid = Kept.of(made, first).over(second)
    assert laid.answers == Kept(made, laid.text).answers == json.loads(laid.text) == first | second
    assert laid.some(made.variables) == {name: laid.answers.get(name) for name in made.variables}
    assert Kept.of(made, first).over({}).answers == first


@pytest.mark.parametrize("strange", [{"gone": "1"}, {"gone": ["a", "b"], "q1": "4"}, {"gone": None, "class": 3}])
def test_what_the_version_does_not_know_is_kept(strange: dict[str, Any]) -> None:
    kept = Kept(PART, json.dumps({"q0": "1", **strange}))
    laid = kept.over({"q2": "3", "q0": None}).over({"q3": "5"})
    assert kept.answers == {"q0": "1", **strange}
    assert laid.answers == json.loads(laid.text) == {**strange, "q0": None, "q2": "3", "q3": "5"}
    assert laid.some(["q0", "q3", "q4"]) == {"q0": None, "q3": "5", "q4": None}
    assert json.loads(Kept.of(PART, {"q1": "1"}).over(strange).text) == {"q1": "1", **strange}
    assert path_of(laid, 1, "2026-11-28") == path(PART, known(PART, laid.answers, 1, "2026-11-28"))


def test_laying_over_changes_nothing_before_it() -> None:
    kept = Kept.of(PART, {"q0": "1"})
    kept.over({"q0": "2", "q1": "1"})
    assert kept.answers == json.loads(kept.text) == {"q0": "1"}
    assert kept.some(["q0", "q1"]) == {"q0": "1", "q1": None}
