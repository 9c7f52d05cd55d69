"""Every address × every role × {own survey, another survey, all surveys, no role, signed out}.

Made from the URL map: an address without a rule fails, and so does a rule that this page does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from app.accounts.passwords import hash_password
from app.accounts.register import create_account
from app.accounts.roles import ROLES
from app.accounts.rules import RULES
from app.questionnaire.model import Questionnaire, from_canonical
from app.storage import surveys, users

from .door import PASSWORD, sign_in, token

OWN, OTHER = "domestic-diplomacy", "another-survey"

# The table, written by hand: A administrator, O organizer, T translator, R researcher, V viewer. In capitals: the
# address names the survey. In small letters: any survey will do, and the page shows no more than belongs to it.
ALLOWED = {
    "organize.overview": "aotrv",
    "organize.upload": "ao",
    "organize.imported": "ao",
    "organize.survey": "AOTRV",
    "organize.version": "AOTRV",
    "organize.version_workbook": "AOTRV",
    "organize.compare_versions": "AOTRV",
    "organize.version_file": "AOTRV",
    "organize.open_wave": "AO",
    "organize.change_wave": "AO",
    "organize.close_wave": "AO",
    "organize.new_survey": "ao",
    "organize.design": "AO",
    "organize.source": "AO",
    "organize.remove_draft": "AO",
    "organize.design_settings": "AO",
    "organize.design_rules": "AO",
    "organize.add_page": "AO",
    "organize.design_page": "AO",
    "organize.remove_page": "AO",
    "organize.add_question": "AO",
    "organize.design_question": "AO",
    "organize.design_history": "AO",
    "organize.design_state": "AO",
    "organize.design_file": "AO",
    "organize.design_preview": "AO",
    "organize.preview_frame": "AO",
    "organize.check_expression": "AO",
    "organize.design_routing": "AO",
    "organize.design_languages": "AOT",
    "organize.translate": "AOT",
    "organize.translations_file": "AOT",
    "organize.take_translations": "AOT",
    "organize.design_bank": "AO",
    "organize.design_publish": "AO",
    "organize.wave": "AOTRV",
    "organize.monitor": "AOTRV",
    "organize.monitor_file": "AOTRV",
    "organize.contacts": "AO",
    "organize.returned": "AO",
    "organize.mailing": "AO",
    "organize.doubtful": "AO",
    "organize.quotas": "AO",
    "organize.jobs": "ao",
    "organize.run_job": "ao",
    "organize.people": "a",
    "organize.invite": "a",
    "organize.person": "a",
    "organize.audit": "a",
    "organize.audit_file": "a",
    "research.overview": "aor",
    "research.responses_file": "AOR",
    "research.codebook_file": "AOR",
}
FOR_EVERY_ACCOUNT = {
    "accounts.own",
    "accounts.language",
    "accounts.end_sessions",
    "accounts.confirm",
    "accounts.password",
    "accounts.second_factor",
    "accounts.recovery_codes",
    "accounts.remove_second_factor",
}
FOR_EVERYBODY = {"accounts.sign_in", "accounts.second_step", "accounts.sign_out", "accounts.forgotten"} | {
    "accounts.set_password",
    "health.healthz",
    "static",
}


class Address(NamedTuple):
    """survey: whether the address names one."""

    endpoint: str
    method: str
    path: str
    survey: bool


def test_every_address_has_a_rule_and_every_rule_an_address(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(RULES)


def test_what_is_public_is_what_people_without_an_account_need() -> None:
    public = {endpoint for endpoint, rule in RULES.items() if rule.public}
    assert {endpoint for endpoint in public if endpoint.split(".")[0] not in ("track", "respond")} == FOR_EVERYBODY
    assert set(RULES) - public == {*ALLOWED, *FOR_EVERY_ACCOUNT}


def test_an_address_without_a_rule_is_open_to_nobody(app: Flask, other: Questionnaire) -> None:
    app.add_url_rule("/forgotten-rule", view_func=lambda: "open", endpoint="forgotten_rule")
    assert app.test_client().get("/forgotten-rule").status_code == 403
    assert browser(app, "administrator", "*").get("/forgotten-rule").status_code == 403


@pytest.fixture
def other(app: Flask, fielded: Questionnaire) -> Questionnaire:
    """Another survey beside the one that is fielded, with a wave of the same key."""
    made = from_canonical(fielded.canonical.replace(f'"{fielded.survey}"', f'"{OTHER}"'))
    with app.app_context():
        surveys.publish(made, datetime.now(UTC))
        surveys.open_wave(OTHER, "w1", datetime.now(UTC))
    return made


def addresses(app: Flask, questionnaire: Questionnaire) -> Iterator[Address]:
    """Every address behind the door, for a survey."""
    values: dict[str, Any] = {
        "key": questionnaire.survey,
        "survey": questionnaire.survey,
        "wave": "w1",
        "kind": "invitation",
        "version": questionnaire.hash,
        "account_id": 1,
        "name": "start",
        "number": 1,
        "language": "ja",
        "job": "roll_up",
        "table_name": "days",
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if RULES[rule.endpoint].public:
                continue
            path = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            for method in sorted(rule.methods or ()):
                yield Address(rule.endpoint, method, path, bool({"key", "survey"} & rule.arguments))


def browser(app: Flask, role: str, scope: str) -> FlaskClient:
    """Somebody with one role, signed in."""
    email = f"{role}-{scope.replace('*', 'all')}@example.org"
    with app.app_context():
        if role:
            create_account(email, PASSWORD, role, datetime.now(UTC), scope)
        else:
            users.add(email, hash_password(PASSWORD), [], "", datetime.now(UTC), "command line")
    client = app.test_client()
    assert sign_in(client, email).status_code == 303
    return client


def ask(client: FlaskClient, address: Address, csrf: str, scope: str = "*") -> int:
    """What comes back for an address; what is sent changes nothing, for it is incomplete."""
    sent = {"csrf_token": csrf, "scope": scope} if address.method == "POST" else None
    if address.endpoint == "accounts.end_sessions" and address.method == "POST":
        return 303  # It would end the session that the other addresses need; test_own.py asks it.
    answer = client.open(address.path, method=address.method, data=sent)
    assert "/sign-in" not in answer.headers.get("Location", ""), address
    return answer.status_code


@pytest.mark.parametrize("scope", [OWN, OTHER, "*"])
@pytest.mark.parametrize("role", ROLES)
def test_the_table(app: Flask, fielded: Questionnaire, other: Questionnaire, role: str, scope: str) -> None:
    client = browser(app, role, scope)
    csrf = token(client, "/account")
    letter = role[0]
    for questionnaire in (fielded, other):
        for address in addresses(app, questionnaire):
            status = ask(client, address, csrf, scope)
            if address.endpoint in FOR_EVERY_ACCOUNT:
                may = True
            elif address.survey:
                may = letter.upper() in ALLOWED[address.endpoint] and scope in ("*", questionnaire.survey)
            else:
                may = letter in ALLOWED[address.endpoint]
            assert (status == 403) == (not may), (address, status)


def test_without_a_role_there_is_only_the_account(app: Flask, fielded: Questionnaire) -> None:
    client = browser(app, "", "*")
    csrf = token(client, "/account")
    for address in addresses(app, fielded):
        refused = ask(client, address, csrf) == 403
        assert refused == (address.endpoint in ALLOWED), address


def test_signed_out_every_address_leads_to_the_door(app: Flask, fielded: Questionnaire) -> None:
    client = app.test_client()
    csrf = token(client, "/sign-in")
    for address in addresses(app, fielded):
        sent = client.open(address.path, method=address.method, data={"csrf_token": csrf})
        assert (sent.status_code, sent.location.split("?")[0]) == (303, "/sign-in"), address


def test_signed_out_what_is_public_is_open(app: Flask, fielded: Questionnaire) -> None:
    client = app.test_client()
    for path in ("/", "/healthz", "/sign-in", "/password", f"/s/{fielded.survey}", "/static/site.css", "/withdraw"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        answer.close()


def test_a_form_needs_its_token(app: Flask, fielded: Questionnaire) -> None:
    client = browser(app, "administrator", "*")
    for address in addresses(app, fielded):
        if address.method == "POST":
            assert client.post(address.path, data={"key": "w1"}).status_code == 400, address
