"""What is written as an XLSForm is read as the same questionnaire: its document, its fingerprints, its routing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.interchange.report import Imported
from app.interchange.xlsform.read import read_xlsform
from app.interchange.xlsform.workbook import xlsx_sheets
from app.interchange.xlsform.write import write_xlsform
from app.questionnaire.kinds.base import Answers
from app.questionnaire.met import fingerprint
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import path
from app.surveys_folder import questionnaire_files, read_survey
from tests.conftest import ROOT
from tests.questionnaire.made import answers_to, documents

CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MADE = documents().map(Questionnaire.model_validate)
PAIRS = MADE.flatmap(lambda made: st.tuples(st.just(made), answers_to(made)))


def again(questionnaire: Questionnaire) -> Imported:
    return read_xlsform(xlsx_sheets(write_xlsform(questionnaire)))


def comparable(questionnaire: Questionnaire) -> dict[str, Any]:
    """The document but for what is declared: the order of groups is that of their pages, two characters are lost."""
    text = questionnaire.canonical.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    document: dict[str, Any] = json.loads(text)
    document["groups"] = sorted(document.get("groups", []), key=lambda group: str(group["name"]))
    return document


@CALM
@given(PAIRS)
def test_written_and_read_is_the_same_questionnaire(pair: tuple[Questionnaire, Answers]) -> None:
    made, answers = pair
    imported = again(made)
    assert comparable(imported.questionnaire) == comparable(made)
    assert [str(entry) for entry in imported.report.told()] == []
    assert [screen.name for screen in path(imported.questionnaire, answers)] == [s.name for s in path(made, answers)]


@CALM
@given(MADE)
def test_fingerprints_are_the_same(made: Questionnaire) -> None:
    if "\ufffe" in made.canonical or "\uffff" in made.canonical:
        return
    read = again(made).questionnaire
    assert {name: fingerprint(read, variable) for name, variable in read.variables.items()} == {
        name: fingerprint(made, variable) for name, variable in made.variables.items()
    }


def test_the_surveys_of_the_house_come_back_whole() -> None:
    for file in questionnaire_files(ROOT / "surveys"):
        questionnaire = read_survey(ROOT / "surveys", file.read_bytes())
        imported = again(questionnaire)
        assert comparable(imported.questionnaire) == comparable(questionnaire)
        assert [str(entry) for entry in imported.report.told()] == []
