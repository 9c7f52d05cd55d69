"""`flask user` and `flask audit`: all that pages do, from the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.accounts import register
from app.extensions import db
from app.storage import audit, users
from app.storage.models import AuditEntry
from tests.accounts.door import PASSWORD, sign_in

from .test_said import run

EMAIL = "ayako@example.org"


def make(app: Flask, email: str = EMAIL, role: str = "administrator", scope: str = "*") -> None:
    with app.app_context():
        register.create_account(email, PASSWORD, role, datetime.now(UTC), scope)


def test_an_account_is_made(app: Flask) -> None:
    arguments = ["user", "create", EMAIL, "--role", "researcher", "--survey", "small", "--password-stdin"]
    result = app.test_cli_runner().invoke(args=arguments, input=PASSWORD + "\n")
    assert result.output == f"{EMAIL}: researcher of small; sign in at http://127.0.0.1:8000/sign-in\n"
    assert sign_in(app.test_client(), EMAIL).location == "/research"
    again = app.test_cli_runner().invoke(args=arguments, input=PASSWORD + "\n")
    assert (again.exit_code, again.output) == (1, f"“{EMAIL}” has an account already.\n")


def test_the_list(app: Flask) -> None:
    make(app)
    make(app, "b@example.org", "viewer", "small")
    run(app, "user", "invite", "c@example.org", "--role", "translator")
    run(app, "user", "disable", "b@example.org")
    assert run(app, "user", "list") == (
        0,
        f"{EMAIL}  active  password only  administrator of all surveys\n"
        "b@example.org  disabled  password only  viewer of small\n"
        "c@example.org  invited  password only  translator of all surveys\n",
    )


def test_without_a_mail_server_links_are_printed(app: Flask) -> None:
    code, said = run(app, "user", "invite", EMAIL, "--role", "viewer")
    assert code == 0
    first = re.search(r"^http://127\.0\.0\.1:8000(/password/\S+)$", said, re.MULTILINE)
    assert "not mailed (mail is not set up); hand over this link" in said
    assert first
    assert app.test_client().get(first[1]).status_code == 200
    code, said = run(app, "user", "reset", EMAIL)
    second = re.search(r"(/password/\S+)$", said, re.MULTILINE)
    assert code == 0
    assert second
    assert app.test_client().get(first[1]).status_code == 410
    assert app.test_client().get(second[1]).status_code == 200


def test_roles(app: Flask) -> None:
    make(app, role="viewer")
    role = ("user", "role", EMAIL, "organizer", "--survey", "small")
    assert run(app, *role) == (0, f"{EMAIL}: now organizer of small\n")
    assert run(app, *role) == (0, f"{EMAIL}: was already organizer of small\n")
    assert run(app, *role, "--remove") == (0, f"{EMAIL}: no longer organizer of small\n")
    assert run(app, *role, "--remove") == (0, f"{EMAIL}: was not organizer of small\n")
    code, said = run(app, "user", "role", EMAIL, "organizer", "--survey", "No Key")
    assert (code, said) == (1, "“No Key” cannot be the key of a survey.\n")


@pytest.mark.parametrize(
    "arguments", [("role", EMAIL, "administrator", "--remove"), ("disable", EMAIL)], ids=["role", "disable"]
)
def test_the_last_administrator_stays(app: Flask, arguments: tuple[str, ...]) -> None:
    make(app)
    code, said = run(app, "user", *arguments)
    assert (code, said.split(".")[0]) == (1, "Nobody would be left to administer this site")
    with app.app_context():
        user = register.find(EMAIL)
        assert user.disabled_at is None
        assert users.grants_of(user.id) == {("administrator", "*")}


def test_the_rest(app: Flask) -> None:
    make(app, role="viewer")
    client = app.test_client()
    sign_in(client, EMAIL)
    assert run(app, "user", "sign-out", EMAIL) == (0, f"{EMAIL}: signed out everywhere\n")
    assert client.get("/account").status_code == 303
    assert run(app, "user", "reset", EMAIL, "--second-factor") == (0, f"{EMAIL}: had no second factor\n")
    assert run(app, "user", "disable", EMAIL) == (0, f"{EMAIL}: disabled\n")
    assert run(app, "user", "reset", EMAIL) == (1, "The account is disabled.\n")
    assert run(app, "user", "enable", EMAIL) == (0, f"{EMAIL}: enabled\n")


@pytest.mark.parametrize("command", ["role", "disable", "enable", "reset", "sign-out"])
def test_nobody_of_that_address(app: Flask, command: str) -> None:
    more = ("viewer",) if command == "role" else ()
    assert run(app, "user", command, "x@example.org", *more) == (1, "“x@example.org” has no account.\n")


def test_all_of_it_is_in_the_audit_log(app: Flask) -> None:
    test_the_rest(app)
    with app.app_context():
        done = [entry.action for entry in audit.all_entries(audit.Filter(person=EMAIL)) if entry.actor != EMAIL]
    assert done == ["account.enabled", "account.disabled", "account.signed_out", "role.given", "account.made"]


def test_the_chain_is_verified(app: Flask) -> None:
    make(app)
    code, said = run(app, "audit", "verify")
    found = re.fullmatch(r"(\d+) entries hold; the last is (\1:[0-9a-f]{64})\n", said)
    assert code == 0
    assert found
    make(app, "b@example.org")
    assert run(app, "audit", "verify", "--known", found[2])[0] == 0
    for known in ("1:00", "x", "9:", found[2].replace(":", ":f")):
        assert run(app, "audit", "verify", "--known", known)[0] == 1
    with app.app_context():
        db.session.query(AuditEntry).filter_by(id=1).update({"actor": "nobody"})
        db.session.commit()
    assert run(app, "audit", "verify") == (
        1,
        "The audit log is not as it was written: entry 1 was changed, or one before it was.\n",
    )


def test_the_log_as_a_file(app: Flask) -> None:
    make(app)
    make(app, "b@example.org", "viewer", "small")
    code, said = run(app, "audit", "export", "--survey", "small", "--person", "b@example.org")
    header, line = said.splitlines()
    assert code == 0
    assert header == "number,at,actor,action,survey,person,detail,hash"
    assert ',command line,role.given,small,b@example.org,"{""role"": ""viewer""}",' in line
