"""Synthetic waves in the database: marked, counted, refused a second time."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.research import files
from app.storage import bulk, surveys, tallies
from app.storage.models import Response
from app.synthetic.load import load, months_before
from config import Settings

KEY = "domestic-diplomacy"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.slow
def test_waves_are_marked_and_rolled_up(app: Flask, fielded: Questionnaire, settings: Settings) -> None:
    with app.app_context():
        said = load(settings, 480, 7, NOW)
        assert "480 synthetic responses in 8 waves (demo-2024-12 to demo-2026-09)" in said
        waves = [wave for wave in surveys.waves(KEY) if wave.synthetic]
        assert [wave.key for wave in waves] == [
            *("demo-2024-12", "demo-2025-03", "demo-2025-06", "demo-2025-09"),
            *("demo-2025-12", "demo-2026-03", "demo-2026-06", "demo-2026-09"),
        ]
        assert all((wave.mode, wave.population) == ("synthetic", "synthetic") for wave in waves)
        assert waves[-1].closes_at == NOW
        assert sum(bulk.submitted_counts([wave.id for wave in waves]).values()) == 480
        assert tallies.waiting() == 0
        assert tallies.stale_places() == []
        assert tallies.verify() == []
        rows = list(csv.DictReader(io.StringIO(b"".join(files.responses(KEY, None, False) or ()).decode(), newline="")))
        assert {row["synthetic"] for row in rows} == {"1"}
        assert len({row["submitted_at"][:7] for row in rows}) == 24
        state = surveys.survey_state(KEY, datetime.now(UTC))
        assert state is not None
        assert state.wave is not None
        assert state.wave.key == "w1"

        again = load(settings, 480, 8, NOW)
        assert "synthetic waves already" in again
        assert len(db.session.execute(select(Response.id)).all()) == 480


def test_the_same_seed_loads_the_same_responses(
    app: Flask, fielded: Questionnaire, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.synthetic.load.run_now", lambda *_given: 0)
    with app.app_context():
        load(settings, 48, 7, NOW)
        first = {(row.id, row.answers) for row in db.session.execute(select(Response.id, Response.answers))}
        for table in ("tally_queue", "response", "wave"):
            db.session.execute(db.metadata.tables[table].delete())
        db.session.commit()
        load(settings, 48, 7, NOW)
        assert {(row.id, row.answers) for row in db.session.execute(select(Response.id, Response.answers))} == first


def test_without_the_survey_it_says_so(app: Flask, settings: Settings) -> None:
    with app.app_context():
        assert "Publish its questionnaire first" in load(settings, 10, 1, NOW)


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), "2024-12", "2026-11"),
        (datetime(2026, 12, 1, 0, 5, tzinfo=UTC), "2024-12", "2026-11"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2024-02", "2026-01"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "2024-01", "2025-12"),
    ],
)
def test_months_end_now_and_leave_no_gap(now: datetime, first: str, last: str) -> None:
    months = months_before(now)
    assert len(months) == 24
    assert (f"{months[0].begins:%Y-%m}", f"{months[-1].begins:%Y-%m}") == (first, last)
    assert all(a.ends == b.begins for a, b in pairwise(months))
    assert months[-1].ends == now
    assert all(month.begins.day == 1 and month.begins < month.ends for month in months)
