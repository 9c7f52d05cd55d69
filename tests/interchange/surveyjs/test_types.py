"""Each type of element becomes what asks the same here."""

from __future__ import annotations

from typing import Any

import pytest

from app.interchange.surveyjs.pages import TYPES

from .made import Data, asked, by_name, dumped, fate, read, reasons

CHOICES = ["a", "b", "c"]
COLUMNS = [{"name": "c1", "cellType": "text"}, {"name": "c2", "cellType": "boolean"}]
KINDS: dict[str, tuple[Data, str]] = {
    "text": ({}, "text"),
    "comment": ({}, "text"),
    "radiogroup": ({"choices": CHOICES}, "select_one"),
    "dropdown": ({"choices": CHOICES}, "select_one"),
    "buttongroup": ({"choices": CHOICES}, "select_one"),
    "checkbox": ({"choices": CHOICES}, "select_multiple"),
    "tagbox": ({"choices": CHOICES}, "select_multiple"),
    "imagepicker": ({"choices": [{"value": "a", "imageLink": "x.png"}, "b"]}, "select_one"),
    "rating": ({}, "scale"),
    "ranking": ({"choices": CHOICES}, "rank"),
    "boolean": ({}, "select_one"),
    "slider": ({"sliderType": "single"}, "range"),
    "expression": ({"expression": "1 + 1"}, "calculate"),
    "html": ({"html": "<p>Read</p>"}, "note"),
    "matrix": ({"rows": ["r1", "r2"], "columns": ["x", "y"]}, "matrix"),
    "matrixdropdown": ({"rows": ["r1"], "columns": COLUMNS}, "note"),
    "matrixdynamic": ({"columns": COLUMNS}, "note"),
    "multipletext": ({"items": [{"name": "x"}, {"name": "y"}]}, "note"),
    "paneldynamic": ({"templateElements": [asked("x")]}, "note"),
    "file": ({}, "note"),
    "signaturepad": ({}, "note"),
    "imagemap": ({"areas": [{"value": "a", "shape": "rect"}, {"value": "b"}]}, "select_multiple"),
    "myowntype": ({}, "note"),
    "mylist": ({"choices": CHOICES}, "select_one"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_has_its_kind(kind: str) -> None:
    more, ours = KINDS[kind]
    imported = read(asked("q", kind, title="Words", **more))
    question = imported.questionnaire.questions[0]
    assert (question.name, question.kind) == ("q", ours)
    assert question.label["en"].startswith("Read" if kind == "html" else "q" if kind == "expression" else "Words")
    if kind in ("file", "signaturepad", "myowntype"):
        assert fate(imported, "question", "q") == "dropped"
        assert question.label == {"en": f"Words\n[{kind}]"}


def test_every_type_that_is_read_is_tried_here() -> None:
    assert set(TYPES) <= set(KINDS) | {"image"}


@pytest.mark.parametrize(
    ("more", "kind", "parameters"),
    [
        ({}, "text", {"rows": 1, "max_length": 1_000}),
        ({"maxLength": 20}, "text", {"rows": 1, "max_length": 20}),
        ({"inputType": "number"}, "decimal", {"start": 0, "end": None, "decimals": 1}),
        ({"inputType": "number", "min": 1, "max": 9, "step": 1}, "integer", {"start": 1, "end": 9}),
        (
            {"inputType": "number", "validators": [{"type": "numeric", "maxValue": 5}]},
            "decimal",
            {"start": 0, "end": 5},
        ),
        ({"inputType": "range", "max": 10}, "range", {"start": 0, "end": 10, "step": 1}),
        ({"inputType": "date", "min": "2026-01-31"}, "date", {"start": "2026-01-31", "end": None}),
        ({"inputType": "time"}, "text", {}),
        ({"inputType": "email"}, "email", None),
        ({"validators": [{"type": "email"}]}, "email", None),
    ],
)
def test_what_is_typed(more: Data, kind: str, parameters: Data | None) -> None:
    question = dumped(asked("q", **more))["q"]
    assert question["kind"] == kind
    if parameters is not None:
        assert question["parameters"] | parameters == question["parameters"]


def test_choices_are_values_or_objects_in_any_language() -> None:
    choices = [1, "two", {"value": "x", "text": {"default": "Ex", "ja": "エックス"}}, True]
    question = dumped(asked("q", "radiogroup", choices=choices))["q"]
    assert [choice["code"] for choice in question["choices"]] == ["1", "two", "x", "true"]
    assert question["choices"][2]["label"] == {"en": "Ex", "ja": "エックス"}


def test_special_choices() -> None:
    special = {
        "showOtherItem": True,
        "otherText": "Else",
        "hasNone": True,
        "showRefuseItem": True,
        "choicesOrder": "random",
    }
    question = dumped(asked("q", "checkbox", choices=["a", "other"], **special))["q"]
    assert [choice["code"] for choice in question["choices"]] == ["a", "other_2", "none", "oth"]
    assert [choice["exclusive"] for choice in question["choices"]] == [False, False, True, False]
    assert question["choices"][3] | {"label": {"en": "Else"}, "specify": True} == question["choices"][3]
    assert question["refused"] == {"en": "Refuse to answer"}
    assert question["parameters"]["randomize"] is True


def test_how_many_may_be_chosen() -> None:
    more = {"maxSelectedChoices": 2, "validators": [{"type": "answercount", "minCount": 1}]}
    question = dumped(asked("q", "checkbox", choices=CHOICES, **more))["q"]
    assert question["parameters"] == {"randomize": False, "minimum": 1, "maximum": 2}


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, ["1", "2", "3", "4", "5"]),
        ({"rateMin": 0, "rateMax": 10}, [str(n) for n in range(11)]),
        ({"rateCount": 3}, ["1", "2", "3"]),
        ({"rateValues": [1, {"value": 3, "text": "three"}]}, ["1", "3"]),
        ({"rateMin": 2, "rateMax": 6, "rateStep": 2}, ["2", "4", "6"]),
    ],
)
def test_ratings_are_scales(more: Data, codes: list[str]) -> None:
    question = dumped(asked("q", "rating", minRateDescription="bad", maxRateDescription="good", **more))["q"]
    assert question["kind"] == "scale"
    assert [choice["code"] for choice in question["choices"]] == codes
    assert question["choices"][0]["label"]["en"] == f"{codes[0]} – bad"
    assert question["choices"][-1]["label"]["en"].endswith(" – good")


