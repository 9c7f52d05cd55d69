"""Designing a questionnaire: from nothing to published, two people at once, undo and history."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.register import create_account
from app.interchange.draft_file import read_draft
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.draft.tree import Tree, pages, question_named, questions
from app.storage import drafts, surveys
from tests.accounts.door import PASSWORD, sign_in

SOURCE = (Path(__file__).parents[1] / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
SMALL = read_questionnaire(SOURCE)
DESIGN = f"/organize/surveys/{SMALL.survey}/design"


@pytest.fixture
def second(app: Flask, organizer: FlaskClient) -> FlaskClient:
    """Another organizer."""
    with app.app_context():
        create_account("two@example.org", PASSWORD, "organizer", datetime.now(UTC))
    browser = app.test_client()
    assert sign_in(browser, "two@example.org").status_code == 303
    return browser


@pytest.fixture
def begun(app: Flask, organizer: FlaskClient) -> FlaskClient:
    """An organizer with a draft of the published questionnaire."""
    with app.app_context():
        surveys.publish(SMALL, datetime.now(UTC))
    assert send(organizer, DESIGN, form_of(organizer, DESIGN), do="version").status_code == 303
    return organizer


def form_of(browser: FlaskClient, address: str, answer: TestResponse | None = None, form: str = "main form") -> dict:  # type: ignore[type-arg]
    """What a browser would send of the form of a page."""
    soup = BeautifulSoup((answer or browser.get(address)).text, "html.parser")
    found = soup.select_one(form)
    assert found is not None, address
    fields: dict[str, str] = {}
    for one in found.select("input[name], textarea[name], select[name]"):
        name = str(one["name"])
        if one.name == "textarea":
            fields[name] = one.text.removeprefix("\n")
        elif one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            fields[name] = str(chosen["value"]) if chosen else ""
        elif one.get("type") not in ("checkbox", "file") or one.has_attr("checked"):
            fields[name] = str(one.get("value", ""))
    return fields


def send(browser: FlaskClient, address: str, fields: dict[str, str], **more: str) -> TestResponse:
    return browser.post(address, data={**fields, **more})


def tree(app: Flask, key: str = SMALL.survey) -> Tree:
    with app.app_context():
        state = drafts.newest(key)
        assert state is not None
        return read_draft(state.source)


def names(app: Flask) -> list[list[str]]:
    return [[question["name"] for question in questions(page)] for page in pages(tree(app))]


def test_who_organizes_one_survey_is_told_at_the_key_that_it_begins_no_other(
    app: Flask, organizer: FlaskClient
) -> None:
    with app.app_context():
        create_account("one@example.org", PASSWORD, "organizer", datetime.now(UTC), "mine")
    browser = app.test_client()
    sign_in(browser, "one@example.org")
    page = form_of(browser, "/organize/new")
    refused = send(browser, "/organize/new", page, key="theirs", title_en="A long title")
    assert refused.status_code == 422
    assert "No role of yours allows to begin a survey of this key." in refused.text
    assert 'value="A long title"' in refused.text
    assert send(browser, "/organize/new", page, key="mine", title_en="Mine").status_code == 303
    upload = form_of(browser, "/organize/upload") | {"text": SOURCE.replace("How old", "At what age")}
    refused = browser.post("/organize/upload", data={**upload, "action": "check"})
    assert refused.status_code == 403
    assert "No role of yours allows to publish the survey “small”." in refused.text
    assert "At what age" in refused.text


def test_from_nothing_to_published(app: Flask, organizer: FlaskClient) -> None:
    page = form_of(organizer, "/organize/new")
    refused = send(organizer, "/organize/new", page, key="Not a key", title_en="New")
    assert refused.status_code == 422
    assert "Give the survey a key" in refused.text
    assert 'value="New"' in refused.text
    answer = send(organizer, "/organize/new", page, key="new", title_en="New", title_ja="新しい調査")
    design = "/organize/surveys/new/design"
    assert (answer.status_code, answer.location) == (303, design)
    assert "The page has no question yet." in organizer.get(design).text
    assert organizer.get(f"{design}/publish").status_code == 303
    assert "already" in send(organizer, "/organize/new", page, key="new").text

    kinds = organizer.get(f"{design}/add?page=page_1")
    assert "One answer of a list" in kinds.text
    add = f"{design}/add?page=page_1&kind=select_one"
    fields = form_of(organizer, add)
    fields |= {"f.name": "country", "f.label.en": "Where do you live?", "f.choices.0.code": "jp"}
    more = form_of(organizer, add, send(organizer, add, fields, do="more:choices"))
    assert more["f.choices"] == "5"
    assert more["f.choices.0.code"] == "jp"
    more |= {"f.choices.0.label.en": "Japan", "f.choices.3.code": "us", "f.choices.3.label.en": "U.S."}
    saved = send(organizer, add, more, do="save")
    assert saved.location == f"{design}/questions/country"
    told = organizer.get(saved.location)
    assert "Problems left here before it can be published: 3" in told.text
    assert 'href="#f.choices.1.label.ja"' in told.text
    fields = form_of(organizer, saved.location)
    fields |= {"f.label.ja": "お住まいは", "f.choices.0.label.ja": "日本", "f.choices.1.label.ja": "米国"}
    assert send(organizer, saved.location, fields, do="save").location.startswith(f"{design}?at=country")
    assert "None: this can be published." in organizer.get(design).text

    publish = form_of(organizer, f"{design}/publish")
    assert send(organizer, f"{design}/publish", publish | {"checked": "0" * 64}, action="publish").status_code == 409
    done = send(organizer, f"{design}/publish", publish, action="publish")
    assert done.location == "/organize/surveys/new"
    with app.app_context():
        found = surveys.latest_questionnaire("new")
    assert found is not None
    assert [choice.code for choice in found.questions[0].choices] == ["jp", "us"]  # type: ignore[attr-defined]
    assert found.questions[0].label == {"en": "Where do you live?", "ja": "お住まいは"}
    assert "There is nothing to publish." in organizer.get(f"{design}/publish").text


def test_what_a_draft_does_to_the_trends_is_told_before(app: Flask, begun: FlaskClient) -> None:
    assert "There is nothing to publish." in begun.get(f"{DESIGN}/publish").text
    address = f"{DESIGN}/questions/age"
    send(begun, address, form_of(begun, address), **{"f.label.en": "What is your age?", "do": "save"})
    page = begun.get(f"{DESIGN}/publish")
    assert "Its trend breaks here." in page.text
    fields = form_of(begun, f"{DESIGN}/publish", page)
    japanese = send(begun, f"{DESIGN}/publish", fields, reason_age="Only the words.", language="ja")
    assert 'lang="ja"' in japanese.text
    assert "Only the words." in japanese.text
    send(begun, f"{DESIGN}/publish", fields, language="en")
    declared = send(begun, f"{DESIGN}/publish", fields, reason_age="Only the words.", action="check")
    assert "joined by declaration" in declared.text
    fields = form_of(begun, f"{DESIGN}/publish", declared)
    assert send(begun, f"{DESIGN}/publish", fields, action="publish").status_code == 303
    with app.app_context():
        found = surveys.latest_questionnaire(SMALL.survey)
    assert found is not None
    assert [(one.question, one.reason) for one in found.continues] == [("age", "Only the words.")]


def test_the_outline_moves_copies_and_deletes(app: Flask, begun: FlaskClient) -> None:
    assert names(app) == [["country", "age"], ["contact", "view", "steps", "comment"]]

    def press(do: str) -> TestResponse:
        return send(begun, DESIGN, form_of(begun, DESIGN), do=do)

    assert press("down:age").location == f"{DESIGN}?at=age&to=down"
    press("up:country")
    press("copy:comment")
    press("delete:contact")
    assert names(app) == [["country"], ["age", "view", "steps", "comment", "comment_2"]]
    press("place:comment:about:country")
    press("page-down:about")
    assert names(app) == [["age", "view", "steps", "comment_2"], ["comment", "country"]]
    assert "is no longer there" in begun.get(press("up:gone").location).text
    taken_back = [begun.get(press("undo").location).text for _ in range(5)]
    for told, deed in zip(taken_back, ("Moved the page “about”", "Moved the question “comment”"), strict=False):
        assert f"Undone: {deed}" in told
    assert "Undone: Moved the question “age”" in taken_back[-1]
    assert "Undid the edit number 2</td>" in begun.get(f"{DESIGN}/history").text, "the edit, not that it was undone"
    assert names(app) == [["country", "age"], ["contact", "view", "steps", "comment"]]
    assert 'value="undo"' not in begun.get(DESIGN).text
    assert "There is nothing to undo." in begun.get(press("undo").location).text

    send(begun, f"{DESIGN}/add-page", form_of(begun, DESIGN), after="")
    remove = f"{DESIGN}/page-removal/views"
    assert "Anything else?" in begun.get(remove).text
    send(begun, remove, form_of(begun, remove))
    assert names(app) == [["country", "age"], []]


def test_of_two_edits_at_once_none_is_lost(app: Flask, begun: FlaskClient, second: FlaskClient) -> None:
    age, view = f"{DESIGN}/questions/age", f"{DESIGN}/questions/view"
    mine, theirs, other = form_of(begun, age), form_of(second, age), form_of(second, view)
    # Of different questions: both are there.
    send(second, view, other, **{"f.label.en": "What do you think?", "do": "save"})
    answer = send(begun, age, mine, **{"f.label.en": "Your age?", "do": "save"})
    assert "two@example.org has made meanwhile" in begun.get(answer.location).text
    # Of the same question: the second is shown both.
    shown = send(second, age, theirs, **{"f.label.en": "How old?", "f.parameters.end": "99", "do": "save"})
    assert shown.status_code == 409
    assert "Your age?" in shown.text
    assert "How old?" in shown.text
    now = question_named(tree(app), "age")
    assert now is not None
    assert now["label"]["en"] == "Your age?"
    other_language = send(second, age, form_of(second, age, shown), language="ja")
    assert form_of(second, age, other_language)["f.label.en"] == "How old?"
    kept = form_of(second, age, shown)
    assert (kept["f.label.en"], kept["f.parameters.end"]) == ("How old?", "99")
    again = send(second, age, kept, do="edit")
    assert form_of(second, age, again)["f.label.en"] == "How old?"
    send(second, age, kept, do="save")
    now = question_named(tree(app), "age")
    assert now is not None
    assert (now["label"]["en"], now["parameters"]["end"]) == ("How old?", 99)
    found = question_named(tree(app), "view")
    assert found is not None
    assert found["label"]["en"] == "What do you think?"


def test_two_edits_of_different_parts_of_a_question_are_saved_together(
    app: Flask, begun: FlaskClient, second: FlaskClient
) -> None:
    country = f"{DESIGN}/questions/country"
    mine, theirs, outline = form_of(begun, country), form_of(second, country), form_of(second, DESIGN)
    send(begun, country, mine, **{"f.label.ja": "お国は", "f.choices.0.label.en": "Nippon", "do": "save"})
    send(begun, DESIGN, form_of(begun, DESIGN), do="place:country:views:")
    shown = send(second, country, theirs, **{"f.label.en": "Which country?", "f.hint.en": "One", "do": "save"})
    assert shown.status_code == 409
    assert "<dt>Page</dt>" in shown.text
    kept = form_of(second, country, shown)
    assert send(second, country, kept, do="both").status_code == 303
    found = question_named(tree(app), "country")
    assert found is not None
    assert (found["label"], found["hint"]) == ({"en": "Which country?", "ja": "お国は"}, {"en": "One"})
    assert found["choices"][0]["label"]["en"] == "Nippon"
    assert names(app)[1][-1] == "country"
    again = send(second, country, theirs, **{"f.label.ja": "国は", "do": "save"})
    assert "Save both" not in again.text, "of the same words one has to go"
    forced = form_of(second, country, again) | {"base": theirs["state"]}
    assert send(second, country, forced, do="both").status_code == 400
    # What is dragged to a page that is gone says so.
    answer = send(second, DESIGN, outline, do="place:country:nowhere:")
    assert "The page “nowhere” is no longer there" in second.get(answer.location).text


def test_a_question_that_was_deleted_meanwhile_can_come_back(
    app: Flask, begun: FlaskClient, second: FlaskClient
) -> None:
    address = f"{DESIGN}/questions/comment"
    mine, outline = form_of(begun, address), form_of(begun, DESIGN)
    send(second, DESIGN, form_of(second, DESIGN), do="delete:comment")
    shown = send(begun, address, mine, **{"f.label.en": "Any words?", "do": "save"})
    assert shown.status_code == 409
    assert "deleted or renamed" in shown.text
    send(begun, address, form_of(begun, address, shown), do="save")
    assert names(app)[1][-1] == "comment"
    # Nor is undone what the reader has not seen.
    answer = send(begun, DESIGN, outline, do="undo")
    assert "Nothing was undone" in begun.get(answer.location).text


def test_what_was_changed_meanwhile_is_not_deleted(app: Flask, begun: FlaskClient, second: FlaskClient) -> None:
    outline, age = form_of(second, DESIGN), f"{DESIGN}/questions/age"
    send(begun, age, form_of(begun, age), **{"f.label.en": "Your age?", "do": "save"})
    answer = send(second, DESIGN, outline, do="delete:age")
    assert "so it was not deleted" in second.get(answer.location).text
    assert "age" in names(app)[0]


def test_any_earlier_state_can_be_looked_at_and_restored(app: Flask, begun: FlaskClient) -> None:
    send(begun, DESIGN, form_of(begun, DESIGN), do="delete:age")
    send(begun, DESIGN, form_of(begun, DESIGN), do="delete:view")
    history = begun.get(f"{DESIGN}/history")
    assert "Deleted the question “view”" in history.text
    state = f"{DESIGN}/history/1"
    page = begun.get(state)
    assert page.text.count("Deleted since") == 2
    assert read_questionnaire(begun.get(f"{state}.yaml").text) == SMALL
    send(begun, state, form_of(begun, state, page))
    assert names(app)[0] == ["country", "age"]
    assert "Restored the state number 1" in begun.get(f"{DESIGN}/history").text
    stale = send(begun, state, form_of(begun, state, page))
    assert "Nothing was restored" in begun.get(stale.location).text
    assert begun.get(f"{DESIGN}/history/99").status_code == 404


def test_a_name_that_is_taken_is_refused_and_nothing_typed_is_lost(app: Flask, begun: FlaskClient) -> None:
    address = f"{DESIGN}/questions/age"
    fields = form_of(begun, address)
    for name, said in (("DD1a", "another question or row"), ("", "Give the question a name")):
        answer = send(begun, address, fields, **{"f.name": name, "f.label.en": "Typed", "do": "save"})
        assert answer.status_code == 422
        assert said in answer.text
        assert "Typed" in answer.text
    answer = send(begun, address, fields, **{"f.label.en": "Typed", "language": "ja"})
    assert "質問" in answer.text
    assert form_of(begun, address, answer)["f.label.en"] == "Typed"
    assert begun.get(f"{DESIGN}/questions/gone").status_code == 404


def test_the_kind_can_be_changed(app: Flask, begun: FlaskClient) -> None:
    address = f"{DESIGN}/questions/view"
    fields = form_of(begun, address) | {"f.kind": "select_multiple"}
    shown = form_of(begun, address, send(begun, address, fields, do="kind"))
    assert "f.choices.0.exclusive" not in shown
    send(begun, address, shown | {"f.parameters.maximum": "2", "f.choices.2.exclusive": "1"}, do="save")
    found = question_named(tree(app), "view")
    assert found is not None
    assert (found["kind"], found["parameters"], found["choices"][2]["exclusive"]) == (
        "select_multiple",
        {"maximum": 2},
        True,
    )


def test_pages_and_settings(app: Flask, begun: FlaskClient) -> None:
    page = f"{DESIGN}/pages/views"
    send(begun, page, form_of(begun, page), **{"f.title.en": "Opinions", "f.randomize": "1", "do": "save"})
    assert pages(tree(app))[1]["title"]["en"] == "Opinions"
    assert pages(tree(app))[1]["randomize"] is True
    taken = send(begun, page, form_of(begun, page), **{"f.name": "about", "do": "save"})
    assert taken.status_code == 422
    settings = f"{DESIGN}/settings"
    answer = send(begun, settings, form_of(begun, settings), **{"f.languages": "en", "do": "save"})
    assert answer.location == DESIGN
    assert tree(app)["languages"] == ["en"]
    assert "None: this can be published." in begun.get(DESIGN).text
    send(begun, settings, form_of(begun, settings), **{"f.weighting": "gone", "do": "save"})
    assert "gone" in begun.get(settings).text


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_draft_from_a_file_or_text(app: Flask, organizer: FlaskClient, way: str) -> None:
    address = f"{DESIGN}/source"
    bad = SOURCE.replace("kind: integer", "kind: count").replace("survey: small", "survey: else")
    fields = form_of(organizer, address)
    for source, status in (("a: [", 422), ("pages: 3", 422), (bad, 303)):
        data: dict[str, object] = {**fields, "text": source if way == "text" else ""}
        if way == "file":
            data["file"] = (io.BytesIO(source.encode()), "x.yaml")
        answer = organizer.post(address, data=data)
        assert answer.status_code == status
    page = organizer.get(DESIGN)
    assert "“count” is no question kind." in page.text
    assert tree(app)["survey"] == SMALL.survey
    assert organizer.get(f"{DESIGN}/questions/age").status_code == 200
    stale = organizer.post(address, data={**fields, "text": SOURCE})
    assert stale.status_code == 409
    for way_over in ({"file": (io.BytesIO(SOURCE.encode()), "x.yaml")}, {"do": "version"}):
        over = organizer.post(address, data={**fields, **way_over})
        assert over.status_code == 409
        assert "Somebody has changed the draft meanwhile" in over.text
    fields = form_of(organizer, address)
    assert organizer.post(address, data={**fields, "text": SOURCE}).status_code == 303
    assert "None: this can be published." in organizer.get(DESIGN).text


def test_a_draft_can_be_deleted(app: Flask, begun: FlaskClient) -> None:
    address = f"{DESIGN}/remove"
    fields = form_of(begun, address)
    assert send(begun, address, fields, key="other").status_code == 422
    assert send(begun, address, fields, key=SMALL.survey).location == "/organize"
    with app.app_context():
        assert drafts.newest(SMALL.survey) is None
    assert "Begin with the published version" in begun.get(DESIGN).text


def test_an_uploaded_file_goes_on_in_the_designer(app: Flask, begun: FlaskClient) -> None:
    upload = "/organize/upload"
    checked = begun.post(
        upload, data={**form_of(begun, upload), "text": SOURCE.replace("How old", "At what age"), "action": "check"}
    )
    assert f'formaction="{DESIGN}/source"' in checked.text
    answer = send(begun, f"{DESIGN}/source", form_of(begun, upload, checked), do="replace")
    assert answer.location == DESIGN
    found = question_named(tree(app), "age")
    assert found is not None
    assert found["label"]["en"] == "At what age are you?"


def test_lines_are_added_to_those_that_stand_empty(begun: FlaskClient) -> None:
    editor = f"{DESIGN}/questions/country"
    fields = form_of(begun, editor)
    for shown in ("5", "8"):
        fields = form_of(begun, editor, send(begun, editor, fields, do="more:choices"))
        assert fields["f.choices"] == shown
    assert "c.operator" not in fields, "a button of another list chooses no question for a condition"


def test_conditions_on_several_questions_are_put_together(app: Flask, begun: FlaskClient) -> None:
    editor = f"{DESIGN}/questions/comment"
    fields = form_of(begun, editor)
    fields |= {"c.question": "age"}
    fields = form_of(begun, editor, send(begun, editor, fields, do="condition"))
    again = form_of(begun, editor, send(begun, editor, fields, do="condition-other"))
    assert "c.operator" not in again
    fields |= {"c.operator": "at_least", "c.answer": ""}
    kept = form_of(begun, editor, send(begun, editor, fields, do="condition-add"))
    assert kept["c.question"] == "age", "without an answer the question stays chosen"
    fields |= {"c.answer": "65"}
    fields = form_of(begun, editor, send(begun, editor, fields, do="condition-add"))
    assert fields["f.relevant"] == "${age} >= 65"
    fields |= {"c.question": "contact"}
    fields = form_of(begun, editor, send(begun, editor, fields, do="condition"))
    fields |= {"c.operator": "chosen", "c.answer": "study", "c.join": "or"}
    fields = form_of(begun, editor, send(begun, editor, fields, do="condition-add"))
    send(begun, editor, fields, do="save")
    comment = question_named(tree(app), "comment")
    assert comment is not None
    assert comment["relevant"] == "${age} >= 65 or selected(${contact}, 'study')"


def test_a_large_form_is_taken(app: Flask, begun: FlaskClient) -> None:
    address = f"{DESIGN}/questions/age"
    assert send(begun, address, form_of(begun, address), **{"f.label.en": "か" * 9_000, "pad": "x" * 300_000}).location
    assert send(begun, address, {}, state="1").status_code == 400
