"""What is kept of a person, and what is sent along."""

from __future__ import annotations

from sqlalchemy import inspect

from app.extensions import db
from app.storage.models import Response

from .person import JAPAN, SURVEY, Person

PAGES = (SURVEY, f"{SURVEY}/page/trust", f"{SURVEY}/check", f"{SURVEY}/later", f"{SURVEY}/receipt", "/withdraw", "/s/x")


def test_the_columns_of_a_response(app: object) -> None:
    columns = set(inspect(Response).columns.keys())
    assert columns == {
        "id", "token_hash", "wave_id", "language", "state", "revision", "answers", "started_at", "saved_at",
        "submitted_at",
        "page",  # The last one that was sent.
        "edition",  # Of late ones: which edition of the published figures counted it first.
        "base_weight", "paradata",  # Of imported samples only: what is answered here has neither.
    }  # fmt: skip


def test_no_address_and_no_browser_is_stored(person: Person) -> None:
    person.headers |= {"User-Agent": "Mosaic/0.9-secret", "X-Forwarded-For": "203.0.113.77", "Referer": "http://ref/"}
    person.client.environ_base["REMOTE_ADDR"] = "198.51.100.23"
    person.open().walk(JAPAN).send()
    token = person.code()
    with person.client.application.app_context():
        stored = " ".join(
            str(tuple(row)) for table in db.metadata.tables.values() for row in db.session.execute(table.select())
        )
    assert "okinawa" in stored
    for secret in ("Mosaic", "203.0.113", "198.51.100", "http://ref", token, token.replace("-", "")):
        assert secret not in stored


def test_headers_of_every_page(person: Person) -> None:
    person.open().walk(JAPAN)
    links = (*PAGES, f"{SURVEY}/resume/{person.token}", f"{SURVEY}/resume/x", f"{SURVEY}/ended/9")
    for address in links:
        headers = person.client.get(address).headers
        assert headers["Cache-Control"] == "no-store", address
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), address
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_message_for_one_reader_is_shown_to_no_other(person: Person) -> None:
    with person.client.session_transaction() as session:
        session["_flashes"] = [("message", "Only for you")]
    assert "Only for you" in person.open().page.get_text()
    assert "Only for you" not in person.open().page.get_text()
    assert "Only for you" not in Person(person.client.application.test_client()).open().page.get_text()


def test_pages_made_once_carry_everybodys_own_token(person: Person) -> None:
    tokens = set()
    for _ in range(2):
        reader = Person(person.client.application.test_client()).open()
        tokens.add(dict(reader.fields())["csrf_token"])
        assert reader.press(consent="yes", adult="yes").place == "about_you"
        assert "\ue000" not in reader.response.text
    assert len(tokens) == 2


def test_nothing_on_a_page_comes_from_elsewhere(person: Person) -> None:
    person.open().walk(JAPAN)
    for address in PAGES:
        page = person.open(address).page
        assert not page.select("script, style, [style], [onclick], iframe, object")
        for item in page.select("[src], link[href]"):
            assert str(item.get("src") or item.get("href")).startswith("/static/"), address


def test_the_one_cookie(person: Person) -> None:
    cookies = person.open().response.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
