"""Browsers that are signed in. Hashes at low costs: what is tested is who gets in, not how long a guess takes."""

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import passwords
from tests.accounts.door import make_accounts, sign_in


@pytest.fixture(autouse=True)
def _accounts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    make_accounts(app)


@pytest.fixture
def organizer(app: Flask) -> FlaskClient:
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    return browser
