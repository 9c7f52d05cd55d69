"""What holds of any questionnaire and any answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.estimation.tally import add_to_tally, empty_tally
from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.check import check_questionnaire
from app.questionnaire.counting import change_of, layout_of
from app.questionnaire.form import PREFIX, build_form
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire, from_canonical
from app.questionnaire.routing import (
    final_answers,
    path,
    relevant_questions,
    relevant_variables,
    screens,
    unanswered_screen,
)
from tests.questionnaire.made import answers_to, documents

CALM = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
MADE = documents().map(Questionnaire.model_validate)
PAIRS = MADE.flatmap(lambda made: st.tuples(st.just(made), answers_to(made)))


@CALM
@given(documents())
def test_written_and_read_is_the_same_version(document: dict[str, Any]) -> None:
    made = Questionnaire.model_validate(document)
    assert not list(check_questionnaire(made))
    again = read_questionnaire(write_questionnaire(made))
    assert again.canonical == made.canonical
    assert again.hash == made.hash == from_canonical(made.canonical).hash
    assert write_questionnaire(again) == write_questionnaire(made)


@CALM
@given(PAIRS)
def test_final_answers_are_of_the_relevant_variables_and_no_other(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    final = final_answers(made, answers)
    assert list(final) == [variable.name for variable in relevant_variables(made, answers)]
    assert all(final[name] == answers.get(name) for name in final)
    # Nothing that is kept depended on what is not.
    assert final_answers(made, final) == final
    assert unanswered_screen(made, {**dict.fromkeys(made.variables), **final}) is None or any(
        question.model_dump().get("required") for question in made.questions
    )


@CALM
@given(PAIRS)
def test_the_path_is_a_function_of_answers(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    shown = path(made, answers)
    assert shown == path(made, dict(reversed(answers.items())))
    assert [q.name for screen in shown for q in screen.questions] == list(relevant_questions(made, answers))
    names = [screen.name for screen in screens(made)]
    assert len(set(names)) == len(names)
    assert [screen.name for screen in shown] == [name for name in names if name in {s.name for s in shown}]
    for screen in shown:
        fields = [field.name.removeprefix(PREFIX) for field in build_form(made, screen)()]
        assert fields == [v.name for q in screen.questions for v in q.variables()]


@CALM
@given(PAIRS)
def test_a_screen_does_not_depend_on_itself(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    for screen in path(made, answers):
        own = {variable.name for question in screen.questions for variable in question.variables()}
        others = {name: answer for name, answer in answers.items() if name not in own}
        same = next((other for other in path(made, others) if other.name == screen.name), None)
        assert same == screen


@CALM
@given(PAIRS)
def test_a_change_added_and_taken_away_is_nothing(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    final = final_answers(made, answers)
    tally = add_to_tally(empty_tally(layout_of(made)), [change_of(made, final)])
    assert tally.n.tolist() == [1]
    assert np.count_nonzero(tally.counts) >= (1 if final else 0)
    gone = add_to_tally(tally, [change_of(made, final, -1)])
    assert not gone.n.any()
    assert not gone.counts.any()


@CALM
@given(PAIRS)
def test_files_hold_every_answer(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    columns = [c.lower() for v in made.variables.values() for c in v.question.columns(v.name)]
    assert len(set(columns)) == len(columns)
    for name, answer in final_answers(made, answers).items():
        question = made.variables[name].question
        assert question.from_cells([str(cell) for cell in question.cells(answer, None)]) == answer
