"""Publishing over an earlier version: what becomes of every trend, said before it happens, and declaring one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.model import Continuation, Questionnaire
from app.questionnaire.versions import declare
from app.storage import surveys
from tests.questionnaire.made import in_languages

from .test_upload import PAGE, SMALL, SOURCE, send, text_in, versions

NEW = SOURCE.replace("How old are you?", "What is your age?").replace("name: view\n", "name: opinion\n")
REASON = "The same in a translation test."


@pytest.fixture(autouse=True)
def _published(app: Flask) -> None:
    with app.app_context():
        surveys.publish(SMALL, datetime(2026, 1, 1, tzinfo=UTC))


def soup(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def sections(answer: TestResponse) -> dict[str, Tag]:
    """What is said of each question that is not the same, by its name."""
    found = soup(answer).select("section.compared")
    return {section.select_one("h4 code").text: section for section in found}  # type: ignore[union-attr]


def outcomes(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """The outcome of each, and what becomes of its trend."""
    return {
        name: (section.select_one(".tag").text, section.select_one("strong").text)  # type: ignore[union-attr]
        for name, section in sections(answer).items()
    }


def fields(answer: TestResponse) -> dict[str, str]:
    """What a browser would send of the form's declarations."""
    form = soup(answer).select_one("form#upload")
    assert form is not None
    found = {}
    for item in form.select("[name^=reason_], [name^=was_], [name=checked]"):
        if item.name == "select":
            chosen = item.select_one("option[selected]") or item.select_one("option")
            assert chosen is not None
            found[str(item["name"])] = str(chosen["value"])
        else:
            typed = item.text.removeprefix("\n") if item.name == "textarea" else str(item["value"])
            found[str(item["name"])] = typed
    return found


def errors(answer: TestResponse) -> list[tuple[str, str]]:
    links = soup(answer).select(".error-summary a")
    return [(str(link["href"]), link.text) for link in links]


def test_every_question_says_what_becomes_of_its_trend(organizer: FlaskClient) -> None:
    answer = send(organizer, NEW)
    assert answer.status_code == 200
    assert outcomes(answer) == {
        "age": ("Changed", "Its trend breaks here."),
        "opinion": ("Added", "Its trend begins here."),
        "view": ("Removed", "Its trend ends here."),
    }
    assert "Same: 5. Changed: 1. Declared equivalent: 0. Added: 1. Removed: 1." in answer.text
    same = [code.text for code in soup(answer).select(".compared-same code")]
    assert same == ["country", "contact", "DD1a", "DD1b", "comment"]
    age = sections(answer)["age"]
    assert [(d.text, i.text) for d, i in zip(age.select("del"), age.select("ins"), strict=True)] == [
        ("How old are you?", "What is your age?")
    ]
    assert age.select_one("dt").text == "wording (en)"  # type: ignore[union-attr]


def test_hints_and_places_break_nothing(organizer: FlaskClient) -> None:
    about, views = SOURCE.index("  - name: about"), SOURCE.index("  - name: views")
    turned = SOURCE[:about] + SOURCE[views:] + SOURCE[about:views]
    turned = turned.replace("        relevant: \"${country} = 'jp'\"\n", "        hint: {en: Hm, ja: ふむ}\n")
    answer = send(organizer, turned)
    assert answer.status_code == 200
    assert sections(answer) == {}
    assert "No question changes" in answer.text
    assert not soup(answer).select("[name^=reason_]")


def test_languages_added_and_dropped_break_nothing_and_are_said(app: Flask, organizer: FlaskClient) -> None:
    made = Questionnaire.model_validate(in_languages(json.loads(SMALL.canonical), ["ja", "ko"]))
    checked = send(organizer, write_questionnaire(made))
    with app.app_context():
        surveys.publish(made, datetime(2026, 2, 1, tzinfo=UTC))
    for answer in (checked, organizer.get(f"/organize/surveys/{SMALL.survey}/compare")):
        assert sections(answer) == {}
        assert "Languages added: ko. Questions are compared" in answer.text
        assert "Languages dropped: en. Questions are compared" in answer.text
    assert "Languages" not in soup(send(organizer, NEW)).select_one("#compared").find_next("p").text  # type: ignore[union-attr]


def test_what_has_no_figures_has_no_trend(organizer: FlaskClient) -> None:
    answer = send(organizer, SOURCE.replace("Anything else?", "What else?"))
    said = "No figures of it are published, so there is no trend."
    assert outcomes(answer) == {"comment": ("Changed", said)}


def test_a_declaration_is_checked_then_published(app: Flask, organizer: FlaskClient) -> None:
    first = send(organizer, NEW)
    given = {**fields(first), "reason_age": f" {REASON} ", "was_opinion": "view", "reason_opinion": "Renamed\r\nonly."}
    checked = send(organizer, text_in(first), None, **given)
    assert checked.status_code == 200
    goes_on = "Its trend goes on, and says that it was joined by declaration."
    assert outcomes(checked) == {
        "age": ("Declared equivalent", goes_on),
        "opinion": ("Declared equivalent", goes_on),
    }
    assert f"Continues “age”: {REASON}" in checked.text
    assert versions(app) == [SMALL.hash], "nothing is published by a check"
    assert text_in(checked) == NEW, "the text stays as it was typed"

    published = send(organizer, text_in(checked), None, **{**fields(checked), "action": "publish"})
    assert published.status_code == 303
    expected = declare(
        read_questionnaire(NEW),
        [
            Continuation(question="age", was="age", reason=REASON),
            Continuation(question="opinion", was="view", reason="Renamed\nonly."),
        ],
    )
    assert versions(app) == [expected.hash, SMALL.hash]
    with app.app_context():
        assert surveys.questionnaire(expected.hash).continues == expected.continues
    file = organizer.get(f"/organize/surveys/{SMALL.survey}/versions/{expected.hash}.yaml")
    assert read_questionnaire(file.data).hash == expected.hash


