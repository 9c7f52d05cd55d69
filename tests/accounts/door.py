"""Signing in as a browser does: the form's token is read from the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.register import create_account

PASSWORD = "correct horse battery"
ORGANIZER, RESEARCHER = "org@example.org", "res@example.org"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def make_accounts(app: Flask) -> None:
    with app.app_context():
        create_account(ORGANIZER, PASSWORD, "organizer", datetime.now(UTC))
        create_account(RESEARCHER, PASSWORD, "researcher", datetime.now(UTC))


def token(client: FlaskClient, address: str) -> str:
    """The form token on a page."""
    found = _TOKEN.search(client.get(address).text)
    assert found, address
    return found[1]


def sign_in(
    client: FlaskClient,
    email: str = ORGANIZER,
    password: str = PASSWORD,
    address: str = "/sign-in",
    sender: str = "192.0.2.1",
) -> TestResponse:
    fields = {"csrf_token": token(client, address), "email": email, "password": password}
    return client.post(address, data=fields, environ_overrides={"REMOTE_ADDR": sender})
