"""People at their own account: an authenticator on the table, and what stands on pages."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from .door import PASSWORD, sign_in, token

_SECRET = re.compile(r'class="receipt-code">([A-Z2-7 ]+)<')
_RECOVERY = re.compile(r"<li><code>([a-z2-7-]+)</code></li>")
_LINK = re.compile(r"/password/[\w-]+")


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Sends the form of a page, or one of another page to the address."""
    page = client.get(address)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    return client.post(address, data={"csrf_token": found[1] if found else token(client, "/account"), **fields})


def step() -> int:
    return int(time.time()) // 30


@dataclass
class Authenticator:
    """An app that never shows a code twice, and whose clock may be a step ahead for that. last: the step last shown.

    A code is taken a step late as well, so that no test hangs on the second in which it runs.
    """

    secret: str
    last: int = 0

    def next(self) -> str:
        self.last = max(step(), self.last + 1)
        return self.of(self.last)

    def of(self, step: int) -> str:
        return pyotp.TOTP(self.secret).generate_otp(step)


def turn_on_second_factor(client: FlaskClient) -> tuple[Authenticator, list[str]]:
    """The authenticator, which has shown one code for it, and the recovery codes."""
    found = _SECRET.search(client.get("/account/second-factor").text)
    assert found
    authenticator = Authenticator(found[1].replace(" ", ""))
    done = send(client, "/account/second-factor", code=authenticator.next())
    assert done.status_code == 200, done.text
    return authenticator, _RECOVERY.findall(done.text)


def begin_with_code(client: FlaskClient, email: str, typed: str) -> TestResponse:
    """Signs in by password and code."""
    assert sign_in(client, email, PASSWORD).location.startswith("/sign-in/code")
    return send(client, "/sign-in/code", code=typed)


def five_tries_an_hour(app: Flask) -> None:
    """A limit whose window no slow machine outlasts."""
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"sign_in_limit": "5 per hour"})


def link_in(text: str) -> str:
    """The path of the link in a mail or on a page."""
    found = _LINK.search(html.unescape(text))
    assert found, text
    return found[0]
