"""Changing a wave: until it opens all of its plan, then its end; nobody's change is lost unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.questionnaire.model import Questionnaire
from app.storage import audit, invitations, surveys
from app.storage.models import Wave
from tests.accounts.door import ORGANIZER

SURVEY = "domestic-diplomacy"
PAGE = f"/organize/surveys/{SURVEY}/waves"
NOW = datetime.now(UTC)
OPENS, CLOSES = NOW + timedelta(days=20), NOW + timedelta(days=30, seconds=7)


@pytest.fixture(autouse=True)
def _published(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        surveys.publish(questionnaire, NOW)


def plan(app: Flask, key: str = "w1", **more: Any) -> None:
    with app.app_context():
        surveys.open_wave(SURVEY, key, NOW, **{"opens_at": OPENS, "closes_at": CLOSES, **more})


def form(browser: FlaskClient, wave: str = "w1") -> dict[str, Any]:
    """What a browser would send of the page as it is."""
    soup = BeautifulSoup(browser.get(f"{PAGE}/{wave}/change").text, "html.parser")
    fields: dict[str, Any] = {str(one["name"]): str(one.get("value", "")) for one in soup.select("main input[name]")}
    chosen = soup.select_one("main select option[selected]")
    boxes = [str(one["value"]) for one in soup.select("main input[name=languages][checked]")]
    return {**fields, **({"invited_only": str(chosen["value"]), "languages": boxes} if chosen else {})}


def change(browser: FlaskClient, fields: dict[str, Any], wave: str = "w1") -> TestResponse:
    return browser.post(f"{PAGE}/{wave}/change", data=fields)


def stored(app: Flask) -> list[Wave]:
    with app.app_context():
        return surveys.waves(SURVEY)


def logged(app: Flask) -> list[tuple[str, dict[str, str]]]:
    with app.app_context():
        found = audit.entries(audit.Filter(action="wave.changed"))
        return [(entry.actor, audit.detail_of(entry)) for entry in found]


def test_all_of_a_planned_wave_can_be_changed(app: Flask, organizer: FlaskClient) -> None:
    plan(app)
    assert f'href="{PAGE}/w1/change"' in organizer.get(f"{PAGE}/w1").text
    year = NOW.year + 1
    wanted = {"key": "w2", "time_zone": "Asia/Tokyo", "opens_at": f"{year}-03-14T09:00", "closes_at": ""}
    wanted |= {"finish_hours": "48", "invited_only": "yes", "mode": "phone", "population": "panel"}
    answer = change(organizer, {**form(organizer), **wanted, "languages": ["ja"]})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/w2")
    assert "The wave “w2” is changed." in organizer.get(answer.location).text
    (wave,) = stored(app)
    assert (wave.key, wave.opens_at, wave.closes_at) == ("w2", datetime(year, 3, 14, tzinfo=UTC), None)
    assert (wave.time_zone, wave.finish_hours, wave.languages) == ("Asia/Tokyo", 48, "ja")
    assert (wave.invited_only, wave.mode, wave.population, wave.noted) == (True, "phone", "panel", "planned")
    ((actor, detail),) = logged(app)
    assert actor == ORGANIZER
    assert (detail["wave"], detail["renamed"], detail["population"]) == ("w1", "w1 → w2", "opt-in → panel")
    assert detail["closes_at"] == f"{CLOSES:%Y-%m-%d %H:%M} UTC → –"


def test_what_is_not_touched_stays_and_is_not_logged(app: Flask, organizer: FlaskClient) -> None:
    plan(app)
    assert change(organizer, form(organizer)).status_code == 303
    assert logged(app) == []
    assert change(organizer, {**form(organizer), "population": "panel"}).status_code == 303
    (wave,) = stored(app)
    assert (wave.opens_at, wave.closes_at, wave.finish_hours) == (OPENS, CLOSES, None), "to the second"
    assert [set(detail) for _, detail in logged(app)] == [{"wave", "population"}]


def test_a_planned_wave_can_be_opened_at_once(app: Flask, organizer: FlaskClient) -> None:
    plan(app)
    assert change(organizer, {**form(organizer), "opens_at": ""}).status_code == 303
    (wave,) = stored(app)
    assert (wave.noted, NOW <= wave.opens_at <= datetime.now(UTC)) == ("open", True)
    assert app.test_client().get(f"/s/{SURVEY}").status_code == 200


def test_of_an_open_wave_only_the_end_can_be_changed(app: Flask, organizer: FlaskClient) -> None:
    plan(app, opens_at=NOW - timedelta(days=1))
    fields = form(organizer)
    assert set(fields) == {"csrf_token", "seen", "closes_at", "finish_hours"}
    past = change(organizer, {**fields, "closes_at": "2020-01-01T00:00"})
    assert past.status_code == 422
    assert 'href="#closes_at">This time is past. Close the wave to end it at once.' in past.text
    more = {"closes_at": "", "finish_hours": "0", "key": "w9", "mode": "phone", "opens_at": "2999-01-01T00:00"}
    assert change(organizer, {**fields, **more}).status_code == 303
    (wave,) = stored(app)
    assert (wave.key, wave.mode, wave.opens_at) == ("w1", "web", NOW - timedelta(days=1))
    assert (wave.closes_at, wave.finish_hours) == (None, 0)


@pytest.mark.parametrize("closed", [True, False])
def test_a_wave_that_is_over_or_not_there_is_not_changed(app: Flask, organizer: FlaskClient, closed: bool) -> None:
    if closed:
        plan(app, opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=1))
    assert organizer.get(f"{PAGE}/w1/change").status_code == 404
    assert f"{PAGE}/w1/change" not in organizer.get(f"{PAGE}/w1").text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"key": "W 1"}, "key", "Give the wave a key"),
        ({"key": "other"}, "key", "The survey has a wave “other” already."),
        ({"opens_at": "2020-01-01T00:00"}, "opens_at", "This time is past."),
        ({"closes_at": "2020-01-01T00:00"}, "closes_at", "The wave would close before it opens."),
        ({"closes_at": "2999-01-01T00:00"}, "closes_at", "The wave “other” is open in that time too"),
        ({"time_zone": "Asia/Nowhere"}, "time_zone", "There is no time zone"),
        ({"languages": []}, "languages", "Choose one language or more."),
        ({"languages": ["fr"]}, "languages", "The questionnaire has no language “fr”."),
        ({"finish_hours": "-1"}, "finish_hours", "Enter the hours to finish in"),
        ({"population": ""}, "population", "Say who is asked"),
    ],
)
def test_what_cannot_be_says_why_and_keeps_what_was_typed(
    app: Flask, organizer: FlaskClient, fields: dict[str, Any], field: str, said: str
) -> None:
    plan(app)
    plan(app, "other", opens_at=NOW + timedelta(days=40), closes_at=None)
    answer = change(organizer, {**form(organizer), "mode": "by phone", **fields})
    assert answer.status_code == 422
    assert f'href="#{field}">{said}' in answer.text
    assert 'value="by phone"' in answer.text
    assert logged(app) == []


def test_languages_stay_once_people_are_invited_in_them(app: Flask, organizer: FlaskClient) -> None:
    plan(app)
    with app.app_context():
        wave_id = surveys.waves(SURVEY)[0].id
        invitations.add_contacts(SURVEY, "w1", wave_id, [("ann@example.org", "", "en")], NOW, "test")
    answer = change(organizer, {**form(organizer), "languages": ["ja"]})
    assert 'href="#languages">The wave has contacts or planned mails in its languages' in answer.text
    assert change(organizer, {**form(organizer), "key": "w2"}).status_code == 303


def test_nobody_overwrites_unseen_what_somebody_else_has_saved(app: Flask, organizer: FlaskClient) -> None:
    plan(app)
    before = form(organizer)
    assert change(organizer, {**before, "population": "members"}).status_code == 303
    second = change(organizer, {**before, "population": "panel", "mode": "phone"})
    assert second.status_code == 409
    assert "Somebody has changed the wave since you opened this page" in second.text
    assert "members" in second.text
    assert 'value="panel"' in second.text
    assert [wave.population for wave in stored(app)] == ["members"]
    seen = BeautifulSoup(second.text, "html.parser").select_one("main input[name=seen]")
    assert seen is not None
    assert change(organizer, {**before, "population": "panel", "seen": str(seen["value"])}).status_code == 303
    assert [wave.population for wave in stored(app)] == ["panel"]


def test_a_probability_sample_stays_one_until_that_is_changed(app: Flask, organizer: FlaskClient) -> None:
    plan(app, probability_sample=True)
    fields = form(organizer)
    assert fields["invited_only"] == "sample"
    assert change(organizer, {**fields, "mode": "phone"}).status_code == 303
    assert [(one.mode, one.probability_sample, one.invited_only) for one in stored(app)] == [("phone", True, True)]
    assert change(organizer, {**form(organizer), "invited_only": "yes"}).status_code == 303
    assert [(one.probability_sample, one.invited_only) for one in stored(app)] == [(False, True)]


@pytest.mark.parametrize("population", ["住民（沖縄県）、18歳以上", "adults; by telephone"])
def test_who_is_asked_does_not_stand_in_the_way_of_another_end(
    app: Flask, organizer: FlaskClient, population: str
) -> None:
    plan(app, opens_at=NOW - timedelta(days=1), population=population)
    plan(app, "w2", opens_at=CLOSES, closes_at=None, population=population)
    assert change(organizer, {**form(organizer), "finish_hours": "5"}).status_code == 303
    assert change(organizer, {**form(organizer, "w2"), "key": "w3"}, "w2").status_code == (
        303 if "（" in population else 422
    )
    assert {wave.finish_hours for wave in stored(app) if wave.key == "w1"} == {5}
