"""The researchers' page and its downloads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask import Flask

from app.questionnaire.model import Questionnaire
from app.storage import bulk

from .conftest import Send, SignIn

PLACES = ("/research", "/research/domestic-diplomacy/responses.csv", "/research/domestic-diplomacy/codebook.csv")


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


@pytest.mark.parametrize("place", PLACES)
def test_strangers_are_led_to_sign_in(app: Flask, fielded: Questionnaire, place: str) -> None:
    answer = app.test_client().get(place)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/research")


@pytest.mark.parametrize("role", ["researcher", "organizer"])
def test_both_roles_may_see_and_take(fielded: Questionnaire, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    for place in PLACES:
        with client.get(place) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_file_that_the_page_offers_can_be_taken(send: Send, sign_in: SignIn, language: str) -> None:
    send([{"country": "jp"}])
    send([{"country": "us"}], "made-up", synthetic=True)
    client = sign_in("researcher")
    page = client.get(f"/research?lang={language}").text
    offered = [link for link in Links(page).found if ".csv" in link]
    assert len(offered) == len(set(offered)) == 14
    for link in offered:
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer.content_type == "text/csv; charset=utf-8"
        assert answer.data.startswith(b"\xef\xbb\xbf") == ("bom=1" in link)
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        if "responses" in link:
            assert [row["synthetic"] for row in rows] == ["1" if "synthetic=1" in link else "0"]
            assert (rows[0]["country"] in ("jp", "us")) == ("labels" not in link)


def test_the_name_of_a_file_says_what_it_is(fielded: Questionnaire, sign_in: SignIn) -> None:
    client = sign_in("researcher")
    today = datetime.now(UTC).date().isoformat()
    names = {
        "responses.csv": f"domestic-diplomacy_responses-codes_{today}.csv",
        "responses.csv?labels=ja&synthetic=1": f"domestic-diplomacy_responses-ja-synthetic_{today}.csv",
        "codebook.csv?bom=1": f"domestic-diplomacy_codebook_{today}.csv",
    }
    for place, name in names.items():
        answer = client.get(f"/research/domestic-diplomacy/{place}")
        answer.close()
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["labels=fr", "labels=", "bom=yes", "synthetic=2"])
def test_what_is_not_offered_is_refused(fielded: Questionnaire, sign_in: SignIn, query: str) -> None:
    assert sign_in("researcher").get(f"/research/domestic-diplomacy/responses.csv?{query}").status_code == 400


def test_unknown_surveys_are_not_found(fielded: Questionnaire, sign_in: SignIn) -> None:
    client = sign_in("researcher")
    assert client.get("/research/nothing/responses.csv").status_code == 404
    assert client.get("/research/nothing/codebook.csv").status_code == 404


def test_the_page_counts_what_the_file_holds(send: Send, sign_in: SignIn) -> None:
    send([{"country": "jp"}] * 1234)
    page = sign_in("researcher").get("/research?lang=en").text
    row = re.search(r"<th scope=\"row\">w1.*?</tr>", page, re.DOTALL)
    assert row
    assert "1,234" in row[0]


def test_a_page_with_made_up_responses_only_says_so(send: Send, sign_in: SignIn) -> None:
    send([{"country": "us"}], "made-up", synthetic=True)
    client = sign_in("researcher")
    page = client.get("/research?lang=en").text
    assert "made-up responses" in page
    offered = [link for link in Links(page).found if "responses.csv" in link]
    assert len(offered) == 6
    assert all("synthetic=1" in link for link in offered)
    with client.get("/research/domestic-diplomacy/responses.csv") as answer:
        assert "-synthetic_" in answer.headers["Content-Disposition"]


def test_a_page_without_surveys_says_what_will_stand_there(app: Flask, sign_in: SignIn) -> None:
    assert "The files of each survey will stand here." in sign_in("researcher").get("/research?lang=en").text


def broken(wave_ids: list[int]) -> Iterator[bulk.Submitted]:
    yield from ()
    raise ConnectionError("the database went away")


def test_half_a_file_never_looks_whole(sign_in: SignIn, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error reaches the server, which breaks the connection off: no last chunk is sent."""
    send([{"country": "jp"}])
    client = sign_in("researcher")
    monkeypatch.setattr(bulk, "read_submitted", broken)
    with pytest.raises(ConnectionError):
        _ = client.get("/research/domestic-diplomacy/responses.csv").data


def test_where_the_end_of_the_connection_is_the_end_of_the_file_its_length_is_told(
    sign_in: SignIn, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    send([{"country": "jp"}] * 100)
    client = sign_in("researcher")
    old = {"SERVER_PROTOCOL": "HTTP/1.0"}
    streamed = client.get("/research/domestic-diplomacy/responses.csv")
    with client.get("/research/domestic-diplomacy/responses.csv", environ_overrides=old) as whole:
        assert whole.content_length == len(whole.data)
        assert whole.data == streamed.data
    assert "Content-Length" not in streamed.headers
    monkeypatch.setattr(bulk, "read_submitted", broken)
    assert client.get("/research/domestic-diplomacy/responses.csv", environ_overrides=old).status_code == 500
