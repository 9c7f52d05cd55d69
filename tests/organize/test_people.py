"""Administrators and their people: who is listed, what is given and taken, and whom nobody can remove."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import links, register
from app.accounts.register import AccountError
from app.questionnaire.model import Questionnaire
from app.storage import audit, users
from tests.accounts.desk import link_in, send, turn_on_second_factor
from tests.accounts.door import ORGANIZER, PASSWORD, RESEARCHER, sign_in

ADMINISTRATOR, LOCAL = "admin@example.org", "local@example.org"
SURVEY = "domestic-diplomacy"


def person(app: Flask, email: str, role: str, scope: str = "*") -> FlaskClient:
    with app.app_context():
        register.create_account(email, PASSWORD, role, datetime.now(UTC), scope)
    client = app.test_client()
    sign_in(client, email)
    return client


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return person(app, ADMINISTRATOR, "administrator")


@pytest.fixture
def local(app: Flask) -> FlaskClient:
    """Who administers one survey."""
    return person(app, LOCAL, "administrator", SURVEY)


def page_of(app: Flask, email: str) -> str:
    with app.app_context():
        return f"/organize/people/{register.find(email).id}"


def grants(app: Flask, email: str) -> set[tuple[str, str]]:
    with app.app_context():
        return set(users.grants_of(register.find(email).id))


def do(client: FlaskClient, app: Flask, email: str, **fields: str) -> TestResponse:
    return send(client, page_of(app, email), **fields)


def test_everybody_is_listed_with_roles_and_state(app: Flask, administrator: FlaskClient) -> None:
    with app.app_context():
        register.invite("new@example.org", "translator", SURVEY, "ja", datetime.now(UTC), "test")
        register.disable(register.find(RESEARCHER), datetime.now(UTC), "test")
    page = administrator.get("/organize/people").text
    for words in (ADMINISTRATOR, ORGANIZER, "new@example.org", "Invited", "Disabled", "Translator: <code>domestic-"):
        assert words in page
    assert page.count("Not yet</td>") == 3


def test_roles_are_given_and_taken(app: Flask, administrator: FlaskClient) -> None:
    given = do(administrator, app, RESEARCHER, act="give", role="organizer", scope="small")
    assert given.location == page_of(app, RESEARCHER)
    assert grants(app, RESEARCHER) == {("researcher", "*"), ("organizer", "small")}
    do(administrator, app, RESEARCHER, act="take", grant="researcher:*")
    assert grants(app, RESEARCHER) == {("organizer", "small")}
    with app.app_context():
        taken, last = audit.entries(audit.Filter(person=RESEARCHER))[:2]
    assert (last.actor, last.action, last.survey) == (ADMINISTRATOR, "role.given", "small")
    assert (taken.action, audit.detail_of(taken)) == ("role.taken", {"role": "researcher"})


def test_a_role_counts_from_the_next_page_on(app: Flask, administrator: FlaskClient) -> None:
    client = app.test_client()
    sign_in(client, RESEARCHER)
    assert client.get("/organize/upload").status_code == 403
    do(administrator, app, RESEARCHER, act="give", role="organizer", scope="*")
    assert client.get("/organize/upload").status_code == 200
    do(administrator, app, RESEARCHER, act="take", grant="organizer:*")
    assert client.get("/organize/upload").status_code == 403


@pytest.mark.parametrize(
    "fields", [{"act": "take", "grant": "administrator:*"}, {"act": "disable", "confirm": ADMINISTRATOR}]
)
def test_the_last_administrator_stays(app: Flask, administrator: FlaskClient, fields: dict[str, str]) -> None:
    refused = do(administrator, app, ADMINISTRATOR, **fields)
    assert refused.status_code == 422
    assert "Nobody would be left to administer this site." in refused.text
    assert 'href="#acts"' in refused.text
    with app.app_context():
        register.invite("heir@example.org", "administrator", "*", "", datetime.now(UTC), "test")
    assert do(administrator, app, ADMINISTRATOR, **fields).status_code == 422, "an invited one has not come yet"
    person(app, "second@example.org", "administrator")
    assert do(administrator, app, ADMINISTRATOR, **fields).status_code == 303
    assert administrator.get("/organize/people").status_code != 200
    with app.app_context():
        assert audit.verify().trouble == ""


def test_two_administrators_who_remove_each_other_at_once(app: Flask) -> None:
    person(app, "one@example.org", "administrator")
    person(app, "two@example.org", "administrator")
    ready, refused = threading.Barrier(2), []

    def remove(email: str) -> None:
        with app.app_context():
            user = register.find(email)
            ready.wait()
            try:
                register.take_role(user, "administrator", "*", datetime.now(UTC), "test")
            except AccountError:
                refused.append(email)

    threads = [threading.Thread(target=remove, args=(email,)) for email in ("one@example.org", "two@example.org")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert grants(app, refused[0]) == {("administrator", "*")}


def test_without_a_mail_server_the_link_is_handed_over(app: Flask, administrator: FlaskClient) -> None:
    fields = {"email": "New@example.org", "role": "viewer", "scope": SURVEY, "language": "ja"}
    shown = send(administrator, "/organize/people/invite", **fields)
    assert shown.status_code == 200
    assert "mail is not set up" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    link = link_in(shown.text)
    client = app.test_client()
    assert send(client, link, password=PASSWORD, again=PASSWORD).location == "/sign-in"
    assert sign_in(client, "new@example.org").location == "/organize"
    assert "This site cannot send mail yet." in app.test_client().get("/password").text
    reset = do(administrator, app, "new@example.org", act="link")
    assert client.get(link_in(reset.text)).status_code == 200


def test_whoever_has_an_account_gets_the_role_at_once(app: Flask, administrator: FlaskClient) -> None:
    fields = {"email": RESEARCHER.upper(), "role": "translator", "scope": SURVEY, "language": "ja"}
    assert send(administrator, "/organize/people/invite", **fields).location == page_of(app, RESEARCHER)
    assert ("translator", SURVEY) in grants(app, RESEARCHER)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a\x00@example.org"])
def test_what_is_no_address_is_said(administrator: FlaskClient, email: str) -> None:
    fields = {"email": email, "role": "viewer", "scope": "*", "language": "en"}
    refused = send(administrator, "/organize/people/invite", **fields)
    assert refused.status_code == 422
    assert 'id="email-error"' in refused.text


def test_what_is_done_for_somebody(app: Flask, administrator: FlaskClient) -> None:
    client = app.test_client()
    sign_in(client)
    turn_on_second_factor(client)
    do(administrator, app, ORGANIZER, act="forget-second-factor")
    assert client.get("/account").status_code == 303
    assert sign_in(client).location == "/organize"
    do(administrator, app, ORGANIZER, act="sign-out")
    assert client.get("/account").status_code == 303
    assert do(administrator, app, ORGANIZER, act="disable", confirm=RESEARCHER).status_code == 422
    assert client.get("/account").status_code == 303
    do(administrator, app, ORGANIZER, act="disable", confirm=f" {ORGANIZER.upper()} ")
    assert sign_in(client).status_code == 422
    do(administrator, app, ORGANIZER, act="enable")
    assert sign_in(client).status_code == 303


def test_who_administers_one_survey_sees_and_touches_no_more(
    app: Flask, fielded: Questionnaire, local: FlaskClient
) -> None:
    person(app, "mine@example.org", "viewer", SURVEY)
    person(app, "theirs@example.org", "organizer", "other-survey")
    with app.app_context():
        register.give_role(register.find("mine@example.org"), "viewer", "other-survey", datetime.now(UTC), "test")
    listed = local.get("/organize/people").text
    assert "mine@example.org" in listed
    assert not any(hidden in listed for hidden in ("theirs@example.org", ORGANIZER, "other-survey"))
    assert local.get(page_of(app, "theirs@example.org")).status_code == 403
    assert "other-survey" not in local.get(page_of(app, "mine@example.org")).text

    assert do(local, app, "mine@example.org", act="give", role="organizer", scope=SURVEY).status_code == 303
    for scope in ("*", "other-survey", ""):
        assert do(local, app, "mine@example.org", act="give", role="organizer", scope=scope).status_code == 403
        invited = {"email": "new@example.org", "role": "viewer", "scope": scope, "language": "en"}
        assert send(local, "/organize/people/invite", **invited).status_code == 403
    assert do(local, app, "mine@example.org", act="take", grant="viewer:other-survey").status_code == 403
    for act in ("disable", "enable", "link", "forget-second-factor", "sign-out"):
        assert do(local, app, "mine@example.org", act=act, confirm="mine@example.org").status_code == 403, act
    for grant in ("viewer", "organizer"):
        gone = do(local, app, "mine@example.org", act="take", grant=f"{grant}:{SURVEY}")
    assert gone.location == "/organize/people"
    assert grants(app, "mine@example.org") == {("viewer", "other-survey")}
    assert local.get(page_of(app, "mine@example.org")).status_code == 403


@pytest.mark.parametrize("act", ["", "delete", "_take"])
def test_acts_that_do_not_exist(app: Flask, administrator: FlaskClient, act: str) -> None:
    assert do(administrator, app, RESEARCHER, act=act).status_code == 400
    assert administrator.get("/organize/people/999").status_code == 404


def test_an_administrator_s_link_does_not_open_a_disabled_account(app: Flask, administrator: FlaskClient) -> None:
    do(administrator, app, RESEARCHER, act="disable", confirm=RESEARCHER)
    refused = do(administrator, app, RESEARCHER, act="link")
    assert refused.status_code == 422
    assert "The account is disabled." in refused.text
    assert links.RESET not in refused.text
