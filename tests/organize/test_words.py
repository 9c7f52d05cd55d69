"""Reports on files in the reader's language: the sentences within their sentences too."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from app.interchange.importing import read_any
from app.organize.words import entry_text, problem_text
from app.questionnaire.problems import FileError

SURVEY = {"elements": [{"type": "text", "name": "q"}, {"type": "text", "name": "r", "visibleIf": "own({q}) > 1"}]}


def test_the_reason_within_an_entry_is_translated(app: Flask) -> None:
    report = read_any(json.dumps(SURVEY).encode(), "survey.json").report
    [entry] = [entry for entry in report.told() if entry.name == "visibleIf"]
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        said = entry_text(entry)
    assert said == "「own({q}) > 1」は、ここの式では表せません。関数「own」に当たるものがありません。"
    assert "The function “own” has no counterpart." in str(entry)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"pages": [1,}', "JSONとして正しくありません：値がありません。"),
        (b"<document><a></b></document>", "XMLとして読み取れません：開かれていないタグが閉じられています。"),
    ],
)
def test_the_reason_within_a_problem_is_translated(app: Flask, data: bytes, said: str) -> None:
    with pytest.raises(FileError) as raised:
        read_any(data, "survey")
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        assert problem_text(raised.value.problems[0]) == said
