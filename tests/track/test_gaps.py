"""The gap between two groups for every action: in the page and both files, tested together."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from app.estimation.difference import difference, holm
from app.estimation.figure import Figure

from .conftest import Field, people
from .test_ground import AGREED, ranking
from .test_trend_page import csv_rows

PAGE = "/gaps"
PAIR = "first=stakeholder%3Dhost&second=stakeholder%3Dexpert"


def share(count: int, n: int) -> Figure:
    p = count / n
    return Figure(p, (p * (1 - p) / (n - 1)) ** 0.5, None, None, n)


def test_the_widest_gap_comes_first_with_its_interval(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    page = client.get(f"{PAGE}?{PAIR}").text
    first, second = ranking(page)
    wanted = difference(share(40, 50), share(10, 50))
    assert wanted.low is not None
    assert wanted.high is not None
    assert "<strong>+60.0 points</strong>" in first
    assert f"+{wanted.low * 100:.1f} to +{wanted.high * 100:.1f}" in first
    assert "≠ significant" in first
    assert "<strong>−20.0 points</strong>" in second
    lead = page.split('<p class="lead">')[1].split("</p>")[0]
    assert "Host communities and Experts differ significantly on 2 of 2 actions" in lead


def test_the_files_hold_the_gaps_and_p_values_adjusted_together(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    rows = csv_rows(client, f"{PAGE}.csv?{PAIR}")
    assert [row["action"] for row in rows] == ["DD6a", "DD7a"]
    raw = [float(row["p"]) for row in rows]
    assert [float(row["p_adjusted"]) for row in rows] == pytest.approx(holm(raw))
    assert float(rows[0]["gap"]) == pytest.approx(0.6)
    document = json.loads(client.get(f"{PAGE}.json?{PAIR}").text)
    assert [str(row["gap"]) for row in document["rows"]] == [row["gap"] for row in rows]
    assert (document["first"], document["second"]) == ("stakeholder=host", "stakeholder=expert")


def test_turning_the_pair_round_turns_the_sign(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    there = csv_rows(client, f"{PAGE}.csv?{PAIR}")
    back = csv_rows(client, f"{PAGE}.csv?first=stakeholder%3Dexpert&second=stakeholder%3Dhost")
    assert [float(row["gap"]) for row in back] == [-float(row["gap"]) for row in there]


def test_the_two_countries_are_compared_unasked(client: FlaskClient, field: Field) -> None:
    field(10, AGREED)
    page = client.get(PAGE).text
    assert '<option value="country=jp" selected>' in page
    assert '<option value="country=us" selected>' in page
    assert len(ranking(page)) == 2


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("first=country%3Djp&second=country%3Djp", "Choose two different groups."),
        ("first=country%3Djp&second=stakeholder%3Dhost", "Choose two groups of the same kind."),
    ],
)
def test_groups_that_share_people_are_not_compared(client: FlaskClient, field: Field, query: str, problem: str) -> None:
    field(10, AGREED)
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    assert problem in response.text
    assert '<ol class="ranking' not in response.text
    assert csv_rows(client, f"{PAGE}.csv?{query}") == []


@pytest.mark.parametrize("query", ["first=country%3Dfr", "track=nothing"])
def test_what_is_not_there_cannot_be_asked_for(client: FlaskClient, field: Field, query: str) -> None:
    field(10, AGREED)
    assert client.get(f"{PAGE}?{query}").status_code == 400


def test_a_withheld_group_leaves_its_action_without_a_gap(client: FlaskClient, field: Field) -> None:
    field(
        10,
        [
            people(20, "jp", "host", "3", DD7a="3"),
            people(3, "us", "expert", "1", DD7a="1"),
            people(9, "us", "expert", None, DD7a="3"),
        ],
    )
    page = client.get(f"{PAGE}?{PAIR}").text
    assert len(ranking(page)) == 1
    assert "fewer than 5" in page.split("Withheld")[-1]
    hidden = next(row for row in csv_rows(client, f"{PAGE}.csv?{PAIR}") if row["action"] == "DD6a")
    assert hidden["suppressed"] == "1"
    assert hidden["gap"] == hidden["first_support"] == hidden["second_n"] == ""


def test_nothing_asked_yet_says_what_will_stand_here(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "No gaps to show yet" in page
    assert "<select" not in page
