"""Base weights and paradata in files of responses."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from app.interchange.responses_csv import Destination, Taken, read_responses
from app.questionnaire.problems import FileError
from tests.questionnaire.made import questionnaire_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OPENED = NOW - timedelta(days=60)
QUESTION = {"name": "age", "kind": "integer", "label": {"en": "Age"}}


def read(text: str, closes_at: datetime | None = None, given_at: datetime | None = None) -> list[Taken]:
    into = Destination("w1", questionnaire_of([QUESTION]), OPENED, closes_at, False, given_at=given_at)
    return list(read_responses(io.BytesIO(text.encode()), into, NOW))


def told(text: str) -> list[str]:
    with pytest.raises(FileError) as caught:
        read(text)
    return [f"{problem.line} {problem}" for problem in caught.value.problems]


def test_base_weight_paradata_and_the_number_of_the_source_are_kept() -> None:
    [one, other] = read("response_id,base_weight,paradata_mode,age\nR_1,1.25e0,'=phone,30\n8,,,40\n")
    assert (one.base_weight, dict(one.paradata)) == (1.25, {"source_id": "R_1", "mode": "=phone"})
    assert (other.base_weight, dict(other.paradata)) == (None, {"source_id": "8"})


def test_every_bad_weight_is_told_with_its_line() -> None:
    rows = [("0", 2), ("-1", 3), ("nan", 4), ("inf", 5), ("x", 6), ("1_0", 7)]
    problems = told("base_weight,age\n" + "".join(f"{weight},30\n" for weight, _ in rows))
    expected = [f"{line} base_weight: “{w}” is no base weight: a number above 0 is expected." for w, line in rows]
    assert problems == expected


def test_an_unknown_column_is_told_what_a_file_can_have() -> None:
    [problem] = told("basew,age\n1,30\n")
    assert "base_weight, and columns whose names begin with paradata_" in problem


@pytest.mark.parametrize("column", ["paradata_", "paradata_a b", "paradata_" + "x" * 41])
def test_a_column_of_paradata_needs_a_name(column: str) -> None:
    assert "1 to 40 letters" in told(f"{column},age\nx,30\n")[0]


def test_what_cannot_be_stored_is_told() -> None:
    assert "shorten this to 200" in told("paradata_a,age\n" + "x" * 201 + ",30\n")[0]


def test_a_response_without_a_time_counts_when_the_wave_of_the_past_opened() -> None:
    [one] = read("age\n30\n", OPENED + timedelta(days=5), OPENED)
    assert (one.started_at, one.submitted_at) == (OPENED, OPENED)
