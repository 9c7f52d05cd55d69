"""Responses from a file: all of them or none, once, counted like any others."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import create_app
from app.extensions import db
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.research import files, intake
from app.storage import bulk, recount, responses, surveys, tallies
from app.storage.models import QueuedResponse, Response
from app.synthetic.generate import Month, generate
from app.synthetic.load import months_before
from tests.conftest import make_settings

from .conftest import NOW, Send

KEY = "domestic-diplomacy"
# After the wave "w1" was opened.
LATER = datetime.now(UTC) + timedelta(days=1)


def count(table: type[Response] | type[QueuedResponse]) -> int:
    return int(db.session.execute(select(func.count()).select_from(table)).scalar_one())


def exported(wave: str, synthetic: bool = True) -> list[list[str]]:
    """The file of a wave's responses without the columns that name them, sorted."""
    chunks = files.responses(KEY, None, False, synthetic)
    assert chunks is not None
    rows = list(csv.reader(io.StringIO(b"".join(chunks).decode(), newline="")))
    return sorted(row[3:] for row in rows[1:] if row[2] == wave)


def write(folder: Path, text: str) -> Path:
    path = folder / "responses.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_what_was_exported_comes_back_the_same_in_another_database(
    app: Flask, fielded: Questionnaire, send: Send, tmp_path: Path, new_database: Callable[[str], str]
) -> None:
    made = [one.answers for _, some in generate(fielded, 3, months_before(NOW), 300) for one in some]
    send(made[:200], "one", synthetic=True)
    send(made[200:], "two", synthetic=True)
    path = tmp_path / "all.csv"
    with app.app_context():
        path.write_bytes(b"".join(files.responses(KEY, None, True, synthetic=True) or ()))
        found = {wave: exported(wave) for wave in ("one", "two")}
    other = create_app(make_settings(tmp_path, new_database("sqlite")))
    with other.app_context():
        surveys.publish(fielded, NOW)
        for wave in ("one", "two"):
            surveys.open_wave(KEY, wave, NOW, synthetic=True)
        with pytest.raises(FileError):
            intake.take(KEY, "one", path, LATER)
        assert intake.take(KEY, "one", path, LATER, only_wave=True) == 200
        assert intake.take(KEY, "two", path, LATER, only_wave=True) == 100
        assert {wave: exported(wave) for wave in ("one", "two")} == found
        while tallies.roll_up(100):
            pass
        assert recount.verify() == []
        db.session.remove()
        db.engine.dispose()


