"""kill -9 on web workers and scheduler under load: what was acknowledged is stored once, and the tallies are right."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import requests

from benchmarks.answering import answer
from tests.site import Site

ROUNDS = 20
MOST_BROKEN = 2000


@dataclass
class Crowd:
    """Several people who answer one after another until told to stop; their receipts are what was acknowledged."""

    address: str
    receipts: list[str] = field(default_factory=list)
    broken: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.receipts.append(receipt(answer(self.address)[-1][2]))
            except (requests.RequestException, AssertionError):
                self.broken += 1  # Killed in mid-request: nothing was acknowledged, or the receipt was lost.
            except BaseException as error:
                self.failures.append(error)
                raise


def receipt(page: bytes) -> str:
    """The receipt code on the last page."""
    from bs4 import BeautifulSoup

    found = BeautifulSoup(page, "html.parser").select_one(".receipt-code strong, .receipt-code")
    assert found is not None
    return found.get_text(strip=True)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_or_doubled(site: Callable[..., Site], engine: str) -> None:
    chance = random.Random(7)
    running = site(engine)
    crowd = Crowd(running.address)
    people = [threading.Thread(target=crowd.run) for _ in range(3)]
    for person in people:
        person.start()
    try:
        for round_number in range(ROUNDS):
            await_one(crowd, round_number)
            time.sleep(chance.uniform(0, 0.9))
            chance.choice(running.workers()).kill()
            if round_number % 2:
                running.kill_jobs()
                running.start_jobs()
            running.wait()
    finally:
        crowd.stop.set()
        for person in people:
            person.join()
    assert not crowd.failures
    assert len(crowd.receipts) >= ROUNDS
    check(running, crowd.receipts)


def await_one(crowd: Crowd, before: int) -> None:
    """Until more than so many have answered to the end: however busy the machine, there is load. Or until too many
    could not, which the test then says."""
    while len(crowd.receipts) <= before and not crowd.failures and crowd.broken < MOST_BROKEN:
        time.sleep(0.02)


def check(running: Site, receipts: list[str]) -> None:
    """Every receipt leads to exactly one response, counted exactly once."""
    running.kill_jobs()
    running.flask("jobs", "once", "roll_up")
    verified = running.flask("tally", "verify", check=False)
    assert verified.returncode == 0, verified.stdout
    exported = running.flask("responses", "export", "domestic-diplomacy").stdout.splitlines()
    stored = [line.split(",", 1)[0].strip('"') for line in exported[1:]]
    assert len(stored) == len(set(stored))
    from app.storage.responses import response_id

    assert {str(response_id(code)) for code in receipts} <= set(stored)
