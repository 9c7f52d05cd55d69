"""The questionnaire that is fielded first: short, whole, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.interchange.catalogue_file import read_catalogue
from app.questionnaire.kinds.base import AnsweredQuestion, Answers
from app.questionnaire.kinds.integer import Integer
from app.questionnaire.kinds.note import Note
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import ended_by, path, screens
from app.questionnaire.versions import fingerprint
from app.surveys_folder import read_survey

SURVEYS = Path(__file__).parents[2] / "surveys"
CATALOGUE = read_catalogue((SURVEYS / "catalogue.yaml").read_bytes())
QUESTIONNAIRE = read_survey(SURVEYS, (SURVEYS / "domestic-diplomacy.yaml").read_bytes())
# What is fielded first: the version's hash and every variable's fingerprint.
FIELDED = json.loads(Path(__file__).with_name("domestic_diplomacy.json").read_text(encoding="utf-8"))


def texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and value and all(isinstance(inner, str) for inner in value.values()) and "en" in value:
        yield value
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def test_what_is_asked_is_what_was_fielded() -> None:
    """A change here breaks trends, or declares what continues them: it is made on purpose, with these values."""
    assert {name: fingerprint(QUESTIONNAIRE, v) for name, v in QUESTIONNAIRE.variables.items()} == FIELDED[
        "fingerprints"
    ]
    assert QUESTIONNAIRE.hash == FIELDED["version"]


def test_it_is_short() -> None:
    assert sum(not isinstance(question, Note) for question in QUESTIONNAIRE.questions) <= 25


def test_every_current_action_of_the_track_is_asked_about_once() -> None:
    asked = [variable.action for variable in QUESTIONNAIRE.variables.values() if variable.action]
    wanted = [action.code for action in CATALOGUE.fielded_actions() if action.code.startswith("DD")]
    assert len(wanted) == 13
    assert sorted(asked) == sorted(wanted)


def test_every_action_has_one_balanced_five_point_scale_and_dont_know() -> None:
    scales = {
        tuple((option.code, option.label["en"]) for option in variable.options)
        for variable in QUESTIONNAIRE.variables.values()
        if variable.action
    }
    (scale,) = scales
    assert [code for code, _ in scale] == ["1", "2", "3", "4", "5", "-8"]
    assert not any(v.question.required for v in QUESTIONNAIRE.variables.values() if v.action)


def test_every_text_is_in_both_languages() -> None:
    assert set(QUESTIONNAIRE.languages) == {"en", "ja"}
    found = list(texts(QUESTIONNAIRE.model_dump()))
    assert len(found) > 100
    for text in found:
        assert set(text) == {"en", "ja"}
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text["ja"]), text
        assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text["en"]), text


def ending(answers: Answers) -> int | None:
    end = ended_by(QUESTIONNAIRE, answers)
    return QUESTIONNAIRE.ends.index(end) if end else None


def test_consent_and_age_are_screened() -> None:
    assert len(QUESTIONNAIRE.ends) == 2
    assert ending({}) is None
    assert ending({"consent": "yes", "adult": "yes"}) is None
    assert ending({"consent": "no"}) == 0
    assert ending({"consent": "yes", "adult": "no"}) == 1
    assert ending({"consent": "no", "adult": "no"}) == 0


def test_okinawa_stands_apart_and_regions_follow_the_country() -> None:
    assert "okinawa" in {option.code for option in QUESTIONNAIRE.variables["region_jp"].options}
    for country, asked in (("jp", {"region_jp"}), ("us", {"region_us"}), ("other", set())):
        shown = {q.name for screen in path(QUESTIONNAIRE, {"country": country}) for q in screen.questions}
        assert shown & {"region_jp", "region_us"} == asked


def test_no_page_is_divided() -> None:
    assert [screen.name for screen in screens(QUESTIONNAIRE)] == [page.name for page in QUESTIONNAIRE.pages]


def test_consent_is_not_published_nor_are_weighting_variables_and_text() -> None:
    published = {variable.name for variable in QUESTIONNAIRE.published_variables}
    assert not published & {"consent", "adult", "comment", *QUESTIONNAIRE.weighting}
    assert len(published) == len(QUESTIONNAIRE.variables) - 3 - len(QUESTIONNAIRE.weighting)


def test_nothing_asks_for_a_number_that_could_identify() -> None:
    kinds = {type(question) for question in QUESTIONNAIRE.questions}
    assert Integer not in kinds
    assert all(issubclass(kind, AnsweredQuestion | Note) for kind in kinds)
    assert isinstance(QUESTIONNAIRE, Questionnaire)
