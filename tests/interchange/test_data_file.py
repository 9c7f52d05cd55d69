"""Responses to a file and back, at any size, over versions, for spreadsheets that run what they read."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.interchange.data_file import CHUNK, FIXED, Fielding, columns_of, write_data_file
from app.interchange.responses_csv import Destination, read_responses
from app.questionnaire.check_names import FILE_COLUMNS
from app.questionnaire.kinds.base import Answers
from app.questionnaire.model import Questionnaire
from app.questionnaire.routing import final_answers, known
from tests.questionnaire.made import documents, questionnaire_of, submitted

NOW = datetime(2026, 11, 23, 12, 30, 59, 999_999, tzinfo=UTC)
AGREE = {"en": "Agree", "ja": "賛成"}
OPPOSE = {"en": "Oppose", "ja": "反対"}
SCALE = [{"code": 1, "label": OPPOSE}, {"code": 2, "label": AGREE}]


class Sent(NamedTuple):
    id: int
    wave_id: int
    language: str
    answers: Answers
    started_at: datetime = NOW
    submitted_at: datetime = NOW
    base_weight: float | None = None
    paradata: dict[str, str] | None = None
    shares_trace: bool | None = None


def question(name: str, kind: str = "scale", **more: object) -> dict[str, object]:
    made: dict[str, object] = {"name": name, "kind": kind, "label": {"en": name, "ja": name}, **more}
    return {**made, "choices": SCALE} if kind == "scale" else made


def of(*questions: dict[str, object]) -> Questionnaire:
    return questionnaire_of(questions, languages=["en", "ja"])


def file_of(
    version: Questionnaire, answers: Iterable[Answers], language: str | None = None, bom: bool = False
) -> bytes:
    sent = [Sent(number, 1, "en", given) for number, given in enumerate(answers, 1)]
    return b"".join(write_data_file([version], {1: Fielding("w1", version, False)}, sent, language, bom))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def back(data: bytes, version: Questionnaire) -> list[Answers]:
    into = Destination("w1", version, NOW, None, False)
    return [taken.answers for taken in read_responses(io.BytesIO(data), into, NOW)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_any_response_to_any_questionnaire_comes_back_as_it_was(data: st.DataObject) -> None:
    version = Questionnaire.model_validate(data.draw(documents()))
    given = [one for one in data.draw(st.lists(submitted(version), min_size=1, max_size=4)) if one]
    if given:
        assert back(file_of(version, given), version) == given


def test_a_random_page_that_shows_nothing_has_no_order() -> None:
    both = {"ja": "質問", "en": "Question"}
    arm = {"name": "e", "kind": "arm", "label": both, "choices": [{"code": code, "label": both} for code in "ab"]}
    box = {"name": "q", "kind": "acknowledge", "label": both}
    pages = [
        {"name": "drawn", "title": both, "randomize": True, "questions": [arm]},
        {"name": "shown", "title": both, "questions": [box]},
    ]
    document = {"survey": "made", "title": both, "languages": ["ja", "en"], "period": "day", "weighting": []}
    version = Questionnaire.model_validate({**document, "pages": pages})
    assert "drawn_order" not in version.variables
    sent = final_answers(version, known(version, {"q": None}, 7, f"{NOW:%Y-%m-%d}"))
    assert back(file_of(version, [sent]), version) == [sent]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_a_wave_comes_back_from_a_file_of_several_versions(data: st.DataObject) -> None:
    versions = [Questionnaire.model_validate(data.draw(documents())) for _ in range(2)]
    sent = [
        Sent(2 * number + wave, wave, "en", answers)
        for wave, version in enumerate(versions, 1)
        for number, answers in enumerate(data.draw(st.lists(submitted(version), min_size=1, max_size=3)))
        if answers
    ]
    fieldings = {wave: Fielding(f"w{wave}", version, False) for wave, version in enumerate(versions, 1)}
    written = b"".join(write_data_file(versions, fieldings, sent))
    for wave, version in enumerate(versions, 1):
        given = [one.answers for one in sent if one.wave_id == wave]
        if given:
            into = Destination(f"w{wave}", version, NOW, None, False)
            assert [taken.answers for taken in read_responses(io.BytesIO(written), into, NOW, only_wave=True)] == given


TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        "=1+1",
        "+81",
        "-1",
        "-7",
        "@x",
        "'",
        "''=",
        "'=1",
        "\t=x",
        "＝A1",
        "－3",
        "|x",
        "%x",
        'a"b',
        "a,b",
        "a\nb",
        ",",
        '"',
    ]
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_that_can_be_stored_comes_back_and_begins_no_formula(text: str) -> None:
    version = of(question("said", "text"), question("count", "integer"))
    try:
        stored = version.variables["said"].question.read([text])
    except ValueError:
        return
    data = file_of(version, [{"said": stored, "count": 3}])
    assert back(data, version) == [{"said": stored, "count": 3}]
    cell = rows_of(data)[0]["said"]
    assert cell == "-7" if stored is None else not cell.startswith(tuple("=+-@\t\r＝＋－＠|%"))


def test_the_fixed_columns() -> None:
    version = of(question("a"))
    row = rows_of(file_of(version, [{"a": "2"}]))[0]
    assert list(row) == [*FIXED, "a"]
    assert row == {
        "response_id": "1",
        "survey": "made",
        "wave": "w1",
        "questionnaire": version.hash,
        "language": "en",
        "started_at": "2026-11-23T12:30:59Z",
        "submitted_at": "2026-11-23T12:30:59Z",
        "synthetic": "0",
        "a": "2",
    }
    assert set(FIXED) == FILE_COLUMNS


def test_ids_past_what_a_double_holds_are_whole() -> None:
    version = of(question("a"))
    sent = [Sent(2**63 - 1, 1, "en", {"a": "1"})]
    data = b"".join(write_data_file([version], {1: Fielding("w", version, True)}, sent))
    assert rows_of(data)[0]["response_id"] == "9223372036854775807"
    assert rows_of(data)[0]["synthetic"] == "1"


def test_a_wave_key_that_is_a_formula_is_quoted() -> None:
    version = of(question("a"))
    data = b"".join(write_data_file([version], {1: Fielding("=1+1", version, False)}, [Sent(1, 1, "en", {"a": "1"})]))
    assert rows_of(data)[0]["wave"] == "'=1+1"


def test_four_ways_of_not_answering_are_four_codes_and_four_labels() -> None:
    version = of(*(question(name, dont_know=True, refused=True) for name in "abcd"))
    given: Answers = {"b": None, "c": "-8", "d": "-9"}
    assert list(rows_of(file_of(version, [given]))[0].values())[8:] == ["-1", "-7", "-8", "-9"]
    labels = list(rows_of(file_of(version, [given], "ja"))[0].values())[8:]
    assert labels == ["質問していない", "無回答", "わからない", "答えたくない"]


def test_labels_in_a_language() -> None:
    version = of(question("a"))
    assert rows_of(file_of(version, [{"a": "2"}], "ja"))[0]["a"] == "賛成"
    assert rows_of(file_of(version, [{"a": "2"}], "en"))[0]["a"] == "Agree"


def test_a_label_that_begins_a_formula_is_quoted_and_a_number_never() -> None:
    choices = [{"code": "a", "label": {"en": "-5 or less", "ja": "=x"}}, {"code": "b", "label": AGREE}]
    version = of(question("one", "select_one", choices=choices), question("n", "integer"))
    row = rows_of(file_of(version, [{"one": "a", "n": 12}], "en"))[0]
    assert (row["one"], row["n"]) == ("'-5 or less", "12")


def test_columns_are_in_the_newest_order_and_those_of_older_versions_come_last() -> None:
    several = [{"code": code, "label": AGREE} for code in "xyz"]
    old = of(question("gone"), question("a"), question("m", "select_multiple", choices=several), question("b"))
    new = of(question("b"), question("m", "select_multiple", choices=several[1:]), question("c"), question("a"))
    columns = (*FIXED, "b", "m_y", "m_z", "c", "a", "gone", "m_x")
    assert (*FIXED, *columns_of([new, old])) == columns
    fieldings = {1: Fielding("w1", old, False), 2: Fielding("w2", new, False)}
    sent = [
        Sent(1, 1, "en", {"gone": "1", "a": "2", "m": ["x", "z"], "b": None}),
        Sent(2, 2, "en", {"b": "1", "m": ["y"], "c": "2", "a": "1"}),
    ]
    rows = rows_of(b"".join(write_data_file([new, old], fieldings, sent)))
    assert [list(row.values())[8:] for row in rows] == [
        ["-7", "0", "1", "-1", "2", "1", "1"],
        ["1", "1", "0", "2", "1", "-1", "-1"],
    ]


@pytest.mark.parametrize("bom", [False, True])
def test_the_file_is_utf8_with_crlf_and_a_mark_where_asked_for(bom: bool) -> None:
    version = of(question("said", "text"))
    data = file_of(version, [{"said": "a\nb、日本語"}], bom=bom)
    assert data.startswith(b"\xef\xbb\xbf") == bom
    assert data.removeprefix(b"\xef\xbb\xbf").startswith(b"response_id,")
    assert data.endswith('"a\nb、日本語"\r\n'.encode())
    assert data.count(b"\r\n") == 2


def test_no_response_leaves_the_header() -> None:
    version = of(question("a"))
    assert file_of(version, []) == (",".join([*FIXED, "a"]) + "\r\n").encode()


def test_memory_does_not_grow_with_the_responses() -> None:
    version = of(question("a"), question("said", "text"))

    def sent(count: int) -> Iterator[Sent]:
        return (Sent(number, 1, "en", {"a": "1", "said": f"{number} " * 20}) for number in range(count))

    def peak(count: int) -> tuple[int, int]:
        tracemalloc.start()
        chunks = write_data_file([version], {1: Fielding("w", version, False)}, sent(count))
        size = sum(len(chunk) for chunk in chunks)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest, size

    peak(2000)
    small, _ = peak(4000)
    large, size = peak(40_000)
    assert size > 8_000_000
    assert large < small + 2 * CHUNK
