"""The report: a thing counts once, as the worst that became of it; findings are told in the source's words."""

from __future__ import annotations

import json
from typing import Any

from app.interchange.finishing import finish
from app.interchange.report import Entry, Report
from app.questionnaire.problems import Message


def test_a_thing_counts_once_as_the_worst_that_became_of_it() -> None:
    report = Report("XLSForm")
    report.add("survey!2", "question", "a")
    report.add("survey!2", "question", "a", "changed", "It has %(count)s words.", count=3)
    report.add("survey!3", "question", "b")
    report.add("survey!C3", "relevant", "b", "changed", "Changed.")
    report.add("survey!C3", "relevant", "b", "dropped", "It names “%(name)s”.", name="x")
    report.add("", "survey", "", "changed", "It got a key.")
    assert report.total() == 3
    assert report.counts() == {
        "question": {"kept": 1, "changed": 1, "dropped": 0},
        "relevant": {"kept": 0, "changed": 0, "dropped": 1},
    }
    assert report.text() == (
        "XLSForm: 3 things\n"
        "  question: 1 kept, 1 changed\n"
        "  relevant: 1 dropped\n"
        "survey!2 question “a”: changed. It has 3 words.\n"
        "survey!C3 relevant “b”: changed. Changed.\n"
        "survey!C3 relevant “b”: dropped. It names “x”.\n"
        "survey: changed. It got a key.\n"
    )
    found = json.loads(json.dumps(report.to_json()))
    assert found["total"] == 3
    assert found["entries"][1]["message"] == "It has %(count)s words."
    assert found["entries"][1]["params"] == {"count": 3}
    assert found["entries"][1]["text"] == "It has 3 words."


def test_the_same_is_not_said_twice() -> None:
    report = Report("XLSForm")
    for _ in range(3):
        report.add("choices!2", "choice", "a", "changed", "The code “%(raw)s” became “%(code)s”.", raw="é", code="e")
    assert len(report.entries) == 1


def test_what_is_found_later_is_told_of_the_thing_that_stands_there() -> None:
    report = Report("Some program")
    question: dict[str, Any] = {"name": "b", "kind": "text", "label": {"en": "B"}, "relevant": "${a} = 1"}
    document = {"survey": "s", "title": {"en": "T"}, "languages": ["en"], "pages": [{"questions": [question]}]}
    document["pages"][0] |= {"name": "p", "title": {"en": "P"}}  # type: ignore[index]
    report.add("line 7", "question", "b", at=question)
    report.add("line 8", "condition", "b", at=question, key="relevant")
    imported = finish(document, report)
    assert imported.questionnaire.questions[0].relevant is None
    [entry] = list(report.told())
    assert str(entry) == "line 8 condition “b”: dropped. It names “a”, which is no question."


def test_a_copy_stands_for_the_same_things() -> None:
    report = Report("Some program")
    choice = {"code": "a", "label": {"en": "A"}}
    report.add("line 3", "choice", "a", at=choice)
    copied = report.copy_of([choice])
    assert copied == [choice]
    assert copied[0] is not choice
    report.tell({"choices": copied}, ("choices", 0, "label", "en"), "changed", "Cut.")
    assert str(report.entries[-1]) == "line 3 choice “a”: changed. Cut."


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    words = {
        "It cannot be said. %(reason)s": "言えません。%(reason)s",
        "There is no “%(name)s”.": "「%(name)s」はありません。",
    }
    report = Report("Some program")
    inner = Message("There is no “%(name)s”.", {"name": "x"})
    report.add("line 3", "condition", "a", "dropped", "It cannot be said. %(reason)s", reason=inner)
    [entry] = report.entries
    assert entry.said(words.__getitem__) == "言えません。「x」はありません。"
    assert str(entry) == "line 3 condition “a”: dropped. It cannot be said. There is no “x”."
    [written] = report.to_json()["entries"]
    assert written["params"] == {"reason": "There is no “x”."}
    assert written["text"] == "It cannot be said. There is no “x”."


def test_of_what_was_kept_there_is_nothing_to_say() -> None:
    assert Entry("line 3", "question", "a").said(str) == ""
