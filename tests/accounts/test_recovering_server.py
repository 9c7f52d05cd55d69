"""Asking for another password on the real server: the answer does not wait for the mail."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest
import requests

from tests.site import Site

from .door import ORGANIZER, PASSWORD


@pytest.mark.slow
def test_the_answer_is_there_before_the_mail_server_says_a_word(site: Callable[..., Site]) -> None:
    """So its time tells nobody whether there is an account. The SMTP server here is silent until the answer came."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port, "MAIL_FROM": "a@example.org", "MAIL_TLS": "none"}
        running = site(**mail)
        running.flask("user", "create", ORGANIZER, "--role", "viewer", "--password-stdin", input=PASSWORD + "\n")
        browser = requests.Session()
        page = browser.get(f"{running.address}/password", timeout=60)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token
        fields = {"csrf_token": token[1], "email": ORGANIZER}
        answer = browser.post(f"{running.address}/password", data=fields, timeout=60)
        assert answer.status_code == 200
        connection, _ = silent.accept()
        with connection, connection.makefile("rwb") as talk:
            talk.write(b"220 at last\r\n")
            talk.flush()
            assert talk.readline().startswith(b"ehlo"), "the site was still waiting for the first word"
