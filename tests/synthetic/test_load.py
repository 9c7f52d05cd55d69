"""Synthetic waves in the database: marked, counted, refused a second time."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text

from app.extensions import db
from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.research import files
from app.storage import bulk, recount, surveys, tallies
from app.storage.models import Response
from app.synthetic.load import load, months_before
from config import Settings
from tests.conftest import ROOT

KEY = "domestic-diplomacy"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.slow
def test_waves_are_marked_and_rolled_up(app: Flask, fielded: Questionnaire, settings: Settings) -> None:
    with app.app_context():
        steps: list[str] = []
        said = load(settings, 480, 7, NOW, say=steps.append)
        assert steps[0] == "Loading 480 synthetic responses over 24 months ..."
        assert steps[2:] == [f"  month {month} of 24" for month in range(3, 25, 3)]
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
        assert recount.verify() == []
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


def test_every_kind_is_loaded_and_rolled_up(app: Flask, settings: Settings) -> None:
    made = read_questionnaire((ROOT / "tests" / "fixtures" / "kinds.yaml").read_bytes())
    with app.app_context():
        surveys.publish(made, NOW)
        assert "240 synthetic responses in 8 waves" in load(settings, 240, 7, NOW, made.survey)
        assert recount.verify() == []
        rows = list(csv.DictReader(io.StringIO(b"".join(files.responses(made.survey, None, False) or ()).decode())))
        assert len(rows) == 240
        assert {row["agreed"] for row in rows} == {"yes"}


def test_the_same_seed_loads_the_same_responses(
    app: Flask, fielded: Questionnaire, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.synthetic.load._roll_up", lambda *_given: None)
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


def stored(database: str, query: str) -> list[Any]:
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(query)).all())
    finally:
        engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(("phase", "waves"), [("Loading", 0), ("month 3", 8)])
def test_a_load_that_was_killed_leaves_all_or_nothing(
    app: Flask, fielded: Questionnaire, settings: Settings, phase: str, waves: int
) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "INSTANCE_DIR": str(settings.instance_dir),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
    }
    command = [str(Path(sys.executable).parent / "flask"), "demo", "load", "--seed", "1", "--responses"]
    count = "2000000" if waves == 0 else "480"
    running = subprocess.Popen([*command, count], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert any(phase in line for line in running.stdout)
    if waves == 0:
        time.sleep(2)  # The insertion takes a minute.
    running.kill()
    running.wait()
    running.stdout.close()
    assert stored(settings.database_url, "SELECT count(*) FROM wave WHERE synthetic") == [(waves,)]
    assert bool(stored(settings.database_url, "SELECT 1 FROM response LIMIT 1")) == bool(waves)

    again = subprocess.run([*command, "480"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert ("None were added" if waves else "480 synthetic responses") in again.stdout
    assert stored(settings.database_url, "SELECT count(*) FROM response") == [(480,)]
    with app.app_context():
        assert tallies.waiting() == 0
        assert tallies.stale_places() == []
        assert recount.verify() == []


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
