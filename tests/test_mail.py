"""Letters through a real SMTP server: in clear, over STARTTLS, over TLS; and what happens where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.mail import Letter, MailError, post, write
from config import Settings
from tests.conftest import make_settings
from tests.post_office import Security, certificate, post_office

LETTER = Letter(
    "ayako@example.org", "日米同盟に関する意識調査", "こんにちは。\n" + "長い" * 300 + "\n.\nO'Brien & Co\n", "ja"
)


def settings_for(folder: Path, **values: object) -> Settings:
    return make_settings(folder, f"sqlite:///{folder}/none.sqlite", base_url="https://barometer.example.org", **values)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_letter_arrives_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: Security
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    with post_office(tmp_path, security) as office:
        with post(settings_for(tmp_path, **office.settings)) as deliver:
            deliver(LETTER)
            deliver(Letter("bob@example.org", "Hello", "Hello.\n", "en"))
        first, second = office.letters
    assert (first["To"], first["Subject"], first["From"]) == (LETTER.to, LETTER.subject, "barometer@example.org")
    assert first.get_content().replace("\r\n", "\n") == LETTER.body
    assert first["Content-Language"] == "ja"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"].endswith("@barometer.example.org>")
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path, security: Security) -> None:
    with post_office(tmp_path, security) as office:
        with (
            pytest.raises(MailError, match="certificate verify failed"),
            post(settings_for(tmp_path, **office.settings)) as deliver,
        ):
            deliver(LETTER)
        assert office.letters == []


def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(tmp_path: Path) -> None:
    with post_office(tmp_path) as office:
        wanted = settings_for(tmp_path, **{**office.settings, "mail_tls": "starttls"})
        with pytest.raises(MailError, match="STARTTLS"), post(wanted) as deliver:
            deliver(LETTER)
        assert office.letters == []


def test_a_wrong_password_is_said_without_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    with post_office(tmp_path, "starttls") as office:
        wrong = settings_for(tmp_path, **{**office.settings, "mail_password": "not the password"})
        with pytest.raises(MailError, match="535") as caught, post(wrong):
            pass
    assert "not the password" not in str(caught.value)


def test_one_refused_letter_leaves_the_others(tmp_path: Path) -> None:
    with post_office(tmp_path) as office, post(settings_for(tmp_path, **office.settings)) as deliver:
        office.refused.add(LETTER.to)
        with pytest.raises(MailError, match="550 no such person"):
            deliver(LETTER)
        deliver(Letter("bob@example.org", "Hello", "Hello.\n", "en"))
        assert [letter["To"] for letter in office.letters] == ["bob@example.org"]


def test_no_line_of_a_letter_becomes_a_header(tmp_path: Path) -> None:
    with post_office(tmp_path) as office, post(settings_for(tmp_path, **office.settings)) as deliver:
        with pytest.raises(MailError):
            deliver(Letter("a@example.org", "Hello\nBcc: everybody@example.org", "Hello.\n", "en"))
        assert office.letters == []


def test_mail_programs_find_the_way_to_no_more_mails_however_long_it_is(tmp_path: Path) -> None:
    stop = "https://barometer.survey.example.ac.jp/s/domestic-diplomacy/no-mail/AAAA-BBBB-CCCC-DDDD-EEEE"
    with post_office(tmp_path) as office, post(settings_for(tmp_path, **office.settings)) as deliver:
        deliver(Letter("bob@example.org", "Hello", "Hello.\n", "en", stop))
    lines = office.contents[0].decode("ascii").splitlines()
    assert f"List-Unsubscribe: <{stop}>" in lines


def test_no_server_is_said(tmp_path: Path) -> None:
    gone = settings_for(tmp_path, mail_server="127.0.0.1", mail_port=1, mail_from="a@example.org", mail_tls="none")
    with pytest.raises(MailError, match=r"127\.0\.0\.1:1 cannot be used"), post(gone):
        pass


def test_a_letter_is_written_in_the_language_of_its_reader(app: Flask) -> None:
    values = {"site": "https://x.example", "link": "https://x.example/password/a&copy=b<c>", "minutes": 60, "days": 7}
    with app.test_request_context("/?lang=ja"):
        app.preprocess_request()
        english = write("a@example.org", "en", "accounts/letters/reset.txt", **values)
        japanese = write("a@example.org", "ja", "accounts/letters/reset.txt", **values)
        unknown = write("a@example.org", "", "accounts/letters/reset.txt", **values)
    with app.app_context():
        outside = write("a@example.org", "ja", "accounts/letters/reset.txt", **values)
    assert english.subject == "Another password for Alliance Barometer"
    assert "The link works once, and for 60 minutes:" in english.body
    assert english == Letter(english.to, english.subject, english.body, "en") == unknown
    assert japanese == outside
    assert japanese.subject != english.subject
    assert all("https://x.example/password/a&copy=b<c>\n" in letter.body for letter in (english, japanese))
