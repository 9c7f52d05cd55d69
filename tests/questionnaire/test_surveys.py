"""The questionnaires that are fielded: complete, short, and in the same words wherever they ask the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from app.questionnaire.kinds.base import AnsweredQuestion, Answers
from app.questionnaire.kinds.matrix import Matrix
from app.questionnaire.kinds.text import TextQuestion
from app.questionnaire.routing import ended_by
from app.surveys_folder import questionnaire_files
from tests.questionnaire.fielded import (
    CATALOGUE,
    KEYS,
    LANGUAGES,
    PULSE,
    SURVEYS,
    TRACKS,
    asked,
    every_survey,
    every_track,
    items,
    survey,
    two_surveys,
)

BLOCKS = {path.stem: path for path in (SURVEYS / "blocks").glob("*.yaml")}


def test_every_track_has_a_questionnaire_and_the_pulse_is_beside_them() -> None:
    assert [file.stem for file in questionnaire_files(SURVEYS)] == KEYS
    for key in KEYS:
        assert survey(key).survey == key


def test_every_block_is_included_and_by_more_than_one_survey() -> None:
    used: list[str] = []
    for key in KEYS:
        document = yaml.safe_load((SURVEYS / f"{key}.yaml").read_text(encoding="utf-8"))
        used += document["include"]
        used += [page["include"] for page in document["pages"] if "include" in page]
    assert set(used) == set(BLOCKS)
    assert all(used.count(name) >= 2 for name in BLOCKS)


@every_track
def test_every_current_action_has_its_item_in_its_track_and_in_the_pulse(track: str) -> None:
    wanted = sorted(action.code for action in CATALOGUE.fielded_actions() if action.code.startswith(track))
    assert wanted
    assert sorted(items(TRACKS[track])) == wanted
    assert sorted(code for code in items(PULSE) if code.startswith(track)) == wanted


def test_the_pulse_asks_about_all_actions_and_no_others() -> None:
    assert sorted(items(PULSE)) == sorted(action.code for action in CATALOGUE.fielded_actions())


@every_survey
def test_an_item_has_the_name_of_its_action(key: str) -> None:
    assert all(variable.name == action for action, variable in items(key).items())


@every_survey
def test_it_is_short(key: str) -> None:
    assert len(asked(key)) <= 25


@every_survey
def test_people_can_comment_once_but_in_the_pulse_not_at_all(key: str) -> None:
    texts = [question.name for question in asked(key) if isinstance(question, TextQuestion)]
    assert texts == ([] if key == PULSE else ["comment"])


@every_survey
def test_general_questions_come_before_the_proposals(key: str) -> None:
    names = [question.name for question in asked(key)]
    first_proposal = next(names.index(q.name) for q in asked(key) if isinstance(q, Matrix))
    general = [name for name in names if re.match("favour|trust|aware|.*cooperation", name)]
    assert general[0] == "favour"
    assert [names.index(name) for name in general] == sorted(names.index(name) for name in general)
    assert max(names.index(name) for name in general) < first_proposal


@every_survey
def test_only_what_routing_needs_must_be_answered(key: str) -> None:
    required = {q.name for q in asked(key) if isinstance(q, AnsweredQuestion) and q.required}
    assert required == {"consent", "adult", "country", "group"}


@every_survey
def test_consent_and_age_are_screened(key: str) -> None:
    def ending(answers: Answers) -> int | None:
        end = ended_by(survey(key), answers)
        return survey(key).ends.index(end) if end else None

    assert ending({}) is None
    assert ending({"consent": "yes", "adult": "yes"}) is None
    assert ending({"consent": "no"}) == 0
    assert ending({"consent": "yes", "adult": "no"}) == 1


def texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and value and all(isinstance(inner, str) for inner in value.values()) and "en" in value:
        yield value
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


@every_survey
def test_every_text_is_in_both_languages(key: str) -> None:
    assert sorted(survey(key).languages) == sorted(LANGUAGES)
    found = list(texts(survey(key).model_dump()))
    assert len(found) > 80
    for text in found:
        assert sorted(text) == sorted(LANGUAGES)
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text["ja"]), text
        assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text["en"]), text


@every_track
def test_an_item_has_the_same_words_in_the_pulse_as_in_its_track(track: str) -> None:
    pulse = items(PULSE)
    for action, variable in items(TRACKS[track]).items():
        other = pulse[action]
        assert other.question.kind == variable.question.kind
        assert (other.stem, other.label) == (variable.stem, variable.label)
        assert other.options == variable.options
        assert variable.row
        assert other.row
        assert other.row.hint == variable.row.hint


@two_surveys
def test_questions_of_one_name_have_the_same_words_everywhere(one: str, other: str) -> None:
    shared = survey(one).variables.keys() & survey(other).variables.keys()
    assert {"consent", "country", "group", "gender", "age_group", "region_jp", "region_us", "favour"} <= shared
    for name in shared:
        here, there = survey(one).variables[name], survey(other).variables[name]
        assert (here.stem, here.label, here.options) == (there.stem, there.label, there.options)
        assert here.question.hint == there.question.hint
        assert here.question.required == there.question.required


@two_surveys
def test_results_are_shown_for_the_same_groups_everywhere(one: str, other: str) -> None:
    assert survey(one).weighting == survey(other).weighting
    experiments = {*survey(one).arms, *survey(other).arms}
    here, there = ([b for b in survey(key).breakdowns if b.name not in experiments] for key in (one, other))
    assert here == there
