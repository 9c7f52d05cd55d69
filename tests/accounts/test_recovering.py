"""Invitations and other passwords by mail, through a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import links, register
from app.extensions import db
from app.storage import account_links, audit, users
from app.storage.models import AccountLink, User
from config import Settings, load_settings
from tests.post_office import PostOffice, post_office

from .desk import five_tries_an_hour, link_in, send, turn_on_second_factor
from .door import ORGANIZER, PASSWORD, make_accounts, sign_in, token

NEW = "another horse battery"
NOBODY = "nobody@example.org"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(settings: Settings, office: PostOffice) -> Iterator[Flask]:
    """The application with a mail server, and an organizer."""
    application = create_app(load_settings(**{**settings.model_dump(), **office.settings}))
    make_accounts(application)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def ask(client: FlaskClient, email: str) -> TestResponse:
    """Asks for a link, and waits until what follows the answer has happened."""
    fields = {"csrf_token": token(client, "/password"), "email": email}
    return client.post("/password", data=fields, buffered=True)


def organizer() -> User:
    return register.find(ORGANIZER)


def test_another_password_by_mail(app: Flask, client: FlaskClient, office: PostOffice) -> None:
    signed_in = app.test_client()
    sign_in(signed_in)
    assert ask(client, ORGANIZER.upper()).status_code == 200
    (letter,) = office.letters
    assert letter["To"] == ORGANIZER
    assert letter["Subject"] == "Another password for Alliance Barometer"
    link = link_in(letter.get_content())
    assert f'value="{ORGANIZER}"' in client.get(link).text
    assert client.get(link).status_code == 200, "looking at it uses nothing up"
    assert send(client, link, password=NEW, again=NEW).location == "/sign-in"
    assert signed_in.get("/account").status_code == 303, "sessions end"
    assert sign_in(client, password=PASSWORD).status_code == 422
    assert sign_in(client, password=NEW).status_code == 303
    assert client.get(link).status_code == 410
    assert client.post(link, data={"csrf_token": token(client, "/account"), "password": PASSWORD}).status_code == 410
    assert sign_in(app.test_client(), password=NEW).status_code == 303


def test_asking_never_tells_who_has_an_account(app: Flask, client: FlaskClient, office: PostOffice) -> None:
    register_disabled(app)
    pages = {email: ask(app.test_client(), email) for email in (ORGANIZER, NOBODY, "gone@example.org")}
    assert {page.status_code for page in pages.values()} == {200}
    said = {page.text.replace(email, "X") for email, page in pages.items()}
    assert len(said) == 1
    assert [letter["To"] for letter in office.letters] == [ORGANIZER]


def test_the_answer_is_made_before_anything_is_looked_up(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it takes the same time whether or not there is an account."""
    looked: list[str] = []
    monkeypatch.setattr(users, "find_by_email", looked.append)
    fields = {"csrf_token": token(client, "/password"), "email": ORGANIZER}
    answer = client.post("/password", data=fields)
    assert "is on its way" in answer.text
    assert looked == []
    answer.close()
    assert looked == [ORGANIZER]


def register_disabled(app: Flask) -> None:
    with app.app_context():
        register.create_account("gone@example.org", PASSWORD, "viewer", datetime.now(UTC))
        register.disable(register.find("gone@example.org"), datetime.now(UTC), "test")


def test_a_mail_server_that_fails_changes_nothing_of_the_answer(client: FlaskClient, office: PostOffice) -> None:
    office.refused.add(ORGANIZER)
    assert ask(client, ORGANIZER).text.replace(ORGANIZER, "X") == ask(client, NOBODY).text.replace(NOBODY, "X")
    assert office.letters == []


def test_asking_is_throttled_whoever_is_meant(app: Flask, client: FlaskClient) -> None:
    five_tries_an_hour(app)
    for email in (ORGANIZER, NOBODY):
        assert [ask(app.test_client(), email).status_code for _ in range(6)] == [200] * 5 + [429]


