"""Letters to the invited: to whom, when, in which language, and what becomes of those that a server does not take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import mail
from app.extensions import db
from app.jobs import forget
from app.jobs.run import Run
from app.language import moment, speaking
from app.storage import invitations, letters, surveys

from .conftest import KEY, Fieldwork, path_in

ANN, BEN, EMI = "ann@example.org", "ben@example.org", "emi@example.jp"


def test_everybody_gets_one_invitation_in_their_language(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN, (EMI, "江美", "ja"))
    fieldwork.plan()
    assert fieldwork.send() == 2
    assert fieldwork.send() == 0
    (english,), (japanese,) = fieldwork.to(ANN), fieldwork.to(EMI)
    assert english["Subject"] == "Please take part: Opinion survey on the U.S.-Japan alliance"
    assert (english["Content-Language"], japanese["Content-Language"]) == ("en", "ja")
    assert "日米同盟に関する意識調査" in japanese["Subject"]
    assert fieldwork.link(ANN) != fieldwork.link(EMI)
    stop = path_in(english, "no-mail")
    assert english["List-Unsubscribe"].endswith(f"{stop}>")
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    counted = fieldwork.funnel()
    assert (counted.contacts, counted.sent, counted.doubtful, counted.begun) == (2, 2, 0, 0)


def test_a_wave_whose_end_was_taken_back_has_none_in_its_letters(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN)
    with fieldwork.app.app_context():
        texts = {"en": ("Until {closes}", "{link}")}
        letters.plan(KEY, "w1", fieldwork.wave_id, letters.INVITATION, fieldwork.now, texts, fieldwork.now, "test")
    fieldwork.send()
    assert fieldwork.to(ANN)[0]["Subject"] == "Until (not fixed yet)"


def test_letters_tell_times_as_their_readers_write_them(app: Flask) -> None:
    end = datetime(2027, 1, 31, 12, tzinfo=UTC)
    with app.app_context(), speaking("ja"):
        assert moment(end, "Asia/Tokyo") == "2027年1月31日 21:00（日本標準時）"
    with app.app_context(), speaking("en"):
        assert moment(end, "Asia/Tokyo") == "31 Jan 2027, 21:00 Japan Standard Time"


def test_who_comes_later_is_invited_too(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.send()
    assert vars(fieldwork.add(ANN, BEN)) == {"new": 1, "present": 1, "opted_out": 0}
    assert fieldwork.send(1) == 1
    assert [len(fieldwork.to(one)) for one in (ANN, BEN)] == [1, 1]


def test_nothing_is_sent_before_its_time_nor_when_the_wave_is_closed(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN)
    fieldwork.plan(days=1)
    assert fieldwork.send() == 0
    with fieldwork.app.app_context():
        surveys.close_wave(KEY, "w1", fieldwork.now + timedelta(hours=1))
    assert fieldwork.send(2) == 0
    assert fieldwork.office.letters == []


def test_reminders_go_to_who_was_invited_before_and_only_the_newest(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    fieldwork.plan("reminder2", 5)
    fieldwork.send()
    assert fieldwork.send(2) == 0
    assert fieldwork.send(3) == 1
    assert fieldwork.to(ANN)[-1]["Subject"].startswith("Reminder: ")
    fieldwork.add(BEN)
    assert fieldwork.send(4) == 1, "the invitation; the first reminder was before Ben's time"
    fieldwork.add("late@example.org")
    assert fieldwork.send(6) == 3, "the second reminder to two, the invitation to who is late"
    assert [len(fieldwork.to(one)) for one in (ANN, BEN, "late@example.org")] == [3, 2, 1]
    assert fieldwork.link(ANN, 0) != fieldwork.link(ANN, 1)


def test_two_reminders_are_not_sent_at_once(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    fieldwork.plan("reminder2", 5)
    fieldwork.send()
    assert fieldwork.send(6) == 1, "the scheduler was away for days"


def test_no_more_mails_in_this_wave_and_the_next(fieldwork: Fieldwork, client: FlaskClient) -> None:
    fieldwork.add(ANN, BEN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    fieldwork.send()
    stop = path_in(fieldwork.to(ANN)[0], "no-mail")
    assert "Shall we send no more mails about this survey to ann@example.org?" in client.get(stop).text
    assert fieldwork.funnel().opted_out == 0, "looking alone changes nothing: mail programs look too"
    assert client.post(stop).status_code == 200
    assert client.post(stop).status_code == 200
    assert fieldwork.send(4) == 1
    assert (len(fieldwork.to(ANN)), len(fieldwork.to(BEN)), fieldwork.funnel().opted_out) == (1, 2, 1)
    with fieldwork.app.app_context():
        surveys.close_wave(KEY, "w1", fieldwork.now)
        surveys.open_wave(KEY, "w2", fieldwork.now, invited_only=True)
    assert vars(fieldwork.add(ANN, BEN, wave="w2")) == {"new": 2, "present": 0, "opted_out": 1}
    fieldwork.plan(wave="w2")
    assert fieldwork.send(5) == 1
    assert (len(fieldwork.to(ANN)), len(fieldwork.to(BEN))) == (1, 3)
    assert client.get("/s/domestic-diplomacy/no-mail/x").status_code == 404


def test_an_address_that_is_refused_is_written_down_and_not_tried_again(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN, BEN)
    fieldwork.office.refused = {ANN}
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    assert fieldwork.send() == 1
    assert fieldwork.funnel().bounced == 1
    with fieldwork.app.app_context():
        (lost,) = letters.undelivered(fieldwork.wave_id)
        assert (lost.email, lost.kind, lost.state) == (ANN, "invitation", "bounced")
        assert "550 no such person" in lost.error
    fieldwork.office.refused = set()
    assert fieldwork.send(4) == 1, "the reminder to the other"
    assert fieldwork.to(ANN) == []


def test_an_address_that_is_refused_for_now_is_tried_again_for_a_while(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN, BEN)
    fieldwork.office.busy = {ANN, BEN}
    fieldwork.plan()
    assert fieldwork.send() == 0
    assert fieldwork.send() == 0, "not at once"
    fieldwork.office.busy = {ANN}
    assert fieldwork.send(1) == 1
    for day in range(2, letters.MOST_ATTEMPTS + 3):
        assert fieldwork.send(day) == 0
    counted = fieldwork.funnel(20)
    assert (counted.sent, counted.failed, counted.doubtful) == (1, 1, 0)
    fieldwork.office.busy = set()
    assert fieldwork.send(20) == 0
    assert len(fieldwork.to(BEN)) == 1


def test_a_letter_in_doubt_waits_for_a_person(fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server hangs up in the midst of a letter: nobody knows whether it was taken."""
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)

    def hang_up(_self: mail.Deliver, _letter: mail.Letter) -> None:
        raise mail.MailError("hung up", "unknown")

    with monkeypatch.context() as patch:
        patch.setattr(mail.Deliver, "__call__", hang_up)
        with pytest.raises(mail.MailError):
            fieldwork.send()
    assert fieldwork.send(1) == 0
    assert fieldwork.send(4) == 0, "no reminder of what may never have come"
    soon, later = fieldwork.now, fieldwork.now + timedelta(days=1)
    with fieldwork.app.app_context():
        assert letters.doubtful(fieldwork.wave_id, soon) == [], "it may be under way still"
        (doubt,) = letters.doubtful(fieldwork.wave_id, later)
        assert (doubt.email, doubt.kind) == (ANN, "invitation")

        def again(before: datetime) -> bool:
            at = (KEY, fieldwork.wave_id, ANN, "invitation")
            return letters.settle(*at, again=True, before=before, now=later, by="o@example.org")

        assert [again(soon), again(later), again(later)] == [False, True, False]
    assert fieldwork.send(1) == 1
    assert fieldwork.funnel(5).doubtful == 0


