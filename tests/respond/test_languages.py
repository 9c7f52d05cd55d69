"""Japanese and English, at any moment, with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire

from .conftest import Kept
from .person import JAPAN, SURVEY, Person

Read = Callable[[], list[Kept]]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en-GB", "en"),
        ("en;q=0.4,ja;q=0.5", "ja"),
        ("fr,ja;q=0.3", "ja"),
        ("fr", "en"),
        ("*", "en"),
        ("fr,*;q=0.5", "en"),
        ("ja;q=0,*", "en"),
        (",;q=", "en"),
    ],
)
def test_the_browsers_language_else_english(
    client: FlaskClient, fielded: Questionnaire, header: str, language: str
) -> None:
    page = client.get(SURVEY, headers={"Accept-Language": header})
    assert f'<html lang="{language}">' in page.text


def test_the_first_page_keeps_what_was_pressed(person: Person, kept: Read, fielded: Questionnaire) -> None:
    person.open().switch("ja", consent="yes")
    assert person.heading == fielded.title["ja"]
    assert ("q_consent", "yes") in person.fields()
    assert kept() == []
    person.press(adult="yes")
    assert person.place == "about_you"
    assert kept() == [Kept("open", "ja", {"consent": "yes", "adult": "yes"})]


def test_an_unsent_page_keeps_what_cannot_be_saved(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN, "closing")
    long = "あ" * 2001
    for language in ("ja", "en"):
        person.switch(language, comment=long)
        assert person.status == 200
        assert dict(person.fields())["q_comment"] == long
    person.press(comment="短く")
    assert kept()[0].answers["comment"] == "短く"


def test_an_unsent_page_keeps_radios_and_boxes(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN, "experience").switch("ja", contact=["study", "forces"], burden="-8")
    assert {("q_contact", "study"), ("q_contact", "forces"), ("q_burden", "-8")} <= set(person.fields())
    assert kept()[0].answers["contact"] == ["study", "forces"]  # Safe already if the window closes now.


def test_not_agreeing_in_another_language_keeps_nothing_of_it(person: Person, kept: Read) -> None:
    person.open().walk(JAPAN, "trust").open().switch("ja", consent="no")
    assert ("q_consent", "no") in person.fields()
    assert kept()[0].answers["consent"] == "yes"


def test_a_language_chosen_by_link_can_be_left_by_button(person: Person, fielded: Questionnaire) -> None:
    person.open(f"{SURVEY}?lang=ja").switch("en", consent="yes", adult="yes")
    assert person.heading == fielded.title["en"]
    person.press()
    assert person.heading == "About you"


def test_links_on_the_check_page_change_the_language(client: FlaskClient, fielded: Questionnaire) -> None:
    person = Person(client, "ja").open().walk(JAPAN)
    links = {str(link["hreflang"]): str(link["href"]) for link in person.page.select(".languages a")}
    person.open(links["en"])
    assert person.place == "check"
    assert "Okinawa" in person.page.get_text()


def test_unknown_languages_change_nothing(person: Person) -> None:
    person.open().switch("xx", consent="yes")
    assert person.status == 200
    assert person.page.html is not None
    assert person.page.html["lang"] == "en"
    assert ("q_consent", "yes") in person.fields()
    assert person.open(f"{SURVEY}?lang=%ff").status == 200


def test_resuming_in_another_language(person: Person, client: FlaskClient, kept: Read) -> None:
    person.open().walk(JAPAN, "overall")
    token = person.token
    client.delete_cookie("answering-domestic-diplomacy")
    again = Person(client, "ja").open(f"{SURVEY}/resume/{token.lower()}?lang=ja")
    assert (again.place, again.heading) == ("overall", "日米同盟全般")
    again.walk(JAPAN).send()
    assert [(k.state, k.language) for k in kept()] == [("done", "ja")]


def test_a_link_leads_to_its_own_survey_only(person: Person, odd: Questionnaire) -> None:
    person.open().walk(JAPAN, "overall")
    token = person.token
    for address in (
        f"/s/odd/resume/{token}",
        f"{SURVEY}/resume/{token[:-1]}",
        f"{SURVEY}/resume/0000-0000-0000-0000-0000",
        f"{SURVEY}/resume/%00",
        f"{SURVEY}/resume/%ff%fe",
        f"{SURVEY}/resume/{'A' * 3000}",
        f"/s/nowhere/resume/{token}",
    ):
        assert person.open(address).status == 404, address
    assert person.open().status == 200
    assert person.open(f"{SURVEY}/check").place == "overall"
