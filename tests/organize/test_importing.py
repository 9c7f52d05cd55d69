"""Files of other programs: what became of them, said on a page and in files; then checked, compared, published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse, encode_multipart

from app.interchange.importing import read_any
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import read_questionnaire
from app.organize.importing import ThingLine, grouped
from app.storage import surveys
from tests.conftest import ROOT

from .test_comparison import outcomes
from .test_upload import SMALL, SOURCE, send, text_in, versions

FIXTURES = ROOT / "tests" / "fixtures"
VISIT = FIXTURES / "xlsform" / "visit.md"
FILES = [
    VISIT,
    FIXTURES / "xlsform" / "visit.xls",
    FIXTURES / "limesurvey" / "visit-2.lss",
    FIXTURES / "limesurvey" / "visit-6.lss",
    FIXTURES / "surveyjs" / "visit.json",
]
CSV = 'survey,,,\n,type,name,label\n,text,q,"What, and why?"\n,audio,sound,Say it\n'


def upload(browser: FlaskClient, path: Path, **fields: str) -> TestResponse:
    return send(browser, "", path.read_bytes(), path.name, **fields)


def soup(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def fields(answer: TestResponse) -> dict[str, str]:
    """What a browser would send of the form below the report."""
    return {str(item["name"]): str(item.get("value", "")) for item in soup(answer).select("form#import input")}


def go_on(browser: FlaskClient, report: TestResponse, **given: str) -> TestResponse:
    boundary, body = encode_multipart({"action": "check", **fields(report), **given})
    return browser.post("/organize/import", data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def numbers(row: Tag) -> list[int]:
    return [int(cell.text.replace(",", "")) for cell in row.select("td")]


def listed(answer: TestResponse) -> Iterator[tuple[str, list[str]]]:
    """Each list of things below its heading."""
    for things in soup(answer).select("ul.things"):
        heading = things.find_previous(["h2", "summary"])
        assert heading is not None
        yield (
            heading.text,
            [
                " ".join(part.get_text(" ", strip=True) for part in (thing, *item.select(":scope > p")))
                for item in things.select("li")
                for thing in item.select(".thing")
            ],
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_report_says_what_became_of_everything(organizer: FlaskClient, app: Flask, path: Path) -> None:
    report = read_any(path.read_bytes(), path.name).report
    answer = upload(organizer, path)
    assert answer.status_code == 200
    *rows, together = [numbers(row) for row in soup(answer).select("main table tbody tr")]
    for total, *parts in (*rows, together):
        assert total == sum(parts)
    assert [sum(column) for column in zip(*rows, strict=True)] == together
    assert together[0] == report.total()
    found = dict(listed(answer))
    kept = next(things for heading, things in found.items() if heading.startswith("What was kept as it is ("))
    assert [len(kept), len(found.get("Changed", [])), len(found.get("Dropped", []))] == together[1:]
    for entry in report.told():
        place = f"{entry.where} " if entry.where else ""
        said = entry.message % entry.params
        assert any(item.startswith(place) and said in item for things in found.values() for item in things), str(entry)
    assert versions(app, "visit-01") == [], "reading publishes nothing"


def test_from_the_file_to_a_published_version(organizer: FlaskClient, app: Flask) -> None:
    report = upload(organizer, VISIT)
    assert fields(report)["key"] == "visit-01"
    checked = go_on(organizer, report)
    assert checked.status_code == 200
    assert "This is the first version of a new survey." in checked.text
    found = read_any(VISIT.read_bytes(), VISIT.name).questionnaire
    assert read_questionnaire(text_in(checked)) == found
    published = send(organizer, text_in(checked), action="publish", checked=found.hash)
    assert published.location == "/organize/surveys/visit-01"
    assert versions(app, "visit-01") == [found.hash]


def test_under_the_key_of_a_survey_that_exists_it_is_compared_with_it(organizer: FlaskClient, app: Flask) -> None:
    with app.app_context():
        surveys.publish(SMALL, datetime(2026, 1, 1, tzinfo=UTC))
    new = read_questionnaire(SOURCE.replace("How old are you?", "What is your age?"))
    book = write_xlsform(new)
    report = send(organizer, "", book, "elsewhere.xlsx", survey="small")
    assert fields(report)["key"] == "small"
    checked = go_on(organizer, report)
    assert outcomes(checked) == {"age": ("Changed", "Its trend breaks here.")}
    other = go_on(organizer, report, key="another-one")
    assert "This is the first version of a new survey." in other.text
    assert read_questionnaire(text_in(other)).survey == "another-one"


def test_the_key_is_the_files_own_or_its_name_or_that_of_the_survey_one_came_from(
    organizer: FlaskClient, app: Flask
) -> None:
    assert fields(send(organizer, "", CSV.encode(), "My form.csv"))["key"] == "my-form"
    assert fields(send(organizer, "", CSV.encode(), "My form.csv", survey="small"))["key"] == "my-form"
    with app.app_context():
        surveys.publish(SMALL, datetime(2026, 1, 1, tzinfo=UTC))
    report = send(organizer, "", CSV.encode(), "My form.csv", survey="small")
    assert fields(report)["key"] == "small"
    assert "Surveys that exist: small" in soup(report).get_text(" ", strip=True)
    begun = organizer.get("/organize/upload?from=small")
    assert soup(begun).select_one("input[name=survey]")["value"] == "small"  # type: ignore[index]


@pytest.mark.parametrize("key", ["", " ", "Größe", "a b", "-a", "x" * 61, "<script>"])
def test_a_key_that_is_none_is_said_and_nothing_is_lost(organizer: FlaskClient, key: str) -> None:
    report = upload(organizer, VISIT)
    for action in ("check", "yaml"):
        answer = go_on(organizer, report, key=key, action=action)
        assert answer.status_code == 422
        [link] = soup(answer).select(".error-summary a")
        assert link["href"] == "#key"
        assert link.text.startswith("Give the survey a key")
        assert fields(answer)["source"] == fields(report)["source"]
        assert go_on(organizer, answer, key="mended").status_code == 200


def test_the_yaml_is_downloaded_to_be_changed(organizer: FlaskClient) -> None:
    file = go_on(organizer, upload(organizer, VISIT), action="yaml", key="trip")
    assert file.headers["Content-Disposition"] == "attachment; filename=trip.yaml"
    assert read_questionnaire(file.data).survey == "trip"
    assert read_questionnaire(file.data).pages == read_any(VISIT.read_bytes(), "x").questionnaire.pages


def test_the_report_is_downloaded_as_text_and_json(organizer: FlaskClient) -> None:
    page = upload(organizer, VISIT)
    report = read_any(VISIT.read_bytes(), VISIT.name).report
    found = go_on(organizer, page, action="json", key="")
    assert found.headers["Content-Disposition"] == "attachment; filename=visit-01-report.json"
    assert json.loads(found.data) == report.to_json()
    text = go_on(organizer, page, action="text").text
    assert len([line for line in text.split("\n") if line.startswith("- ")]) == len(report.worst())
    assert "- survey!Q31 trigger price: What is computed is computed anew with every answer." in text
    organizer.get("/organize/upload?lang=ja")
    text = go_on(organizer, page, action="text").text
    assert text.startswith("XLSForm: 保持 ")
    assert "計算で求める値は、回答のたびに計算し直します。" in text


def test_a_button_changes_the_language_and_loses_nothing(organizer: FlaskClient) -> None:
    report = upload(organizer, VISIT)
    japanese = go_on(organizer, report, language="ja", key="trip")
    assert soup(japanese).select_one("html")["lang"] == "ja"  # type: ignore[index]
    assert fields(japanese) == fields(report) | {"key": "trip", "csrf_token": fields(japanese)["csrf_token"]}
    found = dict(listed(japanese))
    assert "survey!Q31 トリガー price 計算で求める値は、回答のたびに計算し直します。" in found["除外"]
    checked = go_on(organizer, japanese)
    english = send(organizer, text_in(checked), language="en")
    assert "No problems found" in english.text
    assert text_in(english) == text_in(checked)
    assert send(organizer, "", language="ja").status_code == 200, "nothing was asked for yet"


def test_a_stale_page_loses_nothing(organizer: FlaskClient) -> None:
    report = upload(organizer, VISIT)
    answer = go_on(organizer, report, csrf_token="stale")
    assert answer.status_code == 400
    assert "Nothing is lost" in answer.text
    assert go_on(organizer, answer).status_code == 200
    stale = upload(organizer, VISIT, csrf_token="stale")
    assert (stale.status_code, "A file has to be chosen again." in stale.text) == (400, True)


def test_what_is_typed_is_read_by_its_content_too(organizer: FlaskClient) -> None:
    report = send(organizer, CSV)
    assert fields(report)["key"] == "imported"
    assert go_on(organizer, report).status_code == 200
    broken = send(organizer, CSV.replace("type", "sort"))
    assert broken.status_code == 422
    assert text_in(broken) == CSV.replace("type", "sort"), "what was typed is not lost"


@pytest.mark.parametrize("packed", ["", "no base64!", "AA", "あ"])
def test_what_was_never_packed_is_refused(organizer: FlaskClient, packed: str) -> None:
    assert go_on(organizer, upload(organizer, VISIT), source=packed).status_code == 400


def test_a_broken_file_that_waits_is_refused_too(organizer: FlaskClient) -> None:
    answer = go_on(organizer, upload(organizer, VISIT), source="JVBERi0xLjc=")
    assert (answer.status_code, "This is a PDF" in answer.text) == (422, True)


def test_what_is_in_the_file_never_runs(organizer: FlaskClient) -> None:
    wicked = CSV.replace("sound", "x<script>alert(1)</script>").replace("audio", "<script>alert(2)</script>")
    answer = send(organizer, "", wicked.encode(), "<script>alert(3)</script>.csv")
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_long_reports_are_shown_in_part_and_downloaded_whole(organizer: FlaskClient) -> None:
    rows = "".join(f",text,q{n},Q,{n}\n" for n in range(700))
    answer = send(organizer, "", f"survey,,,,\n,type,name,label,mine\n{rows}".encode(), "long.csv")
    dropped = dict(listed(answer))["Dropped"]
    assert len(dropped) == 500
    assert "201 more stand in the report as a file." in answer.text
    assert go_on(organizer, answer, action="text").text.count("There is no word for this here.") == 701


def test_the_same_reason_is_told_once() -> None:
    things = [ThingLine(f"B{n}", "hint", "", reasons) for n, reasons in enumerate((["a"], ["b"], [], ["a"], []))]
    told = [(reasons, [thing.where for thing in together]) for reasons, together in grouped(things)]
    assert told == [(["a"], ["B0", "B3"]), (["b"], ["B1"]), ([], ["B2"]), ([], ["B4"])]
