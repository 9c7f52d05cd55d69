"""How often signing in may fail, and whom that shuts out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts.throttle import FACTOR_ACCOUNT, FACTOR_PLACE
from app.extensions import db
from config import Settings

from .door import ORGANIZER, PASSWORD, RESEARCHER, make_accounts, sign_in, token

HERE, THERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Signing in may fail once an hour."""
    application = create_app(settings.model_copy(update={"sign_in_limit": "1 per hour"}))
    make_accounts(application)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def status(client: FlaskClient, email: str, password: str = "wrong wrong wrong", sender: str = HERE) -> int:
    return sign_in(client, email, password, sender=sender).status_code


def test_one_account_from_one_place(client: FlaskClient) -> None:
    assert status(client, ORGANIZER) == 422
    assert status(client, ORGANIZER, PASSWORD) == 429, "the right password does not help any more"
    assert status(client, " ORG@example.org ", PASSWORD) == 429, "however the address is written"
    assert status(client, RESEARCHER, PASSWORD) == 303, "others in the same place come in"


def test_the_owner_elsewhere_is_not_shut_out(client: FlaskClient) -> None:
    assert [status(client, ORGANIZER) for _ in range(3)] == [422, 429, 429]
    assert status(client, ORGANIZER, PASSWORD, THERE) == 303


def test_only_failures_count(app: Flask) -> None:
    for _ in range(3):
        assert status(app.test_client(), ORGANIZER, PASSWORD) == 303
        assert status(app.test_client(), ORGANIZER, "") == 422, "nothing was tried"
        assert app.test_client().post("/sign-in", data={"email": ORGANIZER, "password": "x"}).status_code == 400


def test_many_accounts_from_one_place(client: FlaskClient) -> None:
    for i in range(FACTOR_PLACE):
        assert status(client, f"nobody{i}@example.org") == 422
    assert status(client, ORGANIZER, PASSWORD) == 429
    assert status(client, ORGANIZER, PASSWORD, THERE) == 303


def test_an_ipv6_network_is_one_place(client: FlaskClient) -> None:
    for i in range(FACTOR_PLACE):
        assert status(client, f"nobody{i}@example.org", sender=f"2001:db8::{i + 1:x}") == 422
    assert status(client, ORGANIZER, PASSWORD, "2001:db8::ffff") == 429
    assert status(client, ORGANIZER, PASSWORD, "2001:db8:0:1::1") == 303


def test_one_account_from_many_places(client: FlaskClient) -> None:
    for i in range(FACTOR_ACCOUNT):
        assert status(client, ORGANIZER, sender=f"192.0.2.{i}") == 422
    assert status(client, ORGANIZER, PASSWORD, THERE) == 429
    assert status(client, RESEARCHER, PASSWORD, THERE) == 303


@pytest.mark.parametrize(("language", "title"), [("en", "Sign in"), ("ja", '<html lang="ja">')])
def test_the_page_says_when_to_come_back(client: FlaskClient, language: str, title: str) -> None:
    client.get(f"/sign-in?lang={language}")
    status(client, ORGANIZER)
    fields = {"csrf_token": token(client, "/sign-in"), "email": ORGANIZER, "password": PASSWORD}
    answer = client.post("/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": HERE})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 3601
    assert title in answer.text
    assert PASSWORD not in answer.text
    assert f'value="{ORGANIZER}"' in answer.text
    assert client.get("/sign-in").status_code == 200
