"""Questionnaire files: read by YAML 1.2, bounded, written back; what is wrong is said with its line."""

from __future__ import annotations

import copy
import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.interchange.yaml_tree import LARGEST, read_tree
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import MOST_PROBLEMS, FileError
from app.surveys_folder import read_survey

ROOT = Path(__file__).parents[2]
# With its blocks written into it.
REAL = write_questionnaire(
    read_survey(ROOT / "surveys", (ROOT / "surveys" / "domestic-diplomacy.yaml").read_bytes())
).encode()
SOUND = (ROOT / "tests" / "fixtures" / "sound.yaml").read_text(encoding="utf-8")


def read_or_told(source: bytes | str) -> Questionnaire | FileError:
    try:
        return read_questionnaire(source)
    except FileError as error:
        return error


def problems_of(source: bytes | str) -> list[tuple[int, str]]:
    with pytest.raises(FileError) as caught:
        read_questionnaire(source)
    return [(problem.line, str(problem)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *((word, word) for word in ("yes", "no", "on", "off", "True", "FALSE", "Null", "12:30", "0x1F", "1_000")),
        *((word, word) for word in ("007", ".5", "1e5", ".inf", "2026-11-23", "=", "<<", "0o17", "1" * 19)),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("1.5", 1.5),
        ("1.5e5", 1.5e5),
        *((f"'{word}'", word) for word in ("true", "null", "", "5", "1.5", " x ")),
        ('"null"', "null"),
        ("|-\n  5", "5"),
        ("'日本語 😀'", "日本語 😀"),
    ],
)
def test_plain_words_are_words(written: str, value: object) -> None:
    data, lines = read_tree(f"key: {written}\n")
    assert data == {"key": value}
    assert type(data["key"]) is type(value)
    assert lines == {(): 1, ("key",): 1}


def test_every_part_has_its_line() -> None:
    data, lines = read_tree("# first\na:\n  - b: 1\n    c: 'x\n      y'\n  -\n    d\n5: {e: f,\n  g: h}\n")
    assert data == {"a": [{"b": 1, "c": "x y"}, "d"], "5": {"e": "f", "g": "h"}}
    assert {path: line for path, line in lines.items() if len(path) > 1} == {
        ("a", 0): 3,
        ("a", 0, "b"): 3,
        ("a", 0, "c"): 4,
        ("a", 1): 7,
        ("5", "e"): 8,
        ("5", "g"): 9,
    }


def test_bytes_and_text_with_any_line_ends_are_one_version() -> None:
    wanted = read_questionnaire(SOUND).hash
    for source in (SOUND, "\ufeff" + SOUND, "---\n" + SOUND, SOUND + "...\n", SOUND.replace("\n", "\r\n")):
        assert read_questionnaire(source).hash == wanted
        assert read_questionnaire(source.encode()).hash == wanted


