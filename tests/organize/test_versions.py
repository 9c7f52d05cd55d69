"""Published versions: read whole, taken out as files, compared."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.interchange.importing import read_any
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.kinds.base import AnsweredQuestion
from app.questionnaire.model import Questionnaire
from app.storage import surveys
from tests.conftest import ROOT

from .test_comparison import NEW
from .test_upload import SMALL

KINDS = read_questionnaire((ROOT / "tests" / "fixtures" / "kinds.yaml").read_bytes())


@pytest.fixture(autouse=True)
def _published(app: Flask) -> None:
    with app.app_context():
        for day, one in enumerate((SMALL, read_questionnaire(NEW), KINDS), 1):
            surveys.publish(one, datetime(2026, 1, day, tzinfo=UTC))


def address(questionnaire: Questionnaire, rest: str = "") -> str:
    return f"/organize/surveys/{questionnaire.survey}/versions/{questionnaire.hash}{rest}"


def soup(answer: TestResponse) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_whole_questionnaire_is_read(organizer: FlaskClient, language: str) -> None:
    page = soup(organizer.get(address(KINDS, f"?text={language}")))
    text = " ".join(page.get_text(" ").split())
    for part in KINDS.pages:
        assert part.title[language] in text
        for question in part.questions:
            article = page.select_one(f"article[aria-labelledby=question_{question.name}]")
            assert article is not None
            said = " ".join(article.get_text(" ").split())
            wanted = [question.label[language], question.kind, question.relevant or ""]
            if isinstance(question, AnsweredQuestion) and question.kind != "acknowledge":
                wanted += [
                    option.label[language] for option in question.options if not option.label[language].isdigit()
                ]
                wanted += [variable.name for variable in question.variables() if variable.row]
            wanted += [arm.label[language] for arm in question.variants if arm.label]
            for words in wanted:
                assert " ".join(words.split()) in said, (question.name, words)
    for link in page.select(".contents a"):
        assert page.select_one(str(link["href"])) is not None


def test_the_reader_need_not_speak_the_questionnaires_languages(app: Flask, organizer: FlaskClient) -> None:
    french = read_questionnaire(
        "survey: fr\ntitle: {fr: Titre}\nlanguages: [fr]\npages:\n  - name: p\n    title: {fr: Page}\n    questions:\n"
        "      - {name: q, kind: text, label: {fr: Pourquoi ?}}\n"
    )
    with app.app_context():
        surveys.publish(french, datetime(2026, 1, 1, tzinfo=UTC))
    assert "Pourquoi ?" in organizer.get(address(french, "?text=ja")).text


@pytest.mark.parametrize("questionnaire", [SMALL, KINDS], ids=["small", "kinds"])
def test_every_version_goes_out_and_comes_back(organizer: FlaskClient, questionnaire: Questionnaire) -> None:
    workbook = organizer.get(address(questionnaire, ".xlsx"))
    name = f"{questionnaire.survey}-{questionnaire.hash[:12]}.xlsx"
    assert workbook.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert read_any(io.BytesIO(workbook.data).read(), name).questionnaire == questionnaire
    assert read_questionnaire(organizer.get(address(questionnaire, ".yaml")).data) == questionnaire


def test_what_xlsform_has_no_words_for_is_said(organizer: FlaskClient) -> None:
    things = [item.get_text(" ", strip=True) for item in soup(organizer.get(address(KINDS))).select(".things li")]
    assert any(
        item.startswith("survey question ") and "Other programs take it for “begin_group”." in item for item in things
    )
    assert any("other programs pass over the sheet “barometer”" in item for item in things)


def test_any_two_versions_are_compared(organizer: FlaskClient) -> None:
    new = read_questionnaire(NEW)
    page = soup(organizer.get("/organize/surveys/small/compare"))
    assert [one["value"] for one in page.select("option[selected]")] == [SMALL.hash, new.hash]
    found = {one.select_one("code").text: one.select_one(".tag").text for one in page.select(".compared")}  # type: ignore[union-attr]
    assert found == {"age": "Changed", "opinion": "Added", "view": "Removed"}
    assert [one.text for one in page.select(".compared del, .compared ins")] == [
        "How old are you?",
        "What is your age?",
    ]
    back = soup(organizer.get(f"/organize/surveys/small/compare?old={new.hash}&new={SMALL.hash}"))
    found = {one.select_one("code").text: one.select_one(".tag").text for one in back.select(".compared")}  # type: ignore[union-attr]
    assert found == {"age": "Changed", "view": "Added", "opinion": "Removed"}
    alone = soup(organizer.get("/organize/surveys/every-kind/compare"))
    assert "This is one and the same version." in alone.text


def test_what_is_no_version_of_the_survey_is_not_found(organizer: FlaskClient) -> None:
    for path in (
        f"/organize/surveys/every-kind/versions/{SMALL.hash}",
        f"/organize/surveys/every-kind/versions/{SMALL.hash}.xlsx",
        f"/organize/surveys/every-kind/compare?old={SMALL.hash}",
        "/organize/surveys/small/compare?new=%00",
        "/organize/surveys/none/compare",
    ):
        assert organizer.get(path).status_code == 404, path


def test_the_surveys_page_leads_to_all_of_it(organizer: FlaskClient) -> None:
    links = {str(link["href"]) for link in soup(organizer.get("/organize/surveys/small")).select("main a")}
    assert {address(SMALL), address(SMALL, ".yaml"), address(SMALL, ".xlsx")} <= links
    assert "/organize/surveys/small/compare" in links
