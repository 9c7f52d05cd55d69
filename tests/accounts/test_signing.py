"""Signing in and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from app.accounts import account, passwords
from app.accounts.access import local_path
from app.extensions import db
from app.storage.models import User

from .door import ORGANIZER, PASSWORD, RESEARCHER, make_accounts, sign_in, token


@pytest.fixture(autouse=True)
def _accounts(app: Flask) -> None:
    make_accounts(app)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/organize").status_code in (200, 403)


@pytest.mark.parametrize(("email", "home"), [(ORGANIZER, "/organize"), (RESEARCHER, "/research")])
def test_each_role_has_its_home(client: FlaskClient, email: str, home: str) -> None:
    answer = sign_in(client, email.upper())
    assert (answer.status_code, answer.location) == (303, home)
    assert client.get(home).status_code == 200
    assert client.get("/sign-in").location == home


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (ORGANIZER, "wrong wrong wrong"),
        (ORGANIZER, PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("a\x00@example.org", PASSWORD),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_a_wrong_pair_says_nothing_of_what_is_wrong(client: FlaskClient, email: str, password: str) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert "There is no account with this e-mail address and password." in answer.text
    assert not is_signed_in(client)


def test_empty_fields_are_named(client: FlaskClient) -> None:
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert 'href="#email">Enter your e-mail address.' in answer.text
    assert 'href="#password">Enter your password.' in answer.text
    assert 'aria-describedby="email-error" aria-invalid="true"' in answer.text


def test_the_form_needs_its_token(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"email": ORGANIZER, "password": PASSWORD}).status_code == 400
    assert not is_signed_in(client)
    sign_in(client)
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_unknown_accounts_cost_the_same_work(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = passwords._hasher

    class Counting:
        def hash(self, password: str) -> str:
            return real.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored.rsplit("$", 2)[0])
            return real.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    sign_in(client, ORGANIZER, "wrong wrong wrong")
    sign_in(client, "nobody@example.org", "wrong wrong wrong")
    assert len(checked) == 2
    assert checked[0] == checked[1], "the same kind of hash at the same costs"


def test_next_leads_back(client: FlaskClient) -> None:
    sent = client.get("/organize/upload?from=x")
    assert sent.status_code == 303
    assert sent.location == "/sign-in?next=/organize/upload?from%3Dx"
    assert sign_in(client, address=sent.location).location == "/organize/upload?from=x"


def test_next_beyond_ascii_leads_back_in_percent(client: FlaskClient) -> None:
    assert sign_in(client, address="/sign-in?next=/organize/日本").headers["Location"] == "/organize/%E6%97%A5%E6%9C%AC"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/\u2028/evil.example",
    ],
)
def test_next_never_leads_elsewhere(client: FlaskClient, elsewhere: str) -> None:
    assert local_path(elsewhere) is None
    client.get("/sign-in")
    fields = {"csrf_token": token(client, "/sign-in"), "email": ORGANIZER, "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": elsewhere}, data=fields)
    assert answer.location == "/organize"


@pytest.mark.parametrize("path", ["/", "/organize", "/organize?a=//b", "/research#x", "/s/日本"])
def test_paths_of_this_site(path: str) -> None:
    assert local_path(path) == path


def test_signing_in_and_out_begins_a_new_session_but_keeps_the_visitor(client: FlaskClient) -> None:
    with client.session_transaction() as before:
        before.update(language="ja", answering={"x": "token"}, planted="by somebody else", csrf_token="known")
    with client:
        client.get("/sign-in")
        old = session["csrf_token"]
        sign_in(client)
        client.get("/organize")
        assert session["csrf_token"] != old
        assert "planted" not in session
        assert (session["language"], session["answering"]) == ("ja", {"x": "token"})
        assert client.post("/sign-out", data={"csrf_token": token(client, "/organize")}).location == "/"
        assert not is_signed_in(client)
        assert (session["language"], session["answering"]) == ("ja", {"x": "token"})
        assert not {"_user_id", "signed_in_at"} & set(session)


def test_a_session_ends_after_half_a_day(client: FlaskClient) -> None:
    sign_in(client)
    assert is_signed_in(client)
    ended = datetime.now(UTC) - account.SIGNED_IN_FOR - timedelta(seconds=1)
    with client.session_transaction() as now:
        now["signed_in_at"] = int(ended.timestamp())
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", [{"password_hash": "another"}, {"email": "other@example.org"}])
def test_a_session_ends_when_the_account_changes(app: Flask, client: FlaskClient, change: dict[Any, Any]) -> None:
    sign_in(client)
    with app.app_context():
        db.session.query(User).filter_by(email=ORGANIZER).update(change)
        db.session.commit()
    assert not is_signed_in(client)


@pytest.mark.parametrize("key", ["", "x", "1", "1.", "1.x", "²"])
def test_a_forged_session_is_nobody(app: Flask, client: FlaskClient, key: str) -> None:
    with client.session_transaction() as forged:
        forged.update(_user_id=key, signed_in_at=int(datetime.now(UTC).timestamp()))
    assert client.get("/organize").status_code == 303


def test_pages_behind_the_door_are_not_kept(client: FlaskClient) -> None:
    sign_in(client)
    assert client.get("/organize").headers["Cache-Control"] == "no-store"


def test_the_door_speaks_japanese(client: FlaskClient) -> None:
    assert '<html lang="ja">' in client.get("/sign-in?lang=ja").text