def _reordered(value: Any, seed: random.Random) -> Any:
    if isinstance(value, dict):
        keys = seed.sample(list(value), len(value))
        return {key: _reordered(value[key], seed) for key in keys}
    return [_reordered(item, seed) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_keys_comments_and_layout_do_not_matter(seed: int) -> None:
    document, _ = read_tree(REAL)
    text = yaml.safe_dump(_reordered(document, random.Random(seed)), allow_unicode=True, sort_keys=False, indent=4)
    text = re.sub(r"^( *(?:- )?[a-z]+:)$", r"\1  # note\n\n", text, flags=re.MULTILINE)
    assert text.count("# note") > 100
    assert read_questionnaire(text).hash == read_questionnaire(REAL).hash


def test_a_change_of_one_letter_is_another_version() -> None:
    assert read_questionnaire(SOUND.replace("First", "first")).hash != read_questionnaire(SOUND).hash


def test_defaults_written_out_are_the_same_version() -> None:
    written = SOUND.replace("  kind: integer", "  kind: integer\n        required: false\n        dont_know: false")
    assert read_questionnaire(written).hash == read_questionnaire(SOUND).hash


@pytest.mark.parametrize("source", [REAL, SOUND])
def test_the_file_written_is_read_as_the_same_version(source: str | bytes) -> None:
    questionnaire = read_questionnaire(source)
    written = write_questionnaire(questionnaire)
    assert read_questionnaire(written).canonical == questionnaire.canonical
    assert write_questionnaire(read_questionnaire(written)) == written


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        (b"", 1, "The file holds no questionnaire: keys with values are expected."),
        (b"# nothing\n", 1, "The file holds no questionnaire: keys with values are expected."),
        (b"- a\n- b\n", 1, "The file holds no questionnaire: keys with values are expected."),
        (b"word", 1, "The file holds no questionnaire: keys with values are expected."),
        (b"a: b\n\xff", 2, "The file is not UTF-8 text."),
        (SOUND.encode("utf-16"), 1, "The file is not UTF-8 text."),
        ("a: b\nc: \ud800", 2, "The file is not UTF-8 text."),
        (b"a: b\nc: \0", 2, "The file is not valid YAML: a character that cannot be printed stands here."),
        (b"\ta: b", 1, "The file is not valid YAML: lines begin with spaces, not tabs; a text that begins with @ or %"),
        (b'a: "b', 1, "The file is not valid YAML: a bracket or quote is opened here and not closed, or a comma is"),
        (b'a: "\\ud800"', 1, "The file is not valid YAML: in double quotes a backslash means something"),
        (
            b"&a [*a]",
            1,
            "Aliases (*name) are not taken; name a shared list in `choices`, or a file of `targets`, instead.",
        ),
        (
            b"a: *b",
            1,
            "Aliases (*name) are not taken; name a shared list in `choices`, or a file of `targets`, instead.",
        ),
        (b"a: 1\n--- \nb: 2", 2, "The file holds a second document: `---` may stand at its beginning only."),
        (
            b"!!python/object:os.system x",
            1,
            "Tags (tag:yaml.org,2002:python/object:os.system) are not taken; put a text",
        ),
        (b"x" * (LARGEST + 1), 0, f"The file is larger than {LARGEST} bytes."),
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_its_line(source: bytes | str, line: int, message: str) -> None:
    ((found_line, found),) = problems_of(source)
    assert (found_line, found[: len(message)]) == (line, message)


HEAD = "survey: s\ntitle: {en: T}\nlanguages: [en]\n"
LIST = "choices:\n  c:\n" + "".join(f"  - {{code: {n}, label: {{en: A}}}}\n" for n in range(400))
PAGE = "pages:\n- name: p\n  title: {en: T}\n  questions:\n"


def notes(count: int) -> str:
    return "".join(f"  - {{name: q{n}, kind: note, label: {{en: L}}}}\n" for n in range(count))


def naming(count: int) -> str:
    return "".join(f"  - {{name: q{n}, kind: select_one, label: {{en: L}}, choices: c}}\n" for n in range(count))


BOMBS = {
    "colons": ":" * 1_000_000,
    "spaced colons": ": " * 500_000,
    "brackets": "[" * 1_000_000,
    "braces": "{" * 1_000_000,
    "question marks": "? " * 500_000,
    "dashes": "- " * 500_000,
    "lines of dashes": "-\n" * 500_000,
    "quotes": '"' * 1_000_000,
    "exclamations": "!" * 1_000_000,
    "anchors": "&a " * 300_000,
    "aliases": "*a " * 300_000,
    "percents": "%" * 1_000_000,
    "indents": "\n".join(" " * n + "a:" for n in range(1_400)),
    "keys": "\n".join(f"k{n}: 1" for n in range(90_000)),
    "a list of numbers": "a: [" + "1," * 400_000 + "]",
    "100,000 questions": HEAD + PAGE + "  - {}\n" * 100_000,
    "questions": HEAD + PAGE + notes(1_001),
    "one list named by many": HEAD + LIST + PAGE + naming(400),
    "a bomb of aliases": "a: &a [x]\n" + "".join(f"{c}: &{c} [*a, *a]\n" for c in "bcdefgh"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_hurt_is_one_problem(name: str) -> None:
    found = problems_of(BOMBS[name])
    assert len(found) == 1
    assert len(found[0][1]) < 200


MANY = {
    "languages": HEAD.replace("[en]", f"[{', '.join(f'l{n}' for n in range(9_000))}]") + PAGE + notes(900),
    "mistakes": HEAD + PAGE + notes(500).replace("note", "nothing") + "x:\n" + "- 1\n" * 90_000,
    "unknown keys": HEAD + "".join(f"k{n}: 1\n" for n in range(20_000)) + PAGE + notes(2),
    "odd keys": HEAD + "".join(f"? [{n}]\n: 1\n" for n in range(30_000)) + PAGE + notes(2),
    "a huge key": f"{'k' * 900_000}: " + "{a: 1, a: 2}\n" + HEAD + PAGE + notes(2),
    "a huge word": HEAD + PAGE + notes(2).replace("note", "n" * 400_000),
    "a huge code": HEAD + PAGE + notes(1).replace("q0", "9" * 400_000),
}


@pytest.mark.parametrize("name", MANY)
def test_many_mistakes_are_bounded_in_number_and_length(name: str) -> None:
    found = problems_of(MANY[name])
    assert 1 <= len(found) <= MOST_PROBLEMS + 1
    assert all(len(message) < 400 and message.isprintable() for _, message in found)


def test_when_there_are_too_many_problems_their_number_is_told() -> None:
    found = problems_of(MANY["unknown keys"])
    assert found[-1] == (1004, "There are 20000 problems or more.")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ('"\\e[31mred"', False),
        ("{a: b}", False),
        ("[a]", False),
        ("", True),
        ("5", True),
        ("null", True),
        ("日本", True),
    ],
)
def test_a_key_that_is_no_word_is_a_problem(key: str, shown: bool) -> None:
    found = problems_of(f"? {key}\n: 1\n{SOUND}")
    assert found == [(1, f"{key}: This key is not known here." if key else "This key is not known here.")] or (
        not shown and found == [(1, "A key must be a word.")]
    )


@pytest.mark.parametrize("shape", ["", "5", "word", "true", "[]", "[5]", "[[]]", "{}", "{a: b}", "[{}]", "[{a: [b]}]"])
@pytest.mark.parametrize(
    "section", ["survey", "title", "languages", "weighting", "breakdowns", "ends", "choices", "pages"]
)
def test_any_shape_is_read_or_told(section: str, shape: str) -> None:
    document, _ = read_tree(SOUND)
    rest = yaml.safe_dump({key: value for key, value in document.items() if key != section}, allow_unicode=True)
    found = read_or_told(f"{section}: {shape}\n{rest}")
    if isinstance(found, FileError):
        assert all(str(problem) and "Input" not in str(problem) for problem in found.problems)


PARTS = st.sampled_from(
    [b"\0", b"\xff", b"- ", b": ", b"{", b"]", b"'", b'"', b"\n", b"null", b"${", b"&a ", b"5", b"\t"]
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(REAL)), st.integers(0, 40), PARTS | st.binary(max_size=4)), max_size=4))
def test_a_damaged_file_is_read_or_told(cuts: list[tuple[int, int, bytes]]) -> None:
    source = REAL
    for at, length, put in cuts:
        source = source[:at] + put + source[at + length :]
    found = read_or_told(source)
    if isinstance(found, FileError):
        assert found.problems
        assert all(0 <= problem.line <= source.count(b"\n") + 1 and str(problem) for problem in found.problems)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_document_is_read_or_told(data: st.DataObject) -> None:
    document, _ = read_tree(SOUND)
    for _ in range(data.draw(st.integers(1, 3))):
        _damage(document, data)
    text = yaml.safe_dump(document, allow_unicode=True)
    found = read_or_told(text)
    if isinstance(found, FileError):
        assert all("Input" not in str(problem) for problem in found.problems)
    else:
        assert read_questionnaire(write_questionnaire(found)).hash == found.hash


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 5, -1, 1.5, "", "word", "yes", [], {}, [5], {"en": "x"}, {"a": {}}, [[]], "x" * 10_001]
).map(copy.deepcopy)