def test_what_was_not_checked_is_not_published(app: Flask, organizer: FlaskClient) -> None:
    """Pressing Publish right after typing a reason first shows what it does."""
    first = send(organizer, NEW)
    answer = send(organizer, NEW, None, **{**fields(first), "reason_age": REASON, "action": "publish"})
    assert answer.status_code == 409
    assert "nothing was published yet" in answer.text
    assert outcomes(answer)["age"][0] == "Declared equivalent"
    assert fields(answer)["reason_age"] == REASON
    assert versions(app) == [SMALL.hash]
    assert send(organizer, NEW, None, **{**fields(answer), "action": "publish"}).status_code == 303
    assert len(versions(app)) == 2


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"was_opinion": "view", "reason_opinion": " "}, "#reason_opinion", "Give the reason why “opinion” still"),
        ({"was_opinion": "", "reason_opinion": "Because"}, "#was_opinion", "Choose the question that “opinion”"),
        ({"was_opinion": "age", "reason_opinion": "Because"}, "#was_opinion", "Choose the question that “opinion”"),
        ({"reason_age": "x" * 501}, "#reason_age", "Please shorten this to 500 characters or fewer; it has 501."),
        ({"reason_age": "a\x00b"}, "#reason_age", "This text contains characters that cannot be read."),
    ],
)
def test_a_declaration_that_cannot_be_taken_says_why_and_is_kept(
    app: Flask, organizer: FlaskClient, given: dict[str, str], field: str, said: str
) -> None:
    first = send(organizer, NEW)
    answer = send(organizer, NEW, None, **{**fields(first), **given, "action": "publish"})
    assert answer.status_code == 422
    [(href, message)] = errors(answer)
    assert (href, message.startswith(said)) == (field, True)
    page = soup(answer)
    assert page.select_one(field) is not None
    assert page.select_one(f"{field}-error") is not None
    opened = page.select_one(f"details[open] {field}")
    assert opened is not None, "the field is not hidden"
    kept = fields(answer)
    assert all(kept[name] == value for name, value in given.items() if "\x00" not in value and value != "age")
    assert text_in(answer) == NEW
    assert versions(app) == [SMALL.hash]


def test_what_was_typed_outlives_every_error(organizer: FlaskClient) -> None:
    given = {"was_opinion": "view", "reason_opinion": "Because\nso", "reason_age": "<b>Why</b>"}
    for text, changed in ((NEW + "nonsense: 1\n", {}), (NEW, {"csrf_token": "stale"}), (" ", {})):
        answer = send(organizer, text, None, **{**given, **changed})
        assert answer.status_code in (400, 422)
        assert {name: value for name, value in fields(answer).items() if name != "checked" and value} == given
        again = send(organizer, NEW, None, **{k: v for k, v in fields(answer).items() if k != "checked"})
        assert {one for one, _ in outcomes(again).values()} == {"Declared equivalent"}
        assert "<b>Why" not in again.text


def test_a_declaration_of_the_file_counts_and_is_shown(organizer: FlaskClient) -> None:
    declared = NEW + f"continues: [{{question: opinion, was: view, reason: {REASON}}}]\n"
    answer = send(organizer, declared)
    assert {name: one for name, (one, _) in outcomes(answer).items()} == {
        "age": "Changed",
        "opinion": "Declared equivalent",
    }
    assert f"Continues “view”: {REASON}" in answer.text
    assert set(fields(answer)) == {"checked", "reason_age"}


def test_a_question_that_comes_back_unchanged_is_the_same(app: Flask, organizer: FlaskClient) -> None:
    with app.app_context():
        surveys.publish(read_questionnaire(NEW), datetime(2026, 2, 1, tzinfo=UTC))
    answer = send(organizer, SOURCE.replace("How old are you?", "What is your age?"))
    assert {name: one for name, (one, _) in outcomes(answer).items()} == {"opinion": "Removed"}


def test_a_new_version_begins_without_the_declarations_of_the_last(app: Flask, organizer: FlaskClient) -> None:
    """What was declared of an earlier change says nothing of the next one."""
    made = declare(read_questionnaire(NEW), [Continuation(question="age", was="age", reason=REASON)])
    with app.app_context():
        surveys.publish(made, datetime(2026, 2, 1, tzinfo=UTC))
    begun = text_in(organizer.get(f"{PAGE}?from={SMALL.survey}"))
    assert "continues" not in begun
    again = send(organizer, begun.replace("What is your age?", "Your age?"))
    assert outcomes(again)["age"] == ("Changed", "Its trend breaks here.")


def test_the_page_speaks_japanese(organizer: FlaskClient) -> None:
    organizer.get(f"{PAGE}?lang=ja")
    answer = send(organizer, NEW)
    assert outcomes(answer)["age"] == ("変更あり", "ここで推移が途切れます。")
    assert sections(answer)["age"].select_one("dt").text == "文言 (en)"  # type: ignore[union-attr]
