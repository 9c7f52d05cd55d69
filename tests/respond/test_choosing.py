"""Which survey to answer."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire
from app.storage import surveys

from .person import SURVEY


def test_none_is_open(client: FlaskClient) -> None:
    answer = client.get("/s")
    assert answer.status_code == 200
    assert "No survey is open at the moment" in answer.text


def test_the_only_one_is_led_to(client: FlaskClient, fielded: Questionnaire) -> None:
    assert client.get("/s").location == SURVEY


def test_several_are_listed_and_closed_ones_are_not(
    app: Flask, client: FlaskClient, fielded: Questionnaire, odd: Questionnaire
) -> None:
    page = client.get("/s", headers={"Accept-Language": "ja"}).text
    assert f'href="{SURVEY}"' in page
    assert 'href="/s/odd"' in page
    assert "変わった調査" in page
    with app.app_context():
        surveys.close_wave("odd", "w1", datetime.now(UTC))
    assert client.get("/s").location == SURVEY
