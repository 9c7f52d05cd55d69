"""From consent to receipt, and every other way through the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_consent_to_receipt(client: FlaskClient, fielded: Questionnaire, kept: Read, language: str) -> None:
    person = Person(client, language).open()
    assert person.heading == fielded.title[language]
    assert person.page.html is not None
    assert person.page.html["lang"] == language
    person.walk(JAPAN)
    shown = person.page.get_text()
    assert "<script>alert(1)</script>" in shown  # As text.
    assert "<script>" not in person.response.text
    assert ("沖縄県" if language == "ja" else "Okinawa") in shown
    person.send()
    assert (person.place, person.status) == ("receipt", 200)
    assert len(person.code()) == 24
    assert kept() == [Kept("done", language, FINAL)]


FINAL: dict[str, Any] = {
    **dict.fromkeys(("aware_contrib", "DD1b", "DD3a", "DD4a", "DD5a", "DD5b", "DD2a")),
    **dict.fromkeys(("DD7a", "DD7b", "DD7c", "DD3b", "DD6b")),
    **JAPAN,
}


def test_four_ways_of_not_answering_are_four_things(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN).send()
    answers = kept()[0].answers
    assert answers["trust_consult"] == "-8"  # don't know
    assert answers["age_group"] == "-9"  # refused
    assert answers["DD7c"] is None  # skipped
    assert "region_us" not in answers  # not asked


def test_every_page_is_saved_as_it_is_passed(person: Person, kept: Read) -> None:
    person.open()
    assert kept() == []
    person.press(consent="yes", adult="yes")
    assert kept() == [Kept("open", "en", {"consent": "yes", "adult": "yes"})]
    person.press(country="us", group="alumni")
    assert kept()[0].answers == {
        "consent": "yes", "adult": "yes", "country": "us", "group": "alumni", "gender": None, "age_group": None,
    }  # fmt: skip


def test_progress_is_said(person: Person) -> None:
    person.open().press(consent="yes", adult="yes")
    bar = person.page.progress
    assert bar is not None
    words = person.page.select_one(f"#{bar['aria-labelledby']}")
    assert words is not None
    assert {str(bar["value"]), str(bar["max"])} <= set(words.get_text().split())


def test_what_must_be_answered(person: Person, kept: Read) -> None:
    person.open().press(adult="yes")
    assert person.status == 422
    assert kept() == []
    assert person.page.title is not None
    assert person.page.title.get_text().startswith("Error:")
    assert ("q_adult", "yes") in person.fields()
    summary = person.page.select_one(".error-summary")
    assert summary is not None
    assert summary.has_attr("autofocus")
    assert [link["href"] for link in summary.select("a")] == ["#q_consent"]
    fieldset = person.page.select_one("fieldset#q_consent")
    assert fieldset is not None
    assert fieldset["aria-invalid"] == "true"
    described = str(fieldset["aria-describedby"]).split()
    texts = [person.page.select_one(f"#{id}") for id in described]
    assert any(text and "Choose whether you agree to take part." in text.get_text() for text in texts)
    person.press(consent="yes")
    assert person.place == "about_you"


def test_back_saves_what_was_typed(person: Person, kept: Read) -> None:
    person.open().press(consent="yes", adult="yes").press("back", gender="male")
    assert person.here == SURVEY
    assert kept()[0].answers == {"consent": "yes", "adult": "yes", "gender": "male"}
    person.press()
    assert ("q_gender", "male") in person.fields()


def test_what_cannot_be_saved_is_not_lost_by_going_back(person: Person) -> None:
    person.open().walk(JAPAN, "closing").press("back", comment="あ" * 2001)
    assert (person.status, person.place) == (422, "closing")
    assert dict(person.fields())["q_comment"] == "あ" * 2001


def test_clearing_a_page(person: Person, kept: Read) -> None:
    person.open().press("clear", consent="yes")
    assert kept() == []
    assert person.here == SURVEY
    person.walk(JAPAN, "region").press(region_jp="kanto").press("back").press("clear")
    assert person.place == "region"
    assert "q_region_jp" not in dict(person.fields())
    assert kept()[0].answers["region_jp"] is None


def test_clearing_a_page_that_was_not_passed_skips_nothing(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN, "overall").press("clear", favour="3")
    assert person.place == "overall"
    assert "favour" not in kept()[0].answers


def test_stopping_and_coming_back_to_the_same_page(person: Person, app: Any, kept: Read) -> None:
    person.open().walk(JAPAN, "trust").press("later", trust_defend="2")
    assert person.place == "later"
    link = dict(person_link(person))
    elsewhere = Person(app.test_client(), "ja").open(link["link"])
    assert elsewhere.place == "trust"
    assert ("q_trust_defend", "2") in elsewhere.fields()
    elsewhere.walk(JAPAN).send()
    assert kept() == [Kept("done", "ja", FINAL)]
    # The first browser finds it sent.
    assert person.open(f"{SURVEY}/page/trust").place == "receipt"
    assert person.open(f"{SURVEY}/later").place == "receipt"


def person_link(person: Person) -> list[tuple[str, str]]:
    field = person.page.select_one("#link")
    assert field is not None
    return [("link", str(field["value"]).replace("http://127.0.0.1:8000", ""))]


def test_this_browser_can_forget(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN, "trust").press("later")
    link = person_link(person)[0][1]
    person.post(person.fields())
    assert person_link(person)[0][1] == link
    person.open()
    assert "q_consent" not in dict(person.fields())
    assert len(kept()) == 1
    assert person.open(link).place == "trust"


def test_changing_one_answer_from_the_check_page(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN)
    links = {str(link["href"]) for link in person.page.select(".summary-action a")}
    assert f"{SURVEY}?from=check#q_consent" in links
    assert f"{SURVEY}/page/overall?from=check#q_favour" in links
    person.open(f"{SURVEY}?from=check").press()
    assert person.place == "check"
    person.open(f"{SURVEY}/page/overall?from=check").press(favour="1")
    assert person.place == "check"
    person.open(f"{SURVEY}/page/overall?from=check").press("back", favour="2")
    assert person.place == "check"
    assert kept()[0].answers["favour"] == "2"


def test_a_change_that_asks_something_new_asks_only_that(person: Person, kept: Read) -> None:
    person.open().walk({**JAPAN, "country": "other"})
    person.open(f"{SURVEY}/page/about_you?from=check").press(country="us")
    assert person.place == "region"
    person.press(region_us="west")
    assert person.place == "check"
    person.send()
    assert kept()[0].answers["region_us"] == "west"


def test_an_error_on_the_way_from_the_check_page_leads_back_there(person: Person) -> None:
    person.open().walk(JAPAN).open(f"{SURVEY}/page/closing?from=check").press(comment="あ" * 2001)
    assert person.status == 422
    person.press(comment="短く")
    assert person.place == "check"


def test_someone_else_at_the_same_browser(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN).send()
    first = person.code()
    person.open()
    assert person.status == 200
    person.post(person.fields(), f"{SURVEY}/another")
    assert person.here == SURVEY
    person.walk({"consent": "yes", "adult": "yes", "country": "us", "group": "expert"}).send()
    assert person.code() != first
    assert sorted(k.answers["country"] for k in kept()) == ["jp", "us"]


def test_kinds_that_take_figures_and_words(client: FlaskClient, odd: Questionnaire, kept: Read) -> None:
    person = Person(client).open("/s/odd").press(years=["12", "-8"], word="x" * 21)
    assert person.status == 422
    boxes = person.form().select("#q_years")
    assert [box["value"] for box in boxes] == ["12"]
    assert ("q_years", "-8") in person.fields()
    assert dict(person.fields())["q_word"] == "x" * 21
    person.press(years="-5", word="")
    assert person.status == 422
    assert person.form().select("#q_years")[0]["value"] == "-5"
    person.press(years="１２", word="")
    assert person.place == "second"
    person.press()
    assert person.status == 422
    person.press(many=["a", "none"])
    assert person.status == 422
    person.press(many=["a", "b"])
    assert person.place == "second-2"
    person.press(why="理由").send()
    assert kept()[0].answers == {"years": 12, "word": None, "many": ["a", "b"], "why": "理由"}


def test_one_page_in_one_language(client: FlaskClient, odd: Questionnaire) -> None:
    person = Person(client, "en").open("/s/odd")
    assert person.page.html is not None
    assert person.page.html["lang"] == "ja"
    assert not person.page.select(".languages button, .languages a")
    person.switch("en", word="書きかけ")
    assert person.page.html["lang"] == "ja"
    assert dict(person.fields())["q_word"] == "書きかけ"
