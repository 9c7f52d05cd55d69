"""A person of each role tries to reach what is another survey's: by address, id, form, link, file and session."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import register
from app.accounts.roles import ROLES
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import write_questionnaire
from app.questionnaire.model import Questionnaire, from_canonical
from app.storage import surveys, users

from .desk import link_in, send
from .door import ORGANIZER, PASSWORD, make_accounts, sign_in, token

MINE, THEIRS = "domestic-diplomacy", "their-survey"


@pytest.fixture
def theirs(app: Flask, fielded: Questionnaire) -> Questionnaire:
    """Another survey, with a wave, that the people here have no role on."""
    make_accounts(app)
    text = fielded.canonical.replace(f'"{MINE}"', f'"{THEIRS}"').replace("Opinion survey on", "Their survey on")
    made = from_canonical(text)
    with app.app_context():
        surveys.publish(made, datetime.now(UTC))
        surveys.open_wave(THEIRS, "theirs-1", datetime.now(UTC))
    return made


def insider(app: Flask, role: str, scope: str = MINE, name: str = "") -> FlaskClient:
    """A browser of somebody with a role on a survey, called by the role or by a name."""
    email = f"{name or role}@example.org"
    with app.app_context():
        register.create_account(email, PASSWORD, role, datetime.now(UTC), scope)
    client = app.test_client()
    assert sign_in(client, email).status_code == 303
    return client


def links_on(client: FlaskClient, *pages: str) -> Iterator[str]:
    """Every address that the pages lead or send to."""
    for page in pages:
        soup = BeautifulSoup(client.get(page).text, "html.parser")
        yield from (str(a["href"]) for a in soup.find_all("a", href=True))
        yield from (str(form["action"]) for form in soup.find_all("form", action=True))


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_or_leads_to_the_other_survey(app: Flask, theirs: Questionnaire, role: str) -> None:
    client = insider(app, role)
    for page in ("/organize", "/research", "/organize/people", "/organize/audit", f"/organize/surveys/{MINE}"):
        shown = client.get(page)
        assert shown.status_code in (200, 403)
        assert THEIRS not in shown.text, page
        assert "Their survey" not in shown.text, page
        assert "theirs-1" not in shown.text, page
    found = set(links_on(client, "/organize", f"/organize/surveys/{MINE}", "/account"))
    for address in sorted(found):
        if address.startswith(("/organize", "/research", "/account")) and "lang=" not in address:
            answer = client.get(address)
            assert answer.status_code in (200, 405) or "navigation" in address or address == "/research", address
            answer.close()


@pytest.mark.parametrize("role", ROLES)
def test_the_other_survey_s_files_waves_and_versions_by_address(
    app: Flask, theirs: Questionnaire, fielded: Questionnaire, role: str
) -> None:
    client = insider(app, role)
    csrf = token(client, "/account")
    refused = [
        client.get(f"/research/{THEIRS}/responses.csv"),
        client.get(f"/research/{THEIRS}/responses.csv?labels=ja&synthetic=1"),
        client.get(f"/research/{THEIRS}/codebook.csv"),
        client.get(f"/organize/surveys/{THEIRS}"),
        client.get(f"/organize/surveys/{THEIRS}/versions/{theirs.hash}"),
        client.get(f"/organize/surveys/{THEIRS}/versions/{theirs.hash}.yaml"),
        client.get(f"/organize/surveys/{THEIRS}/versions/{theirs.hash}.xlsx"),
        client.get(f"/organize/surveys/{THEIRS}/compare"),
        client.post(f"/organize/surveys/{THEIRS}/open", data={"csrf_token": csrf, "key": "w9", "mode": "web"}),
        client.post(f"/organize/surveys/{THEIRS}/waves/theirs-1/close", data={"csrf_token": csrf, "key": "theirs-1"}),
        client.get(f"/organize/upload?from={THEIRS}"),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    # One's own survey does not lend its address to the other's version or wave.
    assert client.get(f"/organize/surveys/{MINE}/versions/{theirs.hash}.yaml").status_code == 404
    assert client.get(f"/organize/surveys/{MINE}/compare?old={theirs.hash}").status_code == 404
    assert client.get(f"/organize/surveys/{MINE}/waves/theirs-1/close").status_code in (403, 404)
    with app.app_context():
        assert [wave.closes_at for wave in surveys.waves(THEIRS)] == [None]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("key", [THEIRS, "a-new-survey"])
def test_a_file_of_another_survey_is_not_published(app: Flask, theirs: Questionnaire, role: str, key: str) -> None:
    client = insider(app, role)
    changed = from_canonical(theirs.canonical.replace(THEIRS, key).replace("Their survey on", "Another text on"))
    sent = {"text": write_questionnaire(changed), "checked": changed.hash, "csrf_token": token(client, "/account")}
    for action in ("check", "publish"):
        assert client.post("/organize/upload", data={**sent, "action": action}).status_code == 403
    workbook = b64encode(write_xlsform(changed)).decode()
    foreign = {"source": workbook, "name": "x.xlsx", "key": key, "action": "check", "csrf_token": sent["csrf_token"]}
    assert client.post("/organize/import", data=foreign).status_code == 403
    with app.app_context():
        assert surveys.survey_keys() == [MINE, THEIRS]
        assert len(surveys.versions(THEIRS)) == 1


def test_an_organizer_of_a_key_publishes_the_first_version_under_it(app: Flask, theirs: Questionnaire) -> None:
    client = insider(app, "organizer", "a-new-survey")
    changed = from_canonical(theirs.canonical.replace(THEIRS, "a-new-survey"))
    sent = {"text": write_questionnaire(changed), "checked": changed.hash, "csrf_token": token(client, "/account")}
    answer = client.post("/organize/upload", data={**sent, "action": "publish"})
    assert answer.location == "/organize/surveys/a-new-survey"
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_other_people_by_number(app: Flask, theirs: Questionnaire, role: str) -> None:
    client = insider(app, role, "*")
    csrf = token(client, "/account")
    with app.app_context():
        before = [(user.email, user.disabled_at, users.grants_of(user.id)) for user in users.everybody()]
        numbers = [user.id for user in users.everybody()]
    for number in (*numbers, 0, 999):
        address = f"/organize/people/{number}"
        assert client.get(address).status_code == 403
        for act in ("give", "take", "disable", "link", "forget-second-factor", "sign-out"):
            fields = {"csrf_token": csrf, "act": act, "role": "administrator", "scope": "*", "grant": "organizer:*"}
            fields["confirm"] = ORGANIZER
            assert client.post(address, data=fields).status_code == 403
    invited = {"csrf_token": csrf, "email": "x@example.org", "role": "administrator", "scope": "*"}
    assert client.post("/organize/people/invite", data=invited).status_code == 403
    with app.app_context():
        assert [(user.email, user.disabled_at, users.grants_of(user.id)) for user in users.everybody()] == before


def test_a_link_opens_the_account_that_it_was_made_for(app: Flask, theirs: Questionnaire) -> None:
    """Signed in as somebody else, with fields that name somebody else."""
    with app.app_context():
        delivery = register.send_link(register.find(ORGANIZER), datetime.now(UTC), "test")
    client = insider(app, "viewer")
    new = "another horse battery"
    send(client, link_in(delivery.link), password=new, again=new, email="viewer@example.org", account_id="1")
    assert sign_in(app.test_client(), "viewer@example.org", new).status_code == 422
    assert sign_in(app.test_client(), ORGANIZER, new).status_code == 303


def test_a_session_is_of_no_use_for_another_account(app: Flask, theirs: Questionnaire) -> None:
    client = insider(app, "viewer")
    with app.app_context():
        number = register.find(ORGANIZER).id
    with client.session_transaction() as session:
        mark = session["_user_id"].partition(".")[2]
        session["_user_id"] = f"{number}.{mark}"
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
def test_no_other_method_gets_past_the_door(app: Flask, theirs: Questionnaire, method: str) -> None:
    client = insider(app, "viewer")
    answer = client.open(f"/research/{THEIRS}/responses.csv", method=method)
    assert answer.status_code in (400, 403, 405)
    answer.close()
