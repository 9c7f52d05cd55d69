"""What commands say when all is well, or when what they were given is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.commands.jobs import every
from app.questionnaire.model import Questionnaire
from app.storage import audit, surveys
from app.storage.wave_changes import Plan, plan_of
from tests.conftest import make_settings

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Exit code, and all that was said."""
    result = app.test_cli_runner().invoke(args=arguments, catch_exceptions=False)
    return result.exit_code, result.output


@pytest.fixture
def published(app: Flask, questionnaire: Questionnaire) -> str:
    """The key of a survey that has no wave yet."""
    with app.app_context():
        surveys.publish(questionnaire, NOW)
    return questionnaire.survey


def test_a_wave_that_opens_now(app: Flask, published: str) -> None:
    assert run(app, "wave", "open", published, "w1") == (
        0,
        f"{published} w1: open at http://127.0.0.1:8000/s/{published}\n",
    )


def test_a_wave_that_opens_later(app: Flask, published: str) -> None:
    opens = NOW + DAY
    code, said = run(app, "wave", "open", published, "w1", "--opens", f"{opens:%Y-%m-%d %H:%M:%S}")
    assert code == 0
    when = f"will open on {opens:%Y-%m-%d} at {opens:%H:%M} UTC"
    assert said == f"{published} w1: {when} at http://127.0.0.1:8000/s/{published}\n"


def test_a_wave_that_is_over(app: Flask, published: str) -> None:
    opens, closes = NOW - 2 * DAY, NOW - DAY
    span = ("--opens", f"{opens:%Y-%m-%d %H:%M:%S}", "--closes", f"{closes:%Y-%m-%d %H:%M:%S}")
    code, said = run(app, "wave", "open", published, "w1", *span)
    assert (code, said) == (0, f"{published} w1: closed since {closes:%Y-%m-%d} at {closes:%H:%M} UTC\n")


def test_a_wave_that_cannot_be_opened(app: Flask, published: str) -> None:
    run(app, "wave", "open", published, "w1")
    code, said = run(app, "wave", "open", published, "w2")
    assert (code, said) == (
        1,
        "The wave “w1” is open in that time too, and only one can be. Choose other times, or close that one first.\n",
    )


def stored(app: Flask, survey: str, key: str) -> Plan:
    with app.app_context():
        found = surveys.wave(survey, key)
        assert found is not None
        return plan_of(found)


def test_a_wave_that_is_changed(app: Flask, published: str) -> None:
    opens = (NOW + 9 * DAY).replace(microsecond=0)
    run(app, "wave", "open", published, "w1", "--opens", f"{opens:%Y-%m-%d %H:%M:%S}", "--zone", "UTC")
    was = stored(app, published, "w1")
    change = ("wave", "change", published, "w1")
    address = f"http://127.0.0.1:8000/s/{published}"
    state = f"will open on {opens:%Y-%m-%d at %H:%M} UTC at {address}"
    assert run(app, *change) == (0, f"{published} w1: nothing is different; {state}\n")
    closes = (opens + 9 * DAY).replace(hour=9, minute=30, second=0)
    when = ("--zone", "Asia/Tokyo", "--closes", f"{closes:%Y-%m-%dT%H:%M:%S}", "--finish-hours", "0")
    who = ("--key", "w2", "--who", "sample", "--language", "en", "--population", "panel")
    assert run(app, *change, *when, *who) == (0, f"{published} w2: changed; {state}\n")
    assert stored(app, published, "w2") == replace(
        was,
        key="w2",
        closes_at=closes - timedelta(hours=9),
        time_zone="Asia/Tokyo",
        finish_hours=0,
        languages=("en",),
        invited_only=True,
        probability_sample=True,
        population="panel",
    )
    change = ("wave", "change", published, "w2")
    assert run(app, *change, "--no-closing", "--who", "everybody")[0] == 0
    found = stored(app, published, "w2")
    assert (found.closes_at, found.invited_only, found.probability_sample) == (None, False, False)
    with app.app_context():
        logged = [entry.actor for entry in audit.entries(audit.Filter(action="wave.changed"))]
    assert logged == [audit.COMMAND_LINE] * 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--key", "W 2"), "--key: Give the wave a key of lower-case letters"),
        (("--key", "now"), "--key: The survey has a wave “now” already."),
        (("--zone", "Mars/Base"), "--zone: There is no time zone “Mars/Base”."),
        (("--opens", "2020-01-01"), "--opens: This time is past."),
        (("--opens", "2990-03-14T02:30:00", "--zone", "America/New_York"), "--opens: 2990-03-14 02:30 does not exist"),
        (("--closes", "2989-12-31"), "--closes: The wave would close before it opens."),
        (("--closes", "2991-01-01", "--no-closing"), "--no-closing: it cannot stand with --closes."),
        (("--language", "fr"), "--language: The questionnaire has no language “fr”."),
        (("--mode", " "), "--mode: Say it in a few words"),
        (("--population", "x" * 61), "--population: Say it in a few words"),
    ],
)
def test_a_wave_that_cannot_be_changed_like_this(
    app: Flask, published: str, options: tuple[str, ...], said: str
) -> None:
    run(app, "wave", "open", published, "now", "--closes", "2989-01-01")
    run(app, "wave", "open", published, "later", "--opens", "2990-01-01")
    was = stored(app, published, "later")
    code, told = run(app, "wave", "change", published, "later", *options)
    assert (code, told[: len(said)]) == (1, said)
    assert stored(app, published, "later") == was


