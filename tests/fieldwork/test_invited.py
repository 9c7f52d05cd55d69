"""Answering by the link of a letter, and that nothing leads from a person to the answers."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.extensions import db
from app.storage import invitations, responses, surveys
from app.storage.fieldwork_tables import InvitationMark, ResponseTrace
from app.storage.invitations import People
from app.storage.models import Response
from tests.respond.person import JAPAN, SURVEY, Person

from .conftest import KEY, Fieldwork, path_in

ANN, BEN = "ann@example.org", "ben@example.org"


def browser(app: Flask) -> Person:
    return Person(app.test_client())


def test_only_the_invited_can_answer(fieldwork: Fieldwork, app: Flask) -> None:
    stranger = browser(app).open()
    assert stranger.status == 403
    assert "This survey is by invitation." in stranger.page.get_text()
    stranger.post([("q_consent", "yes")], SURVEY)
    assert stranger.status == 403
    assert browser(app).open("/s").page.select(f'a[href="{SURVEY}"]') == [], "nor is it listed"
    assert browser(app).open(f"{SURVEY}/invited/K3QF-9ZT2-M4XA-71WC-8DRE").status == 404
    cut = browser(app).open(f"{SURVEY}/invited/x")
    assert cut.status == 404
    assert "Copy it from the mail as a whole" in cut.page.get_text()


def test_the_link_leads_to_the_questionnaire_and_back_on_any_device(fieldwork: Fieldwork, app: Flask) -> None:
    fieldwork.add(ANN, BEN)
    fieldwork.plan()
    fieldwork.send()
    link = fieldwork.link(ANN)
    for changed in (f"{link}.", f"{link}%3E", f"{link}」。", link.lower()):
        assert browser(app).open(changed).here == SURVEY, "as mail programs and people hand it on"
    person = browser(app).open(link)
    assert (person.status, person.here) == (200, SURVEY)
    assert fieldwork.funnel().begun == 0, "looking alone changes nothing: mail programs look too"
    person.walk(JAPAN, "closing")
    assert (fieldwork.funnel().begun, fieldwork.funnel().completed) == (1, 0)

    elsewhere = browser(app).open(link)
    assert elsewhere.place == "closing"
    elsewhere.walk(JAPAN).send()
    assert elsewhere.status == 200
    assert "Answer as another person" not in elsewhere.page.get_text()
    assert (fieldwork.funnel().begun, fieldwork.funnel().completed) == (1, 1)
    assert browser(app).open(link).place == "receipt"
    with app.app_context():
        assert db.session.execute(select(ResponseTrace)).first() is None, "traces are for open links only"

    fieldwork.plan("reminder1", 3)
    assert fieldwork.send(4) == 1
    assert len(fieldwork.to(ANN)) == 1, "who has completed is not reminded"


def test_everybody_invited_is_counted_once_by_how_far_they_came(fieldwork: Fieldwork, app: Flask) -> None:
    fieldwork.office.refused = {"gone@example.org"}
    people = [f"{name}@example.org" for name in ("ann", "ben", "eve", "may", "gone")]
    fieldwork.add(*people)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    fieldwork.send()
    fieldwork.send(3)
    fieldwork.add("new@example.org")
    browser(app).open(fieldwork.link(ANN, 0)).walk(JAPAN, "closing")
    browser(app).open(fieldwork.link(ANN, 1)).walk(JAPAN).send()
    browser(app).open(fieldwork.link(BEN, 0)).walk(JAPAN, "closing")
    browser(app).open(fieldwork.link(BEN, 1)).walk(JAPAN, "closing")
    for email in (ANN, "eve@example.org"):  # Who has completed may want no more mails, too.
        app.test_client().post(path_in(fieldwork.to(email)[0], "no-mail"))
    with app.app_context():
        found = invitations.people(fieldwork.wave_id)
    assert found == People(completed=1, begun=1, opted_out=1, no_answer=1, undelivered=1, not_invited=1)


def test_two_links_of_one_person_make_one_answer(fieldwork: Fieldwork, app: Flask) -> None:
    """The link of the reminder begins anew, as its letter says; whichever is sent first counts, and only that."""
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    fieldwork.send()
    fieldwork.send(3)
    first = browser(app).open(fieldwork.link(ANN, 0)).walk(JAPAN, "closing")
    second = browser(app).open(fieldwork.link(ANN, 1)).walk(JAPAN)
    assert second.send().status == 200
    first.walk(JAPAN)
    first.send()
    assert first.status == 409
    assert "Your answers have arrived" in first.heading
    counted = fieldwork.funnel()
    assert (counted.begun, counted.completed) == (1, 1)
    with app.app_context():
        states = db.session.execute(select(Response.state)).scalars()
        assert sorted(states) == ["done", "open"]
    fieldwork.plan("reminder2", 5)
    assert fieldwork.send(6) == 0
    assert browser(app).open(fieldwork.link(ANN, 0)).status == 200, "the unfinished one can still be looked at"


def test_whoever_is_cut_off_while_sending_sends_again(fieldwork: Fieldwork, app: Flask) -> None:
    """The mark was made and the response was not: the same link goes on, no other does."""
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.plan("reminder1", 3)
    fieldwork.send()
    fieldwork.send(3)
    person = browser(app).open(fieldwork.link(ANN, 0)).walk(JAPAN)
    with app.app_context():
        assert invitations.complete(person.token, fieldwork.wave_id)
    assert browser(app).open(fieldwork.link(ANN, 1)).status == 410
    assert person.send().status == 200
    assert fieldwork.funnel().completed == 1


def test_a_link_of_an_earlier_wave_says_that_it_is_over(fieldwork: Fieldwork, app: Flask) -> None:
    fieldwork.add(ANN)
    fieldwork.plan()
    fieldwork.send()
    with app.app_context():
        surveys.close_wave(KEY, "w1", fieldwork.now)
    assert browser(app).open(fieldwork.link(ANN)).status == 410
    with app.app_context():
        surveys.open_wave(KEY, "w2", fieldwork.now)
    late = browser(app).open(fieldwork.link(ANN))
    assert (late.status, late.heading) == (410, "This invitation is over")


def test_nothing_leads_from_a_person_to_the_answers(fieldwork: Fieldwork, app: Flask) -> None:
    """Everything that the database holds is tried: every pair of columns by value, and the order of the rows."""
    people = [f"p{i}@example.org" for i in range(8)]
    fieldwork.add(*people)
    fieldwork.plan()
    fieldwork.send()
    for email in people[:5]:
        browser(app).open(fieldwork.link(email)).walk(JAPAN).send()
    with app.app_context():
        invitations.mix_marks()
        tables = {name: rows_of(name) for name in ("invitation", "letter", "invitation_link", "invitation_mark")}
        answers = rows_of("response")
        assert len(answers) == 5
        own = {"wave_id", "language"}  # The same for all of them: they tell nobody from anybody.
        for name, rows in tables.items():
            for column, other in product(rows[0], answers[0]):
                if {column, other} & own:
                    continue
                met = {str(row[column]) for row in rows} & {str(row[other]) for row in answers}
                assert not met - {"None"}, (name, column, other)
        marks = tables["invitation_mark"]
        assert not any(isinstance(value, datetime) for row in (*marks, *tables["invitation"]) for value in row.values())
        known = {row["id"] for row in answers}
        for row in (*marks, *tables["invitation_link"]):
            figures = row["link_hash"]
            assert not {int(figures[i : i + 16], 16) >> 1 for i in range(0, 64, 16)} & known
        assert [row["invitation_id"] for row in marks] == sorted(row["invitation_id"] for row in marks)
        assert same_transaction(app) in (set(), {1}), "what the database numbers its writes by is one number for all"


def rows_of(table: str) -> list[dict[str, Any]]:
    """The rows in the order in which they lie."""
    return [dict(row._mapping) for row in db.session.execute(text(f"SELECT * FROM {table}"))]


def same_transaction(app: Flask) -> set[int]:
    """How many writes the marks show, where the database says so."""
    if db.engine.dialect.name == "sqlite":
        return set()
    return {db.session.execute(text("SELECT count(DISTINCT xmin::text) FROM invitation_mark")).scalar_one()}


def test_the_hash_of_a_link_is_not_that_of_its_response() -> None:
    token = responses.new_token()
    assert invitations.link_hash(token) != responses._hash(token)[1]
    assert InvitationMark.__table__.columns.keys() == ["invitation_id", "mark", "link_hash"]


def test_an_unknown_browser_is_no_person(fieldwork: Fieldwork, client: FlaskClient) -> None:
    client.set_cookie("answering-domestic-diplomacy", responses.new_token())
    assert client.get(SURVEY).status_code == 403
