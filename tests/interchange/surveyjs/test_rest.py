"""Languages, texts, pages and settings; files made to hurt; and that nothing of a file is left out of the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.interchange.importing import read_any
from app.interchange.surveyjs import read_surveyjs
from app.interchange.surveyjs.document import LARGEST
from app.questionnaire.problems import FileError
from tests.conftest import ROOT
from tests.interchange.walking import walk

from .made import Data, asked, by_name, dumped, fate, read, reasons, survey

FILE = (ROOT / "tests" / "fixtures" / "surveyjs" / "visit.json").read_bytes()


@pytest.mark.parametrize(
    ("title", "more", "languages"),
    [
        ("Words", {}, ("en",)),
        ("言葉です", {}, ("ja",)),
        ("Worte", {"locale": "de"}, ("de",)),
        ({"default": "Words", "ja": "言葉"}, {}, ("en", "ja")),
        ({"default": "Words", "de": "Worte"}, {"locale": "de"}, ("en", "de")),
        ({"pt-br": "Palavras"}, {}, ("pt-br",)),
    ],
)
def test_languages(title: Any, more: Data, languages: tuple[str, ...]) -> None:
    assert read(asked("q", title=title), **more).questionnaire.languages == languages


def test_missing_words_are_filled_in_and_told() -> None:
    imported = read(asked("q", title={"default": "Words", "ja": "言葉"}), asked("r", title="Only"))
    assert by_name(imported)["r"].label == {"en": "Only", "ja": "Only"}
    assert "“ja” are missing" in reasons(imported, "text", "title")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Dear {name}", "Dear ${name}"),
        ("Dear { name }", "Dear ${name}"),
        ("{nobody} stays", "{nobody} stays"),
        ("<b>Bold</b> &amp; more", "Bold & more"),
        ("pay ${nobody}", "pay $ {nobody}"),
    ],
)
def test_answers_in_texts(theirs: str, ours: str) -> None:
    assert dumped(asked("name"), asked("q", title=theirs))["q"]["label"] == {"en": ours}


def test_a_title_shows_no_answers_and_a_page_without_one_has_the_surveys() -> None:
    pages = [{"elements": [asked("q")]}, {"title": "About {q}", "elements": [asked("r")]}]
    imported = read(pages=pages, title="Survey", description="Read this")
    assert [page.title for page in imported.questionnaire.pages] == [{"en": "Survey"}, {"en": "About …"}]
    assert imported.questionnaire.introduction == {"en": "Read this"}


def test_pages_and_their_order() -> None:
    page = {"elements": [asked("a"), asked("b")], "questionsOrder": "random", "description": "About"}
    [found] = read(pages=[page]).questionnaire.pages
    assert found.randomize is True
    assert found.questions[0].label == {"en": "About"}
    old = {"pages": [{"name": "p", "questions": [asked("a")]}]}
    assert read_surveyjs(json.dumps(old).encode(), "made").questionnaire.questions[0].name == "a"


def test_a_page_for_nobody_leaves_empty_values() -> None:
    pages = [{"elements": [asked("a")]}, {"visibleIf": "false", "elements": [asked("b")]}]
    assert dumped(pages=pages)["b"]["calculation"] == "''"


@pytest.mark.parametrize(
    ("key", "value", "outcome"),
    [
        ("showProgressBar", "top", "dropped"),
        ("completedHtml", "<b>Thanks</b>", "dropped"),
        ("navigateToUrl", "https://example.org", "dropped"),
        ("questionsOnPageMode", "singlePage", "changed"),
        ("timeLimit", 60, "dropped"),
        ("unheardOf", 1, "dropped"),
        ("showTimer", False, "kept"),
    ],
)
def test_every_setting_is_told(key: str, value: Any, outcome: str) -> None:
    assert fate(read(asked("q"), **{key: value}), "setting", key) == outcome


@pytest.mark.parametrize(
    "key", ["defaultValue", "correctAnswer", "valueName", "titleLocation", "maskType", "cells", "keyName", "unheardOf"]
)
def test_every_property_is_told(key: str) -> None:
    imported = read(asked("q", **{key: "x"}))
    assert fate(imported, "property", key) == "dropped"
    assert reasons(imported, "property", key)


def test_names_that_stand_twice_are_kept_apart() -> None:
    assert list(dumped(asked("q"), asked("q"), asked("日本"), {"type": "text"})) == ["q", "q_2", "question", "text"]


FILES = {
    "empty": (b"", "not valid JSON"),
    "cut off": (survey(asked("q"))[:-3], "not valid JSON"),
    "no survey": (b"{}", "holds no survey"),
    "a list": (b"[]", "holds no survey"),
    "nothing in it": (b'{"pages": []}', "no question that can be taken"),
    "nothing shown": (survey(asked("q", visible=False)), "no question that can be taken"),
    "latin-1": ('{"elements": [{"type": "text", "name": "é"}]}'.encode("latin-1"), "not UTF-8"),
    "deep": (b'{"elements":' + b"[" * 100_000, "nested too deeply"),
    "deep objects": (b'{"a":' * 100_000, "nested too deeply"),
    "deep enough": (json.dumps({"elements": [{"a": json.loads("[" * 70 + "]" * 70)}]}).encode(), "nested too deeply"),
    "NaN": (b'{"elements": [{"type": "rating", "rateMax": NaN}]}', "“NaN” is no number"),
    "infinite": (b'{"elements": [{"type": "rating", "rateMax": 1e999}]}', "too large"),
    "huge": (b'{"elements": [{"type": "rating", "rateMax": ' + b"9" * 5_000 + b"}]}", "too large"),
    "key twice": (b'{"elements": [], "elements": []}', "stands twice"),
    "large": (b'{"elements": []}' + b" " * LARGEST, "larger than"),
    "many questions": (survey(*(asked(f"q{n}") for n in range(100_000))), "more than 300000 parts"),
    "too many questions": (survey(*(asked(f"q{n}") for n in range(2_500))), "more than 1000 questions"),
    "too many cells": (
        survey(asked("q", "matrixdropdown", rows=list(range(900)), columns=[{"name": str(n)} for n in range(900)])),
        "more than 1000 questions",
    ),
    "too many options": (
        survey(*(asked(f"q{n}", "checkbox", choices=list(range(400))) for n in range(200))),
        "more than 50000 options",
    ),
    "too many pages": (json.dumps({"pages": [{"elements": [asked("q")]}] * 201}).encode(), "more than 200 pages"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_taken_is_refused_with_one_sentence(name: str) -> None:
    data, sentence = FILES[name]
    with pytest.raises(FileError) as raised:
        read_surveyjs(data, "made")
    [problem] = raised.value.problems
    assert sentence in str(problem)


def within(depth: int, element: Data, kind: str, key: str) -> Data:
    for number in range(depth):
        element = asked(f"p{number}", kind, **{key: [element]}, panelCount=10)
    return element


@pytest.mark.parametrize(
    "element",
    [
        asked("q", "rating", rateMax=10**12),
        asked("q", "rating", rateMin=-(10**9), rateMax=10**9, rateStep=0),
        asked("q", "dropdown", choicesMin=0, choicesMax=10**12),
        asked("q", "paneldynamic", panelCount=10**9, templateElements=[asked("x")]),
        asked("q", "matrixdynamic", rowCount=10**9, columns=[{"name": "x", "cellType": "text"}]),
        asked("q", "radiogroup", choices=list(range(5_000))),
        asked("q", title="{" * 100_000),
        asked("q", title="{q}" * 30_000),
        asked("q", "checkbox", choices=[None, {}, [], {"value": {"a": 1}}, True, "x"]),
        asked("q", validators=[{"type": "regex", "regex": "(a*)*" * 500}, None, 3]),
        {"type": {"name": "x"}, "name": ["a"], "title": 5, "choices": "x", "visibleIf": {"a": 1}, "columns": {}},
        asked("q", title={"constructor": "x", "xx-yyyyyyyyyyyyyyy": "y", "default": "z"}),
        asked("q", title="\ud800 \x00 \u202e"),
        within(20, asked("q"), "panel", "elements"),
        within(2, asked("q"), "paneldynamic", "templateElements"),
    ],
)
def test_a_survey_with_something_odd_is_still_read(element: Data) -> None:
    imported = read(asked("first"), element)
    assert imported.questionnaire.questions[0].name == "first"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    data = survey(asked("q", title="é")).decode().encode(encoding)
    assert read_surveyjs(data, "made").questionnaire.questions[0].label == {"en": "é"}


def elements_of(part: Data, where: str) -> Iterator[tuple[str, Data]]:
    """Every element of a file with its place, read from the JSON alone."""
    for key in ("pages", "elements", "templateElements"):
        for number, element in enumerate(part.get(key, [])):
            place = f"{where}.{key}[{number}]".lstrip(".")
            yield place, element
            yield from elements_of(element, place)


def test_everything_in_a_file_has_an_entry() -> None:
    imported = read_surveyjs(FILE, None, "visit")
    told = {(entry.where, entry.name) for entry in imported.report.entries}
    places = {where for where, _ in told}
    document = json.loads(FILE)
    for place, element in elements_of(document, ""):
        assert place in places
        for key in set(element) - {
            "type",
            "name",
            "elements",
            "choices",
            "rows",
            "columns",
            "templateElements",
            "validators",
        }:
            assert (place, key) in told, (place, key)
        for key in ("choices", "rows", "columns", "validators"):
            for number, _ in enumerate(element.get(key, [])):
                assert f"{place}.{key}[{number}]" in places
    for key in set(document) - {"pages", "triggers", "calculatedValues"}:
        assert any(name == key for where, name in told if where == "survey"), key
    counts = imported.report.counts()
    assert sum(sum(outcomes.values()) for outcomes in counts.values()) == imported.report.total()
    assert counts["question"]["dropped"] / sum(counts["question"].values()) < 0.2


def test_a_file_is_known_by_what_it_holds_and_can_be_answered() -> None:
    imported = read_any(FILE, "visit.json")
    found = by_name(imported)
    assert imported.questionnaire.survey == "visit"
    assert imported.questionnaire.languages == ("en", "ja")
    assert found["satisfied"].relevant == "selected(${purpose}, 'show')"
    assert found["thanks"].label["ja"] == "${name} さん、ありがとうございました。"
    assert walk(imported.questionnaire) is not None
