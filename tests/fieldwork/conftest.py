"""A wave whose people are invited by mail, a post office, and the days that pass between the letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app import inviting
from app.accounts import passwords
from app.jobs import letters as job
from app.jobs.run import Run
from app.questionnaire.model import Questionnaire
from app.storage import invitations, letters, surveys
from app.storage.invitations import Added, Funnel
from tests.accounts.door import make_accounts, sign_in
from tests.post_office import PostOffice, post_office

KEY = "domestic-diplomacy"


class Fieldwork:
    """The wave "w1", open since two days ago, for the invited only. Moments are days from now."""

    def __init__(self, app: Flask, office: PostOffice) -> None:
        self.app, self.office = app, office
        self.now = datetime.now(UTC)
        self.begun = self.now - timedelta(days=2)
        with app.app_context():
            surveys.open_wave(KEY, "w1", self.begun, invited_only=True, time_zone="Asia/Tokyo")
            self.wave_id = surveys.waves(KEY)[0].id

    def add(self, *contacts: str | tuple[str, str, str], wave: str = "w1") -> Added:
        rows = [(one, "", "en") if isinstance(one, str) else one for one in contacts]
        with self.app.app_context():
            found = surveys.wave(KEY, wave)
            assert found is not None
            return invitations.add_contacts(KEY, wave, found.id, rows, self.now, "o@example.org")

    def plan(self, kind: str = "invitation", days: float = 0, wave: str = "w1") -> None:
        with self.app.app_context():
            found = surveys.wave(KEY, wave)
            assert found is not None
            texts = inviting.first_texts(kind, found, ("ja", "en"))
            at = self.now + timedelta(days=days)
            letters.plan(KEY, wave, found.id, kind, at, texts, self.now, "o@example.org")

    def send(self, days: float = 0) -> int:
        """What the scheduler does at a moment."""
        with self.app.app_context():
            moment = self.now + timedelta(days=days, seconds=1)
            return job.act(Run(self.app.extensions["settings"], lambda: moment, lambda: None))

    def funnel(self, days: float = 1) -> Funnel:
        with self.app.app_context():
            return invitations.funnel(self.wave_id, self.now + timedelta(days=days))

    def to(self, email: str) -> list[EmailMessage]:
        return [letter for letter in self.office.letters if letter["To"] == email]

    def link(self, email: str, number: int = -1) -> str:
        """The path of the link in a letter to somebody."""
        return path_in(self.to(email)[number], "invited")


def path_in(letter: EmailMessage, kind: str) -> str:
    found = re.search(rf"https?://[^/]+(/s/[a-z-]+/{kind}/[0-9A-Z-]+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def fieldwork(app: Flask, questionnaire: Questionnaire, office: PostOffice) -> Fieldwork:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update=office.settings)
    with app.app_context():
        surveys.publish(questionnaire, datetime.now(UTC) - timedelta(days=3))
    return Fieldwork(app, office)


@pytest.fixture
def organizer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser in which an organizer is signed in."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    make_accounts(app)
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    return browser
