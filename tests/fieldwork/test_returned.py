"""Mails that come back: reports of mail servers about the very letters that were sent."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.storage import letters, surveys
from tests.accounts.door import token

from .conftest import KEY, Fieldwork

ANN, BEN = "ann@example.org", "ben@example.org"
PAGE = f"/organize/surveys/{KEY}/waves/w1"


def report(letter: EmailMessage, action: str = "failed") -> bytes:
    """What a mail server sends back of a letter, with the letter's head in it."""
    head = "".join(f"{name}: {value}\n" for name, value in letter.items())
    said = f"Final-Recipient: rfc822; {letter['To']}\nAction: {action}\nStatus: 5.1.1\n"
    return (
        'Subject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n{said}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{head}\n\n--b--\n"
    ).encode()


@pytest.fixture
def returned(fieldwork: Fieldwork) -> bytes:
    """Two people are invited, and the mail to one of them comes back."""
    fieldwork.add(ANN, BEN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    assert fieldwork.send() == 2
    return report(fieldwork.to(ANN)[0])


def upload(browser: FlaskClient, *files: bytes, wave: str = "w1") -> TestResponse:
    address = f"{PAGE.removesuffix('w1')}{wave}/returned"
    given = [FileStorage(io.BytesIO(file), f"{number}.eml") for number, file in enumerate(files)]
    sent = {"csrf_token": token(browser, address), "file": given}
    return browser.post(address, data=sent)


def test_who_cannot_be_reached_gets_no_more_letters(
    fieldwork: Fieldwork, returned: bytes, organizer: FlaskClient
) -> None:
    answer = upload(organizer, returned)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = organizer.get(PAGE).text
    assert "Mails that came back: 1." in page
    assert "5.1.1" in page
    counted = fieldwork.funnel()
    assert (counted.sent, counted.bounced) == (1, 1)
    assert fieldwork.send(4) == 1, "the reminder to the other"
    assert fieldwork.to(ANN)[1:] == []
    assert upload(organizer, returned).status_code == 303, "known already"
    assert fieldwork.funnel().bounced == 1


def test_a_letter_in_doubt_that_comes_back_was_sent(fieldwork: Fieldwork, organizer: FlaskClient, app: Flask) -> None:
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.send()
    fieldwork.plan("reminder1", 3)
    with app.app_context():
        later = fieldwork.now + timedelta(days=4)
        (due,) = letters.due(later, 9)
        assert letters.claim(due, "the hash of another link", later)
    assert fieldwork.funnel(5).doubtful == 1
    upload(organizer, report(fieldwork.to(ANN)[0]))
    counted = fieldwork.funnel(5)
    assert (counted.sent, counted.doubtful, counted.bounced) == (1, 0, 1)


def test_what_is_not_taken_is_named_and_the_rest_is_taken(
    fieldwork: Fieldwork, returned: bytes, organizer: FlaskClient
) -> None:
    late, invented = report(fieldwork.to(BEN)[0], "delayed"), EmailMessage()
    invented["To"], invented["List-Unsubscribe"] = BEN, f"<https://x/s/{KEY}/no-mail/AAAA-AAAA-AAAA-AAAA-AAAA>"
    answer = upload(organizer, b"Hello", late, returned, report(invented))
    assert answer.status_code == 422
    assert "0.eml: This is not a mail server" in answer.text
    assert "1.eml: The report says that the mail is late" in answer.text
    assert "3.eml: This is no mail of this wave." in answer.text
    assert "Mails that came back: 1." in answer.text
    assert fieldwork.funnel().bounced == 1
    empty = organizer.post(f"{PAGE}/returned", data={"csrf_token": token(organizer, f"{PAGE}/returned")})
    assert (empty.status_code, "Choose one mail or several." in empty.text) == (422, True)


@pytest.mark.parametrize("page", ["contacts", "returned"])
def test_a_file_is_not_taken_that_is_too_large_or_comes_with_an_old_page(
    fieldwork: Fieldwork, organizer: FlaskClient, page: str
) -> None:
    address = f"{PAGE}/{page}"
    csrf = token(organizer, address)

    def sent(size: int, csrf_token: str) -> TestResponse:
        # Written out here: of a large form the client would leave a file open.
        file = FileStorage(io.BytesIO(b"x" * size), "file")
        boundary, body = encode_multipart({"csrf_token": csrf_token, "file": file})
        return organizer.post(address, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')

    most = 4 * 1024 * 1024
    for size in (most + 1, 4 * most):
        answer = sent(size, csrf)
        assert (answer.status_code, "The file is larger than 4 MiB" in answer.text) == (413, True)
    answer = sent(10, "gone")
    assert (answer.status_code, "A file has to be chosen again." in answer.text) == (400, True)
    assert sent(10, csrf).status_code == 422


def test_a_letter_of_another_wave_is_not_marked_from_this_one(
    fieldwork: Fieldwork, returned: bytes, organizer: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        surveys.close_wave(KEY, "w1", fieldwork.now)
        surveys.open_wave(KEY, "w2", fieldwork.now)
    assert "This is no mail of this wave." in upload(organizer, returned, wave="w2").text
    assert fieldwork.funnel().bounced == 0


def test_the_command(fieldwork: Fieldwork, returned: bytes, app: Flask, tmp_path: Path) -> None:
    run, good, bad = app.test_cli_runner(), tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(returned)
    bad.write_bytes(b"Hello")
    answer = run.invoke(args=["invitations", "returned", str(good), str(bad)])
    assert answer.exit_code == 1
    assert f"{ANN}: 5.1.1" in answer.output
    assert "bad.eml: This is not a mail server's report" in answer.output
    assert fieldwork.funnel().bounced == 1
    piped = run.invoke(args=["invitations", "returned", "-"], input=report(fieldwork.to(BEN)[0]))
    assert (piped.exit_code, fieldwork.funnel().bounced) == (0, 2)
