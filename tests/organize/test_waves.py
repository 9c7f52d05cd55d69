"""Opening and closing waves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.questionnaire.model import Questionnaire
from app.storage import surveys
from app.storage.base import writing
from app.storage.models import Wave
from tests.accounts.door import token

SURVEY = "domestic-diplomacy"
PAGE = f"/organize/surveys/{SURVEY}"
NOW = datetime.now(UTC).replace(second=0, microsecond=0)
LATER = NOW + timedelta(days=20)


@pytest.fixture(autouse=True)
def _published(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        surveys.publish(questionnaire, NOW)


FIELDS: dict[str, str | list[str]] = {
    "key": "w1",
    "opens_at": "",
    "closes_at": "",
    "mode": "web",
    "population": "opt-in",
    "time_zone": "UTC",
    "finish_hours": "24",
    "languages": ["ja", "en"],
}


def open_wave(browser: FlaskClient, **fields: str | list[str]) -> TestResponse:
    chosen = {**FIELDS, **fields}
    return browser.post(f"{PAGE}/open", data={"csrf_token": token(browser, f"{PAGE}/open"), **chosen})


def close_wave(browser: FlaskClient, wave: str, typed: str) -> TestResponse:
    address = f"{PAGE}/waves/{wave}/close"
    return browser.post(address, data={"csrf_token": token(browser, "/organize"), "key": typed})


def stored(app: Flask) -> list[Wave]:
    with app.app_context():
        return surveys.waves(SURVEY)


def local(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def test_a_wave_opens_at_once(app: Flask, organizer: FlaskClient) -> None:
    before = datetime.now(UTC)
    answer = open_wave(organizer, key="　ｗ１", mode="web ", population="住民（沖縄県）　18歳以上")
    assert (answer.status_code, answer.location) == (303, PAGE)
    (wave,) = stored(app)
    assert (wave.key, wave.mode, wave.population, wave.closes_at) == ("w1", "web", "住民（沖縄県）　18歳以上", None)
    assert before <= wave.opens_at <= datetime.now(UTC)
    page = organizer.get(PAGE).text
    assert "The wave “w1” is set up." in page
    assert ">Open</span>" in page
    assert f'href="{PAGE}/waves/w1/close"' in page
    assert app.test_client().get(f"/s/{SURVEY}").status_code == 200


def test_times_are_those_of_the_zone(app: Flask, organizer: FlaskClient) -> None:
    """9 in the morning in Tokyo is midnight of UTC. People who come too early or too late are told by that clock."""
    opens = datetime(NOW.year + 1, 3, 14, 9, 0, tzinfo=UTC)
    answer = open_wave(organizer, opens_at=local(opens), time_zone="Asia/Tokyo", finish_hours="48", languages=["ja"])
    assert answer.status_code == 303
    (wave,) = stored(app)
    assert (wave.opens_at, wave.time_zone) == (opens - timedelta(hours=9), "Asia/Tokyo")
    assert (wave.finish_hours, wave.languages, wave.noted) == (48, "ja", "planned")
    assert f"14 Mar {opens.year}, 09:00 Japan Standard Time" in organizer.get(PAGE).text
    early = app.test_client().get(f"/s/{SURVEY}", headers={"Accept-Language": "en"})
    assert "に始まります" in early.text, "the wave is fielded in Japanese only"
    assert f"{opens.year}年3月14日 09:00（日本標準時）" in early.text
    assert 'value="Asia/Tokyo"' in organizer.get(f"{PAGE}/open").text, "the zone of the wave before is suggested"


def test_times_that_no_clock_shows_or_shows_twice_are_refused(app: Flask, organizer: FlaskClient) -> None:
    year = next(year for year in range(NOW.year + 1, NOW.year + 13) if date(year, 3, 14).weekday() == 6)
    gap = open_wave(organizer, opens_at=f"{year}-03-14T02:30", time_zone="America/New_York")
    assert gap.status_code == 422
    assert f'href="#opens_at">{year}-03-14 02:30 does not exist in America/New_York' in gap.text
    twice = open_wave(organizer, closes_at=f"{year}-11-07T01:30", time_zone="America/New_York")
    assert f'href="#closes_at">{year}-11-07 01:30 comes twice in America/New_York' in twice.text
    assert stored(app) == []
    after = {"opens_at": f"{year}-03-14T03:00", "closes_at": f"{year}-11-07T02:00"}
    assert open_wave(organizer, **after, time_zone="America/New_York").status_code == 303
    (wave,) = stored(app)
    assert (f"{wave.opens_at:%H:%M}", f"{wave.closes_at:%H:%M}") == ("07:00", "07:00")


def test_times_in_utc(app: Flask, organizer: FlaskClient) -> None:
    closes = LATER + timedelta(hours=5)
    assert open_wave(organizer, opens_at=local(LATER), closes_at=local(closes), mode="phone").status_code == 303
    (wave,) = stored(app)
    assert (wave.opens_at, wave.closes_at, wave.mode) == (LATER, closes, "phone")
    page = organizer.get(PAGE).text
    assert f'<time datetime="{LATER:%Y-%m-%dT%H:%M:00Z}">' in page
    assert ">Opens later</span>" in page


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"key": ""}, "key", "Give the wave a key"),
        ({"key": "Wave 1"}, "key", "Give the wave a key"),
        ({"key": "w\n1"}, "key", "Give the wave a key"),
        ({"key": "a\x00"}, "key", "Give the wave a key"),
        ({"key": "a" * 61}, "key", "Give the wave a key"),
        ({"opens_at": "tomorrow"}, "opens_at", "Enter date and time"),
        ({"closes_at": "2026-02-30T10:00"}, "closes_at", "Enter date and time"),
        ({"opens_at": "2020-01-01T00:00"}, "opens_at", "This time is past."),
        ({"closes_at": "2020-01-01T00:00"}, "closes_at", "The wave would close before it opens."),
        ({"opens_at": local(LATER), "closes_at": local(LATER)}, "closes_at", "The wave would close before it opens."),
        ({"time_zone": "Asia/Nowhere"}, "time_zone", "There is no time zone “Asia/Nowhere”."),
        ({"time_zone": "../etc/passwd"}, "time_zone", "There is no time zone"),
        ({"opens_at": "0001-01-01T00:00", "time_zone": "Asia/Tokyo"}, "opens_at", "0001-01-01 00:00 in Asia/Tokyo is"),
        ({"finish_hours": "721"}, "finish_hours", "Enter the hours to finish in as a whole number from 0 to 720."),
        ({"finish_hours": ""}, "finish_hours", "Enter the hours to finish in as a whole number from 0 to 720."),
        ({"languages": []}, "languages", "Choose one language or more."),
        ({"languages": ["fr"]}, "languages", "The questionnaire has no language “fr”."),
        ({"mode": " "}, "mode", "Say how people answer"),
        ({"mode": "a\x00"}, "mode", "Say how people answer"),
        ({"population": "p" * 61}, "population", "Say who is asked"),
    ],
)
def test_what_cannot_be_opened_says_why(
    app: Flask, organizer: FlaskClient, fields: dict[str, str | list[str]], field: str, said: str
) -> None:
    answer = open_wave(organizer, **fields)
    assert answer.status_code == 422
    assert f'href="#{field}">{said}' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert stored(app) == []


def test_all_mistakes_are_told_at_once_and_nothing_typed_is_lost(organizer: FlaskClient) -> None:
    answer = open_wave(organizer, key="Wave 1", closes_at="2020-01-01T00:00", mode="", population="a <b> panel")
    assert answer.text.count('href="#') == 1 + 4, "the skip link, and one per field"
    assert 'value="Wave 1"' in answer.text
    assert 'value="2020-01-01T00:00"' in answer.text
    assert "a &lt;b&gt; panel" in answer.text


def test_two_waves_are_never_open_at_once(app: Flask, organizer: FlaskClient) -> None:
    open_wave(organizer)
    again = open_wave(organizer)
    assert again.status_code == 422
    assert "The survey has a wave “w1” already." in again.text
    other = open_wave(organizer, key="w2")
    assert other.status_code == 422
    assert "The wave “w1” is open in that time too, and only one can be." in other.text
    assert [wave.key for wave in stored(app)] == ["w1"]


def test_the_suggested_key_is_free(organizer: FlaskClient) -> None:
    suggested = f"{datetime.now(UTC):%Y-%m}"
    assert f'value="{suggested}"' in organizer.get(f"{PAGE}/open").text
    open_wave(organizer, key=suggested)
    assert f'value="{suggested}"' not in organizer.get(f"{PAGE}/open").text


def test_a_wave_closes_when_its_key_is_typed(app: Flask, organizer: FlaskClient) -> None:
    open_wave(organizer)
    assert "/waves/w1/close" in organizer.get(PAGE).text
    wrong = close_wave(organizer, "w1", "w2")
    assert wrong.status_code == 422
    assert 'href="#key">This is not the key of the wave.' in wrong.text
    assert stored(app)[0].closes_at is None

    answer = close_wave(organizer, "w1", " w1 ")
    assert (answer.status_code, answer.location) == (303, PAGE)
    closes_at = stored(app)[0].closes_at
    assert closes_at is not None
    assert closes_at <= datetime.now(UTC)
    page = organizer.get(PAGE).text
    assert "The wave “w1” is closed." in page
    assert "/waves/w1/close" not in page
    assert app.test_client().get(f"/s/{SURVEY}").status_code == 410


def test_a_closed_wave_cannot_be_closed_again(organizer: FlaskClient) -> None:
    open_wave(organizer)
    close_wave(organizer, "w1", "w1")
    again = close_wave(organizer, "w1", "w1")
    assert again.status_code == 422
    assert "The wave “w1” is closed already." in again.text


def test_a_wave_that_has_not_opened_is_cancelled(app: Flask, organizer: FlaskClient) -> None:
    open_wave(organizer, opens_at=local(LATER))
    assert "Closing it cancels it" in organizer.get(f"{PAGE}/waves/w1/close").text
    assert close_wave(organizer, "w1", "w1").status_code == 303
    (wave,) = stored(app)
    assert wave.closes_at == wave.opens_at
    assert ">Cancelled</span>" in organizer.get(PAGE).text


def test_a_closed_wave_is_finished_by_those_who_have_begun(app: Flask, organizer: FlaskClient) -> None:
    """The page that closes a wave says so before, and the survey's page until when."""
    open_wave(organizer)
    asked = organizer.get(f"{PAGE}/waves/w1/close").text
    assert "People who have begun still have 24 hours to finish on this version and send their answers." in asked
    close_wave(organizer, "w1", "w1")
    closes_at = stored(app)[0].closes_at
    assert closes_at is not None
    page = organizer.get(PAGE).text
    assert ">Closed, being finished</span>" in page
    until = f'<time datetime="{closes_at + timedelta(hours=24):%Y-%m-%dT%H:%M:%SZ}">'
    assert "who has begun can send until " + until in page
    assert "The wave is closed already." in organizer.get(f"{PAGE}/waves/w1/close").text
    with app.app_context(), writing() as session:
        session.execute(update(Wave).values(finish_hours=None))
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"finish_hours": 0})
    assert ">Closed</span>" in organizer.get(PAGE).text
    assert "who has begun" not in organizer.get(PAGE).text


def test_a_wave_that_closed_days_ago_is_closed(app: Flask, organizer: FlaskClient) -> None:
    with app.app_context():
        surveys.open_wave(SURVEY, "w1", NOW, opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(hours=24))
        surveys.open_wave(SURVEY, "w2", NOW, opens_at=NOW, closes_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    page = organizer.get(PAGE).text
    assert ">Closed</span>" in page
    assert ">Open</span>" in page
    assert "being finished" not in page
