"""Waves: opened, closed, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.questionnaire.model import Questionnaire
from app.storage import surveys

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_cancelled_wave_is_no_longer_in_the_way(app: Flask, questionnaire: Questionnaire) -> None:
    key = questionnaire.survey
    with app.app_context():
        surveys.publish(questionnaire, NOW)
        surveys.open_wave(key, "later", NOW, opens_at=NOW + timedelta(days=40))
        surveys.close_wave(key, "later", NOW)
        with pytest.raises(surveys.WaveError, match="closed already"):
            surveys.close_wave(key, "later", NOW)
        state = surveys.survey_state(key, NOW)
        assert state is not None
        assert not state.opens_later
        surveys.open_wave(key, "now", NOW + timedelta(days=1))
        surveys.close_wave(key, "now", NOW + timedelta(days=2))
        state = surveys.survey_state(key, NOW + timedelta(days=2))
        assert state is not None
        assert (state.is_open, state.opens_later) == (False, False)


def test_a_wave_key_fits_files_and_addresses(app: Flask, questionnaire: Questionnaire) -> None:
    with app.app_context():
        surveys.publish(questionnaire, NOW)
        with pytest.raises(surveys.WaveError, match="lower-case"):
            surveys.open_wave(questionnaire.survey, "bad name/x", NOW)
