"""Experiments, samples, random orders and conditions of answers, as a respondent meets them and as they are kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.research import files
from app.storage import surveys

from .conftest import Kept
from .person import Person

Read = Callable[[], list[Kept]]

DESIGN = """
survey: design
title: {en: Design, ja: 設計}
languages: [en, ja]
period: month
breakdowns: [{name: words, label: {en: Wording, ja: 文言}}]
choices:
  agree:
    - {code: "1", label: {en: Disagree, ja: 反対}}
    - {code: "2", label: {en: Agree, ja: 賛成}}
groups:
  - {name: blocks, randomize: true}
pages:
  - name: first
    title: {en: First, ja: はじめ}
    questions:
      - {name: words, kind: arm, label: {en: Wording, ja: 文言},
         choices: [{code: plain, label: {en: Plain, ja: 簡潔}}, {code: reason, label: {en: Reason, ja: 理由}}]}
      - {name: items, kind: sample, label: {en: Items, ja: 項目}, of: [i1, i2, i3, i4], parameters: {ask: 2}}
      - name: country
        kind: select_one
        label: {en: Where do you live?, ja: お住まいは}
        required: true
        choices: [{code: jp, label: {en: "Japan <b>", ja: 日本}}, {code: us, label: {en: U.S., ja: 米国}}]
  - name: region
    title: {en: Region, ja: 地域}
    questions:
      - name: region
        kind: select_one
        label: {en: "Which part of ${country}?", ja: "${country}のどちらですか"}
        required: "${country} = 'jp'"
        required_message: {en: "Name the part of ${country}.", ja: "${country}の地域を選んでください。"}
        choice_filter: "country = ${country}"
        choices:
          - {code: okinawa, label: {en: Okinawa, ja: 沖縄}, attributes: {country: jp}}
          - {code: tokyo, label: {en: Tokyo, ja: 東京}, attributes: {country: jp}}
          - {code: west, label: {en: West, ja: 西部}, attributes: {country: us}}
          - {code: east, label: {en: East, ja: 東部}, attributes: {country: us}}
      - name: since
        kind: integer
        label: {en: Since which year?, ja: 何年からですか}
        parameters: {start: 1900, end: 2100}
        constraint: ". <= 2026"
        constraint_message: {en: That is in the future., ja: 未来の年です。}
  - name: one
    group: blocks
    title: {en: One, ja: 一}
    questions:
      - name: m
        kind: matrix
        label: {en: Do you agree?, ja: 賛成ですか}
        choices: agree
        parameters: {randomize: true}
        rows:
          - {name: i1, label: {en: Item 1, ja: 項目1}}
          - {name: i2, label: {en: Item 2, ja: 項目2}}
          - {name: i3, label: {en: Item 3, ja: 項目3}}
          - {name: i4, label: {en: Item 4, ja: 項目4}}
  - name: two
    group: blocks
    title: {en: Two, ja: 二}
    questions:
      - name: bases
        kind: scale
        label: {en: Move the base., ja: 基地を移す。}
        variants:
          - experiment: words
            arm: reason
            label: {en: "Move the base, to ease the burden.", ja: 負担軽減のため基地を移す。}
        choices: agree
        dont_know: true
  - name: last
    title: {en: Last, ja: 最後}
    questions:
      - {name: years, kind: calculate, label: {en: Years, ja: 年数}, calculation: "2026 - ${since}"}
      - name: old
        kind: text
        label: {en: "After ${years} years?", ja: "${years}年たって？"}
        relevant: "${years} > 10"
      - {name: closing, kind: note, label: {en: Thank you., ja: ありがとうございました。}}
