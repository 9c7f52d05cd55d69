"""Somebody walks through any questionnaire: nothing irrelevant is shown, nothing relevant is left out.

What is relevant is told here by a plain reading of the file from its beginning to its end, which shares with the
routing no more than the values of expressions.
"""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.check import check_questionnaire
from app.questionnaire.conditions import TODAY
from app.questionnaire.drawing import drawn
from app.questionnaire.expressions import holds
from app.questionnaire.form import PREFIX, build_form, clean
from app.questionnaire.kinds import KINDS
from app.questionnaire.kinds.allocate import Allocate
from app.questionnaire.kinds.base import Answers
from app.questionnaire.kinds.calculate import Calculate
from app.questionnaire.kinds.companions import Specified
from app.questionnaire.kinds.sample import Sample
from app.questionnaire.model import Page, Questionnaire, shown
from app.questionnaire.relevance import calculated
from app.questionnaire.routing import Screen, final_answers, known, path, unanswered_screen

from .designs import designs
from .made import TODAY as DAY
from .made import fitting

CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MADE = designs().map(Questionnaire.model_validate)
SEEDS = st.integers(0, 2**63 - 1)
MOST_STEPS = 120


def asked(made: Questionnaire, answers: Answers, seed: int) -> dict[str, Any]:
    """The names of what is asked of whoever gave these answers, with the answer to each; read from first to last."""
    gave = drawn(made, seed)
    samples = {name: q.name for q in made.questions if isinstance(q, Sample) for name in q.of}
    counted: Answers = {TODAY: DAY}
    found: dict[str, Any] = {}

    def may(condition: str | None, name: str) -> bool:
        chosen = gave[samples[name]] if name in samples else [name]
        assert isinstance(chosen, list)
        return name in chosen and (condition is None or holds(condition, counted))

    for page in made.pages:
        above = all(holds(condition, counted) for condition in conditions(made, page))
        for question in page.questions:
            if not above or not may(question.relevant, question.name):
                continue
            rows = getattr(question, "rows", ())
            names = [row.name for row in rows if may(row.relevant, row.name)]
            beside = [v.name for v in question.variables() if isinstance(v.question, Specified)]
            for name in names if rows else [question.name, *beside]:
                found[name] = gave.get(name, answers.get(name))
                if isinstance(question, Calculate):
                    found[name] = calculated(question, counted)
            if rows and names:
                found[question.name] = None
            counted |= {name: answer for name, answer in found.items() if name not in counted}
    return found


def conditions(made: Questionnaire, page: Page) -> list[str]:
    groups = {group.name: group for group in made.groups}
    found, name = [page.relevant], page.group
    while name is not None:
        found.append(groups[name].relevant)
        name = groups[name].group
    return [condition for condition in found if condition]


def names_on(screen: Screen) -> set[str]:
    return {name for q in screen.questions for name in (q.name, *(v.name for v in q.variables()))}


def passed(made: Questionnaire, screen: Screen, answers: Answers, seed: int, chance: random.Random) -> Answers | None:
    """Answers that the form of a screen takes; None where none of those tried is taken."""
    earlier = known(made, answers, seed, DAY)
    for _ in range(30):
        posted: list[tuple[str, str]] = []
        for question in screen.questions:
            variables = question.variables()
            total = variables[0].question if variables else None
            for number, variable in enumerate(variables):
                values = chance.choice([[], *fitting(variable)])
                if isinstance(total, Allocate):
                    values = ["0" if number else str(total.parameters.total)]
                posted += [(PREFIX + variable.name, value) for value in values]
        cleaned = clean(build_form(made, screen)(MultiDict(posted)), lambda: earlier)
        if not cleaned.problems:
            return cleaned.answers
    return None


@CALM
@given(MADE, SEEDS, st.integers(0, 1000))
def test_a_walk_shows_all_that_is_relevant_and_nothing_else(made: Questionnaire, seed: int, luck: int) -> None:
    chance = random.Random(luck)
    answers: Answers = {}
    for _ in range(MOST_STEPS):
        now = known(made, answers, seed, DAY)
        relevant = asked(made, answers, seed)
        walked = path(made, now)
        on_path = set().union(*map(names_on, walked))
        assert on_path == {name for name in relevant if name in on_path or is_met(made, name)}
        screen = unanswered_screen(made, now)
        if screen is None:
            break
        if answers and chance.random() < 0.2:  # Going back, to answer otherwise.
            screen = chance.choice(walked[: walked.index(screen) + 1])
        taken = passed(made, screen, answers, seed, chance)
        if taken is None:
            return
        answers |= taken
    else:
        raise AssertionError("the walk does not end")
    relevant = asked(made, answers, seed)
    final = final_answers(made, known(made, answers, seed, DAY))
    kept = {name for name in final if name not in made.shuffles}
    of_rows = {question.name for question in made.questions if getattr(question, "rows", ())}
    closed = {name for name, v in made.variables.items() if isinstance(v.question, Specified) and name not in final}
    assert kept == set(relevant) - of_rows - closed - {q.name for q in made.questions if not q.variables()}
    assert all(final[name] == relevant[name] for name in kept)
    assert all(name in answers for name in kept if made.variables[name].question.entered)
    for name in closed & set(relevant):
        beside = made.variables[name].question
        assert isinstance(beside, Specified)
        assert not beside.is_open(answers.get(beside.parent))


