"""The files as they come out of the database."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.interchange.data_file import FIXED
from app.questionnaire.check_names import QUALITY_COLUMNS
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.research import files
from app.storage import bulk, responses, surveys, tallies

from .conftest import NOW, Send

KEY = "domestic-diplomacy"
Row = dict[str, str]


def rows_of(chunks: Iterator[bytes] | None) -> list[Row]:
    assert chunks is not None
    return list(csv.DictReader(io.StringIO(b"".join(chunks).decode("utf-8-sig"), newline="")))


def test_every_submitted_response_once_in_the_order_of_ids(app: Flask, send: Send) -> None:
    send({"country": "jp", "DD6a": str(number % 5 + 1)} for number in range(5000))
    with app.app_context():
        rows = rows_of(files.responses(KEY, None, False))
    ids = [int(row["response_id"]) for row in rows]
    assert len(ids) == 5000
    assert ids == sorted(set(ids))
    assert {row["DD6a"] for row in rows} == set("12345")


def test_open_and_withdrawn_responses_are_not_in_it(app: Flask, send: Send, fielded: Questionnaire) -> None:
    send([{"country": "jp"}])
    with app.app_context():
        wave = surveys.waves(KEY)[0]
        for name in ("gone", "open"):
            responses.start(name, wave.id, "ja", {"country": "us"}, NOW)
        stored = responses.find("gone")
        assert stored is not None
        responses.submit("gone", stored, lambda answers: answers, NOW)
        tallies.roll_up(100)
        assert len(rows_of(files.responses(KEY, None, False))) == 2
        assert bulk.submitted_counts([wave.id]) == {wave.id: 2}
        responses.withdraw("gone")
        assert [row["country"] for row in rows_of(files.responses(KEY, None, False))] == ["jp"]
        assert bulk.submitted_counts([wave.id]) == {wave.id: 1}
        tallies.roll_up(100)
        assert bulk.submitted_counts([wave.id]) == {wave.id: 1}


def test_real_and_synthetic_responses_never_stand_in_one_file(app: Flask, send: Send) -> None:
    with app.app_context():
        assert rows_of(files.responses(KEY, None, False)) == []
    send([{"country": "us"}] * 3, "made-up", synthetic=True)
    with app.app_context():
        only = rows_of(files.responses(KEY, None, False))
        assert [row["synthetic"] for row in only] == ["1"] * 3
        assert rows_of(files.responses(KEY, None, False, synthetic=False)) == []
    send([{"country": "jp"}])
    with app.app_context():
        assert [row["synthetic"] for row in rows_of(files.responses(KEY, None, False))] == ["0"]
        assert len(rows_of(files.responses(KEY, None, False, synthetic=True))) == 3


def test_unknown_surveys_have_no_files(app: Flask) -> None:
    with app.app_context():
        assert files.responses("nothing", None, False) is None
        assert files.codebook("nothing", False) is None


def test_columns_of_a_newer_version_come_first(app: Flask, fielded: Questionnaire, send: Send) -> None:
    send([{"favour": "4", "comment": "once asked"}])
    pages = [page for page in fielded.model_dump()["pages"] if page["name"] != "closing"]
    newer = Questionnaire.model_validate(
        {**fielded.model_dump(), "pages": pages[::-1], "breakdowns": [], "weighting": []}
    )
    with app.app_context():
        surveys.publish(newer, NOW + timedelta(days=400))
        row = rows_of(files.responses(KEY, None, False))[0]
        columns = [column["column"] for column in rows_of(files.codebook(KEY, False))]
    beside = len(FIXED) + len(QUALITY_COLUMNS)
    assert list(row)[len(FIXED) : beside + 1] == [*QUALITY_COLUMNS, "contact_study"]
    assert list(row)[-1] == "comment"
    assert (row["comment"], row["favour"], row["questionnaire"]) == ("once asked", "4", fielded.hash)
    assert list(dict.fromkeys(columns)) == list(row)


def test_nothing_is_locked_between_the_slices(app: Flask, send: Send) -> None:
    send({"country": "jp"} for _ in range(3000))
    with app.app_context():
        reading = bulk.read_submitted([surveys.waves(KEY)[0].id])
        next(reading)
        assert not db.session().in_transaction()
        assert sum(1 for _ in reading) == 2999


@pytest.mark.slow
def test_memory_does_not_grow_with_the_responses(app: Flask, send: Send) -> None:
    answers: Answers = {"country": "jp", "comment": "x" * 500}

    def peak(wave: str, count: int) -> int:
        send((answers for _ in range(count)), wave, synthetic=True)
        with app.app_context():
            found = surveys.wave(KEY, wave)
            assert found is not None
            tracemalloc.start()
            assert sum(1 for _ in bulk.read_submitted([found.id])) == count
            highest = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return highest

    peak("first", 2000)
    assert peak("large", 20_000) < 2 * peak("small", 4000)


def test_a_failure_on_the_way_is_no_end_of_the_file(app: Flask, send: Send) -> None:
    send({"country": "jp", "comment": "x" * 200} for _ in range(3000))
    with app.app_context():
        chunks = files.responses(KEY, None, False)
        assert chunks is not None
        next(chunks)

        @event.listens_for(db.engine, "before_cursor_execute")
        def fail(*_given: object) -> None:
            raise ConnectionError("the database went away")

        try:
            with pytest.raises(ConnectionError):
                list(chunks)
        finally:
            event.remove(db.engine, "before_cursor_execute", fail)


def test_the_codebook_of_the_files(app: Flask, fielded: Questionnaire) -> None:
    with app.app_context():
        rows = rows_of(files.codebook(KEY, True))
        header = rows_of(files.responses(KEY, None, True))
    assert header == []
    assert [row["column"] for row in rows][: len(FIXED)] == list(FIXED)
