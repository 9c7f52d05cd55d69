"""Pages of a survey with a weighting scheme: they show its figures, name it, and lead to those without weights."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.scheme import FrozenScheme
from app.storage import refreshing, schemes, tallies

from .conftest import MINIMUM, NOW, SPLIT, Field

PAGE = "/trends/opinion/DD6a"
TARGETS: dict[str, object] = {"margins": {"country": {"jp": 0.25, "us": 0.75}}}
SCHEME = FrozenScheme.model_validate(
    {
        "survey": "opinion",
        "scheme": {
            "key": "adults",
            "label": {"en": "Adults of both countries", "ja": "両国の成人"},
            "targets": "both",
            "total": "respondents",
        },
        "targets": {"both": TARGETS},
    }
)


@pytest.fixture
def weighted(app: Flask, client: FlaskClient, field: Field) -> FlaskClient:
    """A month without a scheme, and one after it was published, with both made anew."""
    field(9, SPLIT)
    with app.app_context():
        schemes.publish("opinion", [SCHEME], NOW)
    field(10, SPLIT)
    return client


def whole(client: FlaskClient, query: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv?{query}").text))
    return [row for row in rows if row["domain"] == "all" and row["figure"] == "support"]


def test_figures_are_weighted_and_say_so(weighted: FlaskClient) -> None:
    rows = whole(weighted, "by=all")
    assert [row["scheme"] for row in rows] == ["adults", "adults"]
    assert {row["scheme_version"] for row in rows} == {SCHEME.hash}
    # 6 of 18 in Japan and 9 of 12 in the United States support it.
    assert [float(row["value"]) for row in rows] == pytest.approx([0.25 / 3 + 0.75 * 0.75] * 2)
    page = weighted.get(f"{PAGE}?by=all").text
    assert "Weighted: Adults of both countries." in page
    assert "weights=none" in page


def test_figures_without_weights_are_one_link_away(weighted: FlaskClient) -> None:
    rows = whole(weighted, "by=all&weights=none")
    assert [row["scheme"] for row in rows] == ["unweighted", "unweighted"]
    assert [float(row["value"]) for row in rows] == [0.5, 0.5]
    page = weighted.get(f"{PAGE}?by=all&weights=none&lang=ja").text
    assert "補正なし：全員を1人として数えています。" in page
    assert "補正した数値を見る" in page


def test_other_weights_are_a_bad_request(weighted: FlaskClient) -> None:
    assert weighted.get(f"{PAGE}?weights=some").status_code == 400


def test_the_page_of_methods_names_the_scheme(weighted: FlaskClient) -> None:
    page = weighted.get("/methods/opinion").text
    assert "Adults of both countries" in page
    assert "No weights yet" not in page


def test_a_survey_without_a_scheme_says_nothing_of_weights(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    assert "weights=none" not in client.get(PAGE).text
    assert "No weights yet" in client.get("/methods/opinion").text


def changed(targets: dict[str, object] = TARGETS, **more: object) -> FrozenScheme:
    """The scheme with other targets, or otherwise."""
    scheme = {**SCHEME.scheme.model_dump(mode="json", exclude_defaults=True), **more}
    return FrozenScheme.model_validate({"survey": "opinion", "scheme": scheme, "targets": {"both": targets}})


def test_months_of_two_versions_are_not_joined_and_made_anew_they_are(app: Flask, weighted: FlaskClient) -> None:
    other = changed({"margins": {"country": {"jp": 0.5, "us": 0.5}}})
    with app.app_context():
        schemes.publish("opinion", [other], NOW)
        first, *others = tallies.stale_places()
        refreshing.refresh(*first, MINIMUM, NOW)
    page = weighted.get(f"{PAGE}?by=all").text
    assert "Weighting changed" in page
    assert "補正方法の変更" in weighted.get(f"{PAGE}?by=all&lang=ja").text
    with app.app_context():
        for place in others:
            refreshing.refresh(*place, MINIMUM, NOW)
    assert {row["scheme_version"] for row in whole(weighted, "by=all")} == {other.hash}
    assert "Weighting changed" not in weighted.get(f"{PAGE}?by=all").text


@pytest.mark.parametrize("address", ["/gaps", "/common-ground"])
def test_comparisons_of_groups_name_the_scheme_and_its_version(weighted: FlaskClient, address: str) -> None:
    found = json.loads(weighted.get(f"{address}.json?by=country").text)
    assert found["weighting"] == {"opinion": {"scheme": "adults", "version": SCHEME.hash}}
    assert {(row["scheme"], row["scheme_version"]) for row in found["rows"]} == {("adults", SCHEME.hash)}
    assert SCHEME.hash in weighted.get(f"{address}.csv?by=country").text


def test_how_the_weighting_went_stands_with_the_methods(app: Flask, client: FlaskClient, field: Field) -> None:
    field(9, SPLIT)
    with app.app_context():
        schemes.publish("opinion", [changed(collapse={"minimum": 13})], NOW)
        for place in tallies.stale_places():
            refreshing.refresh(*place, MINIMUM, NOW)
    page = client.get("/methods/opinion").text
    # 12 people in the United States are too few, and then nothing is left to weight by.
    assert "Everyone, Country: groups from which too few answered were counted with others." in page
    assert "United States with Japan (1 of 1 periods)." in page
    assert "Everyone, Country: not used for weighting, for only one group of it was left. 1 of 1 periods." in page
    assert "アメリカを日本と合算（1期間中1期間）" in client.get("/methods/opinion?lang=ja").text
    assert "#weights" in client.get(PAGE).text


def test_where_everything_was_met_it_says_so(weighted: FlaskClient) -> None:
    assert (
        "In every period the weights could be made as the scheme wants them." in weighted.get("/methods/opinion").text
    )
