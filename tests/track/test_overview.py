"""The front page and the catalogue's pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue import catalogue
from app.storage import estimates

from .conftest import SPLIT, Field, people

BASES, EXCHANGE = "/trends/opinion/DD6a", "/trends/opinion/DD7a"


def order(page: str) -> list[str]:
    return re.findall(r'<div class="ranking-title"><a href="([^"]+)"', page)


def test_empty_says_what_will_stand_here(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "No results yet" in page
    assert 'href="/s"' in page
    assert order(page) == []


def test_the_whole_catalogue_is_listed(app: Flask, client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    page = client.get("/").text
    with app.app_context():
        codes = [action.code for action in catalogue().actions]
    assert all(page.count(f'#{code}"') == 1 for code in codes)
    assert order(page) == [EXCHANGE, BASES]


def test_figures_are_those_stored(app: Flask, client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    row = client.get("/").text.split(f'href="{BASES}"')[1].split("</li>")[0]
    with app.app_context():
        stored = {r.domain: r.estimate for r in estimates.newest("opinion", ["DD6a"])}
    for domain, estimate in stored.items():
        assert estimate
        share = f"{estimate.figures['support'].value * 100:.0f}%"
        shown = {
            "all": f"<strong>{share}</strong>",
            "country=jp": f"<dt>Japan</dt><dd>{share}",
            "country=us": f"<dt>United States</dt><dd>{share}",
            "stakeholder=host": f"<dt>Host communities</dt><dd>{share}",
            "stakeholder=expert": f"<dt>Experts</dt><dd>{share}",
        }[domain]
        assert shown in row
    assert "support 50%" in row
    assert "neither 0%" in row
    assert "oppose 40%" in row
    assert "n = 30" in row
    assert "Gap between groups: 100 points (Host communities – Experts)" in row


def test_the_finding_comes_first(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    page = client.get("/").text
    lead = page.split('<p class="lead">')[1].split("</p>")[0]
    assert "67%" in lead
    assert "50%" in lead
    assert lead.index("educational exchange") < lead.index("agreements on bases")


def test_sorting(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    assert order(client.get("/?sort=support").text) == [EXCHANGE, BASES]
    assert order(client.get("/?sort=gap").text) == [BASES, EXCHANGE]
    assert order(client.get("/?sort=catalogue").text) == [BASES, EXCHANGE]
    assert order(client.get("/?group=us").text) == [BASES, EXCHANGE]
    assert order(client.get("/?group=jp").text) == [EXCHANGE, BASES]


def test_filtering_by_track(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    assert order(client.get("/?track=domestic-diplomacy").text) == [EXCHANGE, BASES]
    other = client.get("/?track=hardware-software").text
    assert order(other) == []
    assert "No action of this track has been asked about yet" in other
    assert "#HS1a" in other
    assert "#ID1a" not in other


@pytest.mark.parametrize("query", ["sort=size", "track=nothing", "group=nothing"])
def test_what_cannot_be_chosen(client: FlaskClient, field: Field, query: str) -> None:
    field(10, SPLIT)
    assert client.get(f"/?{query}").status_code == 400


def test_links_keep_what_was_chosen(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    page = client.get("/?sort=gap&group=host").text
    assert 'href="/?sort=gap&amp;track=domestic-diplomacy&amp;group=host"' in page
    assert 'href="/?group=host"' in page


def test_the_newest_period_is_shown(client: FlaskClient, field: Field) -> None:
    field(9, SPLIT)
    field(10, [people(10, "jp", "host", "3"), people(10, "us", "expert", "3")])
    page = client.get("/").text
    assert "October 2026" in page
    assert "<strong>100%</strong>" in page.split(f'href="{BASES}"')[1]
    # What that period did not ask everyone about has no figure, and says so.
    assert "No answers" in page.split(f'href="{EXCHANGE}"')[1] or f'href="{EXCHANGE}"' not in page


def test_synthetic_figures_are_marked(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT, synthetic=True)
    page = client.get("/").text
    assert 'class="banner"' in page
    assert page.count("tag-synthetic") == 1 + 2


def test_too_few_answers_are_no_results(client: FlaskClient, field: Field) -> None:
    field(10, [people(3, "jp", "host", "3")])
    page = client.get("/").text
    assert "No results yet" in page
    assert order(page) == []
    assert "100%" not in page.split("<main")[1].split("</main>")[0]


def test_measures_and_agenda(app: Flask, client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    with app.app_context():
        whole = catalogue()
    for measure in whole.measures:
        page = client.get(f"/measures/{measure.code}").text
        assert all(f'id="{action.code}"' in page for action in whole.actions_of(measure.code))
        assert f"p. {measure.page}," in page
    bases = client.get("/measures/DD6").text
    assert "<strong>50%</strong>" in bases
    assert 'href="/agenda/2"' in bases
    assert "No results yet" in bases
    for question in whole.agenda:
        assert client.get(f"/agenda/{question.id}").status_code == 200
    assert 'href="/measures/DD6"' in client.get("/agenda/2").text
    assert "今" not in client.get("/agenda/2?lang=en").text
    assert whole.measure("DD6").title["ja"] in client.get("/measures/DD6?lang=ja").text


@pytest.mark.parametrize("address", ["/measures/XX1", "/measures/DD6a", "/agenda/0", "/agenda/11", "/agenda/x"])
def test_what_the_catalogue_does_not_have(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404
