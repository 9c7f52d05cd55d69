"""What stands wrong in a file of responses is told with its line and column."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.interchange.csv_rows import LONGEST_LINE
from app.interchange.responses_csv import Destination, Taken, read_responses
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import MOST_PROBLEMS, FileError, Problem
from tests.questionnaire.made import questionnaire_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OPENED = datetime(2026, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)
CLOSED = datetime(2026, 2, 1, 12, 0, 0, 500_000, tzinfo=UTC)
YES = {"code": "yes", "label": {"en": "Yes", "ja": "はい"}}
NO = {"code": "no", "label": {"en": "No", "ja": "いいえ"}}
LABEL = {"en": "Label", "ja": "題"}


def made() -> Questionnaire:
    asked = questionnaire_of(
        [
            {"name": "agree", "kind": "select_one", "label": LABEL, "choices": [YES, NO], "dont_know": True},
            {"name": "age", "kind": "integer", "label": LABEL, "parameters": {"start": 0, "end": 120}},
            {"name": "seen", "kind": "select_multiple", "label": LABEL, "choices": [YES, NO]},
            {"name": "said", "kind": "text", "label": LABEL, "parameters": {"max_length": 10}},
        ],
        languages=["en", "ja"],
    )
    ends = [{"when": "${agree} = 'no' or ${age} < 18", "label": LABEL}]
    return Questionnaire.model_validate({**asked.model_dump(), "ends": ends})


def wave(closes_at: datetime | None = None, synthetic: bool = False) -> Destination:
    return Destination("w1", made(), OPENED, closes_at, synthetic)


def read(data: str | bytes, into: Destination | None = None, only_wave: bool = False) -> list[Taken]:
    encoded = data if isinstance(data, bytes) else data.encode()
    return list(read_responses(io.BytesIO(encoded), into or wave(), NOW, only_wave))


def problems(data: str | bytes, into: Destination | None = None, only_wave: bool = False) -> tuple[Problem, ...]:
    with pytest.raises(FileError) as caught:
        read(data, into, only_wave)
    return caught.value.problems


def told(data: str | bytes, into: Destination | None = None, only_wave: bool = False) -> list[tuple[int, str]]:
    return [(problem.line, problem.where) for problem in problems(data, into, only_wave)]


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_answers_by_codes(start: str, end: str) -> None:
    data = end.join(
        [
            start + "said,seen_no,agree,seen_yes,age",
            '"a, ""b""",1,yes,1,42',
            "-7,-7,-8,-7,-7",
            ",,yes,,",
            "-1,0,-1,1,-1",
            "",
        ]
    )
    assert [taken.answers for taken in read(data)] == [
        {"agree": "yes", "age": 42, "seen": ["yes", "no"], "said": 'a, "b"'},
        {"agree": "-8", "age": None, "seen": None, "said": None},
        {"agree": "yes", "age": None, "seen": None, "said": None},
        {"seen": ["yes"]},
    ]
    assert list(read(data)[0].answers) == ["agree", "age", "seen", "said"]


def test_columns_that_are_absent_were_not_asked_and_screen_nobody_out() -> None:
    assert [taken.answers for taken in read("said\nhello\n")] == [{"said": "hello"}]


def test_what_the_fixed_columns_say_and_what_they_leave_open() -> None:
    header = "response_id,survey,wave,questionnaire,language,started_at,submitted_at,synthetic,age\n"
    row = f"7,made,w1,{made().hash},ja,2026-01-02T03:04:05Z,2026-01-02T12:06:05+09:00,0,30\n"
    begun, sent = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 1, 2, 3, 6, 5, tzinfo=UTC)
    assert read(header + row) == [Taken(7, "ja", begun, sent, {"age": 30})]
    assert read(header + ",,,,,,,,30\n") == [Taken(None, "en", NOW, NOW, {"age": 30})]
    assert read("submitted_at,age\n2026-01-02T03:06:05Z,30\n") == [Taken(None, "en", sent, sent, {"age": 30})]


