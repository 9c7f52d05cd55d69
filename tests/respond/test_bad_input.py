"""Bad input of any kind: a clear 4xx, and nothing lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.questionnaire.model import Questionnaire

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]
CLOSING = f"{SURVEY}/page/closing"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def late(person: Person) -> Person:
    """Someone on the last page."""
    return person.open().walk(JAPAN, "closing")


def raw(person: Person, address: str, body: bytes, content_type: str, **options: Any) -> Person:
    headers = person.headers | options.pop("headers", {})
    person.settle(person.client.post(address, data=body, content_type=content_type, headers=headers, **options))
    return person


def signed(person: Person, *fields: tuple[str, str]) -> bytes:
    """A body that carries the token of the open page."""
    return urlencode([("csrf_token", dict(person.fields())["csrf_token"]), *fields]).encode()


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        ("overall", {"favour": "6"}),
        ("overall", {"favour": ["1", "2"]}),
        ("overall", {"favour": "-9"}),
        ("overall", {"favour": "-1"}),
        ("overall", {"favour": "１"}),
        ("overall", {"favour": "\0"}),
        ("overall", {"favour": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")}),
        ("overall", {"favour": "<b>1</b>"}),
        ("experience", {"contact": ["study", "none"]}),
        ("experience", {"contact": ["study", "x" * 5000]}),
        ("bases", {"DD6a": "x", "DD6b": "5"}),
        ("closing", {"comment": "a\0b"}),
        ("closing", {"comment": "a\x1bb"}),
        ("closing", {"comment": "a\ufffdb"}),
        ("closing", {"comment": "x" * 2001}),
    ],
)
def test_answers_that_no_page_offers(person: Person, kept: Read, page: str, answers: dict[str, Any]) -> None:
    person.open().walk(JAPAN, page)
    before = kept()
    person.press(**answers)
    assert (person.status, person.place) == (422, page)
    assert kept() == before
    linked = [str(link["href"])[1:] for link in person.page.select(".error-summary a")]
    assert linked
    assert all(person.page.find(id=id) for id in linked)
    assert "<b>1</b>" not in person.response.text


def test_the_other_answers_of_such_a_page_are_shown_again(person: Person) -> None:
    person.open().walk(JAPAN, "bases").press(DD6a="x", DD6b="5")
    assert ("q_DD6b", "5") in person.fields()


def test_invalid_utf_8(late: Person, kept: Read) -> None:
    before = kept()
    raw(late, CLOSING, signed(late, ("action", "next")) + b"&q_comment=%ff%fe%C3abc", FORM)
    assert (late.status, kept()) == (400, before)
    assert "abc" in dict(late.fields())["q_comment"]
    for body in (b"\xff\xfe=\xff", b"csrf_token=\xff&q_comment=\x00", b"%ed%a0%80=%ed%b0%80", b"\x00" * 1000):
        assert raw(late, CLOSING, body, FORM).status == 400
    assert kept() == before
    for query in ("lang=%ff", "%ff=%00", "from=%00", "_scheme=x", "endpoint=x", "survey=x", "lang=ja&lang=%ed%a0%80"):
        assert late.open(f"{CLOSING}?{query}").status == 200, query


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "multipart/form-data", "x\xff/y"])
def test_wrong_content_types(late: Person, kept: Read, content_type: str) -> None:
    late.press("back", comment="前の文")
    before = kept()
    raw(late, CLOSING, b'{"q_comment": "x", "action": "next"}', content_type)
    assert (late.status, kept()) == (400, before)
    assert dict(late.fields())["q_comment"] == "前の文"  # Nothing was typed, so what is stored is shown.


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=x", f"; boundary={'x' * 300}"])
def test_broken_multipart(late: Person, kept: Read, boundary: str) -> None:
    before = kept()
    body = b'--x\r\nContent-Disposition: form-data; name="q_comment"\r\n\r\nno end'
    raw(late, CLOSING, body, f"multipart/form-data{boundary}")
    assert 400 <= late.status < 500
    assert kept() == before


def test_files_are_no_answers(late: Person, kept: Read) -> None:
    token = dict(late.fields())["csrf_token"]
    data = {"csrf_token": token, "q_comment": (io.BytesIO(b"\0" * 1000), "x.exe"), "action": "next"}
    late.settle(late.client.post(CLOSING, data=data, content_type="multipart/form-data"))
    assert late.status == 303
    assert kept()[0].answers["comment"] is None


def test_huge_bodies(late: Person, kept: Read) -> None:
    before = kept()
    for language, heading in (("ja", "ja"), ("en", "en")):
        late.headers = {"Accept-Language": language}
        for address in (CLOSING, SURVEY, "/withdraw"):
            raw(late, address, signed(late.open(CLOSING)) + b"&q_comment=" + b"x" * 10_000_000, FORM)
            assert late.status == 413
            assert late.page.html is not None
            assert late.page.html["lang"] == heading
            assert late.page.select_one("main h1")
    assert kept() == before


def test_very_many_fields(late: Person, kept: Read) -> None:
    before = kept()
    many = [(f"q_x{number}", "1") for number in range(2000)]
    late.post([*late.fields(), *many, ("action", "next")])
    assert late.place == "check"
    assert kept()[0].answers.keys() == before[0].answers.keys() | {"comment"}
    late.open(CLOSING)
    repeated = [("q_comment", "x")] * 2000
    late.post([*late.fields(), *repeated, ("action", "next")])
    assert late.status == 422
    parts = b"".join(f'--b\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n\r\n'.encode() for n in range(1100))
    raw(late, CLOSING, parts + b"--b--", "multipart/form-data; boundary=b")
    assert late.status == 413


def test_forged_tokens_lose_nothing_typed(late: Person, kept: Read) -> None:
    before = kept()
    for forged in ("", "x", "é\0", "." * 3000, "IjEi.aXYZ.abc", dict(late.fields())["csrf_token"][:-2]):
        late.open(CLOSING)
        rest = [(name, value) for name, value in late.filled({"comment": "書いた"}) if name != "csrf_token"]
        late.post([*rest, ("csrf_token", forged), ("action", "next")])
        assert (late.status, kept()) == (400, before)
        assert dict(late.fields())["q_comment"] == "書いた"
    late.press()
    assert late.place == "check"
    assert kept()[0].answers["comment"] == "書いた"


def test_a_forged_token_sends_nothing(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN).post([("csrf_token", "x")], f"{SURVEY}/check")
    assert (person.status, kept()[0].state) == (400, "open")
    person.send()
    assert person.place == "receipt"
    for address in (f"{SURVEY}/another", f"{SURVEY}/later"):
        person.post([("csrf_token", "x")], address)
        assert (person.status in (200, 400), len(kept())) == (True, 1)
    assert person.open(f"{SURVEY}/receipt").place == "receipt"


def test_without_any_cookie(person: Person, app: Flask, kept: Read) -> None:
    fields = person.open().filled({"consent": "yes"})
    stranger = Person(app.test_client())
    stranger.post([*fields, ("action", "next")], SURVEY)
    assert (stranger.status, kept()) == (400, [])
    assert "cookie" in stranger.page.get_text()
    assert ("q_consent", "yes") in stranger.fields()
    stranger.press(adult="yes")
    assert (stranger.status, stranger.place) == (200, "about_you")


def test_a_cookie_lost_in_the_middle(late: Person, kept: Read) -> None:
    """What was stored stays under its link; what was typed is shown again, and can be sent."""
    late.client.delete_cookie("answering-domestic-diplomacy")
    late.press(comment="まだここに")
    assert (late.status, late.place) == (400, "closing")
    assert dict(late.fields())["q_comment"] == "まだここに"
    late.press()
    assert late.here == SURVEY
    late.walk({name: answer for name, answer in JAPAN.items() if name != "comment"}).send()
    assert sorted(k.state for k in kept()) == ["done", "open"]
    assert "まだここに" in [k.answers.get("comment") for k in kept()]


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "eyJhbnN3ZXJpbmciOnsiZG9tZXN0aWMtZGlwbG9tYWN5IjoiMDAwMCJ9fQ.aa.bb", "\xff\xfe\x80", "é", "a" * 4000,
     '"\\377\\000"', ".eJw.x.y"],
)  # fmt: skip
def test_forged_cookies(app: Flask, fielded: Questionnaire, cookie: str) -> None:
    headers = {"Cookie": f"barometer={cookie}"}
    client = app.test_client(use_cookies=False)
    assert client.get(SURVEY, headers=headers).status_code in (200, 400)
    answer = client.post(SURVEY, data={"q_consent": "yes", "action": "next"}, headers=headers)
    assert answer.status_code == 400
    assert b"<h1>" in answer.data


def test_somebody_elses_session_key(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "trust")
    stranger = Person(app.test_client()).open()
    token = dict(stranger.fields())["csrf_token"]
    fields = [(name, value) for name, value in person.filled({"trust_defend": "1"}) if name != "csrf_token"]
    person.post([*fields, ("csrf_token", token), ("action", "next")])
    assert person.status == 400
    assert "trust_defend" not in kept()[0].answers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(person: Person, method: str) -> None:
    for address in (SURVEY, f"{SURVEY}/check", "/withdraw"):
        answer = person.client.open(address, method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
