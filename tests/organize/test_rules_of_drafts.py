"""The rules of a draft in the browser: answers that contradict each other, and where the interview ends early."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.storage import surveys

from .test_designing import DESIGN, SMALL, begun, form_of, second, send, tree

__all__ = ["begun", "second"]

RULES = f"{DESIGN}/rules"
ITEM = "contradictions:0"
WORDS = {"f.contradictions.0.label.en": "Young and retired", "f.contradictions.0.label.ja": "若くて引退"}
WHOLE = {"when": "${age} <= 30 and selected(${contact}, 'none')", "label": {"en": "Young", "ja": "若い"}}


def press(browser: FlaskClient, fields: dict[str, str], do: str, **more: str) -> dict[str, str]:
    """The form after one of its buttons that save nothing."""
    return form_of(browser, RULES, send(browser, RULES, {**fields, **more}, do=do))


def put_together(browser: FlaskClient, fields: dict[str, str], name: str, **chosen: str) -> dict[str, str]:
    """The form after another condition on a question."""
    fields = press(browser, fields, "condition", **{"c.question": name})
    return press(browser, fields, "condition-add", **{f"c.{key}": value for key, value in chosen.items()})


def written(app: Flask) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tree(app).get("contradictions", [])
    return found


def with_one(browser: FlaskClient) -> None:
    """Saves a draft with the rule that is WHOLE."""
    fields = press(browser, form_of(browser, RULES), "more:contradictions")
    fields |= {"f.contradictions.0.when": str(WHOLE["when"])}
    fields |= {"f.contradictions.0.label.en": "Young", "f.contradictions.0.label.ja": "若い"}
    assert send(browser, RULES, fields, do="save").location == DESIGN


def test_a_contradiction_is_put_together_by_choosing(app: Flask, begun: FlaskClient) -> None:
    fields = form_of(begun, RULES)
    assert (fields["f.ends"], fields["f.ends.0.when"], fields["f.contradictions"]) == ("1", "${country} = 'other'", "0")
    fields = press(begun, press(begun, fields, "more:contradictions"), "more:contradictions")
    assert (fields["f.contradictions"], fields["c.at"]) == ("2", "contradictions:1")
    assert press(begun, fields, "more:ends")["f.contradictions"] == "2", "lines of another list stay"
    # The second of two that stand empty becomes the first; the other stays empty below it.
    fields = put_together(begun, fields, "age", operator="at_most", answer="30")
    assert [fields[f"f.contradictions.{n}.when"] for n in range(2)] == ["${age} <= 30", ""]
    assert fields["c.at"] == ITEM, "the next condition comes to the same rule"
    fields = put_together(begun, fields, "contact", operator="chosen", answer="none", join="and")
    fields |= WORDS
    # At another rule another condition is begun.
    other = press(begun, {**fields, "c.question": "age"}, "condition-for:ends:0")
    assert (other["c.at"], "c.operator" in other) == ("ends:0", False)
    assert put_together(begun, other, "age", operator="at_most", answer="17", join="or")["f.ends.0.when"] == (
        "${country} = 'other' or ${age} <= 17"
    )
    assert send(begun, RULES, fields, do="save").location == DESIGN
    assert written(app) == [{"when": WHOLE["when"], "label": {"en": "Young and retired", "ja": "若くて引退"}}]
    assert "Changed the rules of the questionnaire" in begun.get(f"{DESIGN}/history").text
    assert form_of(begun, f"{DESIGN}/languages/ja?page=")["t.contradictions.0.label"] == "若くて引退"

    page = form_of(begun, f"{DESIGN}/publish")
    assert send(begun, f"{DESIGN}/publish", page, action="publish").status_code == 303
    with app.app_context():
        found = surveys.latest_questionnaire(SMALL.survey)
    assert found is not None
    assert [rule.when for rule in found.contradictions] == [WHOLE["when"]]
    assert found.ends == SMALL.ends


def test_what_is_wrong_with_a_rule_is_told_at_its_place(app: Flask, begun: FlaskClient) -> None:
    fields = press(begun, form_of(begun, RULES), "more:contradictions")
    typed = {**fields, "f.contradictions.0.when": "${gone} = 1", "f.contradictions.0.label.en": "Only in English"}
    kept = form_of(begun, RULES, send(begun, RULES, typed, language="ja"))
    assert kept["f.contradictions.0.label.en"] == "Only in English"
    assert form_of(begun, RULES, send(begun, RULES, fields, language="en"))["f.contradictions"] == "1"
    assert send(begun, RULES, typed, do="save").location == RULES
    page = begun.get(RULES).text
    for place in ("when", "label.ja"):
        assert f'href="#f.contradictions.0.{place}"' in page
        assert f'{RULES}#f.contradictions.0.{place}"' in begun.get(DESIGN).text

    def check(source: str, field: str = "f.contradictions.7.when") -> list[str]:
        given = {"csrf_token": fields["csrf_token"], "field": field, "source": source, "name": "", "page": ""}
        found: list[str] = begun.post(f"{DESIGN}/check", data=given).get_json()["messages"]
        return found

    assert check(str(WHOLE["when"])) == check("") == check("${gone} = 1", "f.rules.0.when") == []
    assert "gone" in check("${gone} = 1")[0]
    assert check("${age} < 18 and ${age} > 20", "f.ends.0.when") == ["It can never hold."]


def test_a_contradiction_is_changed_and_removed(app: Flask, begun: FlaskClient) -> None:
    with_one(begun)
    assert written(app) == [WHOLE]
    number = form_of(begun, RULES)["state"]
    send(begun, RULES, form_of(begun, RULES), do="save")
    assert form_of(begun, RULES)["state"] == number, "what is saved as it was is no edit"
    send(begun, RULES, {**form_of(begun, RULES), "f.contradictions.0.when": "${age} <= 20"}, do="save")
    assert written(app)[0]["when"] == "${age} <= 20"
    # Settings leave the rules alone, and a language that goes takes their words along.
    settings = f"{DESIGN}/settings"
    send(begun, settings, form_of(begun, settings), **{"f.languages": "en", "do": "save"})
    assert written(app)[0]["label"] == {"en": "Young"}
    assert tree(app)["ends"] == [{"when": "${country} = 'other'", "label": {"en": "Thanks"}}]
    fields = press(begun, form_of(begun, RULES), "remove:contradictions:0")
    assert fields["f.contradictions"] == "0"
    assert send(begun, RULES, fields, do="save").location == DESIGN
    assert "contradictions" not in tree(app)


def test_of_two_edits_of_rules_none_is_lost(app: Flask, begun: FlaskClient, second: FlaskClient) -> None:
    settings = f"{DESIGN}/settings"
    others, theirs = form_of(second, settings), form_of(second, RULES)
    with_one(begun)
    assert send(second, settings, {**others, "f.title.en": "Another title"}, do="save").status_code == 303
    assert written(app) == [WHOLE]
    theirs |= {"f.ends.0.label.en": "Good bye"}
    shown = send(second, RULES, theirs, do="save")
    assert shown.status_code == 409
    assert "Good bye" in shown.text
    assert "${age} &lt;= 30" in shown.text


def test_the_preview_says_which_contradictions_its_answers_meet(begun: FlaskClient) -> None:
    with_one(begun)
    frame = f"{DESIGN}/preview/frame"
    fields = {"q_country": "jp", "q_age": "25", "q_contact": "none"}
    for age, is_told in (("25", True), ("45", False)):
        answer = begun.get(frame)
        for _screen in range(2):
            answer = send(begun, frame, {**form_of(begun, frame, answer), **fields, "q_age": age}, do="next")
        assert "The end of the questions" in answer.text
        assert ("These answers contradict each other" in answer.text) == is_told
