"""What the monitor counts: sums that come out the same in any order, quartiles, and answers that are all the same."""

from __future__ import annotations

import json
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interchange.xlsform.read import read_xlsform
from app.interchange.xlsform.workbook import xlsx_sheets
from app.interchange.xlsform.write import write_xlsform
from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.check import check_document
from app.questionnaire.kinds.base import Answer
from app.questionnaire.model import Questionnaire
from app.questionnaire.quality import CONTRADICTORY, STRAIGHT_LINING, Case, batteries, flags_of, marks
from app.questionnaire.wave_counts import LONGEST, WaveCounts, quantile

POINTS = [{"code": str(n), "label": {"en": f"{n}"}} for n in range(1, 6)]


def rows(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "label": {"en": name}} for name in names]


def made() -> Questionnaire:
    """A matrix of six rows, then one of three with the same scale, one scale question with it, and one with another."""
    matrix = {"kind": "matrix", "choices": POINTS, "dont_know": True}
    other = [{"code": str(n), "label": {"en": f"point {n}"}} for n in range(1, 6)]
    gender = {"kind": "select_one", "choices": [{"code": code, "label": {"en": code}} for code in ("f", "m")]}
    questions = [
        {"name": "gender", "label": {"en": "Gender"}, **gender},
        {"name": "first", "label": {"en": "First"}, "rows": rows(*"abcdef"), **matrix},
        {"name": "second", "label": {"en": "Second"}, "rows": rows(*"ghi"), **matrix},
        {"name": "j", "label": {"en": "J"}, "kind": "scale", "choices": POINTS},
        {"name": "k", "label": {"en": "K"}, "kind": "scale", "choices": other},
    ]
    page = {"name": "start", "title": {"en": "Start"}, "questions": questions}
    document = {"survey": "made", "title": {"en": "Made"}, "languages": ["en"], "weighting": ["gender"]}
    return Questionnaire.model_validate({**document, "pages": [page]})


def test_batteries_are_matrices_and_runs_of_one_scale() -> None:
    assert ["".join(battery.names) for battery in batteries(made())] == ["abcdef", "abcdefghij"]


@pytest.mark.parametrize(
    ("given_answers", "straight"),
    [
        (dict.fromkeys("abcdef", "4"), True),
        ({**dict.fromkeys("abcdef", "4"), "g": "1"}, True),  # The first matrix alone.
        ({**dict.fromkeys("abcdef", "4"), "c": "5"}, False),
        (dict.fromkeys("abcd", "4"), False),  # Too few were asked.
        ({**dict.fromkeys("abcde", "4"), "f": "-8"}, True),  # "Don't know" is no point of the scale.
        ({**dict.fromkeys("abcd", "4"), "e": "-8", "f": None}, False),
        (dict.fromkeys("abcdef", "-8"), False),
        (dict.fromkeys("abghi", "2"), True),  # A run, of questions of which each has too few.
        ({**dict.fromkeys("abgh", "2"), "k": "2"}, False),  # Another scale.
        ({}, False),
    ],
)
def test_the_same_answer_throughout_is_marked(given_answers: dict[str, Answer], straight: bool) -> None:
    assert flags_of(made(), given_answers) == ((STRAIGHT_LINING,) if straight else ())


CONTRADICTION = {"when": "${a} = '1' and ${b} = '5'", "label": {"en": "Both"}}


def contradicting() -> Questionnaire:
    document = json.loads(made().canonical)
    return Questionnaire.model_validate({**document, "contradictions": [CONTRADICTION]})


def test_rules_of_the_questionnaire_mark_what_contradicts() -> None:
    assert flags_of(contradicting(), {"a": "1", "b": "5"}) == (CONTRADICTORY,)
    assert flags_of(contradicting(), {"a": "1", "b": None}) == ()
    assert flags_of(contradicting(), {"a": "1"}) == ()
    assert contradicting().hash != made().hash