def test_what_was_answered_in_part_comes_back_the_same(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    with app.app_context():
        for wave in ("from", "to"):
            surveys.open_wave(KEY, wave, NOW, synthetic=True)
        rows = "country,region_jp,DD6a,comment\njp,,5,\nus,-1,-7,=1\nother,-1,-8,x\n-1,kanto,-1,y\n"
        intake.take(KEY, "from", write(tmp_path, rows), LATER)
        data = b"".join(files.responses(KEY, None, False, synthetic=True) or ()).decode()
        with pytest.raises(FileError, match="wave"):
            intake.take(KEY, "to", write(tmp_path, data), LATER)
        assert intake.take(KEY, "to", write(tmp_path, data.replace(",from,", ",to,")), LATER) == 4
        assert exported("to") == exported("from")
        found = surveys.wave(KEY, "to")
        assert found is not None
        stored = [one.answers for one in bulk.read_submitted([found.id])]
        assert {"country": "jp", "region_jp": None, "DD6a": "5", "comment": None} in stored
        assert {"region_jp": "kanto", "comment": "y"} in stored


def test_a_wave_does_not_take_its_own_export(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    with app.app_context():
        intake.take(KEY, "w1", write(tmp_path, "country\njp\nus\n"), LATER)
        data = b"".join(files.responses(KEY, None, False) or ()).decode()
        with pytest.raises(FileError) as refused:
            intake.take(KEY, "w1", write(tmp_path, data), LATER)
        assert [(problem.line, problem.where) for problem in refused.value.problems] == [(0, "response_id")]
        assert count(Response) == 2


def test_begin_and_end_of_a_response_are_kept(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    with app.app_context():
        surveys.open_wave(KEY, "then", NOW, synthetic=True)
        begun, sent = "2026-11-20T08:01:02Z", "2026-11-20T08:03:04Z"
        intake.take(KEY, "then", write(tmp_path, f"country,started_at,submitted_at\njp,{begun},{sent}\n"), LATER)
        row = db.session.execute(select(Response)).scalar_one()
        assert row.started_at == NOW + timedelta(minutes=1, seconds=2)
        assert row.submitted_at == row.saved_at == NOW + timedelta(minutes=3, seconds=4)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), mangled=st.booleans())
def test_answers_are_stored_as_if_given_on_the_pages(
    app: Flask, fielded: Questionnaire, tmp_path: Path, seed: int, mangled: bool
) -> None:
    ((_, made),) = generate(fielded, seed, [Month(NOW, NOW.replace(hour=9))], 20)
    cells = [
        [cell for name, v in fielded.variables.items() for cell in v.question.cells(one.answers.get(name, "-1"), None)]
        for one in made
    ]
    header = [column for name, v in fielded.variables.items() for column in v.question.columns(name)]
    text = io.StringIO()
    csv.writer(
        text, lineterminator="\n" if mangled else "\r\n", quoting=csv.QUOTE_ALL if mangled else csv.QUOTE_MINIMAL
    ).writerows([header, *cells])
    with app.app_context():
        wave = f"w-{seed}-{mangled}".lower()
        if surveys.wave(KEY, wave) is None:
            surveys.open_wave(KEY, wave, NOW, synthetic=True)
        intake.take(KEY, wave, write(tmp_path, text.getvalue()), NOW)
        found = surveys.wave(KEY, wave)
        assert found is not None
        stored = [one.answers for one in bulk.read_submitted([found.id])]
        assert sorted(map(repr, stored)) == sorted(repr(one.answers) for one in made)


def test_one_bad_row_among_many_and_nothing_is_taken(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    path = write(tmp_path, "country,DD6a\n" + "jp,5\n" * 5000 + "jp,9\n" + "mars,5\n")
    with app.app_context():
        with pytest.raises(FileError) as caught:
            intake.take(KEY, "w1", path, LATER)
        assert [(problem.line, problem.where) for problem in caught.value.problems] == [
            (5002, "DD6a"),
            (5003, "country"),
        ]
        assert (count(Response), count(QueuedResponse)) == (0, 0)


def test_a_failure_of_the_database_on_the_way_and_nothing_is_taken(
    app: Flask, fielded: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "country\n" + "jp\n" * 5000)
    batches = bulk._batches

    def breaking(rows: object) -> object:
        yield next(batches(rows))  # type: ignore[arg-type]
        raise ConnectionError("the database went away")

    with app.app_context():
        monkeypatch.setattr(bulk, "_batches", breaking)
        with pytest.raises(ConnectionError):
            intake.take(KEY, "w1", path, LATER)
        assert (count(Response), count(QueuedResponse)) == (0, 0)
        monkeypatch.undo()
        assert intake.take(KEY, "w1", path, LATER) == 5000
        assert (count(Response), count(QueuedResponse)) == (5000, 5000)


def test_the_same_file_twice_adds_nothing(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    path = write(tmp_path, "country,DD6a\njp,5\njp,5\n")
    with app.app_context():
        surveys.open_wave(KEY, "w2", NOW, synthetic=True)
        assert intake.take(KEY, "w1", path, LATER) == 2
        tallies.roll_up(100)
        assert intake.take(KEY, "w1", path, LATER) == 0
        assert (count(Response), count(QueuedResponse)) == (2, 0)
        assert intake.take(KEY, "w2", path, LATER) == 2
        assert intake.take(KEY, "w1", write(tmp_path, "country,DD6a\njp,5\njp,4\n"), LATER) == 2


def test_the_same_file_after_the_wave_was_closed_adds_nothing(
    app: Flask, fielded: Questionnaire, tmp_path: Path
) -> None:
    path = write(tmp_path, "country,DD6a\njp,5\n")
    with app.app_context():
        intake.take(KEY, "w1", path, LATER)
        surveys.close_wave(KEY, "w1", LATER)
        assert intake.take(KEY, "w1", path, LATER) == 0
        with pytest.raises(FileError):
            intake.take(KEY, "w1", write(tmp_path, "country,DD6a\njp,4\n"), LATER)


def test_the_same_file_twice_at_once_is_taken_once(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    path = write(tmp_path, "country\n" + "jp\n" * 3000)
    taken: list[int] = []

    def take() -> None:
        with app.app_context():
            taken.append(intake.take(KEY, "w1", path, LATER))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 0, 0, 3000]
    with app.app_context():
        assert count(Response) == 3000


def test_nobody_can_withdraw_what_came_from_a_file(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    with app.app_context():
        intake.take(KEY, "w1", write(tmp_path, "country\njp\n"), LATER)
        token = responses.new_token()
        with pytest.raises(ValueError, match="token"):
            bulk.add(surveys.waves(KEY)[0].id, [bulk.Finished(token.lower(), "ja", "{}", NOW, NOW)])
        row = db.session.execute(select(Response)).scalar_one()
        assert (row.state, row.submitted_at, row.language) == ("done", LATER, "ja")


def test_ids_are_made_of_the_origin_as_of_a_token(app: Flask, fielded: Questionnaire) -> None:
    with app.app_context():
        wave = surveys.waves(KEY)[0]
        bulk.add(wave.id, [bulk.Finished("an/origin", "ja", '{"country":"jp"}', NOW, NOW)])
        found = responses.find("an/origin")
        assert found is not None
        assert found.id == responses.response_id("an/origin")


@pytest.mark.parametrize(("survey", "wave"), [(KEY, "no-such"), ("no-such", "w1")])
def test_unknown_waves(app: Flask, fielded: Questionnaire, tmp_path: Path, survey: str, wave: str) -> None:
    with app.app_context(), pytest.raises(FileError, match=wave):
        intake.take(survey, wave, write(tmp_path, "country\njp\n"), LATER)


def test_the_command(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    path = str(write(tmp_path, "country,DD6a\njp,5\n"))
    command = ["responses", "import", KEY, "w1"]
    assert runner.invoke(args=[*command, path]).output == f"{KEY} w1: 1 responses taken\n"
    again = f"{KEY} w1: 0 responses taken: this file was taken into this wave before\n"
    assert runner.invoke(args=[*command, path]).output == again
    several = str(write(tmp_path, "wave,country,DD6a\nw2,jp,5\nw1,us,5\nw1,us,4\n"))
    assert "responses.csv:2: wave: " in runner.invoke(args=[*command, several]).output
    assert "2 responses taken" in runner.invoke(args=[*command, several, "--only-wave"]).output
    bad = runner.invoke(args=[*command, str(write(tmp_path, "country\nxx\n"))])
    assert bad.exit_code == 1
    assert "responses.csv:2: country: " in bad.output
    out = runner.invoke(args=["responses", "export", KEY, "--labels", "ja", "--bom"]).stdout_bytes
    assert out.startswith(b"\xef\xbb\xbfresponse_id,")
    assert "日本" in out.decode()


def test_made_up_responses_do_not_become_real(app: Flask, fielded: Questionnaire, tmp_path: Path) -> None:
    path = write(tmp_path, "synthetic,country\n0,jp\n1,jp\n")
    with app.app_context(), pytest.raises(FileError) as refused:
        intake.take(KEY, "w1", path, LATER)
    assert [(problem.line, problem.where) for problem in refused.value.problems] == [(3, "synthetic")]