def test_names_and_addresses_are_forgotten(fieldwork: Fieldwork, client: FlaskClient) -> None:
    fieldwork.add((ANN, "Ann", "en"), (BEN, "Ben", "en"))
    fieldwork.office.refused = {BEN}
    fieldwork.plan()
    fieldwork.send()
    client.post(path_in(fieldwork.to(ANN)[0], "no-mail"))
    with fieldwork.app.app_context():
        assert invitations.forget_contacts(fieldwork.now) == 0, "the wave is open"
        surveys.close_wave(KEY, "w1", fieldwork.now)
        later = fieldwork.now + timedelta(days=fieldwork.app.extensions["settings"].contacts_days, seconds=1)
        run = Run(fieldwork.app.extensions["settings"], lambda: later, lambda: None)
        assert [forget.old_contacts(run), forget.old_contacts(run)] == [2, 0]
        assert letters.undelivered(fieldwork.wave_id) == []
        tables = (table for name, table in db.metadata.tables.items() if name != "opt_out")
        rows = " ".join(str(tuple(row)) for table in tables for row in db.session.execute(table.select()))
        assert not {one for one in (ANN, BEN, "Ann", "Ben") if one in rows}
        surveys.open_wave(KEY, "w2", later)
    counted = fieldwork.funnel()
    assert (counted.contacts, counted.sent, counted.bounced) == (2, 1, 1)
    assert fieldwork.add(ANN, wave="w2").opted_out == 1


def test_a_server_that_is_away_leaves_everything_due(fieldwork: Fieldwork) -> None:
    fieldwork.add(ANN)
    fieldwork.plan()
    here = fieldwork.app.extensions["settings"]
    fieldwork.app.extensions["settings"] = here.model_copy(update={"mail_port": 1})
    with pytest.raises(mail.MailError):
        fieldwork.send()
    fieldwork.app.extensions["settings"] = here
    assert fieldwork.send() == 1
