"""Which answers count: routing, screening, jumping over addresses, two windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.questionnaire import routing
from app.questionnaire.model import End
from app.respond import answering

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]


def test_answers_on_a_path_since_left_are_not_counted(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN)
    person.open(f"{SURVEY}/page/about_you?from=check").press(country="us").walk({"region_us": "south"})
    shown = person.page.get_text()
    assert "Okinawa" not in shown
    person.send()
    answers = kept()[0].answers
    assert answers["region_us"] == "south"
    assert not {"region_jp", "burden"} & answers.keys()


def test_going_there_and_back_again_loses_nothing(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN)
    for country in ("other", "jp"):
        person.open(f"{SURVEY}/page/about_you?from=check").press(country=country)
    assert person.place == "check"
    person.send()
    assert kept()[0].answers["burden"] == "1"
    assert kept()[0].answers["region_jp"] == "okinawa"


@pytest.mark.parametrize(
    "answer", [{"consent": "no"}, {"adult": "no", "consent": "yes"}, {"consent": "no", "adult": ""}]
)
def test_screened_out_on_the_first_page(person: Person, kept: Read, answer: dict[str, str]) -> None:
    person.open().press(**answer)
    assert (person.status, kept()) == (200, [])
    assert "/ended/" in person.here
    assert "nothing has been kept" in person.page.get_text()


def test_screened_out_later(person: Person, kept: Read, queued: Callable[[], list[int]]) -> None:
    person.open().walk(JAPAN, "trust").open().press(consent="no")
    assert "/ended/0" in person.here
    assert (kept(), queued()) == ([], [])
    person.open().walk(JAPAN).send()
    assert [k.state for k in kept()] == ["done"]


def test_screened_out_by_a_page_that_was_left_backwards(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN).open(f"{SURVEY}?from=check").press("back", adult="no")
    assert "/ended/1" in person.here
    assert kept() == []


def test_screening_in_another_window_removes_nothing_that_was_sent(
    person: Person, app: Flask, kept: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.open().walk(JAPAN)
    window = second_window(person, app).open(f"{SURVEY}?from=check")
    rule = routing.ended_by

    def sent_meanwhile(*arguments: Any) -> End | None:
        monkeypatch.setattr(answering, "ended_by", rule)
        person.send()
        return rule(*arguments)

    monkeypatch.setattr(answering, "ended_by", sent_meanwhile)
    window.press(consent="no")
    assert [k.state for k in kept()] == ["done"]
    assert window.place == "receipt"


def second_window(person: Person, app: Flask) -> Person:
    """Another window of the same browser."""
    cookie = person.client.get_cookie("answering-domestic-diplomacy")
    assert cookie is not None
    client = app.test_client()
    client.set_cookie("answering-domestic-diplomacy", cookie.value)
    return Person(client)


def test_jumping_over_what_must_be_answered(person: Person, kept: Read) -> None:
    person.open().press(consent="yes", adult="yes").open(f"{SURVEY}/page/overall")
    token = dict(person.fields())["csrf_token"]
    person.press(favour="3").open(f"{SURVEY}/check")
    assert person.place == "about_you"
    person.post([("csrf_token", token)], f"{SURVEY}/check")
    assert person.place == "about_you"
    assert [k.state for k in kept()] == ["open"]


def test_unknown_buttons_are_the_first_one(person: Person, kept: Read) -> None:
    person.open().press("jump", consent="yes")
    assert (person.status, kept()) == (422, [])


def test_pages_that_are_no_longer_asked_lead_on(person: Person, kept: Read) -> None:
    person.open().walk({**JAPAN, "country": "other"})
    assert person.open(f"{SURVEY}/page/region").place == "check"
    assert person.open(f"{SURVEY}/page/nowhere").status == 404
    assert person.open(f"{SURVEY}/ended/99999999999999999999").status == 404
    assert person.open(f"{SURVEY}/ended/0").place == "check"
    assert len(kept()) == 1


def test_pages_before_the_first_answer_lead_there(person: Person) -> None:
    for place in ("page/overall", "check", "receipt", "later"):
        assert person.open(f"{SURVEY}/{place}").here == SURVEY


def test_what_one_window_was_not_shown_is_not_skipped(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "region")
    window = second_window(person, app).open(f"{SURVEY}/page/about_you").press(country="us")
    assert window.asked() == ["region_us"]
    person.press(region_jp="kanto")
    assert "region_us" not in kept()[0].answers
    person.walk(JAPAN, "region").press(region_us="west").walk({}).send()
    assert kept()[0].answers["region_us"] == "west"


def test_two_windows_save_different_pages(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "trust")
    window = second_window(person, app).open(f"{SURVEY}/page/closing")
    person.press(trust_defend="1")
    window.press(comment="もう一つの窓")
    person.press(aware_contrib="2")
    answers = kept()[0].answers
    assert (answers["trust_defend"], answers["comment"], answers["aware_contrib"]) == ("1", "もう一つの窓", "2")
