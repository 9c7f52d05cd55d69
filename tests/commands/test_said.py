"""What commands say when all is well, or when what they were given is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.commands.jobs import every
from app.questionnaire.model import Questionnaire
from app.storage import surveys
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
