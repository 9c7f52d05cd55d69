"""Synthetic responses: the same for the same seed, on the questionnaire's paths, and plausible."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.drawing import drawn
from app.questionnaire.expressions import holds
from app.questionnaire.form import PREFIX, build_form, clean
from app.questionnaire.kinds import KINDS
from app.questionnaire.kinds.base import Answer, Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import ended_by, final_answers, known, path, unanswered_screen
from app.storage.responses import response_id
from app.synthetic.generate import Made, Month, generate
from app.synthetic.opinion import ITEMS, PEOPLE
from tests.conftest import ROOT
from tests.questionnaire.fielded import KEYS, survey
from tests.questionnaire.made import documents, questionnaire_of

FIRST = datetime(2024, 12, 1, tzinfo=UTC)
MONTHS = [Month(FIRST + timedelta(days=30 * n), FIRST + timedelta(days=30 * (n + 1))) for n in range(24)]
LABEL = {"en": "Label"}
EVERY_KIND = read_questionnaire((ROOT / "tests" / "fixtures" / "kinds.yaml").read_bytes())


def made(version: Questionnaire, count: int, seed: int = 1, months: list[Month] = MONTHS) -> list[Made]:
    return [one for _, some in generate(version, seed, months, count) for one in some]


@pytest.fixture(scope="module")
def crowd(questionnaire: Questionnaire) -> list[Made]:
    return made(questionnaire, 24_000)


def where(crowd: list[Made], **wanted: str) -> list[Answers]:
    found = (one.answers for one in crowd)
    return [answers for answers in found if all(answers.get(name) == code for name, code in wanted.items())]


def mean(answers: list[Answers], name: str) -> float:
    codes = [int(str(given[name])) for given in answers if str(given.get(name)) in "12345"]
    assert len(codes) > 100
    return sum(codes) / len(codes)


def share(answers: list[Answers], name: str, code: str) -> float:
    return sum(given.get(name) == code for given in answers) / len(answers)


def test_the_same_seed_gives_the_same_and_another_another(questionnaire: Questionnaire) -> None:
    assert made(questionnaire, 300) == made(questionnaire, 300)
    assert made(questionnaire, 300) != made(questionnaire, 300, seed=2)


def test_as_many_as_asked_for_in_every_month(questionnaire: Questionnaire, crowd: list[Made]) -> None:
    assert len(crowd) == 24_000
    assert len(made(questionnaire, 7)) == 7
    per_month = Counter(number for number, some in generate(questionnaire, 1, MONTHS, 24_000) for _ in some)
    assert all(850 < per_month[number] < 1150 for number in range(24))
    for number, some in generate(questionnaire, 1, MONTHS, 500):
        begins, ends = MONTHS[number]
        assert all(begins <= one.started_at <= one.submitted_at < ends for one in some)


def test_every_response_is_whole_and_on_its_path(questionnaire: Questionnaire, crowd: list[Made]) -> None:
    for one in crowd[:3000]:
        assert one.answers == final_answers(questionnaire, one.answers)
        assert list(one.answers) == list(final_answers(questionnaire, one.answers))
        assert unanswered_screen(questionnaire, one.answers) is None
        assert not any(holds(end.when, one.answers) for end in questionnaire.ends)
        for name, answer in one.answers.items():
            question = questionnaire.variables[name].question
            given = answer if isinstance(answer, list) else [] if answer is None else [str(answer)]
            assert question.read(given) == answer


def values(answer: Answer) -> list[str]:
    """What a form holds of an answer."""
    return answer if isinstance(answer, list) else [] if answer is None else [str(answer)]


def assert_accepted(version: Questionnaire, one: Made) -> None:
    """A response is what somebody could have sent, page by page."""
    today = one.started_at.date().isoformat()
    answers = known(version, one.answers, response_id(one.origin), today)
    assert one.language in version.languages
    assert one.answers == final_answers(version, answers)
    assert list(one.answers) == list(final_answers(version, answers))
    assert unanswered_screen(version, answers) is None
    assert ended_by(version, answers) is None
    for screen in path(version, answers):
        names = [v.name for question in screen.questions for v in question.variables()]
        posted = [(PREFIX + name, value) for name in names for value in values(one.answers.get(name))]
        cleaned = clean(build_form(version, screen)(MultiDict(posted)), lambda: answers)
        assert cleaned.problems == {}
        assert cleaned.answers == {name: one.answers.get(name) for name in names}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents(), seed=st.integers(0, 99))
def test_any_questionnaire_can_be_answered(document: dict[str, Any], seed: int) -> None:
    version = Questionnaire.model_validate(document)
    crowd = made(version, 12, seed, MONTHS[:2])
    assert len(crowd) == 12
    for one in crowd:
        assert_accepted(version, one)


@pytest.mark.parametrize("key", KEYS)
def test_every_survey_can_be_answered(key: str) -> None:
    crowd = made(survey(key), 200)
    assert len(crowd) == 200
    for one in crowd:
        assert_accepted(survey(key), one)


@pytest.fixture(scope="module")
def kinds() -> list[Made]:
    """People who met a question of every kind."""
    return made(EVERY_KIND, 1500)


def test_every_kind_is_answered_with_all_that_it_offers(kinds: list[Made]) -> None:
    assert {question.kind for question in EVERY_KIND.questions} == set(KINDS)
    assert len(kinds) == 1500
    for one in kinds[:300]:
        assert_accepted(EVERY_KIND, one)
    everyone = [one.answers for one in kinds]
    for name, variable in EVERY_KIND.variables.items():
        found = {code for given in everyone for code in values(given.get(name))}
        offered = {option.code for option in variable.options}
        assert offered <= found, name
        assert any(name in given for given in everyone)
    assert share(everyone, "words", "long") == pytest.approx(2 / 3, abs=0.06)
    assert {len(given["asked"]) for given in everyone if isinstance(given["asked"], list)} == {2}
    assert all("step_talks" in given or "step_talks" not in str(given["asked"]) for given in everyone)
    assert len({tuple(values(given["first_order"])) for given in everyone}) == 24
    assert {str(given["city"]) for given in where(kinds, country="jp")} == {"tokyo", "naha", "-8", "None"}
    mails = {given["address"] for given in everyone} - {None}
    assert mails
    assert all(str(mail).endswith("@example.org") for mail in mails)


def test_what_is_random_is_that_of_the_response(kinds: list[Made]) -> None:
    for one in kinds[:50]:
        gave = drawn(EVERY_KIND, response_id(one.origin))
        assert {name: one.answers[name] for name in gave} == gave


def test_answers_meet_constraints_or_are_skipped() -> None:
    bounds = {"start": 0, "end": 9}
    first = {"name": "a", "kind": "integer", "label": LABEL, "parameters": bounds, "required": True}
    second = {**first, "name": "b", "constraint": ". > ${a}", "required": False}
    never = {**second, "name": "c", "constraint": ". = 7 and ${a} = 8"}
    must = {**never, "name": "d", "constraint": "${a} < 8", "required": True}
    crowd = made(questionnaire_of([first], [second, never], [must]), 400)
    assert 300 < len(crowd) < 400, "who cannot answer what must be answered gives up"
    for one in crowd:
        a, b = one.answers["a"], one.answers["b"]
        assert isinstance(a, int)
        assert a < 8
        assert b is None or int(str(b)) > a
        assert one.answers["c"] is None
    assert sum(one.answers["b"] is None for one in crowd) < 20


def test_a_total_is_divided_among_the_rows_asked() -> None:
    rows = [{"name": f"r{n}", "label": LABEL} for n in range(4)]
    sample = {"name": "s", "kind": "sample", "label": LABEL, "of": ["r0", "r1", "r2"], "parameters": {"ask": 1}}
    divide = {"name": "m", "kind": "allocate", "label": LABEL, "rows": rows, "parameters": {"total": 7}}
    version = questionnaire_of([sample, divide])
    for one in made(version, 200):
        assert_accepted(version, one)
        asked = [answer for name, answer in one.answers.items() if name != "s"]
        assert len(asked) == 2
        assert asked == [None, None] or sum(int(str(answer)) for answer in asked) == 7


def test_a_questionnaire_of_notes_alone_leaves_nothing_to_say() -> None:
    version = questionnaire_of([{"name": "read", "kind": "note", "label": LABEL}])
    assert [one.answers for one in made(version, 5)] == [{}] * 5


def test_who_is_screened_out_by_two_answers_together_is_left_out() -> None:
    choices = [{"code": "a", "label": LABEL}, {"code": "b", "label": LABEL}]
    asked = questionnaire_of(
        [{"name": n, "kind": "select_one", "label": LABEL, "choices": choices, "required": True} for n in ("x", "y")]
    )
    ends = [{"when": "${x} = 'a' and ${y} = 'a'", "label": LABEL}]
    version = Questionnaire.model_validate({**asked.model_dump(), "ends": ends})
    crowd = made(version, 400)
    assert 0 < len(crowd) < 400
    assert where(crowd, x="a", y="a") == []


def test_what_is_assumed_is_of_this_questionnaire(questionnaire: Questionnaire) -> None:
    scales = {name for name, variable in questionnaire.variables.items() if variable.question.measure == "scale"}
    assert set(ITEMS) == scales
    for name, (decisive, shares) in PEOPLE.items():
        codes = {option.code for option in questionnaire.variables[name].options}
        assert all(set(known) <= codes for known in shares.values())
        if decisive:
            assert set(shares) - {""} <= {option.code for option in questionnaire.variables[decisive].options}


def test_people_are_roughly_those_of_the_two_countries(crowd: list[Made]) -> None:
    everyone = [one.answers for one in crowd]
    public = where(crowd, group="public", country="jp")
    assert share(everyone, "country", "jp") == pytest.approx(0.55, abs=0.05)
    assert share(public, "gender", "female") == pytest.approx(0.5, abs=0.03)
    assert share(public, "age_group", "a70_up") == pytest.approx(0.25, abs=0.03)
    assert share(public, "region_jp", "okinawa") == pytest.approx(0.02, abs=0.01)
    assert share(where(crowd, country="us"), "region_us", "south") == pytest.approx(0.38, abs=0.03)
    assert share(where(crowd, group="host"), "country", "jp") == 1
    assert all("region_jp" not in given for given in where(crowd, country="us"))
    languages = Counter(one.language for one in crowd if one.answers["country"] == "jp")
    assert languages["ja"] > 0.95 * languages.total()


def test_groups_differ_as_surveys_have_found(crowd: list[Made]) -> None:
    public, host = where(crowd, group="public", country="jp"), where(crowd, group="host")
    experts, us = where(crowd, group="expert"), where(crowd, group="public", country="us")
    assert mean(host, "favour") < mean(public, "favour") - 0.3 < mean(us, "favour")
    assert mean(host, "burden") < mean(public, "burden") - 0.7
    assert mean(host, "DD6a") < mean(public, "DD6a") - 0.3
    assert mean(experts, "DD5a") > mean(public, "DD5a") + 0.2
    assert mean(experts, "aware_guarantee") > mean(public, "aware_guarantee") + 0.5
    assert mean(where(crowd, group="alumni"), "DD7a") > mean(public, "DD7a") + 0.3
    assert all(1.5 < mean([one.answers for one in crowd], name) < 4.6 for name in ITEMS)


def test_some_do_not_know_refuse_or_skip(crowd: list[Made]) -> None:
    everyone = [one.answers for one in crowd]
    public, experts = where(crowd, group="public"), where(crowd, group="expert")
    assert 0.1 < share(public, "DD5a", "-8") < 0.3
    assert share(public, "favour", "-8") < share(public, "DD5a", "-8") / 2
    assert share(experts, "DD5a", "-8") < share(public, "DD5a", "-8") / 2
    assert 0.01 < share(everyone, "gender", "-9") < 0.03
    skipped = [sum(given.get(name, "") is None for given in everyone) / len(everyone) for name in ("favour", "DD6b")]
    assert 0 < skipped[0] < skipped[1] < 0.03
    assert all(given["country"] in ("jp", "us", "other") for given in everyone)
    assert 0.01 < sum(given["comment"] is not None for given in everyone) / len(everyone) < 0.06


def test_opinion_moves_slowly_but_for_the_event(questionnaire: Questionnaire) -> None:
    trend: dict[int, list[Answers]] = {}
    for number, some in generate(questionnaire, 1, MONTHS, 60_000):
        trend.setdefault(number, []).extend(one.answers for one in some if one.answers["country"] == "jp")
    points = [mean(trend[number], "trust_consult") for number in range(24)]
    steps = [abs(after - before) for before, after in pairwise(points)]
    assert max(steps) == steps[12]
    assert points[13] < points[12] - 0.12
    assert sorted(steps)[12] < 0.06
