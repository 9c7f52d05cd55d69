"""Nobody but an organizer opens the organizers' pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from app.questionnaire.model import Questionnaire
from tests.accounts.door import token


def addresses(app: Flask, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Method and address of every organizers' page."""
    values: dict[str, Any] = {"key": questionnaire.survey, "wave": "w1", "version": questionnaire.hash}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("organize."):
                address = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
                yield from ((method, address) for method in sorted((rule.methods or set()) - {"OPTIONS"}))


def test_every_page_refuses_all_but_organizers(
    app: Flask,
    client: FlaskClient,
    organizer: FlaskClient,
    researcher: FlaskClient,
    fielded: Questionnaire,
) -> None:
    found = list(addresses(app, fielded))
    assert len(found) > 10
    visitor_token, researcher_token = token(client, "/sign-in"), token(researcher, "/research")
    for method, address in found:
        sent = client.open(address, method=method, data={"csrf_token": visitor_token})
        assert (sent.status_code, sent.location.split("?")[0]) == (303, "/sign-in"), (method, address)
        refused = researcher.open(address, method=method, data={"csrf_token": researcher_token})
        assert refused.status_code == 403, (method, address)
        if method == "GET":
            assert organizer.get(address).status_code == 200, address


def test_every_form_needs_its_token(app: Flask, organizer: FlaskClient, fielded: Questionnaire) -> None:
    for method, address in addresses(app, fielded):
        if method == "POST":
            assert organizer.post(address, data={"key": "w1"}).status_code == 400, address


@pytest.mark.parametrize("address", ["/organize/surveys/none", "/organize/surveys/%00", "/organize/surveys/none/open"])
def test_unknown_surveys(organizer: FlaskClient, fielded: Questionnaire, address: str) -> None:
    assert organizer.get(address).status_code == 404


@pytest.mark.parametrize("address", ["versions/0000.yaml", "versions/%00.yaml", "waves/none/close", "waves/%00/close"])
def test_unknown_parts_of_a_survey(organizer: FlaskClient, fielded: Questionnaire, address: str) -> None:
    assert organizer.get(f"/organize/surveys/{fielded.survey}/{address}").status_code == 404
