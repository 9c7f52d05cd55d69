"""Who has begun finishes on the version begun, though a newer one is asked meanwhile; others meet the newer one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.research import files, intake
from app.storage import recount, surveys, watching
from app.storage.base import reading
from app.storage.models import TallyRow

from .person import Person

SOURCE = """
survey: moving
title: {en: Moving}
languages: [en]
period: day
pages:
  - name: first
    title: {en: First}
    questions:
      - {name: old, kind: integer, label: {en: "How many?"}, required: true}
  - name: second
    title: {en: Second}
    questions:
      - {name: view, kind: scale, label: {en: "Your view?"},
         choices: [{code: "1", label: {en: Bad}}, {code: "2", label: {en: Good}}]}
"""
OLD = read_questionnaire(SOURCE)
NEW = read_questionnaire(
    SOURCE.replace("name: old, kind: integer", "name: fresh, kind: integer").replace("Your view?", "What do you think?")
)
PLACE = "/s/moving"


@pytest.fixture
def fielded(app: Flask) -> Questionnaire:
    with app.app_context():
        begun = datetime.now(UTC) - timedelta(days=9)
        surveys.publish(OLD, begun)
        surveys.open_wave("moving", "w1", begun)
    return OLD


def replaced(app: Flask, since: timedelta = timedelta(0)) -> None:
    """The wave closes that long ago, a newer version is published, and the next wave opens with it."""
    now = datetime.now(UTC)
    with app.app_context():
        surveys.close_wave("moving", "w1", now - since)
        surveys.publish(NEW, now)
        surveys.open_wave("moving", "w2", now)


def rows(app: Flask) -> list[dict[str, str]]:
    with app.app_context():
        lines = files.responses("moving", None, False)
        assert lines is not None
        return list(csv.DictReader(io.StringIO(b"".join(lines).decode())))


def test_each_finishes_on_the_version_begun(app: Flask, fielded: Questionnaire, roll_up: Callable[[], int]) -> None:
    early, late = Person(app.test_client()), Person(app.test_client())
    early.open(PLACE).press(old="7")
    assert early.place == "second"
    replaced(app)

    late.open(PLACE)
    assert late.asked() == ["fresh"]
    late.press(fresh="3")
    assert "What do you think?" in late.page.get_text()

    # On any page, by any way back, the earlier one goes on where it stopped, in its own words.
    token = early.client.get_cookie("answering-moving")
    assert token is not None
    elsewhere = Person(app.test_client()).open(f"{PLACE}/resume/{token.value}")
    for person in (early.open(PLACE).open(f"{PLACE}/page/second"), elsewhere):
        assert person.asked() == ["view"]
        assert "Your view?" in person.page.get_text()
    early.press(view="2")
    assert early.place == "check"
    assert early.send().code() == token.value
    late.press(view="1").send().code()

    by_wave = {row["wave"]: row for row in rows(app)}
    assert {(wave, row["questionnaire"]) for wave, row in by_wave.items()} == {("w1", OLD.hash), ("w2", NEW.hash)}
    assert (by_wave["w1"]["old"], by_wave["w1"]["view"], by_wave["w1"]["fresh"]) == ("7", "2", "-1")
    assert (by_wave["w2"]["fresh"], by_wave["w2"]["view"], by_wave["w2"]["old"]) == ("3", "1", "-1")
    assert roll_up() == 2
    with app.app_context():
        counted = {waves.key: waves.id for waves in surveys.waves("moving")}
        assert {wave_id: n for wave_id, _, n in watching.completes(list(counted.values()))} == dict.fromkeys(
            counted.values(), 1
        )
    # Having sent the one, the same person is welcome in the next wave.
    assert "The survey has been opened again since." in early.open(PLACE).page.get_text()


def test_who_comes_back_too_late_begins_with_the_new_version(app: Flask, fielded: Questionnaire) -> None:
    person = Person(app.test_client())
    person.open(PLACE).press(old="7")
    replaced(app, timedelta(hours=24))
    assert person.open(f"{PLACE}/page/second").place == "moving"
    assert person.asked() == ["fresh"]


def test_what_was_finished_late_counts_in_the_waves_last_period(
    app: Flask, fielded: Questionnaire, roll_up: Callable[[], int]
) -> None:
    """Not in a period of its own, after the wave: a few people, whom nobody can be compared with."""
    person = Person(app.test_client())
    person.open(PLACE).press(old="7").press(view="2")
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with app.app_context():
        surveys.close_wave("moving", "w1", midnight)
    person.open(f"{PLACE}/check").send().code()
    assert roll_up() == 1
    with app.app_context():
        last_day = f"{midnight - timedelta(days=1):%Y-%m-%d}"
        assert [row.period for row in reading().query(TallyRow.period)] == [last_day]
        assert recount.rebuild() == 1
        assert recount.verify() == []
        assert [row.period for row in reading().query(TallyRow.period)] == [last_day]
        (wave,) = surveys.waves("moving")
        assert [(day, n) for _, day, n in watching.completes([wave.id])] == [(datetime.now(UTC).date(), 1)]


def test_a_file_of_late_responses_can_be_taken_elsewhere(
    app: Flask, fielded: Questionnaire, roll_up: Callable[[], int], tmp_path: Path
) -> None:
    """The import knows the same rule: begun before the end, sent within the hours after it."""
    person = Person(app.test_client())
    person.open(PLACE).press(old="7").press(view="2").send()
    (row,) = rows(app)
    sent = datetime.fromisoformat(row["submitted_at"])
    closes_at = sent - timedelta(hours=3)

    def take(started: timedelta, submitted: timedelta, hours: int = 24) -> int:
        """Takes the response as begun and sent that long after the wave's end."""
        made = {**row, "response_id": "", "wave": "", "submitted_at": f"{closes_at + submitted:%Y-%m-%dT%H:%M:%SZ}"}
        made["started_at"] = f"{closes_at + started:%Y-%m-%dT%H:%M:%SZ}"
        out = io.StringIO()
        writer = csv.DictWriter(out, row)
        writer.writeheader()
        writer.writerow(made)
        path = tmp_path / "late.csv"
        path.write_text(out.getvalue(), encoding="utf-8")
        app.extensions["settings"] = app.extensions["settings"].model_copy(update={"finish_hours": hours})
        with app.app_context():
            return intake.take("moving", "w1", path, sent)

    with app.app_context():
        surveys.close_wave("moving", "w1", closes_at)
    before, second = timedelta(minutes=-5), timedelta(seconds=1)
    assert take(before, timedelta(hours=2) - second, hours=2) == 1
    with pytest.raises(FileError, match="and who had begun could finish until"):
        take(before, timedelta(hours=2), hours=2)
    with pytest.raises(FileError, match="submitted_at: The wave was closed already"):
        take(before, timedelta(hours=1), hours=0)
    with pytest.raises(FileError, match="started_at: The wave was closed already"):
        take(timedelta(0), timedelta(hours=1))
    assert roll_up() == 2
