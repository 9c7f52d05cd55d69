"""Making accounts."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.accounts.passwords import is_password
from app.accounts.register import AccountError, create_account
from app.storage import users

from .door import PASSWORD

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_an_account_is_stored_in_lower_case_with_a_hash(app: Flask) -> None:
    with app.app_context():
        assert not users.any_account()
        create_account("  Ayako@Example.ORG ", PASSWORD, "researcher", NOW)
        user = users.find_by_email("ayako@example.org")
        assert user is not None
        assert user.created_at == NOW
        assert users.grants_of(user.id) == {("researcher", "*")}
        assert user.password_hash is not None
        assert user.password_hash.startswith("$argon2id$")
        assert PASSWORD not in user.password_hash
        assert is_password(PASSWORD, user.password_hash)
        assert not is_password(PASSWORD + " ", user.password_hash)
        assert users.find(user.id) is user
        assert users.any_account()


@pytest.mark.parametrize(
    ("email", "password", "role", "message"),
    [
        ("nobody", PASSWORD, "organizer", "“nobody” cannot be used as an e-mail address"),
        (" ", PASSWORD, "organizer", "Enter an e-mail address"),
        ("a\x00@example.org", PASSWORD, "organizer", "cannot be used as an e-mail address"),
        ("a@example.org", "elevenchars", "organizer", "at least 12 characters"),
        ("long@example.org", " Long@Example.org", "organizer", "must not be the e-mail address"),
        (
            "a@example.org",
            PASSWORD,
            "admin",
            "There is no role “admin”. Roles: administrator, organizer, translator, ",
        ),
    ],
)
def test_what_is_refused(app: Flask, email: str, password: str, role: str, message: str) -> None:
    with app.app_context():
        with pytest.raises(AccountError) as caught:
            create_account(email, password, role, NOW)
        assert message in str(caught.value)
        assert str(caught.value) == caught.value.message % caught.value.params
        assert not users.any_account()


def test_an_address_has_one_account(app: Flask) -> None:
    with app.app_context():
        create_account("a@example.org", PASSWORD, "organizer", NOW)
        with pytest.raises(AccountError, match="has an account already"):
            create_account("A@example.org", "another password", "researcher", NOW)
        user = users.find_by_email("a@example.org")
        assert user is not None
        assert is_password(PASSWORD, user.password_hash)


def test_a_damaged_hash_opens_nothing() -> None:
    assert not is_password(PASSWORD, "")
    assert not is_password(PASSWORD, "$argon2id$nonsense")
    assert not is_password(PASSWORD, None)
