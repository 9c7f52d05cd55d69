"""Blocks are written into the questionnaires that include them; mistakes in them are named where they are."""

from __future__ import annotations

import pytest

from app.interchange.yaml_file import read_questionnaire, write_questionnaire
from app.questionnaire.problems import FileError

SURVEY = """survey: small
title: {en: Small, ja: 小}
languages: [en, ja]
include: [scales]
pages:
  - include: people
  - name: views
    title: {en: Views, ja: 意見}
    questions:
      - name: a
        kind: scale
        label: {en: A, ja: あ}
        choices: support
"""
SCALES = b"""choices:
  support:
    - {code: 1, label: {en: Oppose, ja: "\xe5\x8f\x8d\xe5\xaf\xbe", fr: Contre}}
    - {code: 2, label: {en: Support, ja: "\xe8\xb3\x9b\xe6\x88\x90", fr: Pour}}
"""
PEOPLE = b"""choices:
  yes_no:
    - {code: "yes", label: {en: "Yes", ja: "\xe3\x81\xaf\xe3\x81\x84", fr: Oui}}
    - {code: "no", label: {en: "No", ja: "\xe3\x81\x84\xe3\x81\x84\xe3\x81\x88", fr: Non}}
pages:
  - name: first
    title: {en: You, ja: "\xe3\x81\x82\xe3\x81\xaa\xe3\x81\x9f", fr: Vous}
    questions:
      - {name: adult, kind: select_one, label: {en: "18?", ja: "18?", fr: "18?"}, choices: yes_no}
"""
BLOCKS = {"scales": SCALES, "people": PEOPLE}


def problems(survey: str = SURVEY, **blocks: bytes) -> list[tuple[int, str]]:
    with pytest.raises(FileError) as caught:
        read_questionnaire(survey, None, {**BLOCKS, **blocks})
    return [(problem.line, str(problem)) for problem in caught.value.problems]


def test_a_block_is_written_into_the_questionnaire() -> None:
    found = read_questionnaire(SURVEY, None, BLOCKS)
    assert [page.name for page in found.pages] == ["first", "views"]
    assert list(found.variables) == ["adult", "a"]
    assert [option.label for option in found.variables["a"].options] == [
        {"en": "Oppose", "ja": "反対"},
        {"en": "Support", "ja": "賛成"},
    ]
    assert read_questionnaire(write_questionnaire(found)).hash == found.hash


def test_included_or_written_out_is_the_same_version() -> None:
    written = SURVEY.replace("include: [scales]\n", "").replace(
        "  - include: people\n",
        """  - name: first
    title: {en: You, ja: あなた}
    questions:
      - name: adult
        kind: select_one
        label: {en: "18?", ja: "18?"}
        choices: [{code: "yes", label: {en: "Yes", ja: はい}}, {code: "no", label: {en: "No", ja: いいえ}}]
""",
    )
    written = written.replace(
        "choices: support",
        "choices: [{code: 1, label: {en: Oppose, ja: 反対}}, {code: 2, label: {en: Support, ja: 賛成}}]",
    )
    assert read_questionnaire(written).hash == read_questionnaire(SURVEY, None, BLOCKS).hash


def test_a_mistake_in_a_block_is_named_with_its_line_there_and_the_line_that_includes_it() -> None:
    assert problems(people=PEOPLE.replace(b"kind: select_one", b"kind: select_two"))[0][0] == 6
    assert (
        "people.yaml:9 pages[1].questions[1].kind"
        in problems(people=PEOPLE.replace(b"select_one", b"select_two"))[0][1]
    )
    [(line, said)] = problems(scales=SCALES.replace(b"code: 2", b"code: 1"))
    assert line == 4
    assert said.startswith("scales.yaml:4 choices.support[2].code: ")


def test_a_mistake_after_an_included_page_keeps_its_own_line() -> None:
    assert problems(SURVEY.replace("kind: scale", "kind: skale"))[0][0] == 11
    assert "pages[2].questions[1].kind" in problems(SURVEY.replace("kind: scale", "kind: skale"))[0][1]


@pytest.mark.parametrize(
    ("survey", "line", "said"),
    [
        (SURVEY.replace("include: people", "include: nobody"), 6, "There is no block “nobody” in surveys/blocks."),
        (SURVEY.replace("include: people", "include: ../catalogue"), 6, "There is no block “../catalogue”"),
        (SURVEY.replace("[scales]", "[scales, colours]"), 4, "There is no block “colours”"),
        (SURVEY.replace("[scales]", "scales"), 4, "A list is expected here."),
        (SURVEY.replace("include: people", "include: scales"), 6, "The block “scales” has no pages."),
        (
            SURVEY.replace("include: people", "include: people\n    name: x"),
            6,
            "Beside `include` no other key can stand.",
        ),
        (SURVEY.replace("include: people", "include: [people]"), 6, "There is no block"),
        (SURVEY + "choices:\n  support: []\n", 4, "is the survey's own and the block's too"),
    ],
)
def test_what_cannot_be_included(survey: str, line: int, said: str) -> None:
    assert any(found == line and said in words for found, words in problems(survey))


@pytest.mark.parametrize("block", [b"", b"- a", b"survey: x", b"pages: [", b"\xff\xfe", b"choices: {a: [*x]}"])
def test_what_is_no_block(block: bytes) -> None:
    assert any(line == 6 and "people.yaml" in said for line, said in problems(people=block))
