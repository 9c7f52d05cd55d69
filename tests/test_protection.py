"""Errors say what happened and log no more than they may; a slash too many still leads to the page."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.rules import PUBLIC, RULES
from app.questionnaire.model import Questionnaire


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/s/domestic-diplomacy/", "/s/domestic-diplomacy"),
        ("/s/domestic-diplomacy///", "/s/domestic-diplomacy"),
        ("/s/domestic-diplomacy/?lang=ja&from=%2Fa%20b%ff", "/s/domestic-diplomacy?lang=ja&from=%2Fa%20b%ff"),
        ("/s/日本/", "/s/%E6%97%A5%E6%9C%AC"),
        ("/s/a%0d%0aSet-Cookie:%20b=c/", "/s/a%0D%0ASet-Cookie%3A%20b%3Dc"),
        ("/organize/", "/organize"),
        ("/research/", "/research"),
        ("/sign-in/", "/sign-in"),
        ("/measures/DD6/", "/measures/DD6"),
        ("/trends/domestic-diplomacy/overall.csv/", "/trends/domestic-diplomacy/overall.csv"),
    ],
)
def test_a_slash_too_many_leads_to_the_page(client: FlaskClient, address: str, page: str) -> None:
    for answer in (client.get(address), client.head(address)):
        assert (answer.status_code, answer.headers["Location"]) == (308, page)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_is_there(client: FlaskClient, fielded: Questionnaire) -> None:
    assert client.get(f"/s/{fielded.survey}/", follow_redirects=True).status_code == 200


@pytest.mark.parametrize(("address", "varies"), [("/", True), ("/nowhere", True), ("/healthz", False)])
def test_pages_in_the_readers_language_say_on_what_they_depend(
    client: FlaskClient, fielded: Questionnaire, address: str, varies: bool
) -> None:
    told = client.get(address).headers.getlist("Vary")
    assert ("Accept-Language" in told) is varies
    assert ("Cookie" in told) is varies


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/",
        "///evil.example//",
        "/\\evil.example/",
        "/%5cevil.example/",
        "/http://evil.example/",
        "/none/",
    ],
)
def test_no_slash_leads_elsewhere(client: FlaskClient, address: str) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": address})
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_slashes_before_a_page_stay_on_this_host(client: FlaskClient) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": "//organize/"})
    assert answer.headers["Location"] == "/organize"


def test_what_was_sent_is_not_sent_elsewhere(client: FlaskClient) -> None:
    assert client.post("/sign-in/", data={"email": "a"}).status_code == 404
    assert client.get("/sign-out/").status_code == 404


def test_a_mistake_is_logged_with_its_place_and_without_what_was_typed(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise ValueError("my neighbour's name")

    monkeypatch.setitem(RULES, "broken", PUBLIC)
    app.add_url_rule("/broken", view_func=broken)
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "ValueError on GET broken" in caplog.text
    assert "in broken" in caplog.text
    assert "neighbour's name" not in caplog.text.replace('raise ValueError("my neighbour\'s name")', "")


def test_an_error_tells_what_is_safe_to_who_answers_alone(client: FlaskClient) -> None:
    safe = "Every page of answers you sent before this one is saved."
    assert safe in client.get("/s/none").text
    assert safe not in client.get("/measures/none").text
