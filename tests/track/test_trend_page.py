"""The trend of a question: page, CSV, JSON, SVG and PNG hold the stored estimates, and the same."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.storage import estimates, surveys

from .conftest import NOW, SPLIT, Field, people, questionnaire

PAGE = "/trends/opinion/DD6a"


TABLE = '<table class="track-table">'


def table(page: str) -> list[list[str]]:
    """The text of every cell of the table of figures; the period without the wave below it."""
    body = re.sub(
        r' <small class="track-wave">.*?</small>', "", page.split(TABLE)[1].split("<tbody>")[1].split("</tbody>")[0]
    )
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[unescape(re.sub("<[^>]+>", "", c)) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r)] for r in rows]


def waves_of(page: str) -> list[str]:
    """The wave that each row of the table of figures names."""
    body = page.split(TABLE)[1].split("<tbody>")[1].split("</tbody>")[0]
    return re.findall(r'<small class="track-wave">(.*?)</small>', body)


def csv_rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.text)))


def test_page_shows_the_stored_estimates(app: Flask, client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    page = client.get(PAGE).text
    rows = table(page)
    with app.app_context():
        stored = {row.domain: row.estimate for row in estimates.of_variable("opinion", "DD6a")}
    for row, domain in zip(rows, ("country=jp", "country=us"), strict=True):
        estimate = stored[domain]
        assert estimate
        figure = estimate.figures["support"]
        assert figure.low is not None
        assert figure.high is not None
        assert row[2:5] == [
            f"{figure.value * 100:.1f}%",
            f"{figure.low * 100:.1f}–{figure.high * 100:.1f}%",
            str(figure.n),
        ]
    assert [row[1] for row in rows] == ["Japan", "United States"]
    assert rows[0][2] == "33.3%"
    assert rows[1][2] == "75.0%"
    assert "Support, October 2026: Japan (33%), United States (75%)." in page
    assert "Japan: 33%" in page
    assert "United States: 75%" in page


@pytest.mark.parametrize("show", ["support", "oppose", "net", "mean", "2", "-8"])
def test_all_forms_hold_the_same_numbers(app: Flask, client: FlaskClient, field: Field, show: str) -> None:
    field(9, SPLIT)
    field(10, [*SPLIT, people(7, "us", "expert", "2")])
    whole = csv_rows(client, f"{PAGE}.csv")
    narrowed = csv_rows(client, f"{PAGE}.csv?by=country&show={show}")
    assert narrowed == [r for r in whole if r["domain"].startswith("country=") and r["figure"] == show]
    found = json.loads(client.get(f"{PAGE}.json").text)["estimates"]
    in_json = {(e["period"], e["domain"], code): f for e in found for code, f in e["figures"].items()}
    assert len(in_json) == len(whole)
    with app.app_context():
        stored = {(r.period, r.domain): r.estimate for r in estimates.of_variable("opinion", "DD6a")}
    for row in whole:
        estimate = stored[row["period"], row["domain"]]
        assert estimate
        figure = estimate.figures[row["figure"]]
        numbers = {"value": figure.value, "se": figure.se, "low": figure.low, "high": figure.high, "n": figure.n}
        assert {name: float(row[name]) if row[name] else None for name in numbers} == numbers
        assert in_json[row["period"], row["domain"], row["figure"]] == numbers
        effective_n = float(row["effective_n"]) if figure.n == estimate.n else row["effective_n"]
        assert effective_n == (estimate.effective_n if figure.n == estimate.n else "")
        assert int(row["n_asked"]) == estimate.n_asked
    shown = table(client.get(f"{PAGE}?show={show}").text)
    by_table = {(row[0], row[1]): row[2].replace("−", "-").removesuffix("%") for row in shown}
    scale, digits = (1, 2) if show == "mean" else (100, 1)
    for row in narrowed:
        month = {"2026-09": "September 2026", "2026-10": "October 2026"}[row["period"]]
        shown_value = float(by_table[month, row["domain_label"]])
        assert shown_value == pytest.approx(float(row["value"]) * scale, abs=0.5 * 10**-digits + 1e-9)


def test_svg_stands_alone_and_shows_the_same(client: FlaskClient, field: Field) -> None:
    field(10, SPLIT)
    response = client.get(f"{PAGE}.svg")
    assert response.mimetype == "image/svg+xml"
    root = ET.fromstring(response.text)  # noqa: S314 - our own output
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Japan: 33%" in texts
    assert "United States: 75%" in texts
    assert "style=" not in response.text
    assert root.find("{http://www.w3.org/2000/svg}desc") is not None
    on_page = client.get(PAGE).text
    for path in re.findall(r'class="chart-(?:line|interval|point)" d="([^"]+)"', response.text):
        assert path in on_page


def test_every_row_names_its_wave(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT)
    field(8, SPLIT, synthetic=True)
    page = client.get(f"{PAGE}?by=all").text
    rows = csv_rows(client, f"{PAGE}.csv?by=all&show=support")
    assert [row[0] for row in table(page)] == ["August 2026"] * 2
    assert len(set(waves_of(page))) == 2
    assert waves_of(page) == [row["wave"] for row in reversed(rows)]
    listed = {(e["wave"], e["period"]) for e in json.loads(client.get(f"{PAGE}.json").text)["estimates"]}
    assert listed == {(row["wave"], row["period"]) for row in rows}
    fieldwork = page.split("Fieldwork")[1]
    assert all(f'<th scope="row">{wave}' in fieldwork for wave in waves_of(page))
    assert "<td>1 August 2026</td><td>27 August 2026</td>" in fieldwork  # It closed as the 28th began.


def test_what_was_asked_stands_at_the_heading(client: FlaskClient, field: Field) -> None:
    """The title is the catalogue's; people answered the wording, which is shown in the reader's language."""
    field(9, SPLIT, wording="Bases &amp; more")
    for language, stem, label in (
        ("en", "Do you support each?", "Bases &amp;amp; more"),
        ("ja", "賛成ですか。", "基地の合意"),
    ):
        page = client.get(f"{PAGE}?lang={language}").text
        before_the_figures = page.split("</h1>")[1].split('class="track-choices"')[0]
        assert stem in before_the_figures
        assert f'<p class="track-asked">{label}</p>' in before_the_figures
        assert page.count('class="track-asked"') == 3  # And in both languages further down.
    field(10, SPLIT, wording="Bases sooner")
    page = client.get(f"{PAGE}?lang=en").text
    assert '<p class="track-asked">Bases sooner</p>' in page.split('class="track-choices"')[0]
    assert "Every wording" in page
    # A question that is its own title is not told twice.
    assert 'class="track-put"' not in client.get("/trends/opinion/view").text


def test_a_wording_that_nobody_was_asked_yet_is_not_shown(app: Flask, client: FlaskClient, field: Field) -> None:
    field(9, SPLIT)
    with app.app_context():
        surveys.publish(questionnaire("Bases never"), NOW)
    assert "Bases never" not in client.get(PAGE).text


def test_withheld_figures_leak_nowhere(client: FlaskClient, field: Field) -> None:
    """Four Americans are fewer than the minimum of five; Japan goes with them, or they could be worked out."""
    field(10, [people(22, "jp", "expert", "3"), people(4, "us", "host", "1")])
    for row in csv_rows(client, f"{PAGE}.csv"):
        withheld = row["domain"] != "all"
        assert row["suppressed"] == str(int(withheld))
        numbers = [row[c] for c in ("value", "se", "low", "high", "n", "effective_n", "n_asked")]
        assert withheld == (not any(numbers))
    for entry in json.loads(client.get(f"{PAGE}.json").text)["estimates"]:
        if entry["domain"] != "all":
            assert entry["suppressed"]
            assert not {"n", "n_asked", "effective_n", "figures"} & set(entry)
    page = client.get(PAGE).text
    assert [row[2] for row in table(page)] == ["withheld: it would show a group of fewer than 5"] * 2
    assert '<svg class="chart' not in page
    assert "No figures to show yet" in page
    assert client.get(f"{PAGE}.svg").status_code == 404
    assert client.get(f"{PAGE}.png").status_code == 404
    front = client.get("/?track=domestic-diplomacy").text
    assert "85%" in front
    assert "22" not in re.sub(r"<[^>]+>", "", front.split('class="track-groups"')[1].split("</li>")[0])


def test_a_group_that_nobody_is_in_has_no_numbers(client: FlaskClient, field: Field) -> None:
    field(10, [people(9, "jp", "expert", "3"), people(8, "us", "host", None)])
    rows = [r for r in csv_rows(client, f"{PAGE}.csv") if r["domain"] == "country=us" and r["figure"] == "support"]
    assert [(r["n"], r["value"], r["n_asked"], r["suppressed"]) for r in rows] == [("0", "", "", "0")]
    assert table(client.get(PAGE).text)[1][2:] == ["", "", "0", "No answers"]


def test_a_line_stops_where_the_wording_changes(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT)
    field(8, SPLIT)
    field(9, SPLIT, wording="Bases sooner")
    field(10, SPLIT, wording="Bases sooner", mode="phone")
    page = client.get(f"{PAGE}?by=all").text
    wide = page.split('class="chart chart-wide"')[1].split("</svg>")[0]
    line = re.search(r'class="chart-line" d="([^"]+)"', wide)
    assert line
    assert line[1].count("M") == 1  # July and August are joined; September and October stand alone.
    assert line[1].count("L") == 1
    assert wide.count('<path class="chart-break"') == 2
    assert "Wording changed" in wide
    assert "Mode changed" in wide
    notes = {row[0]: row[5] for row in table(page)}
    assert notes == {
        "October 2026": "Mode changed",
        "September 2026": "Wording changed",
        "August 2026": "",
        "July 2026": "",
    }
    assert page.index("Bases sooner") < page.index(">Bases<")
    prints = {(r["period"], r["fingerprint"]) for r in csv_rows(client, f"{PAGE}.csv")}
    assert len({fingerprint for _, fingerprint in prints}) == 2
    # Another question's wording did not change: its line goes on until the mode does.
    other = client.get("/trends/opinion/DD7a?by=all").text.split('class="chart chart-wide"')[1].split("</svg>")[0]
    assert other.count('<path class="chart-break"') == 1


def test_synthetic_waves_are_marked_in_every_form(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT, synthetic=True)
    page = client.get(PAGE).text
    assert 'class="banner"' in page
    assert "Synthetic data: nobody gave these answers" in page
    assert all(row[5] == "Synthetic" for row in table(page))
    assert "Synthetic data" in client.get(f"{PAGE}.svg").text
    assert json.loads(client.get(f"{PAGE}.json").text)["synthetic"] is True
    assert {row["synthetic"] for row in csv_rows(client, f"{PAGE}.csv")} == {"1"}
    field(8, SPLIT)
    both = client.get(f"{PAGE}?by=all").text
    assert "Real from here" in both
    assert len(table(both)) == 2
    field(9, SPLIT)
    assert "Synthetic data" not in client.get("/").text


def test_real_figures_carry_no_mark(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT)
    for address in (PAGE, f"{PAGE}.svg", "/"):
        assert "Synthetic" not in client.get(address).text


def test_text_in_files_is_safe_and_numbers_are_untouched(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT, mode="=1+1")
    rows = csv_rows(client, f"{PAGE}.csv?by=all")
    assert {row["mode"] for row in rows} == {"'=1+1"}
    net = next(row for row in csv_rows(client, f"{PAGE}.csv?show=net") if row["domain"] == "stakeholder=host")
    assert net["value"].startswith("-")
    assert {row["figure"] for row in rows} == {"support", "oppose", "net", "mean", "1", "2", "3", "-8"}


def test_kinds_have_their_figures(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT)
    view = client.get("/trends/opinion/view").text
    assert "Good or very good" in view
    assert "Very bad or bad" in view
    visits = client.get("/trends/opinion/visits?by=all").text
    assert table(visits)[0][2] == "4.20"
    assert client.get("/trends/opinion/visits.svg").status_code == 200


def test_pages_speak_both_languages(client: FlaskClient, field: Field) -> None:
    field(8, SPLIT)
    for language, group, period in (("en", "Host communities", "August 2026"), ("ja", "基地周辺の住民", "2026年8月")):
        page = client.get(f"{PAGE}?by=stakeholder&lang={language}").text
        assert f'<html lang="{language}">' in page
        assert group in page
        assert period in page
        assert "基地の合意" in page  # The exact wording stands there in every language.
        assert "Bases" in page
        assert client.get("/trends/opinion").status_code == 200
        assert client.get("/methods/opinion").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/trends/nothing", 404),
        ("/trends/nothing/DD6a", 404),
        ("/trends/opinion/nothing", 404),
        ("/trends/opinion/secret", 404),
        ("/trends/opinion/country", 404),
        ("/trends/opinion/DD6a.xls", 404),
        ("/trends/opinion/nothing.csv", 404),
        ("/trends/opinion/nothing.png", 404),
        ("/trends/opinion/DD6a?by=gender", 400),
        ("/trends/opinion/DD6a?show=median", 400),
        ("/trends/opinion/DD6a.csv?by=gender", 400),
        ("/trends/opinion/DD6a.svg?show=9", 400),
        ("/methods/nothing", 404),
    ],
)
def test_what_is_not_there(client: FlaskClient, field: Field, address: str, status: int) -> None:
    field(8, SPLIT)
    response = client.get(address)
    assert response.status_code == status
    assert f"Error {status}" in response.text


def test_before_any_answer_the_page_says_so(client: FlaskClient, field: Field) -> None:
    field(8, [])
    page = client.get(PAGE).text
    assert "No figures to show yet" in page
    assert "基地の合意" in page
    assert csv_rows(client, f"{PAGE}.csv") == []
    assert client.get(f"{PAGE}.svg").status_code == 404