def is_met(made: Questionnaire, name: str) -> bool:
    """Whether a respondent would see it on a screen."""
    variable = made.variables.get(name)
    return variable.question.entered if variable else shown(made.question(name))


@CALM
@given(MADE, SEEDS, st.integers(0, 1000))
def test_the_path_is_a_function_of_answers_version_and_seed(made: Questionnaire, seed: int, luck: int) -> None:
    chance = random.Random(luck)
    answers: Answers = {}
    for screen in path(made, known(made, {}, seed, DAY)):
        answers |= passed(made, screen, answers, seed, chance) or {}
    walked = path(made, known(made, answers, seed, DAY))
    # Another process, which read the version from storage and the answers in another order.
    again = Questionnaire.model_validate(json.loads(made.canonical))
    fresh = known(again, dict(reversed(answers.items())), seed, DAY)
    assert [(s.name, [q.name for q in s.questions]) for s in path(again, fresh)] == [
        (s.name, [q.name for q in s.questions]) for s in walked
    ]
    # What was answered to questions that are not asked decides nothing.
    relevant = asked(made, answers, seed)
    only = {name: answer for name, answer in answers.items() if name in relevant}
    assert path(made, known(made, only, seed, DAY)) == walked


@CALM
@given(designs())
def test_what_is_made_is_sound(document: dict[str, Any]) -> None:
    made = Questionnaire.model_validate(document)
    assert [str(problem) for problem in check_questionnaire(made)] == []
    assert read_questionnaire(write_questionnaire(made)).hash == made.hash


FEATURES = {
    *KINDS,
    *("group in a group", "random group", "group condition", "page condition", "row condition", "question condition"),
    *("random page", "fixed question", "random rows", "random options", "sample of rows", "sample of questions"),
    *("variant", "filter", "constraint", "required by condition", "answer in words", "specify", "exclusive"),
    *("minimum", "drop-down", "don't know", "refused"),
}


def features(made: dict[str, Any]) -> set[str]:
    """What a document makes use of."""
    questions = [q for page in made["pages"] for q in page["questions"]]
    rows = [row for q in questions for row in q.get("rows", ())]
    choices = [choice for q in questions for choice in q.get("choices", ())]
    sampled = {name for q in questions for name in q.get("of", ())}
    found = {
        "group in a group": any("group" in group for group in made["groups"]),
        "random group": any(group["randomize"] for group in made["groups"]),
        "group condition": any("relevant" in group for group in made["groups"]),
        "page condition": any("relevant" in page for page in made["pages"]),
        "row condition": any("relevant" in row for row in rows),
        "question condition": any("relevant" in q for q in questions),
        "random page": any(page.get("randomize") for page in made["pages"]),
        "fixed question": any(q.get("fixed") for q in questions),
        "random rows": any(q.get("parameters", {}).get("randomize") and "rows" in q for q in questions),
        "random options": any(q.get("parameters", {}).get("randomize") and "rows" not in q for q in questions),
        "sample of rows": any(row["name"] in sampled for row in rows),
        "sample of questions": any(q["name"] in sampled for q in questions),
        "variant": any("variants" in q for q in questions),
        "filter": any("choice_filter" in q for q in questions),
        "constraint": any("constraint" in q for q in questions),
        "required by condition": any(isinstance(q.get("required"), str) for q in questions),
        "answer in words": any("${" in q["label"]["en"] for q in questions),
        "specify": any(choice.get("specify") for choice in choices),
        "exclusive": any(choice.get("exclusive") for choice in choices),
        "minimum": any("minimum" in q.get("parameters", {}) for q in questions),
        "drop-down": any("appearance" in q for q in questions),
        "don't know": any(q.get("dont_know") for q in questions),
        "refused": any(q.get("refused") for q in questions),
    }
    return {q["kind"] for q in questions} | {name for name, is_there in found.items() if is_there}


def test_the_generator_reaches_everything_that_decides_a_path() -> None:
    seen: set[str] = set()

    @settings(max_examples=600, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(designs())
    def collect(document: dict[str, Any]) -> None:
        seen.update(features(document))

    collect()
    assert seen == FEATURES
