"""Unfinished responses are forgotten after the days of the settings; sent ones are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from app.jobs.forget import unfinished_responses
from app.jobs.run import Run
from app.questionnaire.model import Questionnaire
from app.storage import responses, surveys

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_only_old_unfinished_responses_are_deleted(app: Flask, fielded: Questionnaire) -> None:
    settings = app.extensions["settings"]
    with app.app_context():
        wave_id = surveys.waves(fielded.survey)[0].id
        old, fresh, sent = (responses.new_token() for _ in range(3))
        for token, age in ((old, 31), (fresh, 29), (sent, 90)):
            responses.start(token, wave_id, "ja", {"consent": "yes"}, NOW - timedelta(days=age))
        stored = responses.find(sent)
        assert stored
        responses.submit(sent, stored, lambda given: given, NOW - timedelta(days=90))
        assert unfinished_responses(Run(settings, lambda: NOW, lambda: None)) == 1
        assert responses.find(old) is None
        assert responses.find(fresh) is not None
        assert responses.find(sent) is not None