def test_a_rule_is_checked_as_other_conditions_are() -> None:
    document = json.loads(contradicting().canonical)
    assert list(check_document(document)) == []
    never = {"when": "${a} = '1' and ${a} = '2'", "label": {"ja": "a"}}
    document["contradictions"] = [{"when": "${nobody} = '1'", "label": {"en": "a"}}, never]
    found = {".".join(map(str, path)): message % params for path, message, params in check_document(document)}
    assert found["contradictions.0.when"] == "It names “nobody”, which is no question."
    assert found["contradictions.1.when"] == "It can never hold."
    assert found["contradictions.1.label"] == "The translation into “en” is missing."


def test_rules_come_back_from_a_file() -> None:
    read = read_questionnaire(write_questionnaire(contradicting()))
    assert read.hash == contradicting().hash
    assert read_xlsform(xlsx_sheets(write_xlsform(contradicting()))).questionnaire.contradictions == read.contradictions


@pytest.mark.parametrize(
    ("case", "least", "told"),
    [
        (Case(60, True), 61.0, [60, 1, 0, 0, 1]),
        (Case(61, False), 61.0, [61, 0, 0, 0, 0]),
        (Case(None, None), 61.0, ["", "", 0, 0, ""]),
        (Case(60, None), None, [60, "", 0, 0, ""]),
    ],
)
def test_what_cannot_be_told_is_empty(case: Case, least: float | None, told: list[int | str]) -> None:
    assert marks(contradicting(), {"a": "1"}, case, least) == told
    assert marks(made(), {"a": "1"}, case, least)[3] == ""
    assert marks(contradicting(), dict.fromkeys("abcdef", "1"), case, least)[2] == 1


def test_the_limit_of_speed_needs_enough_times() -> None:
    assert WaveCounts(seconds={90: 29}).least_seconds is None
    assert WaveCounts(seconds={90: 30}).least_seconds == 30
    assert WaveCounts().least_seconds is None


responses = st.tuples(
    st.sampled_from(["f|", "m|", "|", "f|2.5"]),
    st.sampled_from(["en", "ja"]),
    st.none() | st.integers(0, 2 * LONGEST),
    st.booleans(),
)


@given(st.lists(responses, max_size=12), st.data())
def test_what_is_taken_back_leaves_no_trace_whatever_the_order(
    people: list[tuple[str, str, int | None, bool]], data: st.DataObject
) -> None:
    questionnaire = made()
    kept = data.draw(st.lists(st.sampled_from(range(len(people))), unique=True)) if people else []
    deeds = [(number, 1) for number in range(len(people))]
    deeds += [(number, -1) for number in range(len(people)) if number not in kept]

    def count(number: int, delta: int, into: WaveCounts) -> None:
        cell, language, seconds, straight = people[number]
        given_answers: dict[str, Answer] = dict.fromkeys("abcdef", "1") if straight else {"a": "1"}
        into.count(questionnaire, given_answers, cell, language, seconds, delta)

    whole = WaveCounts()
    for number, delta in data.draw(st.permutations(deeds)):
        part = WaveCounts()
        count(number, delta, part)
        whole.merge(part)
    again = WaveCounts()
    for number in kept:
        count(number, 1, again)
    assert whole == again
    assert whole.responses == len(kept)
    assert sum(whole.cells.values()) == len(kept)
    assert all(n > 0 for n in whole.entries().values())


@given(st.lists(st.integers(0, 50), min_size=2), st.sampled_from([0.25, 0.5, 0.75]))
def test_quartiles_are_those_of_the_single_values(values: list[int], share: float) -> None:
    counts = {value: values.count(value) for value in values}
    expected = statistics.quantiles(values, n=4, method="inclusive")[int(share * 4) - 1]
    assert quantile(counts, share) == pytest.approx(expected)


def test_of_nothing_there_is_no_quartile() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({7: 1}, 0.25) == 7