def test_of_an_open_wave_only_the_end_is_changed(app: Flask, published: str) -> None:
    run(app, "wave", "open", published, "now")
    run(app, "wave", "close", published, "now")
    change = ("wave", "change", published)
    assert run(app, *change, "now", "--mode", "phone") == (1, "The wave “now” is closed already.\n")
    assert run(app, *change, "gone") == (1, "The survey has no wave “gone”.\n")
    run(app, "wave", "open", published, "w2", "--closes", "2989-01-01")
    only = "the wave is open, so only --closes, --no-closing and --finish-hours can be given."
    for option, value in (("--mode", "phone"), ("--key", "")):
        assert run(app, *change, "w2", option, value) == (1, f"{option}: {only}\n")
    run(app, "wave", "open", published, "other", "--opens", "2991-01-01")
    code, said = run(app, *change, "w2", "--closes", "2992-01-01")
    assert (code, said.partition(" is open in")[0]) == (1, "--closes: The wave “other”")
    code, said = run(app, *change, "w2", "--closes", "2990-01-01", "--finish-hours", "2")
    assert (code, said.partition(";")[0]) == (0, f"{published} w2: changed")
    assert stored(app, published, "w2").finish_hours == 2


def test_a_wave_that_is_closed(app: Flask, published: str) -> None:
    """It says until when those who have begun may finish; nobody begins a wave that is cancelled."""
    run(app, "wave", "open", published, "w1")
    code, said = run(app, "wave", "close", published, "w1")
    with app.app_context():
        (wave,) = surveys.waves(published)
    assert wave.closes_at is not None
    until = f"{wave.closes_at + DAY:%Y-%m-%d at %H:%M} UTC"
    assert (code, said) == (0, f"{published} w1: closed; who has begun can send until {until}\n")
    run(app, "wave", "open", published, "w2", "--opens", f"{NOW + DAY:%Y-%m-%d %H:%M:%S}")
    assert run(app, "wave", "close", published, "w2") == (0, f"{published} w2: closed\n")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "every second"),
        (60, "every minute"),
        (90, "every 90 seconds"),
        (600, "every 10 minutes"),
        (3_600, "every hour"),
        (21_600, "every 6 hours"),
        (86_400, "every day"),
        (604_800, "every 7 days"),
    ],
)
def test_how_often_in_words(seconds: int, words: str) -> None:
    assert every(timedelta(seconds=seconds)) == words


def test_the_list_of_jobs(app: Flask) -> None:
    code, said = run(app, "jobs", "list")
    assert code == 0
    lines = {line.split()[0]: line for line in said.splitlines()}
    assert "every minute" in lines["roll_up"]
    assert "every day" in lines["forget_runs"]
    assert all("has not run yet" in line for line in lines.values())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("survey: [1", 1),
        ("survey: [1\n", 1),
        ("survey: {a: 1\n\n\n", 1),
        ("survey: 'x\n", 1),
        ("{\n", 1),
        ("survey: x: y\n", 1),
        ("languages: [ja, en]\nsurvey: [1\npages: 2\n", 2),
        ("languages: [ja, en]\nsurvey: [1,\n  2,\n  3\n", 2),
        ('languages: [ja, en]\nsurvey: "x\n\n# the end\n', 2),
    ],
)
def test_the_line_of_what_is_no_yaml(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    code, said = run(
        create_app(make_settings(tmp_path, f"sqlite:///{tmp_path}/none.sqlite")), "survey", "check", str(file)
    )
    assert code == 1
    assert said.startswith(f"{file}:{line}: The file is not valid YAML")
    assert said.count("\n") == 1
