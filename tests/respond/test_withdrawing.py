"""Answers are taken back with the code of the receipt, tallies included."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.storage import responses

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]
Queued = Callable[[], list[int]]
RollUp = Callable[[], int]


def full_width(code: str) -> str:
    return "".join("－" if c == "-" else chr(ord(c) + 0xFEE0) for c in code)


def withdraw(person: Person, code: str) -> Person:
    return person.open("/withdraw").post([*[f for f in person.fields() if f[0] != "code"], ("code", code)])


@pytest.mark.parametrize("typed", [str, str.lower, full_width, lambda code: f"　{code.replace('-', ' ')}\n"])
def test_before_the_roll_up(
    person: Person, kept: Read, queued: Queued, roll_up: RollUp, typed: Callable[[str], str]
) -> None:
    code = person.open().walk(JAPAN).send().code()
    assert unicodedata.is_normalized("NFKC", code)
    assert withdraw(person, typed(code)).status == 200
    assert (kept(), queued()) == ([], [])
    assert roll_up() == 0
    assert withdraw(person, code).status == 404


def test_after_the_roll_up(person: Person, kept: Read, queued: Queued, roll_up: RollUp) -> None:
    code = person.open().walk(JAPAN).send().code()
    assert roll_up() == 1
    assert withdraw(person, code).status == 200
    assert ([k.state for k in kept()], queued()) == (["withdrawn"], [-1])
    assert withdraw(person, code).status == 404
    assert roll_up() == 1
    assert (kept(), queued()) == ([], [])
    assert withdraw(person, code).status == 404


def test_what_was_not_sent_yet(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN, "trust")
    token = person.token
    assert withdraw(person, token).status == 200
    assert kept() == []
    assert person.open(f"{SURVEY}/resume/{token}").status == 404


def test_by_the_link_of_the_receipt(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN).send()
    link = next(str(a["href"]) for a in person.page.select("main a") if "/withdraw" in str(a["href"]))
    person.open(link)
    person.post(person.fields())
    assert (person.status, kept()) == (200, [])
    assert person.open().heading == "Opinion survey on the U.S.-Japan alliance"


@pytest.mark.parametrize("when", ["open", "done", "tallied"])
def test_whoever_withdrew_elsewhere_can_answer_anew(
    person: Person, app: Flask, kept: Read, roll_up: RollUp, when: str
) -> None:
    person.open().walk(JAPAN)
    token = person.token
    if when != "open":
        person.send()
    if when == "tallied":
        roll_up()
    assert withdraw(Person(app.test_client()), token).status == 200
    person.open().press(consent="yes", adult="yes")
    assert (person.status, person.place) == (200, "about_you")
    person.walk(JAPAN).send()
    assert (person.code() == token) <= (when != "tallied")
    assert "done" in [k.state for k in kept()]
    roll_up()
    assert len(kept()) == 1


def test_a_page_posted_after_a_withdrawal_elsewhere(person: Person, app: Flask) -> None:
    person.open().walk(JAPAN, "trust")
    withdraw(Person(app.test_client()), person.token)
    person.press(trust_defend="1")
    assert person.status == 200


@pytest.mark.parametrize("code", ["", "K3QF", "0000-0000-0000-0000-000U", "あ" * 20, "A" * 5000, "\0" * 20, "'; --"])
def test_what_is_no_code(person: Person, code: str) -> None:
    withdraw(person, code)
    assert person.status == 422
    assert person.page.title is not None
    assert person.page.title.get_text().startswith("Error:")
    field = person.page.select_one("#code")
    assert field is not None
    assert field["aria-invalid"] == "true"


def test_without_a_cookie_nothing_is_withdrawn(person: Person, app: Flask, kept: Read) -> None:
    code = person.open().walk(JAPAN).send().code()
    stranger = Person(app.test_client())
    stranger.post([("code", code)], "/withdraw")
    assert (stranger.status, len(kept())) == (400, 1)
    assert dict(stranger.fields())["code"] == code
    stranger.post(stranger.fields())
    assert (stranger.status, kept()) == (200, [])


def test_withdrawn_from_four_windows_at_once(
    person: Person, app: Flask, kept: Read, queued: Queued, roll_up: RollUp
) -> None:
    code = person.open().walk(JAPAN).send().code()
    roll_up()

    def act(_number: int) -> bool:
        with app.app_context():
            return responses.withdraw(code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(act, range(4))) == [False, False, False, True]
    assert queued() == [-1]
    roll_up()
    assert kept() == []


def test_sent_and_withdrawn_at_once(person: Person, app: Flask, kept: Read, queued: Queued, roll_up: RollUp) -> None:
    """In any order the queue and the responses agree."""
    for _ in range(10):
        person.open().walk(JAPAN)
        code = person.token

        def withdraw_it(code: str = code) -> bool:
            with app.app_context():
                return responses.withdraw(code)

        with ThreadPoolExecutor(2) as pool:
            sent, withdrawn = pool.submit(person.send), pool.submit(withdraw_it)
            assert withdrawn.result()
            sent.result()
        assert person.status == 200
        assert (kept(), queued()) == ([], [])
        person.client.delete_cookie("answering-domestic-diplomacy")
    assert roll_up() == 0
