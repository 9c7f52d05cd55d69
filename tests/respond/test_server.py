"""What only a real server shows: broken requests on the wire, and what is written to its log."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

import pytest
import requests

from tests.site import Site

SURVEY = "/s/domestic-diplomacy"


def exchange(site: Site, request: bytes) -> bytes:
    """Sends bytes and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", int(site.environment["PORT"])), 20) as connection:
        sender = threading.Thread(target=_send, args=(connection, request))
        sender.start()
        received = b""
        while part := connection.recv(65536):
            received += part
        sender.join()
        return received


def _send(connection: socket.socket, request: bytes) -> None:
    with contextlib.suppress(OSError):  # The server need not hear all of what is too large.
        connection.sendall(request)


def head(method: str, path: str, *lines: bytes) -> bytes:
    start = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
    return start + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


@pytest.mark.slow
def test_broken_requests_on_the_wire(site: Callable[..., Site]) -> None:
    running = site()
    form = b"Content-Type: application/x-www-form-urlencoded"
    japanese = b"Accept-Language: ja"
    body = b"q_consent=" + b"x" * 10_000_000

    answer = exchange(running, head("POST", SURVEY, form, japanese, b"Content-Length: %d" % len(body)) + body)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'<html lang="ja">' in answer
    assert answer.rstrip().endswith(b"</html>")

    chunk = b"%x\r\n%b\r\n" % (len(body), body)
    answer = exchange(running, head("POST", SURVEY, form, b"Transfer-Encoding: chunked") + chunk + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.rstrip().endswith(b"</html>")

    for line in (b"Cookie: barometer=\xff\xfe\x80", b"Cookie: \xff", b"Accept-Language: \xff;q=x", b"Cookie: a=b;;=;"):
        answer = exchange(running, head("GET", SURVEY, line))
        assert answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 400 ")), (line, answer[:200])
    for path in (f"{SURVEY}?lang=\udcff", "/s/\udcff", "/s/%ff%fe", "/s/a%00"):
        request = head("GET", "@", japanese).replace(b"@", path.encode("utf-8", "surrogateescape"))
        answer = exchange(running, request)
        assert answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), (path, answer[:200])
    assert exchange(running, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 ")

    session = requests.Session()
    agent = {"User-Agent": "Mosaic/0.9-secret", "X-Forwarded-For": "203.0.113.77"}
    for path in (SURVEY, f"{SURVEY}/page/trust", f"{SURVEY}/resume/K3QF-9ZT2-M4XA-71WC-8DRE", "/s/none"):
        session.get(running.address + path, headers=agent, timeout=20)
    log = running.log.read_text()
    for secret in ("127.0.0.1", "203.0.113", "Mosaic", "K3QF", "x" * 100):
        assert secret not in log, log
    assert "Traceback" not in log