def test_rows_of_another_survey_wave_or_version_are_named_and_their_answers_not_read() -> None:
    header = "survey,wave,questionnaire,age\n"
    rows = [f"made,w1,{made().hash},30", "other,w1,,x", "made,w2,,30", f"made,w1,{'0' * 64},x", "other,w2,0,x"]
    assert told(header + "\n".join(rows) + "\n") == [
        (3, "survey"),
        (4, "wave"),
        (5, "questionnaire"),
        (6, "questionnaire"),
        (6, "survey"),
        (6, "wave"),
    ]
    found = {problem.where: str(problem) for problem in problems(header + "\n".join(rows[1:4]) + "\n")}
    assert "other" in found["survey"]
    assert "w2" in found["wave"]
    assert "--only-wave" in found["wave"]
    assert "0" * 64 in found["questionnaire"]
    assert made().hash in found["questionnaire"]


def test_one_wave_of_several() -> None:
    data = "wave,age\nw2,x\nw1,30\nw2,40,more\nw1,31\n,32\n"
    assert told(data) == [(2, "wave"), (4, "")]
    assert told(data, only_wave=True) == [(4, "")]
    data = data.replace(",more", "")
    assert [taken.answers for taken in read(data, only_wave=True)] == [{"age": 30}, {"age": 31}, {"age": 32}]
    assert told("wave,age\nw2,30\n", only_wave=True) == [(1, "")]
    assert told("age\n30\n", only_wave=True) == [(1, "wave")]


def test_columns_of_other_versions_hold_nothing_in_the_rows_of_this_one() -> None:
    header = "wave,questionnaire,age,older\n"
    rows = f"w1,{made().hash},30,-1\nw2,{'0' * 64},30,5\n"
    assert [taken.answers for taken in read(header + rows, only_wave=True)] == [{"age": 30}]
    assert told(f"{header}w1,{made().hash},30,5\nw1,{made().hash},30,\n") == [(2, "older")]
    assert told("wave,age,older\nw1,30,-1\n") == [(1, "older")]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("2026-01-01T12:00:00Z,2026-01-01T12:00:00Z", []),
        ("2026-02-01T12:00:00Z,2026-02-01T12:00:00Z", []),
        ("2025-12-31T00:00:00Z,2026-01-01T12:00:00Z", []),
        (",2026-01-01T11:59:59Z", ["submitted_at"]),
        (",2026-02-01T12:00:01Z", ["submitted_at"]),
        (",2027-01-01T00:00:00Z", ["submitted_at"]),
        (",", ["submitted_at"]),
        ("2026-01-15T00:00:00Z,", ["submitted_at"]),
        ("2026-01-15T00:00:01Z,2026-01-15T00:00:00Z", ["started_at"]),
        ("2026-01-15T09:00:00+09:00,2026-01-15T00:00:00Z", []),
        ("2026-01-15T00:00:00,2026-01-15T00:00:00Z", ["started_at"]),
        ("yesterday,2026-01-15T00:00:00Z", ["started_at"]),
        ("1899-01-15T00:00:00Z,2026-01-15T00:00:00Z", ["started_at"]),
        ("2026-12-01T00:00:00Z,2026-01-15T00:00:00Z", ["started_at"]),
    ],
)
def test_times_within_a_wave_that_has_closed(times: str, expected: list[str]) -> None:
    data = f"started_at,submitted_at,age\n{times},30\n"
    if expected:
        assert told(data, wave(CLOSED)) == [(2, where) for where in expected]
    else:
        assert len(read(data, wave(CLOSED))) == 1


def test_a_wave_that_is_not_open_needs_to_be_told_when() -> None:
    assert told("age\n30\n", wave(CLOSED)) == [(1, "submitted_at")]
    later = wave()._replace(opens_at=NOW + timedelta(days=1))
    assert told("age\n30\n", later) == [(1, "submitted_at")]
    assert told("age,submitted_at\n30,\n30,2026-11-22T00:00:00Z\n", later) == [(2, "submitted_at"), (3, "submitted_at")]


