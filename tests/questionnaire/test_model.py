"""A version is named by what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.questionnaire.check import check_questionnaire
from app.questionnaire.model import Questionnaire, from_canonical
from tests.questionnaire.made import questionnaire_of

OPTIONS = [{"code": code, "label": {"en": label}} for code, label in (("1", "Against"), ("2", "For"))]


def scale(**more: Any) -> dict[str, Any]:
    return {"name": "q", "kind": "scale", "label": {"en": "Your view?"}, "choices": OPTIONS, **more}


def test_canonical_json_is_sorted_without_spaces_and_without_defaults() -> None:
    made = questionnaire_of([scale(required=False, choices=OPTIONS)])
    assert made.canonical == json.dumps(
        json.loads(made.canonical), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert "required" not in made.canonical
    assert "period" not in made.canonical
    assert len(made.hash) == 64
    assert made.canonical is made.canonical


def test_a_version_is_equal_to_itself_read_again() -> None:
    made = questionnaire_of([scale(dont_know=True)])
    again = from_canonical(made.canonical)
    assert again == made
    assert hash(again) == hash(made)
    assert again.variables["q"].options == made.variables["q"].options
    assert made != questionnaire_of([scale()])
    assert made != made.canonical


def test_a_version_does_not_change() -> None:
    made = questionnaire_of([scale()])
    with pytest.raises(ValidationError, match="frozen"):
        made.survey = "other"  # type: ignore[misc]


def test_the_rules_hold_for_a_questionnaire_however_it_was_made() -> None:
    made = questionnaire_of([scale(), scale(relevant="${q} = 3")], languages=("en", "ko"))
    found = [message % params for _, message, params in check_questionnaire(made)]
    assert "Two questions have the name “q” (case does not count)." in found
    assert "“q” has no option with the code “3”." in found
    assert "The translation into “ko” is missing." in found


def test_standard_words_exist_in_two_languages_only() -> None:
    def found(languages: tuple[str, ...]) -> list[str]:
        options = [{"code": code, "label": dict.fromkeys(languages, code)} for code in ("1", "2")]
        made = questionnaire_of(
            [scale(label=dict.fromkeys(languages, "?"), choices=options, dont_know=True)], languages=languages
        )
        return [message % params for _, message, params in check_questionnaire(made)]

    assert found(("en", "ja")) == []
    assert found(("en", "ko")) == ["There are no standard words for this in “ko”: write them for each language."]


def test_a_text_falls_back_to_the_first_language() -> None:
    made: Questionnaire = questionnaire_of([scale(label={"en": "x", "ja": "え"})], languages=("ja", "en"))
    assert made.text({"ja": "え", "en": "x"}, "en") == "x"
    assert made.text({"ja": "え", "en": "x"}, "fr") == "え"
