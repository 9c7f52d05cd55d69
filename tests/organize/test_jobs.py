"""The scheduler's page: what ran, what failed and why, when next, and running a job now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.jobs.run import run_asked, run_due, slot_of
from app.jobs.schedule import Job, jobs
from app.organize.jobs import RECENT_RUNS
from app.storage import audit
from app.storage import jobs as runs
from config import Settings
from tests.accounts.door import ORGANIZER, token
from tests.organize.test_pages import table

PAGE = "/organize/jobs"
NOW = datetime.now(UTC)


def explode(_run: object) -> int:
    raise RuntimeError("the disk is full")


def test_jobs_say_what_ran_what_failed_and_when_next(app: Flask, organizer: FlaskClient, settings: Settings) -> None:
    listed = jobs(settings)
    now = datetime.now(UTC)
    with app.app_context():
        for job in listed:
            act = explode if job.name == "forget_runs" else job.act
            run_due(Job(job.name, job.every, act, job.purpose), settings, lambda: now)
    page = organizer.get(PAGE).text
    rows = {row[0].split()[-1]: row for row in table(page, "Scheduled jobs")}
    assert set(rows) == {job.name for job in listed}
    assert rows["roll_up"][3] == "Done"
    assert rows["roll_up"][1] == "every 1 minute"
    assert rows["forget_runs"][3] == "Failed : RuntimeError: the disk is full"
    assert re.fullmatch(r"\d+\.\d s", rows["roll_up"][4])
    midnight = datetime.fromtimestamp(86_400 * (slot_of(now, timedelta(days=1)) + 1), UTC)
    assert rows["forget_runs"][6] == f"{midnight.day} {midnight:%b %Y}, 00:00 UTC"
    assert "The scheduler has not run" not in page
    assert len(table(page, "runs")) == len(listed)


def test_a_worker_that_died_is_told(app: Flask, organizer: FlaskClient) -> None:
    with app.app_context():
        long_ago = NOW - timedelta(hours=1)
        runs.claim("roll_up", slot_of(long_ago, timedelta(minutes=1)), "w", long_ago, timedelta(seconds=30))
    page = organizer.get(PAGE).text
    (row,) = (row for row in table(page, "Scheduled jobs") if row[0].endswith("roll_up"))
    assert row[3] == "Stopped before its end; will be taken over"
    assert row[6] == "now"
    assert "The scheduler has not run for a while." in page


def test_a_job_that_was_asked_for_is_run_once_and_written_down(
    app: Flask, organizer: FlaskClient, settings: Settings
) -> None:
    form = {"csrf_token": token(organizer, PAGE)}
    pressed = organizer.post(f"{PAGE}/roll_up/run", data=form, follow_redirects=True)
    assert "The scheduler begins it within seconds" in pressed.text
    (row,) = (row for row in table(pressed.text, "Scheduled jobs") if row[0].endswith("roll_up"))
    assert row[6].startswith(f"asked for by {ORGANIZER}")
    again = organizer.post(f"{PAGE}/roll_up/run", data=form, follow_redirects=True)
    assert "asked for already" in again.text
    with app.app_context():
        (job,) = (job for job in jobs(settings) if job.name == "roll_up")
        assert run_asked(job, settings) == 0
        assert run_asked(job, settings) is None
        assert [entry.actor for entry in audit.all_entries(audit.Filter(action="job.asked"))] == [ORGANIZER]
    page = organizer.get(PAGE).text
    (row,) = (row for row in table(page, "Scheduled jobs") if row[0].endswith("roll_up"))
    assert (row[3], row[6]) == ("Done", "now")
    ((name, *_),) = table(page, "runs")
    assert name == "roll_up asked for"


def test_a_failed_run_stands_at_the_head_with_its_reason(
    app: Flask, organizer: FlaskClient, settings: Settings
) -> None:
    with app.app_context():
        run_due(Job("roll_up", timedelta(minutes=1), explode, ""), settings)
    page = organizer.get(PAGE).text
    assert "The last run of roll_up failed: RuntimeError: the disk is full" in page
    assert "Nothing is lost meanwhile" in page
    with app.app_context():
        later = datetime.now(UTC) + timedelta(minutes=2)
        for number in range(RECENT_RUNS + 1):
            run_due(Job(f"other{number}", timedelta(minutes=1), lambda _run: 0, ""), settings, lambda: later)
    page = organizer.get(PAGE).text
    assert "roll_up" not in [name for name, *_ in table(page, "runs")]
    ((name, _began, why),) = table(page, "failures")
    assert (name, why) == ("roll_up", "RuntimeError: the disk is full"), "in sight when many others ran since"


def test_a_job_that_there_is_not_cannot_be_asked_for(organizer: FlaskClient) -> None:
    form = {"csrf_token": token(organizer, PAGE)}
    assert organizer.post(f"{PAGE}/nothing/run", data=form).status_code == 404
    assert organizer.get(f"{PAGE}/roll_up/run").status_code == 405