def _damage(here: Any, data: st.DataObject) -> None:
    """Puts something odd somewhere in a document."""
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(here[key], dict | list) and data.draw(st.integers(0, 5)):
            here = here[key]
            continue
        if isinstance(here, dict) and data.draw(st.booleans()):
            here[data.draw(st.sampled_from(["kind", "name", "choices", "x"]))] = data.draw(ODD)
        else:
            here[key] = data.draw(ODD)
        return


def test_the_command_tells_every_problem_of_every_file(app: Flask, tmp_path: Path) -> None:
    bad = ROOT / "tests" / "fixtures" / "mistakes" / "several-in-shape-and-meaning.yaml"
    good = tmp_path / "good.yaml"
    good.write_bytes(REAL)
    result = app.test_cli_runner().invoke(args=["survey", "check", str(bad), str(good)])
    assert result.exit_code == 1
    told = [line for line in bad.read_text(encoding="utf-8").split("\n") if line.startswith("# ")]
    assert len(told) == 5
    for line in told:
        assert f"{bad}:{line[2:]}" in result.output
    assert f"{good}: no problems" in result.output
    assert app.test_cli_runner().invoke(args=["survey", "check", str(good)]).exit_code == 0


def test_what_several_questions_offer_is_written_once() -> None:
    options = "choices: [{code: a, label: {en: A}}, {code: b, label: {en: B}}]"
    source = "survey: s\ntitle: {en: T}\nlanguages: [en]\npages:\n  - name: p\n    title: {en: P}\n    questions:\n"
    source += "".join(f"      - {{name: q{n}, kind: select_one, label: {{en: Q}}, {options}}}\n" for n in range(3))
    source += f"      - {{name: z, kind: scale, label: {{en: Z}}, {options.replace('a,', '1,').replace('b,', '2,')}}}\n"
    read = read_questionnaire(source)
    written = yaml.safe_load(write_questionnaire(read))
    assert list(written["choices"]) == ["q0"]
    assert [question["choices"] for question in written["pages"][0]["questions"][:3]] == ["q0"] * 3
    assert len(written["pages"][0]["questions"][3]["choices"]) == 2
    assert read_questionnaire(write_questionnaire(read)) == read


def test_a_long_list_is_not_written_into_very_many_questions() -> None:
    source = "survey: s\ntitle: {en: T}\nlanguages: [en]\nchoices:\n  l:\n"
    source += "".join(f"    - {{code: c{n}, label: {{en: {'x' * 500}}}}}\n" for n in range(400))
    source += "pages:\n  - name: p\n    title: {en: P}\n    questions:\n"
    source += "".join(f"      - {{name: q{n}, kind: select_one, label: {{en: Q}}, choices: l}}\n" for n in range(90))
    with pytest.raises(FileError) as caught:
        read_questionnaire(source)
    [found] = caught.value.problems
    assert found.message.startswith("The questionnaire has more than %(limit)s characters")