def test_no_address_is_no_request(client: FlaskClient, office: PostOffice) -> None:
    assert ask(client, "ayako").status_code == 422
    assert office.letters == []


def test_only_the_hash_of_a_link_is_stored(app: Flask, client: FlaskClient, office: PostOffice) -> None:
    ask(client, ORGANIZER)
    secret = link_in(office.letters[0].get_content()).rsplit("/", 1)[1]
    with app.app_context():
        stored = db.session.query(AccountLink).one()
        assert secret not in (stored.token_hash, *(entry.detail for entry in audit.all_entries(audit.Filter())))


def test_a_newer_link_voids_the_one_before(client: FlaskClient, office: PostOffice) -> None:
    ask(client, ORGANIZER)
    ask(client, ORGANIZER)
    first, second = (link_in(letter.get_content()) for letter in office.letters)
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


@pytest.mark.parametrize("purpose", [links.INVITATION, links.RESET])
def test_links_expire(app: Flask, client: FlaskClient, purpose: str) -> None:
    valid = {links.INVITATION: timedelta(days=7), links.RESET: timedelta(hours=1)}[purpose]
    now = datetime.now(UTC)
    with app.app_context():
        late = links.send(organizer(), purpose, now - valid, "test").link
        assert client.get(link_in(late)).status_code == 410
        assert not links.use(late.rsplit("/", 1)[1], NEW, now)
        fresh = links.send(organizer(), purpose, now - valid + timedelta(minutes=1), "test").link
    assert client.get(link_in(fresh)).status_code == 200


def test_two_at_once_use_a_link_once(app: Flask) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        secret = links.send(organizer(), links.RESET, now, "test").link.rsplit("/", 1)[1]
        found = account_links.find(links._hash(secret), now)
        assert found is not None
        assert [links.use(secret, NEW, now) for _ in range(2)] == [True, False]


def test_a_link_does_not_pass_the_second_factor(app: Flask, client: FlaskClient, office: PostOffice) -> None:
    signed_in = app.test_client()
    sign_in(signed_in)
    turn_on_second_factor(signed_in)
    ask(client, ORGANIZER)
    send(client, link_in(office.letters[0].get_content()), password=NEW, again=NEW)
    assert sign_in(client, password=NEW).location == "/sign-in/code"
    assert client.get("/account").status_code == 303


def test_a_disabled_account_s_link_is_void(app: Flask, client: FlaskClient, office: PostOffice) -> None:
    ask(client, ORGANIZER)
    with app.app_context():
        register.disable(organizer(), datetime.now(UTC), "test")
        with pytest.raises(register.AccountError, match="disabled"):
            register.send_link(organizer(), datetime.now(UTC), "test")
    assert client.get(link_in(office.letters[0].get_content())).status_code == 410


@pytest.mark.parametrize(("language", "word"), [("en", "You are invited"), ("ja", "招待")])
def test_an_invitation(app: Flask, client: FlaskClient, office: PostOffice, language: str, word: str) -> None:
    result = app.test_cli_runner().invoke(
        args=["user", "invite", "New@example.org", "--role", "viewer", "--survey", "small", "--language", language]
    )
    assert (result.exit_code, result.output) == (0, "new@example.org: a link is on its way\n")
    (letter,) = office.letters
    assert letter["To"] == "new@example.org"
    assert word in letter.get_content()
    assert sign_in(client, "new@example.org", "").status_code == 422
    link = link_in(letter.get_content())
    assert send(client, link, password="short", again="short").status_code == 422
    assert send(client, link, password=NEW, again=NEW).location == "/sign-in"
    assert sign_in(client, "new@example.org", NEW).location == "/organize"
    with app.app_context():
        assert users.grants_of(register.find("new@example.org").id) == {("viewer", "small")}


@pytest.mark.parametrize("secret", ["x", "%00", "日本", "a" * 3000])
def test_made_up_links(client: FlaskClient, secret: str) -> None:
    assert client.get(f"/password/{secret}").status_code == 410
