"""Which rate may be told of a wave, and what became of the people who were asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.organize import outcomes
from app.organize.outcomes import outcomes_of
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from app.storage.endings import DECLINED, LEFT, QUOTA_FULL, SCREENED_OUT
from app.storage.invitations import People
from app.storage.models import Wave
from tests.accounts.door import token

from .test_pages import table

PEOPLE = People(completed=30, begun=10, opted_out=3, no_answer=50, undelivered=4, not_invited=3)
NOBODY: dict[str, dict[str, int]] = {DECLINED: {}, SCREENED_OUT: {}, QUOTA_FULL: {}, LEFT: {}}


def ended(first: str, later: str) -> dict[str, dict[str, int]]:
    return {
        DECLINED: {first: 6, later: 1},
        SCREENED_OUT: {first: 2, later: 3},
        QUOTA_FULL: {later: 2},
        LEFT: {later: 9},
    }


def wave(*, invited_only: bool, sample: bool = False) -> Wave:
    return Wave(invited_only=invited_only, probability_sample=sample)


@pytest.fixture
def ends(questionnaire: Questionnaire) -> dict[str, dict[str, int]]:
    return ended(questionnaire.pages[0].name, questionnaire.pages[-1].name)


def test_a_sample_that_was_drawn_has_a_response_rate(
    questionnaire: Questionnaire, ends: dict[str, dict[str, int]]
) -> None:
    """Of a hundred people: the two screened out and two for whom the quota was full are none of the cases."""
    found = outcomes_of(wave(invited_only=True, sample=True), questionnaire, 31, 12, ends, PEOPLE)
    assert found.cases == {
        outcomes.COMPLETE: 30,
        outcomes.REFUSAL: 3 + 6 + 1,
        outcomes.BREAK_OFF: 10 - 2 - 3 - 1,
        outcomes.NOT_INVITED: 3,
        outcomes.NO_ANSWER: 50 - 2 - 6,
        outcomes.UNDELIVERED: 4,
        outcomes.SCREENED: 5,
        outcomes.QUOTA_FILLED: 2,
    }
    assert sum(found.cases.values()) == 100
    assert [(rate.name, rate.of, rate.base) for rate in found.rates] == [("RR1", 30, 93), ("RR2", 30, 93)]


def test_who_ends_again_and_again_is_no_more_than_one_person(questionnaire: Questionnaire) -> None:
    many = ended(questionnaire.pages[0].name, questionnaire.pages[-1].name)
    many[SCREENED_OUT] = dict.fromkeys(many[SCREENED_OUT], 1000)
    found = outcomes_of(wave(invited_only=True, sample=True), questionnaire, 31, 12, many, PEOPLE)
    assert sum(found.cases.values()) == 100
    assert all(n >= 0 for n in found.cases.values())


def test_people_who_were_not_drawn_have_a_participation_rate(
    questionnaire: Questionnaire, ends: dict[str, dict[str, int]]
) -> None:
    invited = outcomes_of(wave(invited_only=True), questionnaire, 31, 12, ends, PEOPLE)
    assert [(rate.name, rate.of, rate.base) for rate in invited.rates] == [("participation", 30, 97)]
    came = outcomes_of(wave(invited_only=False), questionnaire, 31, 12, ends, PEOPLE)
    assert [(rate.name, rate.of, rate.base) for rate in came.rates] == [("participation", 31, 31 + 12 + 7 + 5 + 2)]
    assert came.cases[outcomes.BREAK_OFF] == 12
    (nothing,) = outcomes_of(wave(invited_only=False), questionnaire, 0, 0, NOBODY, People()).rates
    assert nothing.share is None


@pytest.mark.parametrize(
    ("who", "told"),
    [("", "Participation rate"), ("yes", "Participation rate"), ("sample", "Response rate 1 (RR1)")],
)
def test_the_wave_says_how_people_are_chosen(
    app: Flask, organizer: FlaskClient, questionnaire: Questionnaire, who: str, told: str
) -> None:
    key = questionnaire.survey
    with app.app_context():
        surveys.publish(questionnaire, datetime.now(UTC))
    address = f"/organize/surveys/{key}/open"
    fields = {"key": "w1", "opens_at": "", "closes_at": "", "mode": "web", "population": "list", "time_zone": "UTC"}
    csrf = {"csrf_token": token(organizer, address), "languages": ["ja"], "finish_hours": "24"}
    assert organizer.post(address, data={**fields, **csrf, "invited_only": who}).status_code == 303
    page = organizer.get(f"/organize/surveys/{key}/waves/w1/monitor").text
    assert next(row[0] for row in table(page, "The rate that may be told")) == told
    assert ("Response rate" in page) == (who == "sample")
    said = organizer.get(f"/organize/surveys/{key}/waves/w1").text
    assert ("probability sample" in said) == (who == "sample")
    with app.app_context():
        assert surveys.waves(key)[0].invited_only == (who != "")