def test_a_rating_without_scores_is_a_list() -> None:
    question = dumped(asked("q", "rating", rateValues=["low", "high"]))["q"]
    assert question["kind"] == "select_one"


def test_booleans_have_the_files_values() -> None:
    question = dumped(asked("q", "boolean", valueTrue="A", valueFalse="B", labelTrue="Always"))["q"]
    assert [choice["code"] for choice in question["choices"]] == ["A", "B"]
    assert question["choices"][0]["label"] == {"en": "Always"}
    assert dumped(asked("q", "boolean", renderAs="checkbox"))["q"]["kind"] == "acknowledge"


def test_what_a_box_counted_as_is_told() -> None:
    imported = read(asked("q", "boolean", renderAs="checkbox", valueTrue="agreed", valueFalse="declined"))
    assert fate(imported, "property", "valueTrue") == fate(imported, "property", "valueFalse") == "changed"
    assert fate(read(asked("q", "boolean", renderAs="checkbox", valueTrue="yes")), "property", "valueTrue") == "kept"


def test_a_part_of_a_text_without_words_in_a_language_has_those_of_another() -> None:
    imported = read(
        asked("price", "slider", sliderType="range", title={"default": "Price", "nl": "Prijs"}),
        asked("staff", "matrixdynamic", rowCount=1, columns=[{"name": "c", "title": "Name", "cellType": "text"}]),
        asked("sure", "rating", rateMax=3, minRateDescription={"default": "Not sure", "nl": "Niet zeker"}),
        asked("glad", "rating", rateMax=3, minRateDescription="Sad"),
    )
    labels = {name: question.label for name, question in by_name(imported).items()}
    assert labels["price_from"] == {"en": "Price – from", "nl": "Prijs – from"}
    assert labels["price_to"] == {"en": "Price – to", "nl": "Prijs – to"}
    assert labels["staff_1_c"] == {"en": "1 – Name", "nl": "1 – Name"}
    firsts = {n: q.model_dump()["choices"][0]["label"] for n, q in by_name(imported).items() if n in ("sure", "glad")}
    assert firsts == {
        "sure": {"en": "1 – Not sure", "nl": "1 – Niet zeker"},
        "glad": {"en": "1 – Sad", "nl": "1 – Sad"},
    }
    assert "“nl” are missing" in reasons(imported, "text", "minRateDescription")


@pytest.mark.parametrize(
    "element",
    [
        *(asked("q", kind) for kind in ("radiogroup", "checkbox", "tagbox", "ranking", "matrix", "matrixdropdown")),
        *(asked("q", kind) for kind in ("matrixdynamic", "multipletext", "paneldynamic", "imagepicker", "expression")),
    ],
    ids=lambda element: element["type"],
)
def test_where_nothing_can_be_answered_the_words_are_shown(element: Data) -> None:
    imported = read({**element, "title": "Words"})
    question = by_name(imported)["q"]
    assert (question.kind, question.label) == ("note", {"en": "Words"})
    assert fate(imported, "question", "q") == "changed"