def test_a_text_may_span_lines_and_the_next_problem_has_its_own() -> None:
    data = 'said,age\n"one\ntwo",30\nok,old\n'
    assert told(data) == [(4, "age")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", [(0, "")]),
        ("age\n", [(1, "")]),
        ("\n\n", [(0, "")]),
        ("age,agee\n1,2\n", [(1, "agee")]),
        ("age,age\n1,2\n", [(1, "age")]),
        ("Age\n30\n", [(1, "")]),
        ("agree;age\nyes;30\n", [(1, "")]),
        ("language\nja\n", [(1, "")]),
        ("language,synthetic\nja,0\n", [(1, "")]),
        ("seen_yes,age\n1,30\n", [(1, "seen_no")]),
        ("age,said\n30\n", [(2, "")]),
        ("age,said\n30,a,b\n", [(2, "")]),
        ("age,said\n30,a\n\n31,b,c\n", [(4, "")]),
        ("age\n17.5\n", [(2, "age")]),
        ("age\n121\n", [(2, "age")]),
        ("agree,age\nYes,x\nyes,30\nmaybe,40\n", [(2, "age"), (2, "agree"), (4, "agree")]),
        ("agree\nはい\n", [(2, "agree")]),
        ("agree\n-9\n", [(2, "agree")]),
        ("seen_yes,seen_no\n1,2\n", [(2, "seen")]),
        ("seen_yes,seen_no\n0,0\n", [(2, "seen")]),
        ("seen_yes,seen_no\n-7,1\n", [(2, "seen")]),
        ("said\n12345678901\n", [(2, "said")]),
        ("said\na\x1bb\n", [(2, "said")]),
        ("age,language\n30,fr\n", [(2, "language")]),
        ("age,submitted_at\n30,2026-01-01T00:00:00\n", [(2, "submitted_at")]),
        ("age,submitted_at\n30,1.1.2026\n", [(2, "submitted_at")]),
        ("age,submitted_at\n30,2026-11-23T00:00:01Z\n", [(2, "submitted_at")]),
        ("age,submitted_at\n30,2025-12-31T00:00:00Z\n", [(2, "submitted_at")]),
        ("age,submitted_at\n30,0001-01-01T00:00:00+14:00\n", [(2, "submitted_at")]),
        ("age,submitted_at\n30,1899-12-31T00:00:00Z\n", [(2, "submitted_at")]),
        ("age,said\n,\n", [(2, "")]),
        ("agree\nyes\nno\n", [(3, "")]),
        ("age\n17\n", [(2, "")]),
        ("response_id,age\n5,30\n6,30\n5,40\n", [(4, "response_id")]),
        ("age,said\n30,a\0b\n", [(2, "")]),
        ('age,said\n30,"a"b\n', [(2, "")]),
        ('age,said\n30,a\n31,"never closed\n32,b\n', [(3, "")]),
        ("age\r30\r", [(1, "")]),
        ("age\n30\n".encode("utf-16"), [(1, "")]),
        ("age,said\n30,a\n31,日本\n".encode("shift_jis"), [(3, "")]),
        (b"age,said\n30,\xff\n", [(2, "")]),
        ("age,said\n30," + "x" * 200_000 + "\n", [(2, "")]),
        ("age,said\n30," + "x" * LONGEST_LINE + "\n", [(2, "")]),
    ],
)
def test_every_mistake_has_its_line_and_column(data: str | bytes, expected: list[tuple[int, str]]) -> None:
    assert told(data) == expected


def test_a_wrong_header_is_told_whole_and_no_row_is_read() -> None:
    assert told("age,age,older,seen_yes\nx,x,x,x\n") == [(1, "age"), (1, "older"), (1, "seen_no")]


def test_spreadsheets_rounded_ids_are_no_duplicates() -> None:
    assert len(read("response_id,age\n1.23E+18,30\n1.23E+18,31\n")) == 2


def test_nothing_that_a_terminal_would_act_upon_is_repeated() -> None:
    found = problems("age,\x1b[31mred" + "x" * 100 + "\n1,2\n")[0]
    assert "\x1b" not in found.where
    assert len(found.where) == 60
    assert "\x1b" not in str(problems("agree\n\x1b[31m\n")[0])


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    found = problems("age\n" + "x\n" * 5000)
    assert len(found) == MOST_PROBLEMS
    assert [problem.line for problem in found[:-1]] == list(range(2, MOST_PROBLEMS + 1))
    assert found[-1].params == {"count": 5000 - (MOST_PROBLEMS - 1)}


def test_memory_does_not_grow_with_the_rows() -> None:
    version = made()

    def lines(count: int) -> Iterator[bytes]:
        yield b"age,said\n"
        yield from (f"{number % 100 + 18},w{number}\n".encode() for number in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        into = Destination("w1", version, OPENED, None, False)
        assert sum(1 for _ in read_responses(lines(count), into, NOW)) == count
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(3000)
    assert peak(30_000) < peak(3000) + 100_000
