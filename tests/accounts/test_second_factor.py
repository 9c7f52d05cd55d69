"""The second factor: set up, asked for, used once, recovered from, taken away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import account, second_factor
from app.extensions import db
from app.storage import audit, second_factors, users
from app.storage.models import RecoveryCode, SecondFactor, User

from .desk import begin_with_code, five_tries_an_hour, send, step, turn_on_second_factor
from .door import ORGANIZER, PASSWORD, make_accounts, sign_in


@pytest.fixture(autouse=True)
def _accounts(app: Flask) -> None:
    make_accounts(app)


@pytest.fixture
def signed_in(client: FlaskClient) -> FlaskClient:
    sign_in(client)
    return client


def user() -> User:
    found = users.find_by_email(ORGANIZER)
    assert found is not None
    return found


def test_signing_in_asks_for_a_code(app: Flask, signed_in: FlaskClient) -> None:
    authenticator, codes = turn_on_second_factor(signed_in)
    assert len(codes) == len(set(codes)) == 10
    assert signed_in.get("/account").status_code == 200, "the browser at which it was set up stays signed in"
    other = app.test_client()
    asked = sign_in(other, address="/sign-in?next=/organize/people")
    assert asked.location == "/sign-in/code?next=/organize/people"
    assert other.get("/account").status_code == 303, "the password alone opens nothing"
    assert send(other, asked.location, code=authenticator.next()).location == "/organize/people"
    assert other.get("/account").status_code == 200


def test_a_code_is_used_once_and_so_are_those_before_it(app: Flask, signed_in: FlaskClient) -> None:
    authenticator, _ = turn_on_second_factor(signed_in)
    used = authenticator.next()
    assert begin_with_code(app.test_client(), ORGANIZER, used).status_code == 303
    for again in (used, authenticator.of(authenticator.last - 1)):
        refused = begin_with_code(app.test_client(), ORGANIZER, again)
        assert refused.status_code == 422
        assert "was used already" in refused.text
    with app.app_context():
        assert len(audit.entries(audit.Filter(action="second_factor.failed"))) == 2


@pytest.mark.parametrize(
    "typed", ["", "000000", "12345", "１２３４５６", "abcdef", "x" * 5000, "\x00", "aaaa-bbbb-cccc-dddd"]
)
def test_what_is_no_code(app: Flask, signed_in: FlaskClient, typed: str) -> None:
    turn_on_second_factor(signed_in)
    other = app.test_client()
    assert begin_with_code(other, ORGANIZER, typed).status_code == 422
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_clock_may_be_a_step_off(app: Flask, seconds: int) -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    with app.app_context():
        secret = second_factor.offered_secret(user())
        typed = pyotp.TOTP(secret).at(now + timedelta(seconds=seconds))
        assert second_factor.confirm(user(), typed[:3] + " " + typed[3:], now) is not None


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_clock_may_not_be_far_off(app: Flask, seconds: int) -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    with app.app_context():
        secret = second_factor.offered_secret(user())
        assert second_factor.confirm(user(), pyotp.TOTP(secret).at(now + timedelta(seconds=seconds)), now) is None


def test_a_recovery_code_opens_once(app: Flask, signed_in: FlaskClient) -> None:
    _, codes = turn_on_second_factor(signed_in)
    assert begin_with_code(app.test_client(), ORGANIZER, f" {codes[0].upper().replace('-', ' ')} ").status_code == 303
    assert begin_with_code(app.test_client(), ORGANIZER, codes[0]).status_code == 422
    assert "Unused recovery codes: 9." in signed_in.get("/account").text


def test_new_recovery_codes_void_those_before(app: Flask, signed_in: FlaskClient) -> None:
    _, before = turn_on_second_factor(signed_in)
    page = send(signed_in, "/account/recovery-codes").text
    assert not any(one in page for one in before)
    assert begin_with_code(app.test_client(), ORGANIZER, before[1]).status_code == 422


def test_nothing_that_opens_is_stored_in_clear(app: Flask, signed_in: FlaskClient) -> None:
    authenticator, codes = turn_on_second_factor(signed_in)
    with app.app_context():
        stored = db.session.query(SecondFactor).one().secret
        hashes = {row.code_hash for row in db.session.query(RecoveryCode)}
    assert authenticator.secret not in stored
    assert not hashes & set(codes)
    for address in ("/account", "/account/second-factor", "/account/recovery-codes"):
        page = signed_in.get(address, follow_redirects=True).text
        assert authenticator.secret not in page.replace(" ", "")
        assert not any(one in page for one in codes)


def test_another_key_of_the_site_leaves_the_recovery_codes(app: Flask, signed_in: FlaskClient) -> None:
    authenticator, codes = turn_on_second_factor(signed_in)
    app.secret_key = "another-key-of-the-site-wV3zQ7pL2mN8bR5tY1uC4"
    assert begin_with_code(app.test_client(), ORGANIZER, authenticator.next()).status_code == 422
    assert begin_with_code(app.test_client(), ORGANIZER, codes[0]).status_code == 303


def test_the_secret_stays_the_same_until_it_is_confirmed(app: Flask, signed_in: FlaskClient) -> None:
    with app.app_context():
        first = second_factor.offered_secret(user())
    wrong = send(signed_in, "/account/second-factor", code="000000")
    assert wrong.status_code == 422
    assert first in wrong.text.replace(" ", "")
    assert 'class="qr-code"' in wrong.text


def test_setting_it_up_signs_out_everywhere_else(app: Flask, signed_in: FlaskClient) -> None:
    other = app.test_client()
    sign_in(other)
    assert other.get("/account").status_code == 200
    turn_on_second_factor(signed_in)
    assert other.get("/account").status_code == 303


def test_removing_it(app: Flask, signed_in: FlaskClient) -> None:
    turn_on_second_factor(signed_in)
    assert send(signed_in, "/account/second-factor/remove").location == "/account"
    assert sign_in(app.test_client()).location == "/organize"
    with app.app_context():
        assert second_factors.find(user().id) is None
        assert second_factors.codes_left(user().id) == 0
        done = [entry.action for entry in audit.entries(audit.Filter(person=ORGANIZER))]
    assert {"second_factor.added", "second_factor.removed"} <= set(done)


def test_the_password_is_believed_for_ten_minutes_and_until_it_changes(app: Flask, signed_in: FlaskClient) -> None:
    turn_on_second_factor(signed_in)
    late, changed = app.test_client(), app.test_client()
    for client in (late, changed):
        sign_in(client)
    with late.session_transaction() as session:
        session["waits_for_code"][1] -= int(account.WAITS_FOR.total_seconds()) + 1
        session.modified = True
    assert late.get("/sign-in/code").location == "/sign-in"
    with app.app_context():
        users.set_password(user(), "another hash", datetime.now(UTC), "test")
    assert changed.get("/sign-in/code").location == "/sign-in"


def test_codes_are_throttled_for_the_account_alone(app: Flask, signed_in: FlaskClient) -> None:
    """A code of a million is not guessed."""
    five_tries_an_hour(app)
    authenticator, _ = turn_on_second_factor(signed_in)
    guesser = app.test_client()
    sign_in(guesser)
    assert [send(guesser, "/sign-in/code", code="000000").status_code for _ in range(6)] == [422] * 5 + [429]
    assert send(guesser, "/sign-in/code", code=authenticator.next()).status_code == 429
    assert sign_in(app.test_client(), "res@example.org").status_code == 303


def test_before_what_matters_the_password_is_asked_again(app: Flask, signed_in: FlaskClient) -> None:
    authenticator, _ = turn_on_second_factor(signed_in)
    with signed_in.session_transaction() as session:
        session["confirmed_at"] -= 3600
    sent = signed_in.get("/account/password")
    assert sent.location == "/account/confirm?next=/account/password"
    typed = authenticator.next()
    assert send(signed_in, sent.location, password="wrong wrong wrong", code=typed).status_code == 422
    assert send(signed_in, sent.location, password=PASSWORD, code="000000").status_code == 422
    assert signed_in.get("/account/password").status_code == 303
    assert send(signed_in, sent.location, password=PASSWORD, code=typed).location == "/account/password"
    assert signed_in.get("/account/password").status_code == 200


def test_two_at_once_use_a_code_once(app: Flask, signed_in: FlaskClient) -> None:
    turn_on_second_factor(signed_in)
    with app.app_context():
        now_step = step() + 5
        assert [second_factors.use_step(user().id, now_step) for _ in range(2)] == [True, False]
        assert not second_factors.use_step(user().id, now_step - 1)