"""


@pytest.fixture
def design(app: Flask) -> Questionnaire:
    questionnaire = read_questionnaire(DESIGN)
    with app.app_context():
        surveys.publish(questionnaire, datetime.now(UTC))
        surveys.open_wave("design", "w1", datetime.now(UTC))
    return questionnaire


def walked(
    client: FlaskClient, until: str = "check", language: str = "en"
) -> tuple[Person, list[tuple[str, list[str]]]]:
    """Somebody who took every first option on the way, and what they met."""
    person = Person(client, language).open("/s/design")
    seen = []
    while person.place != until:
        assert person.status == 200, person.response.text
        seen.append((person.place, [item.get_text(" ", strip=True) for item in person.page.select("legend, label")]))
        options: dict[str, str | list[str]] = {}
        for item in person.page.select("main input[type=radio]"):
            options.setdefault(str(item["name"]).removeprefix("q_"), str(item["value"]))
        person.press("next", **options, **({"since": "2001"} if "since" in person.asked() else {}))
    return person, seen


def test_from_the_first_page_to_the_files(app: Flask, design: Questionnaire, kept: Read) -> None:
    arms, orders = set(), set()
    for number in range(24):
        person, seen = walked(app.test_client(), language=("en", "ja")[number % 2])
        again = Person(person.client, ("en", "ja")[number % 2])
        for place, words in seen:
            met = again.open("/s/design" if place == "design" else f"/s/design/page/{place}")
            assert [item.get_text(" ", strip=True) for item in met.page.select("legend, label")] == words
        person.send()
        assert person.place == "receipt"
        answers = kept()[-1].answers if number == 0 else max(kept(), key=lambda k: len(k.answers)).answers
        assert {"words", "items", "m_order", "blocks_order", "years"} <= set(answers)
        orders.add(tuple(place for place, _ in seen))
    stored = kept()
    assert len(stored) == 24
    for one in stored:
        arms.add(one.answers["words"])
        assert {name for name in ("i1", "i2", "i3", "i4") if name in one.answers} == set(one.answers["items"])
        assert sorted(one.answers["m_order"]) == ["i1", "i2", "i3", "i4"]
        assert one.answers["years"] == "25"
        assert one.answers["old"] is None
    assert arms == {"plain", "reason"}
    assert len(orders) == 2
    with app.app_context():
        lines = files.responses("design", None, False)
        assert lines is not None
        rows = list(csv.DictReader(io.StringIO(b"".join(lines).decode())))
    assert {row["words"] for row in rows} == arms
    by_id = [(row["words"], row["items"], row["m_order"], row["blocks_order"]) for row in rows]
    expected = [
        (k.answers["words"], *(" ".join(k.answers[name]) for name in ("items", "m_order", "blocks_order")))
        for k in stored
    ]
    assert sorted(by_id) == sorted(expected)
    assert all((row["i1"] == "-1") == ("i1" not in row["items"].split()) for row in rows)


def test_each_arm_reads_its_own_words(app: Flask, design: Questionnaire, kept: Read) -> None:
    found = {}
    for _ in range(16):
        person, seen = walked(app.test_client())
        [words] = [" ".join(words) for place, words in seen if place == "two"]
        shown = " ".join(item.get_text(" ", strip=True) for item in person.page.select("dt"))
        person.send()
        found["reason" if "to ease the burden" in words else "plain"] = "to ease the burden" in shown
    assert found == {"reason": True, "plain": False}
    counts = {one.answers["words"] for one in kept()}
    assert counts == {"reason", "plain"}


def test_conditions_of_answers(client: FlaskClient, design: Questionnaire) -> None:
    person = Person(client).open("/s/design").press(country="jp")
    assert person.place == "region"
    assert "Which part of Japan <b>?" in person.page.get_text()
    assert "<b>?" not in person.response.text
    assert [str(item["value"]) for item in person.page.select("input[type=radio]")] == ["okinawa", "tokyo"]
    person.press(since="2030")
    assert person.status == 422
    assert "Name the part of Japan <b>." in person.page.get_text()
    assert "That is in the future." in person.page.get_text()
    assert ("q_since", "2030") in person.fields()
    person.press(region="west", since="2001")
    assert person.status == 422
    assert "no longer one of those to choose from" in person.page.get_text()
    assert person.press(region="tokyo", since="2001").place in ("one", "two")


def test_an_answer_that_no_longer_fits_is_asked_again(client: FlaskClient, design: Questionnaire, kept: Read) -> None:
    person, _ = walked(client)
    person.open("/s/design?from=check").press(country="us")
    assert (person.place, person.status) == ("region", 200)
    assert [str(item["value"]) for item in person.page.select("input[type=radio]")] == ["west", "east"]
    assert person.press().place == "check", "in the U.S. the region may be left out"
    person.send()
    assert kept()[0].answers["region"] is None


def test_what_is_calculated_decides_and_is_read(client: FlaskClient, design: Questionnaire) -> None:
    person, _ = walked(client, until="last")
    assert "After 25 years?" in person.page.get_text()
    person.open("/s/design/page/region?from=check").press(since="2020")
    person.open("/s/design/check")
    assert "After" not in person.page.get_text()


def test_who_is_led_to_no_question_is_told_so(app: Flask, client: FlaskClient) -> None:
    never = DESIGN[: DESIGN.index("breakdowns")].replace("survey: design", "survey: past")
    never += """
pages:
  - name: first
    title: {en: First, ja: はじめ}
    relevant: "today() < '2020-01-01'"
    questions: [{name: word, kind: text, label: {en: A word, ja: 一言}}]
"""
    with app.app_context():
        surveys.publish(read_questionnaire(never.encode()), datetime.now(UTC))
        surveys.open_wave("past", "w1", datetime.now(UTC))
    for address in ("/s/past", "/s/past/check", "/s/past/page/first"):
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200
        assert "no question for you" in page.text
    assert client.post("/s/past", data={"action": "next"}).status_code == 200


def test_mistakes_are_listed_in_the_order_of_the_page(app: Flask, design: Questionnaire) -> None:
    orders = set()
    for _ in range(8):
        person, _seen = walked(app.test_client(), "one")
        rows = person.asked()
        person.press(**dict.fromkeys(rows, "x"))
        assert person.status == 422
        linked = [str(link["href"]) for link in person.page.select(".error-summary a")]
        assert linked == [f"#q_{row}" for row in rows]
        orders.add(tuple(rows))
    assert len(orders) > 1
