"""Submitted responses in a database, and somebody who signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.register import create_account
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.storage import bulk, surveys

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"

Send = Callable[..., None]
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def send(app: Flask, fielded: Questionnaire) -> Send:
    """Stores submitted responses in a wave of the fielded survey, which is opened if it is not there."""

    def store(answers: Iterable[Answers], wave: str = "w1", synthetic: bool = False) -> None:
        with app.app_context():
            found = surveys.wave(fielded.survey, wave)
            if found is None:
                surveys.open_wave(fielded.survey, wave, NOW, synthetic=synthetic)
                found = surveys.wave(fielded.survey, wave)
            assert found is not None
            encoded = (msgspec.json.encode(given).decode() for given in answers)
            rows = (
                bulk.Finished(f"test/{wave}/{number}", "ja", text, NOW, NOW + timedelta(minutes=number))
                for number, text in enumerate(encoded)
            )
            bulk.add(found.id, rows)

    return store


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """A browser in which somebody of a role has signed in."""

    def signed_in(role: str) -> FlaskClient:
        with app.app_context():
            create_account(f"{role}@example.org", PASSWORD, role, NOW)
        client = app.test_client()
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        typed = {"csrf_token": token[1], "email": f"{role}@example.org", "password": PASSWORD}
        assert client.post("/sign-in", data=typed).status_code == 303
        return client

    return signed_in
