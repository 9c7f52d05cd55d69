"""What is not there. Who may open what is in tests/accounts/test_rules.py."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire


@pytest.mark.parametrize("address", ["/organize/surveys/none", "/organize/surveys/%00", "/organize/surveys/none/open"])
def test_unknown_surveys(organizer: FlaskClient, fielded: Questionnaire, address: str) -> None:
    assert organizer.get(address).status_code == 404


@pytest.mark.parametrize("address", ["versions/0000.yaml", "versions/%00.yaml", "waves/none/close", "waves/%00/close"])
def test_unknown_parts_of_a_survey(organizer: FlaskClient, fielded: Questionnaire, address: str) -> None:
    assert organizer.get(f"/organize/surveys/{fielded.survey}/{address}").status_code == 404
