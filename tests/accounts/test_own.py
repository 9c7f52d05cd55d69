"""One's own account: language, password, sessions; and how long a password is believed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import access
from app.storage import audit, users

from .desk import five_tries_an_hour, send
from .door import ORGANIZER, PASSWORD, RESEARCHER, make_accounts, sign_in, token

NEW = "another horse battery"


@pytest.fixture(autouse=True)
def _accounts(app: Flask) -> None:
    make_accounts(app)


@pytest.fixture
def signed_in(client: FlaskClient) -> FlaskClient:
    sign_in(client)
    return client


def done_by(app: Flask, email: str = ORGANIZER) -> list[str]:
    with app.app_context():
        return [entry.action for entry in audit.entries(audit.Filter(person=email))]


def test_another_password(app: Flask, signed_in: FlaskClient) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere)
    assert send(signed_in, "/account/password", password=NEW, again=NEW).location == "/account"
    assert signed_in.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 422
    assert sign_in(app.test_client(), password=NEW).status_code == 303
    assert done_by(app).count("password.changed") == 1


@pytest.mark.parametrize(
    ("password", "again", "field", "message"),
    [
        ("elevenchars", "elevenchars", "password", "at least 12 characters"),
        ("x" * 1001, "x" * 1001, "password", "1000 characters at most"),
        (ORGANIZER, ORGANIZER, "password", "must not be the e-mail address"),
        (NEW, NEW + " ", "again", "The two passwords differ."),
    ],
)
def test_what_will_not_do_as_a_password(
    app: Flask, signed_in: FlaskClient, password: str, again: str, field: str, message: str
) -> None:
    answer = send(signed_in, "/account/password", password=password, again=again)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert message in answer.text
    assert NEW not in answer.text
    assert sign_in(app.test_client()).status_code == 303


def test_the_language_of_pages_and_mails(app: Flask, signed_in: FlaskClient) -> None:
    fields = {"csrf_token": token(signed_in, "/account"), "language": "ja"}
    assert signed_in.post("/account/language", data=fields).location == "/account"
    assert '<html lang="ja">' in signed_in.get("/account").text
    assert signed_in.post("/account/language", data={**fields, "language": "xx"}).status_code == 400
    with app.app_context():
        user = users.find_by_email(ORGANIZER)
        assert user is not None
        assert user.language == "ja"
    new_browser = app.test_client()
    sign_in(new_browser)
    assert '<html lang="ja">' in new_browser.get("/account").text


def test_signing_out_everywhere(app: Flask, signed_in: FlaskClient) -> None:
    elsewhere, somebody = app.test_client(), app.test_client()
    sign_in(elsewhere)
    sign_in(somebody, RESEARCHER)
    csrf = {"csrf_token": token(signed_in, "/account")}
    assert signed_in.post("/account/sign-out", data=csrf).location == "/sign-in"
    assert [client.get("/account").status_code for client in (signed_in, elsewhere, somebody)] == [303, 303, 200]
    assert sign_in(elsewhere).status_code == 303
    assert elsewhere.get("/account").status_code == 200
    assert "account.signed_out" in done_by(app)


@pytest.mark.parametrize("address", ["/account/password", "/account/second-factor", "/account/recovery-codes"])
def test_what_matters_wants_a_password_of_the_last_minutes(app: Flask, signed_in: FlaskClient, address: str) -> None:
    csrf = token(signed_in, "/account")
    with signed_in.session_transaction() as session:
        session["confirmed_at"] -= int(access.FRESH_FOR.total_seconds()) + 1
    sent = signed_in.get(address)
    assert (sent.status_code, sent.location) == (303, f"/account/confirm?next={address}")
    answer = signed_in.post(address, data={"csrf_token": csrf})
    assert answer.headers.get("Location") in (None, "/account"), "a form that was open may be sent"
    with signed_in.session_transaction() as session:
        session["confirmed_at"] -= int(access.FRESH_FOR_SENDING.total_seconds())
    assert signed_in.post(address, data={"csrf_token": csrf}).location == f"/account/confirm?next={address}"
    assert send(signed_in, sent.location, password="wrong wrong wrong").status_code == 422
    assert send(signed_in, sent.location, password=PASSWORD).location == address


def test_guessing_the_password_again_is_throttled(app: Flask, signed_in: FlaskClient) -> None:
    five_tries_an_hour(app)
    tries = [send(signed_in, "/account/confirm", password="wrong wrong wrong").status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]


def test_the_page_shows_the_last_sign_ins_and_the_roles(signed_in: FlaskClient) -> None:
    page = signed_in.get("/account").text
    assert page.count("<time ") == 1
    assert "Organizer: all surveys" in page


def test_a_disabled_account_is_out_at_once(app: Flask, signed_in: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(args=["user", "disable", ORGANIZER])
    assert result.exit_code == 0
    assert signed_in.get("/account").status_code == 303
    assert sign_in(app.test_client()).status_code == 422
    app.test_cli_runner().invoke(args=["user", "enable", ORGANIZER])
    assert sign_in(app.test_client()).status_code == 303
