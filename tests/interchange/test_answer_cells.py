"""Imported rows lie on the paths of the questionnaire, as far as the file says who was asked what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.interchange.data_file import Fielding, variable_columns, write_data_file
from app.interchange.responses_csv import Destination, read_responses
from app.questionnaire.conditions import TODAY
from app.questionnaire.kinds.base import NOT_ASKED, Answers
from app.questionnaire.kinds.calculate import Calculate
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.questionnaire.routing import ended_by, final_answers
from tests.interchange.test_data_file import Sent
from tests.questionnaire.made import answers_to, documents, questionnaire_of, submitted

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXT = {"en": "Text"}
CODES = [{"code": code, "label": TEXT} for code in ("yes", "no", "other")]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def ask(name: str, relevant: str | None = None, **more: Any) -> dict[str, Any]:
    apart = {"dont_know": True, "refused": True}
    made = {"name": name, "kind": "select_one", "label": TEXT, "choices": CODES, "relevant": relevant}
    return {**made, **apart, **more}


ROWS = [{"name": name, "label": TEXT} for name in ("m1", "m2")]
MADE = Questionnaire.model_validate(
    {
        "survey": "made",
        "title": TEXT,
        "languages": ["en"],
        "ends": [{"when": "${a} = 'no' or ${f} = 'no'", "label": TEXT}, {"when": "${e} = 'no'", "label": TEXT}],
        "pages": [
            {"name": "p", "title": TEXT, "questions": [ask("a", required=True), ask("b", "${a} = 'yes'")]},
            {
                "name": "q",
                "title": TEXT,
                "relevant": "${b} = 'yes'",
                "questions": [
                    ask("c", required=True),
                    ask("d", "selected(${c}, 'yes') or ${a} = '-8'", kind="select_multiple"),
                    ask("m", "${c} = 'no'", kind="matrix", rows=ROWS, required=True),
                ],
            },
            {"name": "r", "title": TEXT, "questions": [ask("e", "${b} = 'other'", required=True), ask("f")]},
        ],
    }
)


def read(data: str, version: Questionnaire = MADE) -> list[Answers]:
    into = Destination("w1", version, NOW, None, False)
    return [taken.answers for taken in read_responses(io.BytesIO(data.encode()), into, NOW)]


def told(data: str, version: Questionnaire = MADE) -> list[tuple[int, str]]:
    with pytest.raises(FileError) as caught:
        read(data, version)
    return [(problem.line, problem.where) for problem in caught.value.problems]


HEADER = "a,b,c,d_yes,d_no,d_other,m1,m2,e,f\n"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("yes,yes,yes,1,0,1,,,,", {"a": "yes", "b": "yes", "c": "yes", "d": ["yes", "other"], "f": None}),
        ("yes,yes,no,-1,-1,-1,yes,-9,-1,-8", {"a": "yes", "b": "yes", "c": "no", "m1": "yes", "m2": "-9", "f": "-8"}),
        ("yes,yes,other,,,,,,,", {"a": "yes", "b": "yes", "c": "other", "f": None}),
        ("yes,,,,,,,,,yes", {"a": "yes", "b": None, "f": "yes"}),
        ("yes,other,,,,,,,yes,", {"a": "yes", "b": "other", "e": "yes", "f": None}),
        ("-9,,,,,,,,,-7", {"a": "-9", "f": None}),
        ("-8,,,,,,,,,-1", {"a": "-8"}),
    ],
)
def test_what_is_stored_of_a_row_on_the_path(row: str, expected: Answers) -> None:
    assert read(HEADER + row + "\n") == [expected]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("-9,yes,,,,,,,,", ["b"]),
        ("-9,-8,,,,,,,,", ["b"]),
        ("-9,-9,,,,,,,,", ["b"]),
        ("-9,-7,,,,,,,,", ["b"]),
        ("-9,,,-7,-7,-7,,,,", ["d"]),
        ("-9,yes,yes,1,0,0,,,,", ["b", "c", "d"]),
        ("yes,yes,yes,,,,,no,,", ["m2"]),
        (",,,,,,,,,yes", ["a"]),
        ("-7,,,,,,,,,yes", ["a"]),
        ("yes,yes,,,,,,,,", ["c"]),
        ("yes,yes,no,,,,yes,,,", ["m2"]),
        ("yes,yes,no,,,,yes,-7,,", ["m2"]),
        ("yes,other,,,,,,,,yes", ["e"]),
        ("no,,,,,,,,,", [""]),
        ("yes,,,,,,,,,no", [""]),
        ("yes,other,,,,,,,no,", [""]),
        ("-1,-1,,-1,-1,-1,,,,", [""]),
    ],
)
def test_what_is_not_on_the_path_is_told(row: str, expected: list[str]) -> None:
    assert told(f"{HEADER}-9,,,,,,,,,\n{row}\n-9,,,,,,,,,\n") == [(3, where) for where in expected]


NUMBERS = Questionnaire.model_validate(
    {
        "survey": "made",
        "title": TEXT,
        "languages": ["en"],
        "pages": [
            {
                "name": "p",
                "title": TEXT,
                "questions": [
                    ask("s", kind="scale", choices=[{"code": code, "label": TEXT} for code in "123"], refused=False),
                    ask("t", kind="select_multiple"),
                    {"name": "i", "kind": "integer", "label": TEXT},
                    {"name": "d", "kind": "decimal", "label": TEXT},
                    {"name": "w", "kind": "text", "label": TEXT},
                ],
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("3.0,1.0,0.0,0.0,44.0,2.50,3.0", {"s": "3", "t": ["yes"], "i": 44, "d": "2.5", "w": "3.0"}),
        ("-8.0,-8.0,-8.0,-8.0,-7.0,,", {"s": "-8", "t": "-8", "i": None, "d": None, "w": None}),
    ],
)
def test_whole_numbers_may_be_written_as_programs_write_a_column_with_gaps(row: str, expected: Answers) -> None:
    assert read(f"s,t_yes,t_no,t_other,i,d,w\n{row}\n", NUMBERS) == [expected]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("s", "NA", "“NA” is no code of this question; it has: 1, 2, 3, -8. An empty cell"),
        ("s", "3.5", "“3.5” is no code of this question"),
        (
            "s",
            "-9",
            "“-9” (refused) is no answer here: the questionnaire offers it where a question has `refused: true`.",
        ),
        ("i", "-8", "“-8” (don't know) is no answer here: the questionnaire offers it where a question has `dont_know"),
        ("i", "-9.0", "“-9” (refused) is no answer here"),
        ("i", "44.5", "Please write a whole number in figures"),
        ("d", "3.31999993324280", "This has too many digits after the point."),
    ],
)
def test_what_is_no_answer_is_told_to_whoever_made_the_file(column: str, cell: str, expected: str) -> None:
    with pytest.raises(FileError) as caught:
        read(f"{column}\n{cell}\n", NUMBERS)
    [problem] = caught.value.problems
    assert problem.line == 2
    assert str(problem).startswith(f"{column}: {expected}")


def test_the_condition_is_told_whole() -> None:
    with pytest.raises(FileError) as caught:
        read(HEADER + "yes,,,1,0,0,,,,\n")
    (found,) = caught.value.problems
    assert "(${b} = 'yes') and (selected(${c}, 'yes') or ${a} = '-8')" in str(found)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("b,f\nyes,yes\n", {"b": "yes", "f": "yes"}),
        ("b,f\n,yes\n", {"f": "yes"}),
        ("a,b\n-1,yes\n", {"b": "yes"}),
        ("a,c\nyes,yes\n", {"a": "yes", "c": "yes"}),
        ("a,c\nyes,\n", {"a": "yes"}),
        ("b,c\nyes,yes\n", {"b": "yes", "c": "yes"}),
        ("m1\nno\n", {"m1": "no"}),
        ("b,c,m1\nyes,no,no\n", {"b": "yes", "c": "no", "m1": "no"}),
        ("f\nyes\n", {"f": "yes"}),
    ],
)
def test_what_hangs_on_what_was_not_asked_is_taken_as_it_stands(data: str, expected: Answers) -> None:
    assert read(data) == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a,c\n-9,yes\n", ["c"]),
        ("a,b,c\n-1,no,yes\n", ["c"]),
        ("a,b\n-1,\n", [""]),
        ("b,c\nyes,\n", ["c"]),
        ("c,m1\nyes,no\n", ["m1"]),
        ("b,f\nyes,no\n", [""]),
    ],
)
def test_what_is_known_in_spite_of_what_was_not_asked_is_applied(data: str, expected: list[str]) -> None:
    assert told(data) == [(2, where) for where in expected]


def table(version: Questionnaire, rows: Iterable[Answers], without: frozenset[str], absent: str) -> str:
    """The answers under the columns of all variables but some; what is not in a row as `absent`."""
    columns = {name: names for name, names in variable_columns(version).items() if name not in without}
    text = io.StringIO()
    write = csv.writer(text).writerow
    write([column for names in columns.values() for column in names])
    for answers in rows:
        cells = (
            version.variables[name].question.cells(answers[name], None) if name in answers else [absent] * len(names)
            for name, names in columns.items()
        )
        write([cell for some in cells for cell in some])
    return text.getvalue()


@st.composite
def screening(draw: st.DrawFn) -> Questionnaire:
    """Any questionnaire, with a screening rule."""
    document = draw(documents())
    names = list(Questionnaire.model_validate(document).variables)
    if names:
        operator = draw(st.sampled_from(["= ''", "!= ''", "> 2", "!= '1'"]))
        document["ends"] = [
            {"when": f"${{{draw(st.sampled_from(names))}}} {operator}", "label": {"ja": "x", "en": "x"}}
        ]
    return Questionnaire.model_validate(document)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_a_row_is_taken_if_the_pages_would_have_taken_it(data: st.DataObject) -> None:
    version = data.draw(screening())
    drawn = data.draw(answers_to(version) | submitted(version))
    answers = {name: answer for name, answer in drawn.items() if name in version.variables}
    known = {**answers, TODAY: NOW.date().isoformat()}
    final = final_answers(version, known)
    if not answers:
        return
    off = answers.keys() - final.keys()
    missing = {name for name in final if final[name] is None and version.variables[name].question.required}
    text = table(version, [answers], frozenset(), "")
    if off or missing:
        assert {where for _, where in told(text, version)} == off | missing
    elif ended_by(version, {**_skipped(version), **known, **final}):
        assert told(text, version) == [(2, "")]
    else:
        assert read(text, version) == [final]


def _skipped(version: Questionnaire) -> Answers:
    """Who passed every page and answered nothing."""
    return {name: None for name, variable in version.variables.items() if variable.question.entered}


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_what_was_submitted_is_taken_whatever_columns_are_left_out_and_again_from_its_export(
    data: st.DataObject,
) -> None:
    version = data.draw(screening())
    answers = data.draw(submitted(version))
    without = frozenset(data.draw(st.lists(st.sampled_from(sorted(version.variables)))) if version.variables else [])
    left = {name: answer for name, answer in answers.items() if name not in without}
    if not left or ended_by(version, {**answers, TODAY: NOW.date().isoformat()}):
        return
    fieldings = {1: Fielding("w1", version, False)}
    exported = b"".join(write_data_file([version], fieldings, [Sent(1, 1, "en", left, NOW, NOW)]))
    for file in (table(version, [left], without, NOT_ASKED), exported.decode()):
        (taken,) = read(file, version)
        # What follows from the others is calculated, whether or not the file has a column for it.
        more = {name for name in taken if isinstance(version.variables[name].question, Calculate)}
        assert left.keys() <= taken.keys() <= left.keys() | more
        assert taken == {name: answers[name] for name in taken}


OTHER = {"code": "x", "label": TEXT, "specify": True}
OF_KINDS = questionnaire_of(
    [
        {"name": "arm", "kind": "arm", "label": TEXT, "choices": CODES},
        {"name": "n", "kind": "integer", "label": TEXT},
        {"name": "twice", "kind": "calculate", "label": TEXT, "calculation": "2 * ${n}"},
        {
            "name": "s",
            "kind": "select_one",
            "label": TEXT,
            "choices": [*CODES, OTHER],
        },
        {"name": "p", "kind": "allocate", "label": TEXT, "parameters": {"total": 10}, "rows": ROWS},
        {"name": "d", "kind": "date", "label": TEXT, "constraint": ". <= today()", "required": "${n} > 5"},
        {"name": "own", "kind": "calculate", "label": TEXT, "calculation": "1 + ${n}", "relevant": "${arm} = 'yes'"},
    ]
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("n\n3\n", {"n": 3, "twice": "6"}),
        ("n,twice\n3,6\n", {"n": 3, "twice": "6"}),
        ("arm,twice\nno,6\n", {"arm": "no", "twice": "6"}),
        ("arm,n\nyes,3\n", {"arm": "yes", "n": 3, "twice": "6", "own": "4"}),
        ("arm,n\nno,3\n", {"arm": "no", "n": 3, "twice": "6"}),
        ("s,s_other_text\nx,Kyoto\n", {"s": "x", "s_other": "Kyoto"}),
        ("s,s_other_text\nx,\n", {"s": "x", "s_other": None}),
        ("s,s_other_text\nyes,\n", {"s": "yes"}),
        ("m1,m2\n10,\n", {"m1": 10, "m2": 0}),
        ("m1\n4\n", {"m1": 4}),
        ("n,d\n5,\n", {"n": 5, "twice": "10", "d": None}),
        ("arm,d\n,2026-11-23\n", {"d": "2026-11-23"}),
    ],
)
def test_what_follows_from_a_row_is_stored_with_it(data: str, expected: Answers) -> None:
    assert read(data, OF_KINDS) == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("n,twice\n3,7\n", ["twice"]),
        ("s,s_other_text\nyes,Kyoto\n", ["s_other"]),
        ("m1,m2\n4,5\n", ["m1"]),
        ("n,d\n6,\n", ["d"]),
        ("d\n2026-11-24\n", ["d"]),
    ],
)
def test_what_does_not_fit_the_rest_of_a_row_is_told(data: str, expected: list[str]) -> None:
    assert told(data, OF_KINDS) == [(2, where) for where in expected]
