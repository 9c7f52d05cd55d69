"""A line goes on across a change that was declared to be none, and says so in every form."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.model import Continuation, Questionnaire
from app.questionnaire.versions import declare
from app.storage import surveys

from .conftest import SPLIT, Field, questionnaire

PAGE = "/trends/opinion/DD6a"
REASON = "Only the word order is another; five people of each country read it alike."


def declared(wording: str, was: str = "DD6a", reason: str = REASON, name: str = "DD6a") -> Questionnaire:
    """The survey with a wording, perhaps under another name, which is declared to go on with an earlier question."""
    made = json.loads(questionnaire(wording).canonical)
    rows = made["pages"][1]["questions"][0]["rows"]
    rows[0]["name"] = name
    return declare(Questionnaire.model_validate(made), [Continuation(question=name, was=was, reason=reason)])


def renamed(to: str) -> list[object]:
    return [replace(group, answers={to if k == "DD6a" else k: v for k, v in group.answers.items()}) for group in SPLIT]


def wide(page: str) -> str:
    return page.split('class="chart chart-wide"')[1].split("</svg>")[0]


def lines_in(svg: str) -> tuple[int, int]:
    """How many runs of marks are drawn as a line, and how many marks the lines join beyond the first of each."""
    found = "".join(re.findall(r'class="chart-line" d="([^"]+)"', svg))
    return found.count("M"), found.count("L")


def csv_rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


@pytest.fixture
def _joined(field: Field) -> None:
    """Three months: July as ever, August in words declared the same, September in others that are not."""
    field(7, SPLIT)
    field(8, SPLIT, version=declared("Agreement on bases"))
    field(9, SPLIT, wording="Bases sooner")


@pytest.mark.usefixtures("_joined")
def test_a_declared_line_is_drawn_through_and_marked(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?by=all").text
    assert lines_in(wide(page)) == (1, 1)
    assert wide(page).count('<path class="chart-join"') == 1
    assert wide(page).count('<path class="chart-break"') == 1
    assert "Joined by declaration" in wide(page)
    notes = re.findall(r'<th scope="row">(\w+) 2026.*?<td>([^<]*)</td></tr>', page)
    assert notes == [("September", "Wording changed"), ("August", "Joined by declaration"), ("July", "")]


@pytest.mark.usefixtures("_joined")
@pytest.mark.parametrize(("language", "said"), [("en", "From August 2026 the question is"), ("ja", "2026年8月から")])
def test_the_page_gives_the_reason_and_both_wordings(client: FlaskClient, language: str, said: str) -> None:
    page = client.get(f"{PAGE}?by=all&lang={language}").text
    note = page.split('<div class="track-join">')[1].split("</div>\n{% endfor")[0]
    assert said in note
    assert f"<blockquote>{REASON}</blockquote>" in note
    assert '<del lang="en">Bases</del>' in note
    assert '<ins lang="en">Agreement on bases</ins>' in note
    assert page.count('class="track-join"') == 1


@pytest.mark.usefixtures("_joined")
def test_the_chart_that_stands_alone_says_it_too(client: FlaskClient) -> None:
    root = ET.fromstring(client.get(f"{PAGE}.svg?by=all").text)  # noqa: S314 - our own output
    texts = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert f"From August 2026 joined by declaration: {REASON}" in texts
    assert "wording (en): before “Bases”, now “Agreement on bases”" in texts
    described = root.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert REASON in str(described.text)
    assert client.get(f"{PAGE}.png?by=all").mimetype == "image/png"


@pytest.mark.usefixtures("_joined")
def test_files_say_which_rows_make_one_line_and_why(client: FlaskClient) -> None:
    for address in (f"{PAGE}.csv", f"{PAGE}.csv?by=country&show=net"):
        found = {(row["period"], row["line"], row["joined_by"], row["asked_as"]) for row in csv_rows(client, address)}
        assert found == {
            ("2026-07", "1", "", "DD6a"),
            ("2026-08", "1", REASON, "DD6a"),
            ("2026-09", "2", "", "DD6a"),
        }
    document = json.loads(client.get(f"{PAGE}.json").text)
    [join] = document["joins"]
    assert join["reasons"] == [REASON]
    assert document["wordings"][join["from"]]["label"]["en"] == "Bases"
    assert document["wordings"][join["to"]]["label"]["en"] == "Agreement on bases"
    assert join["wave"] in document["wordings"][join["to"]]["waves"]
    lines = {(e["period"], e["line"], tuple(e["joined_by"])) for e in document["estimates"]}
    assert lines == {("2026-07", 1, ()), ("2026-08", 1, (REASON,)), ("2026-09", 2, ())}


def test_a_renamed_question_goes_on_under_its_new_name(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT)
    field(8, renamed("bases"), version=declared("Bases", name="bases"))
    page = client.get("/trends/opinion/bases?by=all").text
    assert lines_in(wide(page)) == (1, 1)
    assert "<del>DD6a</del>" in page
    assert "<ins>bases</ins>" in page
    rows = csv_rows(client, "/trends/opinion/bases.csv")
    assert {(row["period"], row["question"], row["asked_as"]) for row in rows} == {
        ("2026-07", "bases", "DD6a"),
        ("2026-08", "bases", "bases"),
    }
    # The old address leads on, with what was chosen.
    for address, query in (
        ("DD6a", "?by=all&show=net"),
        ("DD6a.csv", ""),
        ("DD6a.json", ""),
        ("DD6a.png", "?x=%C3%A9"),
    ):
        answer = client.get(f"/trends/opinion/{address}{query}")
        new = address.replace("DD6a", "bases")
        assert (answer.status_code, answer.location) == (302, f"/trends/opinion/{new}{query}")
    listed = client.get("/trends/opinion").text
    assert "/trends/opinion/bases" in listed
    assert "DD6a" not in re.findall(r'href="/trends/opinion/(\w+)"', listed)


def test_an_action_stands_while_its_renamed_question_has_no_figures(
    app: Flask, client: FlaskClient, field: Field
) -> None:
    field(7, SPLIT)
    before = client.get("/").text
    with app.app_context():
        surveys.publish(declared("Bases", name="bases"), datetime(2026, 8, 1, tzinfo=UTC))
    after = client.get("/").text
    assert "/trends/opinion/DD6a" in before
    assert after == before.replace("/trends/opinion/DD6a", "/trends/opinion/bases")
    assert client.get("/trends/opinion/bases?by=all").status_code == 200


def test_declarations_reach_across_versions_that_were_not_fielded(
    app: Flask, client: FlaskClient, field: Field
) -> None:
    field(7, SPLIT)
    with app.app_context():
        surveys.publish(declared("Agreement on bases"), datetime(2026, 7, 29, tzinfo=UTC))
    field(8, SPLIT, version=declared("All agreements on bases", reason="“All” was meant before."))
    page = client.get(f"{PAGE}?by=all").text
    assert lines_in(wide(page)) == (1, 1)
    assert f"<blockquote>{REASON}</blockquote>" in page
    assert "<blockquote>“All” was meant before.</blockquote>" in page
    [join] = json.loads(client.get(f"{PAGE}.json").text)["joins"]
    assert join["reasons"] == [REASON, "“All” was meant before."]


def test_a_wording_that_nobody_met_breaks_nothing(app: Flask, client: FlaskClient, field: Field) -> None:
    """A version with other words was published and taken back before any wave."""
    field(7, SPLIT)
    with app.app_context():
        surveys.publish(questionnaire("Something else"), datetime(2026, 7, 29, tzinfo=UTC))
    again = json.loads(questionnaire().canonical)
    again["introduction"] = {"en": "Hello", "ja": "こんにちは"}
    field(8, SPLIT, version=Questionnaire.model_validate(again))
    assert lines_in(wide(client.get(f"{PAGE}?by=all").text)) == (1, 1)
    assert {row["line"] for row in csv_rows(client, f"{PAGE}.csv")} == {"1"}


def test_words_changed_and_changed_back_are_three_lines(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT)
    field(8, SPLIT, wording="Something else")
    again = json.loads(questionnaire().canonical)
    again["introduction"] = {"en": "Hello", "ja": "こんにちは"}
    field(9, SPLIT, version=Questionnaire.model_validate(again))
    assert wide(client.get(f"{PAGE}?by=all").text).count('<path class="chart-break"') == 2
    assert [row["line"] for row in csv_rows(client, f"{PAGE}.csv?by=all&show=net")] == ["1", "2", "3"]


def test_a_question_left_out_for_a_while_goes_on(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT)
    without = json.loads(questionnaire().canonical)
    del without["pages"][1]["questions"][0]["rows"][0]
    people = [replace(group, answers={k: v for k, v in group.answers.items() if k != "DD6a"}) for group in SPLIT]
    field(8, people, version=Questionnaire.model_validate(without))
    again = json.loads(questionnaire().canonical)
    again["introduction"] = {"en": "Hello", "ja": "こんにちは"}
    field(9, SPLIT, version=Questionnaire.model_validate(again))
    page = client.get(f"{PAGE}?by=all").text
    assert lines_in(wide(page)) == (1, 1)
    assert [row["period"] for row in csv_rows(client, f"{PAGE}.csv?by=all&show=net")] == ["2026-07", "2026-09"]


def test_many_groups_are_told_on_narrow_screens_too(client: FlaskClient, field: Field) -> None:
    field(7, SPLIT, ages=True)
    made = json.loads(questionnaire(ages=True).canonical)
    made["pages"][1]["questions"][0]["rows"][0]["label"]["en"] = "Agreement on bases"
    made["continues"] = [{"question": "DD6a", "was": "DD6a", "reason": REASON}]
    field(8, SPLIT, version=Questionnaire.model_validate(made))
    page = client.get(f"{PAGE}?by=stakeholder").text
    assert page.count('<path class="chart-join"') >= 2
    assert "Joined by declaration" in page
