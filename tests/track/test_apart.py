"""Differences between the groups of a question: arms of an experiment, countries; in the page and both files."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.estimation.difference import holm
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.research.estimates_file import Request, export

from .conftest import MINIMUM, SOURCE, SPLIT, Field, people
from .test_trend_page import csv_rows

PAGE = "/trends/opinion/DD6a"
ARM = """
      - name: form
        kind: arm
        label: {en: Form of the question, ja: 質問の形}
        choices:
          - {code: bare, label: {en: Bare, ja: 説明なし}}
          - {code: aim, label: {en: With the aim, ja: 目的つき}}
          - {code: cost, label: {en: With the cost, ja: 費用つき}}
"""
VARIANT = """        variants:
          - {experiment: form, arm: aim, label: {en: "To ease the burden: do you support each?", ja: 負担軽減に。}}
"""


def experiment(arms: int) -> Questionnaire:
    """The survey with an experiment of two or three arms, by which its figures are divided."""
    arm = ARM if arms == 3 else ARM[: ARM.index("          - {code: cost")]
    source = SOURCE.replace("WORDING", "Bases").replace("# AGES", "- {name: form}")
    source = source.replace("        dont_know: true\n", "        dont_know: true\n" + VARIANT, 1)
    source = source.replace("  - name: opinions\n", arm.lstrip("\n") + "  - name: opinions\n", 1)
    return read_questionnaire(source.encode(), {"DD6a": "current", "DD7a": "current"})


def answered(first: int, second: int) -> list:  # type: ignore[type-arg]
    """20 people in each of three arms, of whom so many support DD6a; half of the third do."""
    return [
        people(count, country, "expert", said, form=form)
        for form, yes in (("bare", first), ("aim", second), ("cost", 10))
        for country, share in (("jp", yes // 2), ("us", yes - yes // 2))
        for said, count in (("3", share), ("1", 10 - share))
    ]


def two_arms(first: int, second: int) -> list:  # type: ignore[type-arg]
    return [group for group in answered(first, second) if group.answers["form"] != "cost"]


def test_the_arms_of_an_experiment_are_compared_in_every_period(app: Flask, client: FlaskClient, field: Field) -> None:
    field(9, two_arms(8, 10), version=experiment(2))
    field(10, two_arms(2, 18), version=experiment(2))
    page = client.get(f"{PAGE}?by=form").text
    section = page.split('<h2 id="differences">')[1].split("<h2")[0]
    assert section.startswith("Effect of the wording</h2>")
    assert "Chance decided who was put which form of the question" in section
    assert "Significant at 95% when all of them are looked at together: 1 of 2 differences." in section
    newest, before = section.split("<tbody>")[1].split("</tr>")[:2]
    assert "October 2026" in newest
    assert "−80.0" in newest
    assert "≠ significant" in newest
    assert "September 2026" in before
    assert "−10.0" in before
    assert "≠" not in before
    assert "質問文による違い" in client.get(f"{PAGE}?by=form&lang=ja").text


def test_page_files_and_export_have_the_same_differences(app: Flask, client: FlaskClient, field: Field) -> None:
    field(9, two_arms(8, 10), version=experiment(2))
    field(10, two_arms(2, 18), version=experiment(2))
    rows = csv_rows(client, f"{PAGE}/differences.csv?by=form")
    assert [(row["period"], row["first"], row["second"]) for row in rows] == [
        ("2026-10", "form=bare", "form=aim"),
        ("2026-09", "form=bare", "form=aim"),
    ]
    assert [float(row["p_adjusted"]) for row in rows] == pytest.approx(holm([float(row["p"]) for row in rows]))
    with app.app_context():
        made = export(Request("opinion", minimum=MINIMUM, differences=True, variables=["DD6a"]))
    exported = {
        row["period"]: row for row in made.differences.rows if (row["kind"], row["figure"]) == ("arms", "support")
    }
    for row in rows:
        one = exported[row["period"]]
        told = [float(row[name]) for name in ("difference", "se", "low", "high", "p", "first_n", "second_n")]
        wanted = [one[name] for name in ("difference", "se", "low", "high", "p", "first_n", "second_n")]
        assert told == pytest.approx(wanted, rel=1e-9)
    document = json.loads(client.get(f"{PAGE}/differences.json?by=form").text)
    assert [str(row["difference"]) for row in document["rows"]] == [row["difference"] for row in rows]
    assert (document["experiment"], document["family"], document["adjustment"]) == (True, 2, "Holm")


def test_of_three_arms_the_newest_period_is_adjusted_for_all_pairs(client: FlaskClient, field: Field) -> None:
    field(9, answered(8, 10), version=experiment(3))
    field(10, answered(2, 18), version=experiment(3))
    rows = csv_rows(client, f"{PAGE}/differences.csv?by=form&show=net")
    assert [(row["period"], row["first"], row["second"]) for row in rows] == [
        ("2026-10", "form=bare", "form=aim"),
        ("2026-10", "form=bare", "form=cost"),
        ("2026-10", "form=aim", "form=cost"),
    ]
    assert [float(row["difference"]) for row in rows] == pytest.approx([-1.6, -0.8, 0.8])
    page = client.get(f"{PAGE}?by=form").text
    assert "Support, October 2026: the first group less the second</caption>" in page
    assert "Put otherwise to those who drew “With the aim”" in page
    assert "To ease the burden: do you support each?" in page
    assert [float(row["p_adjusted"]) for row in rows] == pytest.approx(holm([float(row["p"]) for row in rows]))


def test_countries_are_groups_and_no_experiment(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    page = client.get(f"{PAGE}?show=mean").text
    section = page.split('<h2 id="differences">')[1].split("<h2")[0]
    assert section.startswith("Differences between the groups</h2>")
    assert "Chance decided" not in section
    assert "Mean, from 1 to 3: “Japan” less “United States”</caption>" in section
    # Who has an opinion in the United States supports it.
    assert "How sure this is cannot be said, for everyone in one of the groups said the same." in section
    assert "The difference is significant at 95%." in client.get(PAGE).text
    assert json.loads(client.get(f"{PAGE}/differences.json").text)["experiment"] is False


def test_a_withheld_group_has_no_difference(client: FlaskClient, field: Field) -> None:
    field(10, [people(20, "jp", "host", "3"), people(3, "us", "expert", "1")])
    assert 'id="differences"' not in client.get(PAGE).text
    assert csv_rows(client, f"{PAGE}/differences.csv") == []


@pytest.mark.parametrize("query", ["by=nothing", "show=nothing", "weights=some"])
def test_what_is_not_there_cannot_be_asked_for(client: FlaskClient, field: Field, query: str) -> None:
    field(10, SPLIT)
    assert client.get(f"{PAGE}/differences.csv?{query}").status_code == 400
    assert client.get("/trends/opinion/nothing/differences.json").status_code == 404
