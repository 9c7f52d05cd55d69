"""A body whose length nobody said before, as a real server hands it on: whole, or refused as too large."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests

from config import Settings
from tests.site import Site

LIMIT = Settings.model_fields["max_answer_bytes"].default
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=edge"
PART = b'--edge\r\nContent-Disposition: form-data; name="email"\r\n\r\n%b\r\n--edge--\r\n'


def in_chunks(body: bytes) -> Iterator[bytes]:
    for begin in range(0, len(body), 10_000):
        yield body[begin : begin + 10_000]


@pytest.mark.slow
def test_chunked_bodies(site: Callable[..., Site]) -> None:
    running = site()

    def post(body: bytes, content_type: str) -> int:
        headers = {"Content-Type": content_type}
        return requests.post(
            f"{running.address}/sign-in", data=in_chunks(body), headers=headers, timeout=60, allow_redirects=False
        ).status_code

    # Whatever fits is read whole, and lacks the token of our form.
    assert post(b"email=a", URLENCODED) == 400
    assert post(b"email=" + b"a" * (LIMIT - 6), URLENCODED) == 400
    assert post(b"email=" + b"a" * (LIMIT - 5), URLENCODED) == 413
    assert post(b"email=" + b"a" * 40 * LIMIT, URLENCODED) == 413
    assert post(PART % (b"a" * (LIMIT - len(PART) + 2)), MULTIPART) == 400
    assert post(PART % (b"a" * (LIMIT - len(PART) + 3)), MULTIPART) == 413


@pytest.mark.slow
def test_a_token_at_the_beginning_lets_nothing_be_cut_off(site: Callable[..., Site]) -> None:
    running = site()
    session = requests.Session()
    page = session.get(f"{running.address}/sign-in", timeout=60).text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert token
    headers = {"Content-Type": URLENCODED}
    for length, status in ((10, 422), (LIMIT, 413)):
        body = b"csrf_token=" + token.encode() + b"&email=you%40example.org&password=" + b"x" * length
        answer = session.post(f"{running.address}/sign-in", data=in_chunks(body), headers=headers, timeout=60)
        assert answer.status_code == status


@pytest.mark.slow
def test_broken_chunks_are_the_senders_mistake(site: Callable[..., Site]) -> None:
    port = urlsplit(site().address).port or 0
    head = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: {URLENCODED}\r\nTransfer-Encoding: chunked"
    for chunks in (b"zz\r\n", b"5;\x01\r\n12345\r\n0\r\n\r\n", b"5\r\n12345xx", b"5\r\n12"):
        with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as answer:
            connection.sendall(head.encode() + b"\r\n\r\n" + chunks)
            connection.shutdown(socket.SHUT_WR)
            assert answer.readline().startswith(b"HTTP/1.1 400 "), chunks
