"""Words: languages, HTML, and answers shown in them."""

from __future__ import annotations

import pytest

from app.interchange.limesurvey.texts import split

from .made import Asked, by_name, fate, read, reasons

BEFORE = [
    Asked("name", "S"),
    Asked("sex", "L", options=[("F", "Woman"), ("M", "Man")]),
    Asked("uses", "M", parts=[("tv", {"en": "Television", "ja": "テレビ"}), ("web", "Web")]),
]


def shown(words: str) -> str:
    return by_name(read(*BEFORE, Asked("last", words=words)))["last"].label["en"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Dear {name.shown}, hello", "Dear ${name}, hello"),
        ("Dear {name}", "Dear ${name}"),
        ("Dear {9X1X11.NAOK}", "Dear ${name}"),
        ("{INSERTANS:9X1X12}", "${sex}"),
        ("You said: {sex.shown}", "You said: ${sex}"),
        ("“{name.question}”?", "“Text”?"),
        ("In {SURVEYNAME}", "In Title"),
        ("<p>One</p><p>Two <b>bold</b></p>", "One\n\nTwo bold"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("{ not an expression }", "{ not an expression }"),
        ("CSS {color: red} stays", "CSS {color: red} stays"),
        ("pay ${name}", "pay $${name}"),
        ("pay ${nobody", "pay $ {nobody"),
        ("{2 + 3}", "${last_text}"),
        ("{if(sex.NAOK == 'F', 'Ms', 'Mr')} {name}", "${last_text} ${name}"),
        ("{if(sex.NAOK == &quot;F&quot;, 'Ms', 'Mr')}", "${last_text}"),
    ],
)
def test_expressions_in_braces(theirs: str, ours: str) -> None:
    assert shown(theirs) == ours


def test_what_is_computed_in_a_text_stands_before_the_question() -> None:
    found = by_name(read(*BEFORE, Asked("last", words="{if(sex.NAOK == 'F', 'Ms', 'Mr')}")))
    assert list(found)[-2:] == ["last_text", "last"]
    assert found["last_text"].model_dump()["calculation"] == "if(${sex} = 'F', 'Ms', 'Mr')"


def test_the_words_of_a_chosen_option_are_in_the_readers_language() -> None:
    imported = read(*BEFORE, Asked("last", words="{uses_tv.shown}"), languages=("en", "ja"))
    found = by_name(imported)
    assert found["last"].label == {"en": "${last_text}", "ja": "${last_text_2}"}
    assert found["last_text_2"].model_dump()["calculation"] == "if(selected(${uses}, 'tv'), 'テレビ', '')"


def test_what_cannot_be_shown_is_told() -> None:
    imported = read(*BEFORE, Asked("last", words="Token {TOKEN:EMAIL}"))
    assert by_name(imported)["last"].label == {"en": "Token …"}
    assert "TOKEN:EMAIL" in reasons(imported, "text", "question")


def test_a_text_that_loses_what_it_computes_is_changed_not_dropped() -> None:
    imported = read(*BEFORE, Asked("last", words="{count(last, name)} given"))
    assert by_name(imported)["last"].label == {"en": "… given"}
    assert fate(imported, "text", "question") == "changed"
    assert "It names “last”, which comes later." in reasons(imported, "text", "question")


def test_formatting_that_is_lost_is_told() -> None:
    imported = read(Asked("q", words="<b>x</b>"))
    assert fate(imported, "text", "question") == "changed"
    assert fate(imported, "question", "q") == "kept"


def test_missing_translations_are_filled_in_and_told() -> None:
    imported = read(Asked("q", words={"ja": "質問"}), languages=("ja", "en"))
    assert imported.questionnaire.languages == ("ja", "en")
    assert by_name(imported)["q"].label == {"ja": "質問", "en": "質問"}
    assert "“en” are missing" in reasons(imported, "text", "question")


def test_the_welcome_is_the_introduction_and_the_end_is_told() -> None:
    words = {"surveyls_welcometext": "<p>Welcome, {TOKEN:NAME}</p>", "surveyls_description": "About"}
    imported = read(Asked("q"), words={**words, "surveyls_endtext": "Thanks!", "surveyls_url": "https://example.org"})
    assert imported.questionnaire.introduction == {"en": "About\n\nWelcome, …"}
    assert "Thanks!" in reasons(imported, "setting", "surveyls_endtext (en)")
    assert "https://example.org" in reasons(imported, "setting", "surveyls_url (en)")


def test_titles_show_no_answers() -> None:
    imported = read(Asked("q"), Asked("r", group=2), groups={2: {"group_name": ""}})
    assert [page.title for page in imported.questionnaire.pages] == [{"en": "Group 1"}, {"en": "Group 2"}]


def test_help_and_what_stands_around_a_field_are_the_hint() -> None:
    question = by_name(read(Asked("q", "N", help="Gross", attributes={"suffix": "yen"})))["q"]
    assert question.hint == {"en": "Gross … yen"}


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("a{b}c", [("a", False), ("b", True), ("c", False)]),
        ("{if(x, '}', \"{\")}", [("if(x, '}', \"{\")", True)]),
        (r"{if(x, 'don\'t}')}b", [(r"if(x, 'don\'t}')", True), ("b", False)]),
        ("{ a}{b}", [("{ a}", False), ("b", True)]),
        ("{it's", [("{it's", False)]),
        ("{}", [("{}", False)]),
    ],
)
def test_pieces_of_a_text(source: str, pieces: list[tuple[str, bool]]) -> None:
    assert list(split(source)) == pieces
