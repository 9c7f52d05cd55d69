"""Pages of a survey with a weighting scheme: they show its figures, name it, and lead to those without weights."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.estimation.difference import difference
from app.estimation.figure import Figure
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.scheme import FrozenScheme
from app.research.estimates_file import Request, export
from app.storage import refreshing, schemes, surveys, tallies

from .conftest import MINIMUM, NOW, SOURCE, SPLIT, Field, people

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


HOSTS = """
  - name: hosts
    label: {en: Hosts and others, ja: 住民とその他}
    groups:
      - {code: host, label: {en: Hosts, ja: 住民}, where: "${country} = 'jp' and ${group} = 'host'"}
      - {code: others, label: {en: Others, ja: その他}, where: "${country} = 'jp' and ${group} != 'host'"}
"""


PAIRS = (("stakeholder=host", "stakeholder=expert"), ("hosts=host", "hosts=others"), ("country=us", "country=jp"))


def test_gaps_have_the_errors_of_a_sample_that_is_weighted_as_one(
    app: Flask, client: FlaskClient, field: Field
) -> None:
    """All are raked to one margin: page, file and export have the covariance of groups alike."""
    ages = changed({"margins": {"age": {"1": 0.5, "2": 0.5}}})
    mixed = [
        people(count, country, group, said, DD7a=other, age=age)
        for count, country, group, said, other, age in (
            (9, "jp", "host", "1", "3", "1"),
            (5, "jp", "host", "3", "1", "2"),
            (6, "jp", "expert", "3", "1", "1"),
            (8, "jp", "expert", "1", "3", "2"),
            (7, "us", "expert", "3", "1", "2"),
            (6, "us", "host", "1", "3", "1"),
        )
    ]
    source = SOURCE.replace("WORDING", "Bases").replace("  # AGES", HOSTS.strip("\n"))
    with app.app_context():
        surveys.publish(version := read_questionnaire(source.encode(), {"DD6a": "current", "DD7a": "current"}), NOW)
        schemes.publish("opinion", [ages], NOW)
    field(10, mixed, version=version)
    with app.app_context():
        exported = export(Request("opinion", minimum=MINIMUM, differences=True)).differences.adjusted()
    for first, second in PAIRS:
        sides = {first, second}
        wanted = {r["variable"]: r for r in exported if {r["first"], r["second"]} == sides and r["figure"] == "support"}
        told = client.get("/gaps.csv", query_string={"first": first, "second": second}).text
        rows = {row["question"]: row for row in csv.DictReader(io.StringIO(told))}
        assert set(rows) == set(wanted) == {"DD6a", "DD7a"}
        for name, one in wanted.items():
            sign = 1 if one["first"] == first else -1
            numbers = [float(rows[name][column]) for column in ("gap", "se", "p", "low", "high")]
            bounds = sorted([sign * one["low"], sign * one["high"]])
            assert numbers == pytest.approx([sign * one["difference"], one["se"], one["p"], *bounds], rel=1e-9)
        apart = difference(share_of(client, first), share_of(client, second))
        assert apart.se != pytest.approx(float(rows["DD6a"]["se"]), rel=1e-4)


def share_of(client: FlaskClient, group: str) -> Figure:
    """The support of a group as its trend has it."""
    rows = csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv").text))
    [row] = [row for row in rows if (row["domain"], row["figure"]) == (group, "support")]
    return Figure(float(row["value"]), float(row["se"]), None, None, int(row["n"]))


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
    assert (
        "Everyone, Country: not used for weighting, for fewer than two groups of it answered. 1 of 1 periods." in page
    )
    assert "アメリカを日本と合算（1期間中1期間）" in client.get("/methods/opinion?lang=ja").text
    assert "#weights" in client.get(PAGE).text


def test_where_everything_was_met_it_says_so(weighted: FlaskClient) -> None:
    assert (
        "In every period the weights could be made as the scheme wants them." in weighted.get("/methods/opinion").text
    )