def test_expressions_are_computed_and_shown() -> None:
    found = dumped(asked("a", inputType="number"), asked("b", "expression", title="Sum", expression="{a} * 2"))
    assert found["b"]["calculation"] == "${a} * 2"
    assert found["b_shown"]["label"] == {"en": "Sum – ${b}"}


@pytest.mark.parametrize(("more", "words"), [({"title": "Sum"}, "Sum"), ({}, "b")])
def test_a_note_keeps_what_cannot_be_computed(more: Data, words: str) -> None:
    imported = read(asked("a"), asked("b", "expression", expression="own({a})", **more))
    assert by_name(imported)["b_shown"].label == {"en": f"{words}\n[expression: own({{a}})]"}
    assert fate(imported, "question", "b") == "dropped"
    assert "own({a})" in reasons(imported, "property", "expression")


def test_a_slider_with_two_handles_is_two_questions() -> None:
    found = dumped(asked("q", "slider", min=0, max=10))
    assert list(found) == ["q_from", "q_to"]
    assert found["q_to"]["constraint"] == ". >= ${q_from}"


def test_comments_are_questions_of_their_own() -> None:
    comment = {"showCommentArea": True, "commentText": "Why?"}
    found = dumped(asked("q", "boolean", **comment), asked("r", visibleIf="{q-Comment} notempty"))
    assert found["q_comment"]["label"] == {"en": "q – Why?"}
    assert found["r"]["relevant"] == "${q_comment} != ''"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"choices": ["a"]}, "acknowledge"),
        ({"choicesByUrl": {"url": "https://example.org"}}, "text"),
        ({}, "note"),
        ({"showOtherItem": True}, "text"),
        ({"choicesMin": 1, "choicesMax": 3}, "select_one"),
    ],
)
def test_few_choices(more: Data, kind: str) -> None:
    assert dumped(asked("q", "dropdown", **more))["q"]["kind"] == kind


def test_of_a_picture_the_words_are_shown() -> None:
    imported = read(asked("q"), asked("p", "image", imageLink="x.png", altText="A bridge"), asked("o", "image"))
    assert by_name(imported)["p"].label == {"en": "A bridge"}
    assert [fate(imported, "element", name) for name in "po"] == ["changed", "dropped"]


def test_choices_are_taken_over_from_another_question() -> None:
    source = asked("src", "checkbox", choices=CHOICES)
    found = dumped(source, asked("q", "radiogroup", choicesFromQuestion="src", choicesFromQuestionMode="selected"))
    assert [choice["code"] for choice in found["q"]["choices"]] == CHOICES
    assert found["q"]["choice_filter"] == "selected(${src}, name)"


@pytest.mark.parametrize(
    ("more", "ours"),
    [
        ({"choicesVisibleIf": "{src} contains {item}"}, "selected(${src}, name)"),
        (
            {"choicesVisibleIf": "{item} = 'a' or {src} notempty"},
            "(name != 'b' or ${src} != '') and (name != 'c' or ${src} != '')",
        ),
        ({"choices": ["a", {"value": "b", "visibleIf": "{src} empty"}]}, "name != 'b' or ${src} = ''"),
        ({"choices": ["a", {"value": "b", "in": "x"}], "choicesVisibleIf": "{$item.in} != 'x' or {src} empty"}, None),
    ],
)
def test_choices_are_filtered(more: Data, ours: str | None) -> None:
    question = dumped(
        asked("src", "checkbox", choices=CHOICES), asked("q", "radiogroup", **{"choices": CHOICES, **more})
    )["q"]
    assert ours is None or question["choice_filter"] == ours


@pytest.mark.parametrize("kind", ["text", "radiogroup"])
def test_what_is_never_shown_keeps_its_value(kind: str) -> None:
    hidden: dict[str, Any] = asked("h", kind, visible=False, defaultValue="a", choices=CHOICES)
    found = dumped(hidden, asked("q", visibleIf="{h} = 'a'"))
    assert found["h"]["calculation"] == "'a'"
    assert found["q"]["relevant"] == "${h} = 'a'"


def test_an_option_that_could_not_be_chosen_is_not_shown() -> None:
    several = [{"value": "a", "enableIf": "{yes} = 'yes'"}, "b", "c"]
    source = asked("yes", "radiogroup", choices=["yes", "no"])
    one = read(source, asked("q", "radiogroup", choices=several))
    assert by_name(one)["q"].model_dump()["choice_filter"] == "name != 'a' or ${yes} = 'yes'"
    assert "not shown" in reasons(one, "property", "enableIf")
    assert fate(one, "question", "q") == "changed"
    all_of_them = read(
        source, asked("q", "radiogroup", choices=["a", "b"], choicesEnableIf="{yes} = 'yes' or {item} = 'a'")
    )
    assert fate(all_of_them, "property", "choicesEnableIf") == "changed"
