"""Words that differ by arm, designed in the browser: shares of arms, their words and answers, and the preview."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.questionnaire.draft.tree import page_named, question_named
from app.questionnaire.versions import compare
from app.storage import surveys

from .test_designing import DESIGN, SMALL, form_of, send, tree

ADD = f"{DESIGN}/add?page=about&kind=arm"
VIEW = f"{DESIGN}/questions/view"
ARM = {"f.name": "words", "f.label.en": "Wording", "f.label.ja": "言い方"}
ARM |= {"f.choices.0.code": "plain", "f.choices.0.label.en": "Plain", "f.choices.0.label.ja": "平易"}
ARM |= {"f.choices.1.code": "long", "f.choices.1.label.en": "Long", "f.choices.1.label.ja": "詳細"}
OTHER = {"f.variants.0.arm": "words:long", "f.variants.0.label.en": "What do you think?"}
OTHER |= {"f.variants.0.label.ja": "どう思いますか", "f.variants.0.choices.2.label.en": "I agree"}


@pytest.fixture
def experiment(app: Flask, organizer: FlaskClient) -> FlaskClient:
    """An organizer with a draft in which an experiment of two arms stands before the questions."""
    with app.app_context():
        surveys.publish(SMALL, datetime.now(UTC))
    send(organizer, DESIGN, form_of(organizer, DESIGN), do="version")
    fields = {**form_of(organizer, ADD), **ARM, "f.choices.1.share": "2"}
    assert send(organizer, ADD, fields, do="save").location.startswith(DESIGN)
    return organizer


def stored(app: Flask, name: str = "view") -> dict[str, Any]:
    found = question_named(tree(app), name)
    assert found is not None
    return found


def with_other_words(browser: FlaskClient) -> dict[str, str]:
    """The form of the question after its button for other words."""
    more = send(browser, VIEW, form_of(browser, VIEW), do="more:variants")
    return form_of(browser, VIEW, more)


def test_words_and_answers_differ_by_arm(app: Flask, experiment: FlaskClient) -> None:
    assert [choice.get("share") for choice in stored(app, "words")["choices"]] == [None, 2]
    fields = with_other_words(experiment)
    assert (fields["f.variants"], fields["f.variants.0.arm"]) == ("1", "")
    saved = send(experiment, VIEW, {**fields, **OTHER}, do="save")
    assert saved.location.startswith(f"{DESIGN}?at=view")
    (variant,) = stored(app)["variants"]
    assert (variant["experiment"], variant["arm"]) == ("words", "long")
    assert variant["label"] == {"en": "What do you think?", "ja": "どう思いますか"}
    assert [str(one["code"]) for one in variant["choices"]] == ["1", "2", "3"]
    assert variant["choices"][2]["label"] == {"en": "I agree", "ja": "賛成"}, "what stays empty is as elsewhere"
    assert "None: this can be published." in experiment.get(DESIGN).text

    again = form_of(experiment, VIEW)
    shown = {name: again[name] for name in OTHER} | {"ja": again["f.variants.0.choices.2.label.ja"]}
    assert shown == {**OTHER, "ja": ""}
    before = stored(app)
    send(experiment, VIEW, again, do="save")
    assert stored(app) == before
    send(experiment, VIEW, form_of(experiment, VIEW, send(experiment, VIEW, again, do="remove:variants:0")), do="save")
    assert "variants" not in stored(app)


def test_the_preview_shows_an_arm_s_words(experiment: FlaskClient) -> None:
    send(experiment, VIEW, {**with_other_words(experiment), **OTHER}, do="save")
    assert "arm_words" in form_of(experiment, f"{DESIGN}/preview")
    for arm, said, not_said in (("plain", "Your view?", "I agree"), ("long", "What do you think?", "Your view?")):
        page = experiment.get(f"{DESIGN}/preview/frame?page=views&arm_words={arm}").text
        assert said in page
        assert not_said not in page


def test_a_block_is_asked_in_one_arm_only(app: Flask, experiment: FlaskClient) -> None:
    editor = f"{DESIGN}/pages/views"
    fields = {**form_of(experiment, editor), "c.question": "words"}
    fields = form_of(experiment, editor, send(experiment, editor, fields, do="condition"))
    fields |= {"c.operator": "is", "c.answer": "long"}
    fields = form_of(experiment, editor, send(experiment, editor, fields, do="condition-add"))
    send(experiment, editor, fields, do="save")
    assert (page_named(tree(app), "views") or {})["relevant"] == "${words} = 'long'"


def test_what_is_missing_or_wrong_is_told_at_its_field_and_kept(app: Flask, experiment: FlaskClient) -> None:
    fields = with_other_words(experiment)
    without_arm = {**fields, "f.variants.0.label.en": "Only in English"}
    page = send(experiment, VIEW, without_arm, do="save")
    assert page.location == VIEW
    told = experiment.get(VIEW).text
    assert 'href="#f.variants.0.label.ja"' in told
    assert 'href="#f.variants"' in told, "the arm is missing"
    assert 'value="Only in English"' in told or "Only in English</textarea>" in told
    with_arm = {**form_of(experiment, VIEW), "f.variants.0.arm": "words:long", "f.variants.0.label.ja": "日本語"}
    assert send(experiment, VIEW, with_arm, do="save").location.startswith(f"{DESIGN}?at=view")


def test_answers_keep_their_words_in_an_arm_when_they_move(app: Flask, experiment: FlaskClient) -> None:
    send(experiment, VIEW, {**with_other_words(experiment), **OTHER}, do="save")
    moved = form_of(experiment, VIEW, send(experiment, VIEW, form_of(experiment, VIEW), do="up:choices:2"))
    assert moved["f.choices.1.code"] == "3"
    assert moved["f.variants.0.choices.1.label.en"] == "I agree"
    assert "f.variants.0.choices.2.label.en" in moved


def test_a_line_that_stands_empty_is_taken_out_and_no_other(experiment: FlaskClient) -> None:
    country = f"{DESIGN}/questions/country"
    more = form_of(experiment, country, send(experiment, country, form_of(experiment, country), do="more:choices"))
    more |= {"f.choices.4.code": "us"}
    left = form_of(experiment, country, send(experiment, country, more, do="remove:choices:2"))
    assert [left.get(f"f.choices.{n}.code") for n in range(5)] == ["jp", "other", "us", "", None]
    gone = form_of(experiment, country, send(experiment, country, more, do="remove:choices:4"))
    assert [gone.get(f"f.choices.{n}.code") for n in range(5)] == ["jp", "other", "", "", None]


def test_a_draft_that_is_only_looked_at_keeps_its_trends(app: Flask, experiment: FlaskClient) -> None:
    send(experiment, VIEW, {**with_other_words(experiment), **OTHER}, do="save")
    with app.app_context():
        publish = form_of(experiment, f"{DESIGN}/publish")
        send(experiment, f"{DESIGN}/publish", publish, action="publish")
        first = surveys.latest_questionnaire(SMALL.survey)
        send(experiment, VIEW, {**form_of(experiment, VIEW), "f.hint.en": "Hint", "f.hint.ja": "説明"}, do="save")
        publish = form_of(experiment, f"{DESIGN}/publish")
        send(experiment, f"{DESIGN}/publish", publish, action="publish")
        second = surveys.latest_questionnaire(SMALL.survey)
    assert first is not None
    assert second is not None
    assert first != second
    assert {one.outcome for one in compare(first, second)} == {"same"}
