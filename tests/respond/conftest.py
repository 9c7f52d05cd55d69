"""A person at a browser, and what the database holds of all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.storage import recount, surveys, tallies
from app.storage.models import QueuedResponse, Response

from .person import Person


@dataclass
class Kept:
    """A response as the database has it."""

    state: str
    language: str
    answers: dict[str, Any]


@pytest.fixture
def person(client: FlaskClient, fielded: Questionnaire) -> Person:
    return Person(client)


@pytest.fixture
def kept(app: Flask) -> Callable[[], list[Kept]]:
    """All responses stored."""

    def read() -> list[Kept]:
        with app.app_context():
            rows = db.session.execute(select(Response.state, Response.language, Response.answers))
            return [Kept(row.state, row.language, json.loads(row.answers)) for row in rows]

    return read


@pytest.fixture
def queued(app: Flask) -> Callable[[], list[int]]:
    """The deltas of all rows of the queue."""

    def read() -> list[int]:
        with app.app_context():
            return list(db.session.execute(select(QueuedResponse.delta)).scalars())

    return read


@pytest.fixture
def roll_up(app: Flask) -> Callable[[], int]:
    """Rolls up what is queued; the tallies are right afterwards."""

    def act() -> int:
        with app.app_context():
            done = tallies.roll_up(1000)
            assert recount.verify() == []
            return done

    return act


ODD = """
survey: odd
title: {ja: 変わった調査}
languages: [ja]
period: month
pages:
  - name: first
    title: {ja: はじめに}
    questions:
      - {name: years, kind: integer, label: {ja: 何年ですか}, required: true, dont_know: true,
         parameters: {start: 0, end: 120}}
      - {name: word, kind: text, label: {ja: 一言}, parameters: {rows: 1, max_length: 20}}
  - name: second
    title: {ja: つぎに}
    questions:
      - {name: many, kind: select_multiple, label: {ja: どれですか}, required: true, refused: true,
         choices: [{code: a, label: {ja: あ}}, {code: b, label: {ja: い}},
                   {code: none, exclusive: true, label: {ja: なし}}]}
      - {name: why, kind: text, relevant: "selected(${many}, 'a')", label: {ja: なぜですか}}
"""


@pytest.fixture
def odd(app: Flask) -> Questionnaire:
    """A survey in Japanese only, with the kinds that the other one has not."""
    questionnaire = read_questionnaire(ODD.encode())
    with app.app_context():
        surveys.publish(questionnaire, datetime.now(UTC))
        surveys.open_wave("odd", "w1", datetime.now(UTC))
    return questionnaire
