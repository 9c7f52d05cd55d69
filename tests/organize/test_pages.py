"""What the organizers see: surveys, responses per day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire
from app.storage import responses, surveys, tallies

NOW = datetime.now(UTC)


def submit(wave_id: int, moment: datetime) -> None:
    code = responses.new_token()
    responses.start(code, wave_id, "ja", {}, moment)
    stored = responses.find(code)
    assert stored
    responses.submit(code, stored, lambda given: given, moment)


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the table named by a heading's id, or by its label."""
    soup = BeautifulSoup(page, "html.parser")
    (region,) = soup.select(f'[aria-labelledby="{heading}"], [aria-label="{heading}"]')
    rows = region.select("tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in rows]


def figures(page: str) -> list[str]:
    return [found.get_text(strip=True) for found in BeautifulSoup(page, "html.parser").select(".key-figures dd")]


def test_before_anything_is_published(organizer: FlaskClient) -> None:
    page = organizer.get("/organize").text
    assert "No survey is published yet" in page
    assert figures(page) == ["0", "Not yet"]
    assert "The scheduler has not run for a while." in page


def test_responses_are_counted_per_wave_and_day(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    yesterday = NOW - timedelta(days=1)
    with app.app_context():
        (wave,) = surveys.waves(fielded.survey)
        past = {"opens_at": NOW - timedelta(days=60), "closes_at": NOW - timedelta(days=50)}
        made_up = surveys.open_wave(fielded.survey, "demo", NOW, synthetic=True, **past)  # type: ignore[arg-type]
        for wave_id, moment in [(wave.id, NOW), (wave.id, NOW), (wave.id, yesterday), (made_up, past["opens_at"])]:
            submit(wave_id, moment)
        tallies.roll_up(100)
        submit(wave.id, NOW)

    (line,) = table(organizer.get("/organize").text, "Surveys")
    assert line[1:4] == ["Open", "w1", "3 + 1 synthetic"]
    assert line[4].startswith(fielded.hash[:12])
    page = organizer.get(f"/organize/surveys/{fielded.survey}").text
    assert figures(page) == ["3", "1"]
    assert [(row[0], row[-2]) for row in table(page, "waves")] == [("w1", "3")]
    daily = table(page, "Responses per day (UTC) and wave, the newest first")
    assert [row[1:] for row in daily] == [["w1", "2"], ["w1", "1"]]
    assert daily[0][0] == f"{NOW.day} {NOW:%B %Y}"
    assert page.count('<rect class="chart-point"') == 2
    assert "made up" not in page


def test_synthetic_waves_stand_apart_and_are_marked(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    with app.app_context():
        made_up = surveys.open_wave(fielded.survey, "demo", NOW, synthetic=True)
        submit(made_up, NOW)
        tallies.roll_up(100)
    page = organizer.get(f"/organize/surveys/{fielded.survey}?waves=synthetic").text
    assert "These figures are made up" in page
    assert [row[0] for row in table(page, "waves")] == ["demo Synthetic"]
    assert figures(page)[0] == "1"
    assert "/close" not in page
    assert figures(organizer.get(f"/organize/surveys/{fielded.survey}").text)[0] == "0"


def test_the_picture_says_what_it_shows(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    with app.app_context():
        (wave,) = surveys.waves(fielded.survey)
        submit(wave.id, datetime(2026, 10, 1, tzinfo=UTC))
        tallies.roll_up(100)
    soup = BeautifulSoup(organizer.get(f"/organize/surveys/{fielded.survey}").text, "html.parser")
    (chart,) = soup.select("svg.chart")
    named = [found.get_text() for name in str(chart["aria-labelledby"]).split() for found in soup.select(f"#{name}")]
    assert named[0] == "Responses per day"
    assert chart["role"] == "img"
    assert not soup.select("[style]"), "the policy allows no styles in pages"


def test_pages_are_shown_in_japanese(organizer: FlaskClient, fielded: Questionnaire) -> None:
    page = organizer.get(f"/organize/surveys/{fielded.survey}?lang=ja").text
    assert '<html lang="ja">' in page
    assert fielded.title["ja"] in page
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">\d{4}年\d+月\d+日 \d\d:\d\d UTC</time>', page)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en", "23 November 2026", "3 Nov 2026, 21:30 UTC"), ("ja", "2026年11月23日", "2026年11月3日 21:30 UTC")],
)
def test_dates_in_the_readers_language(app: Flask, language: str, day: str, moment: str) -> None:
    tokyo = datetime.fromisoformat("2026-11-04T06:30:00+09:00")
    with app.test_request_context(headers={"Accept-Language": language}):
        assert app.jinja_env.filters["day"](date(2026, 11, 23)) == day
        assert app.jinja_env.filters["day"](datetime(2026, 11, 23, 23, 59, tzinfo=UTC)) == day
        assert app.jinja_env.filters["moment"](tokyo) == f'<time datetime="2026-11-03T21:30:00Z">{moment}</time>'
