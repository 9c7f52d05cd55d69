"""What holds of any questionnaire and any answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.estimation.tally import add_to_tally, empty_tally
from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.check import check_questionnaire
from app.questionnaire.conditions import TODAY
from app.questionnaire.counting import change_of, layout_of
from app.questionnaire.form import PREFIX, build_form
from app.questionnaire.kinds.base import Answers
from app.questionnaire.kinds.calculate import Calculate
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.model import Questionnaire, from_canonical, shown
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
    relevant = {variable.name: variable.question for variable in relevant_variables(made, answers)}
    beside = {name: question for name, question in relevant.items() if isinstance(question, Specified)}
    closed = {name for name, question in beside.items() if not question.is_open(answers.get(question.parent))}
    assert list(final) == [name for name in relevant if name not in closed]
    calculated = {name for name, question in relevant.items() if isinstance(question, Calculate)}
    assert all(final[name] == answers.get(name) for name in final if name not in calculated)
    # Nothing that is kept depended on what is not.
    assert final_answers(made, {TODAY: answers[TODAY], **final}) == final
    whole = {**answers, **dict.fromkeys(made.variables), **final}
    must = any(question.model_dump().get("required") for question in made.questions)
    assert must or unanswered_screen(made, whole) is None


@CALM
@given(PAIRS)
def test_the_path_is_a_function_of_answers(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    walked = path(made, answers)
    assert walked == path(made, dict(reversed(answers.items())))
    met = [question.name for screen in walked for question in screen.questions]
    asked = [question.name for question in relevant_questions(made, answers).values() if shown(question)]
    assert sorted(met) == sorted(asked)
    names = [screen.name for screen in screens(made)]
    assert len(set(names)) == len(names)
    walked_names = [screen.name for screen in walked]
    assert set(walked_names) <= set(names)
    if not made.groups:
        assert walked_names == [name for name in names if name in walked_names]
        assert met == asked
    for screen in walked:
        fields = {field.name.removeprefix(PREFIX) for field in build_form(made, screen)()}
        assert fields == {v.name for q in screen.questions for v in q.variables()}


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
    counted = [name for name in final if made.variables[name].question.tally_keys()]
    assert np.count_nonzero(tally.counts) >= len(counted)
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
