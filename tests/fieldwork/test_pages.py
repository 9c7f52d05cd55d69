"""The organizers' pages and commands of invitations."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.interchange.contacts import Contact, read_contacts
from app.questionnaire.problems import FileError
from app.storage import invitations, letters, surveys
from tests.accounts.door import ORGANIZER, RESEARCHER, sign_in, token

from .conftest import KEY, Fieldwork

PAGE = f"/organize/surveys/{KEY}/waves/w1"
ANN = "ann@example.org"


def lines(text: str) -> list[bytes]:
    return text.encode().splitlines(keepends=True)


def test_contacts_are_read() -> None:
    file = "\ufeffname,EMAIL\nAnn,Ann@Example.ORG\n\n,b@x.jp\n"
    assert read_contacts(lines(file), ["ja", "en"]) == [Contact(ANN, "Ann", "ja"), Contact("b@x.jp", "", "ja")]
    assert read_contacts(lines("email,language\na@x.jp,en\n"), ["ja", "en"]) == [Contact("a@x.jp", "", "en")]
    file = "email,name\nuser@例え.テスト,山田　太郎\n"
    assert read_contacts(lines(file), ["ja"]) == [Contact("user@xn--r8jz45g.xn--zckzah", "山田　太郎", "ja")]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("", [(1, "", "The file is empty.")]),
        ("email\n", [(1, "", "The file has no row below its header.")]),
        ("name\nAnn\n", [(1, "email", "This column is missing.")]),
        ("email,phone,email\n", [
            (1, "email", "twice"), (1, "email", "twice"), (1, "phone", "This column is not known.")]),
        ("email,name\na@x.jp\n", [(2, "", "The row has 1 cells instead of 2.")]),
        ("email\na@x.jp\nA@x.jp\n", [(3, "email", "The address stands in line 2 already.")]),
        ("email,name\n,Ann\nann,\na@b,\na@x..jp,\nä@x.jp,\na@ｘ.jp,\n", [
            (2, "email", "The address is missing."), *((n, "email", "is not an e-mail") for n in range(3, 8))]),
        ("email,name,language\na@x.jp,\"A\nB\",fr\nb@x.jp,B,\n", [
            (2, "language", "not fielded in “fr”. It is in: ja, en."), (2, "name", "cannot be printed")]),
        (f"email,name\na@x.jp,{'n' * 201}\n", [(2, "name", "longer than 200")]),
        ("email\n\"a@x.jp\n", [(2, "", "This is not valid CSV")]),
    ],
)  # fmt: skip
def test_every_bad_row_is_named(file: str, told: list[tuple[int, str, str]]) -> None:
    with pytest.raises(FileError) as caught:
        read_contacts(lines(file), ["ja", "en"])
    found = caught.value.problems
    assert [(one.line, one.where) for one in found] == [(line, where) for line, where, _ in told]
    for problem, (_, _, said) in zip(found, told, strict=True):
        assert said in str(problem)


def upload(browser: FlaskClient, file: str, wave: str = "w1") -> TestResponse:
    address = f"{PAGE.removesuffix('w1')}{wave}/contacts"
    sent = {"csrf_token": token(browser, address), "file": FileStorage(io.BytesIO(file.encode()), "contacts.csv")}
    return browser.post(address, data=sent)


def test_contacts_are_taken_whole_or_not_at_all(fieldwork: Fieldwork, organizer: FlaskClient) -> None:
    refused = upload(organizer, "email\nann@example.org\nben\n")
    assert refused.status_code == 422
    assert "“ben” is not an e-mail address." in refused.text
    assert fieldwork.funnel().contacts == 0
    assert upload(organizer, " ").status_code == 422
    answer = upload(organizer, "email\nann@example.org\nben@example.org\n")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Contacts added: 2. In the wave already: 0." in organizer.get(PAGE).text
    upload(organizer, "email\nann@example.org\ncem@example.org\n")
    assert "Contacts added: 1. In the wave already: 1." in organizer.get(PAGE).text
    assert fieldwork.funnel().contacts == 3


def mailing(browser: FlaskClient, kind: str, action: str, **fields: str) -> TestResponse:
    address = f"{PAGE}/mails/{kind}"
    texts = {"subject_en": "Hello {name}", "text_en": "Here: {link}", "subject_ja": "{survey}", "text_ja": "{link}"}
    given = {"csrf_token": token(browser, address), "send_at": "", "action": action, **texts, **fields}
    return browser.post(address, data=given)


def test_a_round_is_looked_at_tried_and_planned(fieldwork: Fieldwork, organizer: FlaskClient) -> None:
    first = organizer.get(f"{PAGE}/mails/invitation").text
    assert "You are invited to take part in the survey “{survey}”." in first
    assert "調査「{survey}」" in first
    shown = mailing(organizer, "invitation", "preview", text_en="<b>{link}\n{name}")
    assert shown.status_code == 200
    assert f"&lt;b&gt;http://127.0.0.1:8000/s/{KEY}/invited/XXXX" in shown.text
    assert fieldwork.office.letters == []
    assert f"A test mail is on its way to {ORGANIZER}" in mailing(organizer, "invitation", "test").text
    assert [one["Subject"] for one in fieldwork.to(ORGANIZER)] == ["日米同盟に関する意識調査", "Hello A. Person"]

    fieldwork.add((ANN, "Ann", "en"))
    assert mailing(organizer, "invitation", "plan", text_ja="　拝啓\n　{link}\n").status_code == 303
    assert "　拝啓\n" in organizer.get(f"{PAGE}/mails/invitation").text
    assert fieldwork.send(1) == 1
    assert fieldwork.to(ANN)[0]["Subject"] == "Hello Ann"
    later = f"{fieldwork.now + timedelta(days=3, hours=9):%Y-%m-%dT%H:%M}"
    assert mailing(organizer, "reminder1", "plan", send_at=later).status_code == 303
    with fieldwork.app.app_context():
        reminder = letters.planned(fieldwork.wave_id)[1]
        assert abs(reminder.send_at - fieldwork.now - timedelta(days=3)) < timedelta(minutes=1), "in Tokyo's time"
    assert f'value="{later}"' in organizer.get(f"{PAGE}/mails/reminder1").text
    assert mailing(organizer, "reminder1", "cancel").status_code == 303
    assert fieldwork.send(4) == 0


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"text_en": "no way in"}, "text_en", "Text (English): The text needs {link}"),
        ({"text_ja": "{link} {nmae}"}, "text_ja", "Text (Japanese): “{nmae}” is not filled in."),
        ({"text_ja": "{link} { "}, "text_ja", "Text (Japanese): “{” is not filled in."),
        ({"text_ja": "{link} {closes}"}, "text_ja", "Text (Japanese): The wave has no closing time"),
        ({"subject_en": " "}, "subject_en", "Subject (English): This may not stay empty."),
        ({"subject_en": "s" * 201}, "subject_en", "Subject (English): At most 200 characters"),
        ({"subject_en": "a\x00"}, "subject_en", "Subject (English): There are characters"),
        ({"send_at": "tomorrow"}, "send_at", "Enter date and time"),
    ],
)
def test_what_cannot_be_planned_says_why(
    fieldwork: Fieldwork, organizer: FlaskClient, fields: dict[str, str], field: str, said: str
) -> None:
    answer = mailing(organizer, "invitation", "plan", **fields)
    assert answer.status_code == 422
    assert f'href="#{field}">{said}' in answer.text
    assert 'name="text_ja" rows="12" lang="ja"' in answer.text, "labels are the reader's, texts their own"
    with fieldwork.app.app_context():
        assert letters.planned(fieldwork.wave_id) == []


def test_a_reminder_follows_the_invitation(fieldwork: Fieldwork, organizer: FlaskClient) -> None:
    tomorrow = f"{fieldwork.now + timedelta(days=1, hours=9):%Y-%m-%dT%H:%M}"
    assert "Say when the reminder is to be sent." in mailing(organizer, "reminder1", "plan").text
    assert "Plan the invitation first." in mailing(organizer, "reminder1", "plan", send_at=tomorrow).text
    fieldwork.plan(days=2)
    assert "A reminder is sent after the invitation." in mailing(organizer, "reminder1", "plan", send_at=tomorrow).text
    assert organizer.get(f"{PAGE}/mails/reminder9").status_code == 404
    assert organizer.get(f"{PAGE.removesuffix('w1')}w9").status_code == 404


def test_a_round_after_the_end_of_the_wave_says_that_it_is_not_sent(
    fieldwork: Fieldwork, organizer: FlaskClient
) -> None:
    fieldwork.plan(days=-1)
    fieldwork.plan("reminder1", days=3)
    told = "The wave is closed by then, so it is not sent."
    assert told not in organizer.get(PAGE).text
    with fieldwork.app.app_context():
        surveys.close_wave(KEY, "w1", fieldwork.now)
    assert organizer.get(PAGE).text.count(told) == 1


def test_two_organizers_plan_a_round_at_once(fieldwork: Fieldwork, organizer: FlaskClient) -> None:
    seen = seen_in(organizer.get(f"{PAGE}/mails/invitation").text)
    assert mailing(organizer, "invitation", "plan", subject_en="Hers <1>", seen=seen).status_code == 303
    for action in ("plan", "cancel"):
        both = mailing(organizer, "invitation", action, subject_en="His", seen=seen)
        assert both.status_code == 409
        assert "Somebody has changed this round since you opened the page" in both.text
        assert "Hers &lt;1&gt;" in both.text
        assert 'value="His"' in both.text
        with fieldwork.app.app_context():
            assert letters.planned(fieldwork.wave_id)[0].texts["en"][0] == "Hers <1>"
    looked = mailing(organizer, "invitation", "preview", subject_en="His", seen=seen)
    assert seen_in(looked.text) == seen, "a preview does not forget what was seen first"
    assert mailing(organizer, "invitation", "plan", subject_en="His", seen=seen_in(both.text)).status_code == 303
    now = seen_in(organizer.get(f"{PAGE}/mails/invitation").text)
    assert mailing(organizer, "invitation", "cancel", seen=now).status_code == 303
    gone = mailing(organizer, "invitation", "plan", seen=now)
    assert gone.status_code == 409
    assert "It is taken back." in gone.text


def seen_in(page: str) -> str:
    found = re.search('name="seen" value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_doubtful_letter_is_settled_on_the_page_by_organizers(
    fieldwork: Fieldwork, organizer: FlaskClient, app: Flask
) -> None:
    fieldwork.add(ANN, "ben@example.org")
    fieldwork.plan(days=-1)
    with app.app_context():
        for due in letters.due(fieldwork.now, 9):
            claimed_at = fieldwork.now - timedelta(hours=1)
            assert letters.claim(due, invitations.link_hash(due.email), claimed_at)
            if due.email != ANN:
                letters.end(due, claimed_at, "bounced", claimed_at, "550 no such <person>")
    page = organizer.get(PAGE).text
    assert ANN in page
    assert "550 no such &lt;person&gt;" in page
    looker = app.test_client()
    sign_in(looker, RESEARCHER)
    seen = looker.get(PAGE).text
    assert "In doubt: sent or not" in seen
    assert ANN not in seen
    assert "ben@example.org" not in seen

    def settle(action: str) -> str:
        given = {"csrf_token": token(organizer, PAGE), "email": ANN, "kind": "invitation", "action": action}
        return organizer.post(f"{PAGE}/doubtful", data=given, follow_redirects=True).text

    assert "The letter to ann@example.org will be sent again." in settle("again")
    assert "That letter is not in doubt any more." in settle("sent")
    assert fieldwork.send(1) == 1


def test_the_commands(fieldwork: Fieldwork, app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("email,language\nann@example.org,en\nben@example.org,ja\n")
    bad.write_text("email\nann\n")

    def said(*words: str, code: int = 0) -> str:
        answer = run.invoke(args=["invitations", *words])
        assert answer.exit_code == code, answer.output
        return answer.output

    assert ":2: email: “ann” is not an e-mail address." in said("add", KEY, "w1", str(bad), code=1)
    assert "2 contacts added, 0 were there; 0 of them want no mails" in said("add", KEY, "w1", str(good))
    assert "has no wave" in said("add", KEY, "w9", str(good), code=1)
    assert "has to be planned first" in said("plan", KEY, "w1", "reminder1", code=1)
    assert "invitation planned for" in said("plan", KEY, "w1", "invitation")
    fieldwork.office.refused = {ANN}
    assert "1" in run.invoke(args=["jobs", "once", "letters"]).output
    status = said("status", KEY, "w1")
    assert "contacts: 2\nsent: 1\nbounced: 1\n" in status
    assert "bounced: ann@example.org invitation: a letter was not taken: 550 no such person" in status
    assert "is in doubt" in said("settle", KEY, "w1", ANN, "invitation", "--again", code=1)
