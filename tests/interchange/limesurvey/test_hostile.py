"""Files made to hurt, or broken: one clear sentence, in bounded time and memory."""

from __future__ import annotations

import pytest

from app.interchange.limesurvey import read_lss
from app.interchange.limesurvey.tables import LARGEST
from app.questionnaire.problems import FileError

from .made import Asked, by_name, lss, read, survey

SOUND = survey(Asked("q", words="é"))
ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))


def many(number: int) -> list[Asked]:
    return [Asked(f"q{n}") for n in range(number)]


FILES = {
    "empty": (b"", "not valid XML"),
    "cut off": (SOUND[: len(SOUND) // 2], "not valid XML"),
    "no XML": (b"not a survey", "not valid XML"),
    "other XML": (b"<html><p>x</p></html>", "holds no survey of LimeSurvey"),
    "a group": (lss({}, kind="Group"), "holds no survey of LimeSurvey"),
    "no survey": (lss({}), "holds 0 surveys"),
    "two surveys": (lss({"surveys": [{"sid": "1"}, {"sid": "2"}]}), "holds 2 surveys"),
    "no questions": (survey(groups={1: {}}), "no question that can be taken"),
    "entities": (f'<!DOCTYPE l [<!ENTITY a "x">{ENTITIES}]><document>&i;</document>'.encode(), "document type"),
    "external": (b'<!DOCTYPE l SYSTEM "file:///etc/hostname"><document/>', "document type"),
    "deep": (b"<document>" + b"<a>" * 200_000, "nested too deeply"),
    "large": (b"<document>" + b" " * LARGEST, "larger than"),
    "unknown encoding": (SOUND.replace(b"UTF-8", b"EBCDIC-X"), "characters cannot be read"),
    "wrong encoding": (SOUND.decode().encode("latin-1"), "not valid XML"),
    "same id twice": (SOUND.replace(b"</questions>", b"").replace(b"</rows>", b"", 1), "not valid XML"),
    "no language": (survey(Asked("q"), languages=("en", "klingon!")), "“klingon!” is no language"),
    "too many languages": (
        survey(Asked("q"), languages=("en", *(f"en-a{n}" for n in range(20)))),
        "more than 20 languages",
    ),
    "too many questions": (survey(*many(1_001)), "more than 1000 questions"),
    "too many rows": (lss({"surveys": [{"sid": "1"}] * 100_001}), "more than 100000 rows"),
    "too many columns": (lss({"surveys": [{f"c{n}": "" for n in range(101)}]}), "more than 100 columns"),
    "too many options": (
        survey(Asked("q", "L", options=[(str(n), "x") for n in range(50_001)]), is_old=True),
        "50000 options",
    ),
    "too many fields": (survey(Asked("q", ":", parts=[(str(n), "", n % 2) for n in range(2_000)])), "1000 questions"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_taken_is_refused_with_one_sentence(name: str) -> None:
    data, sentence = FILES[name]
    with pytest.raises(FileError) as raised:
        read_lss(data, "made")
    [problem] = raised.value.problems
    assert sentence in str(problem)
    assert not problem.where


def test_the_same_id_twice_is_refused() -> None:
    row = {"qid": "1", "parent_qid": "0", "gid": "1", "type": "S", "title": "q", "language": "en"}
    with pytest.raises(FileError, match="stands twice"):
        read_lss(lss({"surveys": [{"sid": "1"}], "groups": [{"gid": "1"}], "questions": [row, row]}), "made")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_encodings_that_the_file_names_are_read(encoding: str) -> None:
    named = encoding.removesuffix("-sig").upper()
    data = SOUND.decode().replace("UTF-8", named).encode(encoding)
    assert read_lss(data, "made").questionnaire.questions[0].label == {"en": "é"}


def test_two_questions_of_one_code_get_two_names() -> None:
    assert list(by_name(read(Asked("q"), Asked("q")))) == ["q", "q_2"]


@pytest.mark.parametrize(
    "asked",
    [
        Asked("q", words="{" * 100_000),
        Asked("q", words="{a" * 50_000),
        Asked("q", words="<b>" * 50_000 + "x"),
        Asked("q", words="${" + "x" * 30_000 + "}"),
        Asked("q", words="a\x85b\u202ec\ufffd"),
        Asked("q", relevance="ceil(" * 50 + "age" + ")" * 50 + " > 1"),
        Asked("q", relevance="!" * 5_000 + "age"),
        Asked("q", relevance="9X1X" + "1" * 15_000 + " == 1"),
        Asked("q", relevance=" or ".join(['age == "1"'] * 1_900)),
        Asked("q", "N", attributes={"max_num_value_n": "9" * 400, "min_num_value_n": "nan"}),
        Asked("q", "K", parts=["a", "b"], attributes={"equals_num_value": "1e99"}),
        Asked("q", row={"preg": "/" + "(a*)*" * 300 + "/"}),
        Asked("日本", words=""),
        Asked("", words="x" * 20_000),
        Asked("q", "R", options=[str(n) for n in range(30)]),
        Asked("q", "M", parts=["a"] * 400),
    ],
)
def test_a_survey_with_something_odd_is_still_read(asked: Asked) -> None:
    imported = read(Asked("age", "N"), asked)
    assert imported.questionnaire.questions[0].name == "age"
    assert imported.report.counts()["question"]["kept"] + imported.report.counts()["question"]["changed"] >= 1


def test_what_belongs_to_nothing_is_told() -> None:
    answers = [{"qid": "99", "code": "x", "answer": "X", "language": "en"}]
    imported = read(Asked("q"), answers=answers)
    assert imported.report.counts()["answer"] == {"kept": 0, "changed": 0, "dropped": 1}
