"""Server CPU per completed response, against a bare Flask view that renders the same bytes and inserts one row.

Both run under the same server with the same configuration, in turn, in one run. The floor gets the same requests,
answers them with the same bytes, and inserts one row, with the same durability, for each completed response.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil
import requests
from bs4 import BeautifulSoup

from benchmarks.floor import start_floor
from tests.conftest import make_settings, migrate
from tests.site import Site, start_site

RESPONSES = 60
ROUNDS = 5
TARGET = 2.0


class Exchange(NamedTuple):
    """One request as it was sent, and what came back."""

    request: requests.PreparedRequest
    status: int
    body: bytes


def run() -> list[str]:
    """The lines of the report."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        address = f"sqlite:///{place}/bench.sqlite"
        migrate(make_settings(place, address))
        site = start_site(address, place, {"JOBS_INTERVAL_SECONDS": "86400"})
        try:
            exchanges = answer(site.address)
            floor = start_floor([(exchange.status, exchange.body) for exchange in exchanges], place)
            try:
                return _compare(site, floor, exchanges)
            finally:
                floor.stop()
        finally:
            site.stop()


def _compare(site: Site, floor: Site, exchanges: list[Exchange]) -> list[str]:
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(cost(site, lambda: answer(site.address), RESPONSES))
        bare.append(cost(floor, lambda: replay(floor.address, exchanges), RESPONSES))
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    return [
        f"answering: {1000 * statistics.median(ours):.1f} CPU-ms per completed response of {len(exchanges)} requests,"
        f" floor {1000 * statistics.median(bare):.1f}, ratio {ratio:.2f} (at most {TARGET})",
    ]


def cost(site: Site, work: Callable[[], object], calls: int) -> float:
    """CPU seconds of the server's processes per call of `work`."""
    for _ in range(5):
        work()
    before = _cpu(site)
    for _ in range(calls):
        work()
    return (_cpu(site) - before) / calls


def _cpu(site: Site) -> float:
    assert site.web is not None
    return sum(_used_by(process) for process in (psutil.Process(site.web.pid), *site.workers()))


def _used_by(process: psutil.Process) -> float:
    """CPU seconds of a process: to the nanosecond where the system has a clock of it, else in hundredths."""
    try:
        return time.clock_gettime(~process.pid << 3 | 2)  # As clock_getcpuclockid(3) makes it on Linux.
    except OSError:
        times = process.cpu_times()
        return times.user + times.system


def answer(address: str) -> list[Exchange]:
    """One person's answers from the first page to the receipt."""
    session = requests.Session()
    session.headers["Accept-Language"] = "ja"
    exchanges = []
    response = session.get(f"{address}/s/domestic-diplomacy")
    while True:
        exchanges += [Exchange(r.request, r.status_code, r.content) for r in (*response.history, response)]
        assert response.ok, response.text[:2000]
        if response.url.endswith("/receipt"):
            return exchanges
        response = session.post(response.url, data=_filled(response.content))


_forms: dict[bytes, dict[str, str]] = {}


def _filled(page: bytes) -> dict[str, str]:
    """The first option of every question, read from the page once; the token from each page."""
    token = page.split(b'name="csrf_token" value="', 1)[1].split(b'"', 1)[0]
    key = page.replace(token, b"")
    if key not in _forms:
        choices = "main form input[type=radio], main form input[type=checkbox]"
        inputs = BeautifulSoup(page, "html.parser").select(choices)
        _forms[key] = {}
        for item in inputs:
            _forms[key].setdefault(str(item["name"]), str(item["value"]))
    return {**_forms[key], "csrf_token": token.decode(), "action": "next"}


def replay(address: str, exchanges: list[Exchange]) -> None:
    """The same requests to the floor: method, headers, cookies and body."""
    session = requests.Session()
    for number, exchange in enumerate(exchanges):
        sent = exchange.request.copy()
        sent.url = f"{address}/{number}"
        session.send(sent, allow_redirects=False)
