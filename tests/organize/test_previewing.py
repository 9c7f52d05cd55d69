"""The preview of a draft, its routing, and its conditions: nothing is stored by any of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.interchange.yaml_file import read_questionnaire
from app.storage import drafts, surveys

from .test_designing import DESIGN, form_of, send

SOURCE = (Path(__file__).parents[1] / "fixtures" / "sound.yaml").read_text(encoding="utf-8")
FRAME = f"{DESIGN}/preview/frame"


@pytest.fixture
def begun(app: Flask, organizer: FlaskClient) -> FlaskClient:
    with app.app_context():
        surveys.publish(read_questionnaire(SOURCE), datetime.now(UTC))
    send(organizer, DESIGN, form_of(organizer, DESIGN), do="version")
    return organizer


def test_the_preview_is_walked_and_stores_nothing(app: Flask, begun: FlaskClient) -> None:
    outer = begun.get(f"{DESIGN}/preview")
    assert f'src="{FRAME}?seed=1"' in outer.text
    assert "frame-src 'self'" in outer.headers["Content-Security-Policy"]
    first = begun.get(FRAME)
    assert "frame-ancestors 'self'" in first.headers["Content-Security-Policy"]
    assert len(first.headers.getlist("Content-Security-Policy")) == 1
    assert "frame-ancestors 'none'" in begun.get(DESIGN).headers["Content-Security-Policy"]
    fields = form_of(begun, FRAME, first)
    missing = send(begun, FRAME, fields, q_country="", q_age="many", do="next")
    assert "Please answer this question." in missing.text
    assert 'value="many"' in missing.text
    japanese = send(begun, FRAME, fields, q_age="30", text="ja")
    assert "年齢は" in japanese.text
    assert 'value="30"' in japanese.text
    assert "Thanks" in send(begun, FRAME, fields, q_country="other", do="next").text
    second = send(begun, FRAME, fields, q_country="jp", q_age="30", do="next")
    assert "Your view?" in second.text
    carried = form_of(begun, FRAME, second)
    assert json.loads(carried["given"]) == {"country": "jp", "age": 30}
    back = send(begun, FRAME, carried, q_comment="Words", do="back")
    assert 'id="q_country-jp" name="q_country" value="jp" checked' in back.text
    last = send(begun, FRAME, carried, do="next")
    assert "The end of the questions" in last.text
    for broken in ('{"age": {"x": 1}, "gone": 1', "[" * 50_000):
        assert send(begun, FRAME, {**carried, "given": broken}, do="next").status_code == 200
    assert "Your view?" in begun.get(f"{FRAME}?page=views").text
    with app.app_context():
        assert drafts.newest_of_all()["small"].number == 1


def test_what_is_wrong_is_left_out_of_the_preview(begun: FlaskClient) -> None:
    age = f"{DESIGN}/questions/age"
    send(begun, age, form_of(begun, age), **{"f.parameters.start": "many", "do": "save"})
    assert "what it hangs on: age" in begun.get(f"{DESIGN}/preview").text
    assert 'name="q_age"' not in begun.get(FRAME).text


def test_who_is_asked_what(begun: FlaskClient) -> None:
    page = begun.get(f"{DESIGN}/routing")
    assert 'name="a_country"' in page.text
    assert 'name="a_age"' not in page.text
    assert "Never seen" not in page.text
    supposed = begun.get(f"{DESIGN}/routing?a_country=other")
    assert "This person never sees 1 questions:" in supposed.text
    assert "No question is ruled out" in begun.get(f"{DESIGN}/routing?a_country=jp").text


def test_a_condition_is_chosen_and_checked_while_it_is_typed(begun: FlaskClient) -> None:
    address = f"{DESIGN}/questions/comment"
    fields = form_of(begun, address)
    chosen = send(begun, address, fields, **{"c.question": "view", "do": "condition", "f.label.en": "Typed"})
    assert "3 Agree" in chosen.text
    more = form_of(begun, address, chosen)
    added = send(begun, address, more, **{"c.answer": "3", "c.operator": "is", "do": "condition-add"})
    filled = form_of(begun, address, added)
    assert filled["f.relevant"] == "${view} = '3'"
    assert filled["f.label.en"] == "Typed"
    page = f"{DESIGN}/pages/views"
    on_page = form_of(begun, page)
    assert "c.question" in on_page
    shown = form_of(begun, page, send(begun, page, on_page, **{"c.question": "age", "do": "condition"}))
    shown |= {"c.operator": "at_least", "c.answer": "20", "do": "condition-add"}
    assert form_of(begun, page, send(begun, page, shown))["f.relevant"] == "${age} >= 20"

    def check(source: str, field: str = "f.relevant", name: str = "comment", page: str = "views") -> list[str]:
        given = {"csrf_token": fields["csrf_token"], "field": field, "source": source, "name": name, "page": page}
        found: list[str] = begun.post(f"{DESIGN}/check", data={**given, "kind": "text"}).get_json()["messages"]
        return found

    assert check("${view} = '3'") == []
    assert check("${view} =") == ["The expression ends too early."]
    assert "gone" in check("${gone} = 3", name="")[0]
    assert "gone" in check("${gone} = 3", name="views")[0]
    assert check("${gone} = 3", field="f.name") == check("x", page="gone") == []


def test_a_question_of_the_bank_keeps_its_trend(app: Flask, begun: FlaskClient) -> None:
    send(begun, DESIGN, form_of(begun, DESIGN), do="delete:steps")
    address = f"{DESIGN}/bank?page=views"
    assert "Nothing found" in begun.get(f"{address}&q=nothing+of+the+kind").text
    for wanted in ("お住まい", "ＬＩＶＥ do", "DD1a"):
        assert begun.get(f"{address}&q={wanted}").text.count('name="take"') in (1, 2), wanted
    fields = form_of(begun, address, form="#bank")
    with app.app_context():
        version = surveys.published_versions("small")[0][0]
    taken = send(begun, f"{DESIGN}/bank", fields, take=f"q:{version}:view")
    assert taken.status_code == 409
    assert "already" in taken.text
    assert send(begun, f"{DESIGN}/bank", fields, take="q:gone:country").status_code == 404
    assert send(begun, f"{DESIGN}/bank", fields, take=f"q:{version}:steps").location == f"{DESIGN}?at=steps"
    assert "No question changes" in begun.get(f"{DESIGN}/publish").text
    assert send(begun, f"{DESIGN}/bank", fields, take="a:DD6a").status_code == 303
    compared = begun.get(f"{DESIGN}/publish").text
    assert "Same: 7. Changed: 0. Declared equivalent: 0. Added: 1. Removed: 0." in compared
    assert begun.get(f"{DESIGN}/bank?page=gone").status_code == 404
