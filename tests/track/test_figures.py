"""Every published kind of question has figures, each with a name and a unit."""

from __future__ import annotations

import pytest
from flask import Flask

from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.counting import measure_of
from app.track.figures import figures_of
from tests.conftest import ROOT

FILE = ROOT / "tests" / "fixtures" / "kinds.yaml"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_published_kind_has_figures(app: Flask, language: str) -> None:
    version = read_questionnaire(FILE.read_bytes())
    with app.test_request_context(headers={"Accept-Language": language}):
        named = {variable.name: figures_of(variable) for variable in version.published_variables}
    assert all(one.label for figures in named.values() for one in figures)
    ranked = measure_of(version.variables["first"])
    assert [one.code for one in named["first"]] == [*ranked.codes, *ranked.place_scores]
    assert [one.code for one in named["hours"]] == ["mean"]
    assert named["sure"][3].bounds == (0.0, 10.0)
    place = {"en": "“Safety” in first place", "ja": "「安全」を1位に挙げた人"}
    assert named["first"][0].label == place[language]
