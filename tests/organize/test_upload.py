"""Uploading, checking and publishing a questionnaire."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.interchange.importing import NO_TEXT, PICTURE
from app.interchange.yaml_file import read_questionnaire
from app.interchange.yaml_tree import LARGEST
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from tests.accounts.door import token

PAGE = "/organize/upload"
SOURCE = (Path(__file__).parents[1] / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
SMALL = read_questionnaire(SOURCE)


def send(
    browser: FlaskClient, text: str = "", file: bytes | None = None, name: str = "questionnaire.yaml", **fields: str
) -> TestResponse:
    data: dict[str, object] = {"csrf_token": token(browser, PAGE), "text": text, "action": "check", **fields}
    if file is not None:
        data["file"] = FileStorage(io.BytesIO(file), name)
    boundary, body = encode_multipart(data)
    return browser.post(PAGE, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def text_in(answer: TestResponse) -> str:
    """What the page carries on in its text field."""
    area = BeautifulSoup(answer.text, "html.parser").find("textarea", id="text")
    assert isinstance(area, Tag)
    return area.text.removeprefix("\n")


def problems_in(answer: TestResponse) -> list[list[str]]:
    """Line, problem and excerpt of each row of the table."""
    rows = BeautifulSoup(answer.text, "html.parser").select("main table tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in rows]


def versions(app: Flask, survey: str = SMALL.survey) -> list[str]:
    with app.app_context():
        return [version for version, _ in surveys.published_versions(survey)]


@pytest.mark.parametrize("way", ["file", "text", "file with byte order mark", "text with line ends of Windows"])
def test_a_sound_file_is_checked_then_published(app: Flask, organizer: FlaskClient, way: str) -> None:
    windows = SOURCE.replace("\n", "\r\n")
    sent = {
        "file": {"file": SOURCE.encode()},
        "text": {"text": SOURCE},
        "file with byte order mark": {"file": b"\xef\xbb\xbf" + SOURCE.encode()},
        "text with line ends of Windows": {"text": windows},
    }[way]
    answer = send(organizer, **sent)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert "No problems found" in answer.text
    assert SMALL.hash[:12] in answer.text
    assert "This is the first version of a new survey." in answer.text
    assert text_in(answer) == SOURCE
    assert versions(app) == [], "checking publishes nothing"

    published = send(organizer, text_in(answer), action="publish", checked=SMALL.hash)
    assert (published.status_code, published.location) == (303, f"/organize/surveys/{SMALL.survey}")
    assert versions(app) == [SMALL.hash]
    assert f"Version {SMALL.hash[:12]} is published." in organizer.get(published.location).text


def test_publishing_again_changes_nothing(app: Flask, organizer: FlaskClient) -> None:
    for _ in range(2):
        answer = send(organizer, SOURCE, action="publish", checked=SMALL.hash)
    assert "was published already" in organizer.get(answer.location).text
    assert versions(app) == [SMALL.hash]
    checked = send(organizer, SOURCE)
    assert "There is nothing to publish." in checked.text
    assert "Publish this version" not in checked.text


@pytest.mark.parametrize("checked", ["", "0" * 64])
def test_only_what_was_checked_is_published(app: Flask, organizer: FlaskClient, checked: str) -> None:
    answer = send(organizer, SOURCE, action="publish", checked=checked)
    assert answer.status_code == 409
    assert "nothing was published" in answer.text
    assert f'name="checked" value="{SMALL.hash}"' in answer.text
    assert text_in(answer) == SOURCE
    assert versions(app) == []


def test_every_problem_is_listed_with_its_line(app: Flask, organizer: FlaskClient) -> None:
    bad = SOURCE.replace("kind: integer", "kind: count").replace("{en: Views, ja: ご意見}", "{en: Views}")
    answer = send(organizer, file=bad.encode())
    assert answer.status_code == 422
    lines = bad.split("\n")
    rows = problems_in(answer)
    assert [int(row[0]) for row in rows] == [
        next(i for i, line in enumerate(lines, 1) if wrong in line) for wrong in ("kind: count", "{en: Views}")
    ]
    assert [row[2] for row in rows] == ["kind: count", "title: {en: Views}"]
    assert "“count” is no question kind." in rows[0][1]
    assert text_in(answer) == bad, "nothing typed is lost"
    assert "Publish this version" not in answer.text


def test_problems_are_never_published(app: Flask, organizer: FlaskClient) -> None:
    answer = send(organizer, SOURCE + "nonsense: 1\n", action="publish", checked=SMALL.hash)
    assert answer.status_code == 422
    assert versions(app) == []


def test_a_stale_page_loses_nothing(organizer: FlaskClient) -> None:
    answer = send(organizer, SOURCE, csrf_token="stale")
    assert answer.status_code == 400
    assert "Nothing is lost" in answer.text
    assert text_in(answer) == SOURCE
    assert send(organizer, SOURCE).status_code == 200


def test_an_empty_form_says_what_is_missing(organizer: FlaskClient) -> None:
    answer = send(organizer, " \n ")
    assert answer.status_code == 422
    assert 'href="#file">Choose a file, or paste its text.' in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("survey: 調査".encode("utf-16"), "The file is not UTF-8 text."),
        (b"survey: \x1b[31m", "The file is not valid YAML"),
        (b"just words", "The file holds no questionnaire"),
        (b"a: [1, 2", "The file is not valid YAML"),
        (b"a: " + b"{b: " * 50 + b"}" * 50, "The file is nested too deeply."),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "Aliases (*name) are not taken"),
        (b"a: !!python/object/apply:os.system [id]", "Tags (tag:yaml.org,2002:python"),
    ],
)
def test_bad_files(organizer: FlaskClient, content: bytes, said: str) -> None:
    answer = send(organizer, file=content)
    assert answer.status_code == 422
    ((_, problem, *_excerpt),) = problems_in(answer)
    assert problem.startswith(said)
    carried = text_in(answer).encode()
    assert carried in (b"", content), "what a page cannot carry unchanged is not carried at all"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", PICTURE),
        ("survey: 調査".encode("shift_jis"), NO_TEXT),
        (b"survey: a\x00b", NO_TEXT),
        (b"[" * 100_000, "The file is nested too deeply."),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_said_where_it_is_chosen(
    organizer: FlaskClient, content: bytes, said: str
) -> None:
    answer = send(organizer, file=content)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    [link] = page.select(".error-summary a")
    assert (link["href"], link.text) == ("#file", said)
    assert said in page.select_one("#file-error").text  # type: ignore[union-attr]
    assert text_in(answer) == ""


def test_a_file_that_is_wrong_all_over_gives_a_page_that_opens(organizer: FlaskClient) -> None:
    answer = send(organizer, "".join(f"k{i}: 1\n" for i in range(5_000)))
    assert answer.status_code == 422
    assert len(problems_in(answer)) == 200
    assert "more problems are not shown" in answer.text


def test_large_files(organizer: FlaskClient) -> None:
    padding = "# padding\n" * ((LARGEST - len(SOURCE.encode())) // 10)
    largest = (SOURCE + padding).encode()
    assert LARGEST - 10 < len(largest) <= LARGEST
    answer = send(organizer, file=largest)
    assert answer.status_code == 200
    # A browser sends the text back with two characters per line end, and may send a file with it.
    again = text_in(answer).replace("\n", "\r\n")
    assert send(organizer, again, file=largest).status_code == 200
    for sent in (
        send(organizer, file=largest + b"# more padding\n"),
        send(organizer, file=b"#" * 4 * LARGEST),
        send(organizer, "#" * 3 * LARGEST),
    ):
        assert sent.status_code == 413
        assert "The file is larger than 4 MiB, which is the most that is taken here." in sent.text
        assert text_in(sent) == ""


def test_other_pages_keep_their_small_limit(organizer: FlaskClient) -> None:
    assert organizer.post("/sign-out", data={"x": "#" * 100_000}).status_code == 413


def test_actions_are_looked_up_in_the_catalogue(organizer: FlaskClient, questionnaire: Questionnaire) -> None:
    source = (Path(__file__).parents[2] / "surveys" / "domestic-diplomacy.yaml").read_text(encoding="utf-8")
    assert send(organizer, source).status_code == 200
    answer = send(organizer, source.replace("action: DD1a", "action: DD99z"))
    assert "The catalogue has no action “DD99z”." in answer.text


def test_the_published_version_can_be_changed_and_downloaded(organizer: FlaskClient, fielded: Questionnaire) -> None:
    begun = organizer.get(f"{PAGE}?from={fielded.survey}")
    assert read_questionnaire(text_in(begun)).hash == fielded.hash
    assert text_in(organizer.get(f"{PAGE}?from=unknown")) == ""
    file = organizer.get(f"/organize/surveys/{fielded.survey}/versions/{fielded.hash}.yaml")
    assert file.headers["Content-Disposition"].endswith(f"{fielded.survey}-{fielded.hash[:12]}.yaml")
    assert read_questionnaire(file.data).hash == fielded.hash


def test_what_was_typed_never_runs(organizer: FlaskClient) -> None:
    answer = send(organizer, "</textarea><script>alert(1)</script>: 1")
    assert answer.status_code == 422
    assert "<script" not in answer.text
