"""Common ground: actions by their lowest support, in the page and in both files, and what cannot be ranked."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from .conftest import SPLIT, Field, people
from .test_trend_page import csv_rows

PAGE = "/common-ground"
AGREED = [
    people(40, "jp", "host", "3", DD7a="3"),
    people(10, "jp", "host", "1", DD7a="1"),
    people(10, "us", "expert", "3", DD7a="3"),
    people(40, "us", "expert", "1", DD7a="3"),
]
"""DD6a: hosts 80 %, experts 20 %. DD7a: hosts 80 %, experts 100 %."""


def ranking(page: str) -> list[str]:
    return page.split('<ol class="ranking track-ground">')[1].split("</ol>")[0].split("<li>")[1:]


def test_the_action_with_the_highest_lowest_support_comes_first(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    page = client.get(PAGE).text
    first, second = ranking(page)
    assert "DD7a" in first
    assert "<strong>80%</strong>" in first
    assert "Host communities" in first
    assert "Rank 1<" in first
    assert "<strong>20%</strong>" in second
    assert "Experts" in second
    assert "Rank 2<" in second
    assert 'aria-label="Host communities 80%, Experts 100%"' in first
    assert first.count("chart-point") == 2
    # (40 + 1)/52 · (50 + 1)/52
    assert "Consensus 0.773" in first
    lead = page.split('<p class="lead">')[1].split("</p>")[0]
    assert "every group supports it with 80% or more (Host communities the least)" in lead


def test_all_forms_hold_the_same_numbers(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    rows = csv_rows(client, f"{PAGE}.csv")
    document = json.loads(client.get(f"{PAGE}.json").text)
    assert [[str(r["action"]), str(r["support"]), str(r["consensus"])] for r in document["rows"]] == [
        [r["action"], r["support"], r["consensus"]] for r in rows
    ]
    assert [(r["rank"], r["best_rank"], r["worst_rank"], r["action"], r["group"]) for r in rows] == [
        ("1", "1", "1", "DD7a", "stakeholder=host"),
        ("1", "1", "1", "DD7a", "stakeholder=expert"),
        ("2", "2", "2", "DD6a", "stakeholder=host"),
        ("2", "2", "2", "DD6a", "stakeholder=expert"),
    ]
    assert document["synthetic"] is False


def test_few_people_leave_the_order_open(client: FlaskClient, field: Field) -> None:
    field(10, [people(6, "jp", "host", "3", DD7a="3"), people(6, "us", "expert", "1", DD7a="3"), *SPLIT])
    assert all("(1 to 2)" in row for row in ranking(client.get(PAGE).text))


def test_it_can_be_asked_of_countries_and_of_one_track(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    page = client.get(f"{PAGE}?by=country&track=domestic-diplomacy").text
    assert 'aria-label="Japan 80%, United States 100%"' in page
    assert "No common ground to show yet" in client.get(f"{PAGE}?track=hardware-software").text


@pytest.mark.parametrize("query", ["by=age", "track=nothing"])
def test_what_is_not_there_cannot_be_asked_for(client: FlaskClient, query: str) -> None:
    assert client.get(f"{PAGE}?{query}").status_code == 400


def test_an_action_with_a_withheld_group_is_not_ranked_and_gives_nothing_away(
    app: Flask, client: FlaskClient, field: Field
) -> None:
    # Three experts answered DD6a: withheld, and hosts with them, for the whole is known.
    few = [
        people(20, "jp", "host", "3", DD7a="3"),
        people(3, "us", "expert", "1", DD7a="3"),
        people(9, "us", "expert", None, DD7a="3"),
    ]
    field(10, few)
    page = client.get(PAGE).text
    [only] = ranking(page)
    assert "DD7a" in only
    apart = page.split("Not ranked")[1]
    assert "fewer than 5" in apart
    withheld = [row for row in csv_rows(client, f"{PAGE}.csv") if row["action"] == "DD6a"]
    assert {row["suppressed"] for row in withheld} == {"1"}
    assert all(row[name] == "" for row in withheld for name in ("rank", "floor", "consensus", "support", "n"))


def test_nothing_asked_yet_says_what_will_stand_here(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "No common ground to show yet" in page
    assert csv_rows(client, f"{PAGE}.csv") == []


def test_synthetic_figures_say_so(client: FlaskClient, field: Field) -> None:
    field(10, AGREED, synthetic=True)
    page = client.get(PAGE).text
    assert re.search(r'class="banner"', page)
    assert all("Synthetic" in row for row in ranking(page))
    assert {row["synthetic"] for row in csv_rows(client, f"{PAGE}.csv")} == {"1"}
