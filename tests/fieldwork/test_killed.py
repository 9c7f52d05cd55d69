"""kill -9 on the scheduler while it sends: nobody gets a letter twice, and who may have none is named."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import create_app, inviting
from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.storage import invitations, letters, surveys
from tests.conftest import ROOT, make_settings
from tests.post_office import PostOffice, post_office

from .conftest import KEY

PEOPLE = [f"p{i}@example.org" for i in range(200)]


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "kinds"), [("sqlite", 2), ("postgresql", 1)])
def test_nobody_is_written_to_twice(
    new_database: Callable[[str], str], tmp_path: Path, questionnaire: Questionnaire, engine: str, kinds: int
) -> None:
    chance = random.Random(11)
    with post_office(tmp_path) as office:
        address = new_database(engine)
        app = create_app(make_settings(tmp_path, address, **office.settings))
        begin(app, questionnaire)
        scheduler = Scheduler(app, address, tmp_path, office)
        plan(app, "invitation")
        doubted = sent_through_kills(scheduler, "Please take part", chance, 2)
        settled = {email for email, _ in doubted}
        settle_all(app)
        scheduler.until_nothing_is_due()
        assert set(scheduler.counts("Please take part")) == set(PEOPLE), "now everybody has one"
        twice = {email for email, n in scheduler.counts("Please take part").items() if n > 1}
        assert twice <= settled, "and nobody more, but where a person said so"
        if kinds > 1:
            plan(app, "reminder1")
            sent_through_kills(scheduler, "Reminder", chance, 1)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def begin(app: Flask, questionnaire: Questionnaire) -> None:
    now = datetime.now(UTC) - timedelta(minutes=5)
    with app.app_context():
        surveys.publish(questionnaire, now)
        wave_id = surveys.open_wave(KEY, "w1", now)
        invitations.add_contacts(KEY, "w1", wave_id, [(one, "", "en") for one in PEOPLE], now, "test")


def plan(app: Flask, kind: str) -> None:
    with app.app_context():
        wave, now = surveys.waves(KEY)[0], datetime.now(UTC)
        letters.plan(KEY, "w1", wave.id, kind, now, inviting.first_texts(kind, wave, ("en",)), now, "test")


def settle_all(app: Flask) -> None:
    """A person says of all letters in doubt that they are to be sent again."""
    now = datetime.now(UTC) + timedelta(minutes=1)
    with app.app_context():
        wave_id = surveys.waves(KEY)[0].id
        for one in letters.doubtful(wave_id, now):
            at = (KEY, wave_id, one.email, one.kind)
            assert letters.settle(*at, again=True, before=now, now=datetime.now(UTC), by="test")


def sent_through_kills(scheduler: Scheduler, subject: str, chance: random.Random, kills: int) -> set[tuple[str, str]]:
    """Sends a round, killed now and then. Who is not named as doubtful has exactly one letter. Returns the doubtful."""
    for _ in range(kills):
        scheduler.kill_after(chance.randint(3, 30), chance.uniform(0, 0.02))
    scheduler.until_nothing_is_due()
    counts, doubtful = scheduler.counts(subject), scheduler.doubtful()
    assert len(doubtful) <= kills
    unsure = {email for email, _ in doubtful}
    for email in PEOPLE:
        assert counts[email] == 1 or (counts[email] == 0 and email in unsure), email
    return doubtful


class Scheduler:
    """The process that sends, started and killed again and again."""

    def __init__(self, app: Flask, address: str, folder: Path, office: PostOffice) -> None:
        self.app, self.office, self.log = app, office, folder / "jobs.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "COV_"))},
            **{name.upper(): str(value) for name, value in office.settings.items()},
            "DATABASE_URL": address,
            "INSTANCE_DIR": str(folder),
            "SECRET_KEY": app.config["SECRET_KEY"],
            "JOBS_INTERVAL_SECONDS": "1",
            "LEASE_SECONDS": "2",
        }

    def start(self) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).parent / "flask"), "jobs", "run"]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)

    def kill_after(self, more: int, moment: float) -> None:
        """Starts it, and kills it when it has sent some letters more and a moment has passed."""
        process, before = self.start(), len(self.office.letters)
        try:
            while len(self.office.letters) < before + more:
                assert process.poll() is None, self.log.read_text()
                time.sleep(0.002)
            time.sleep(moment)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def until_nothing_is_due(self) -> None:
        process = self.start()
        try:
            while self.is_something_due() or self.is_something_sending_since_now():
                assert process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        finally:
            process.terminate()
            process.wait()

    def is_something_due(self) -> bool:
        with self.app.app_context():
            return bool(letters.due(datetime.now(UTC), 1))

    def is_something_sending_since_now(self) -> bool:
        """Whether a letter may be under way: claimed within the lease."""
        with self.app.app_context():
            wave_id, now = surveys.waves(KEY)[0].id, datetime.now(UTC)
            claimed = letters.doubtful(wave_id, now + timedelta(minutes=1))
            return len(claimed) > len(letters.doubtful(wave_id, now - timedelta(seconds=2)))

    def counts(self, subject: str) -> Counter[str]:
        return Counter(str(one["To"]) for one in self.office.letters if str(one["Subject"]).startswith(subject))

    def doubtful(self) -> set[tuple[str, str]]:
        with self.app.app_context():
            now = datetime.now(UTC) + timedelta(minutes=1)
            return {(one.email, one.kind) for one in letters.doubtful(surveys.waves(KEY)[0].id, now)}
