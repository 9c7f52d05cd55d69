"""The catalogue holds the whole paper, and its reader finds every mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.interchange.catalogue_file import read_catalogue
from app.questionnaire.catalogue import Action, Catalogue, Group, Measure, Track
from app.questionnaire.problems import FileError

FILE = Path(__file__).parents[2] / "surveys" / "catalogue.yaml"
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# Full stops that end no sentence.
ABBREVIATION = re.compile(r"\bU\.S\.")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(FILE.read_text(encoding="utf-8"))


def texts(catalogue: Catalogue) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every text of the catalogue: whose it is, which of its texts, the text."""
    for question in catalogue.agenda:
        yield f"agenda {question.id}", "title", question.title
        yield f"agenda {question.id}", "text", question.text
    parts: list[Track | Measure | Action | Group] = [
        *catalogue.tracks,
        *catalogue.measures,
        *catalogue.actions,
        *catalogue.groups,
    ]
    for part in parts:
        yield part.code, "title", part.title
        yield part.code, "text", part.text
    for action in catalogue.actions:
        if action.note is not None:
            yield action.code, "note", action.note


def sentences(text: dict[str, str]) -> tuple[int, int]:
    """How many sentences a text has in English and in Japanese."""
    english = ABBREVIATION.sub("US", text["en"])
    return len(re.findall(r"[.?](?=\s|$)", english)), len(re.findall("[。?]", text["ja"]))


def test_holds_the_whole_paper(catalogue: Catalogue) -> None:
    assert [question.id for question in catalogue.agenda] == list(range(1, 11))
    assert [(track.code, track.key) for track in catalogue.tracks] == [
        ("HS", "hardware-software"),
        ("DD", "domestic-diplomacy"),
        ("ID", "international-diplomacy"),
    ]
    assert len(catalogue.measures) == 17
    for track, count in (("HS", 5), ("DD", 7), ("ID", 5)):
        expected = [f"{track}{number}" for number in range(1, count + 1)]
        assert [measure.code for measure in catalogue.measures_of(track)] == expected
    assert len(catalogue.groups) == 7


def test_actions_of_each_measure(catalogue: Catalogue) -> None:
    counts = {
        track.code: [len(catalogue.actions_of(measure.code)) for measure in catalogue.measures_of(track.code)]
        for track in catalogue.tracks
    }
    assert counts == {"HS": [4, 2, 2, 2, 4], "DD": [2, 1, 2, 1, 2, 2, 3], "ID": [8, 3, 2, 4, 6]}
    assert len(catalogue.actions) == 50
    for measure in catalogue.measures:
        codes = [action.code for action in catalogue.actions_of(measure.code)]
        assert codes == [f"{measure.code}{letter}" for letter in "abcdefgh"[: len(codes)]]


def test_every_domestic_diplomacy_action_is_fielded(catalogue: Catalogue) -> None:
    fielded = [action.code for action in catalogue.fielded_actions() if action.code.startswith("DD")]
    assert " ".join(fielded) == "DD1a DD1b DD2a DD3a DD3b DD4a DD5a DD5b DD6a DD6b DD7a DD7b DD7c"


def test_domestic_diplomacy_actions_are_the_papers(catalogue: Catalogue) -> None:
    words = "nuclear|contributions|economic|explain|good-neighbor|opposition|officials|Beijing|Okinawa|SOFA"
    words += "|Fulbright|Mansfield|film festival"
    actions = [action for measure in catalogue.measures_of("DD") for action in catalogue.actions_of(measure.code)]
    for action, word in zip(actions, words.split("|"), strict=True):
        assert word in f"{action.title['en']} {action.text['en']}", action.code


def test_past_actions_say_why_and_are_not_fielded(catalogue: Catalogue) -> None:
    past = [action for action in catalogue.actions if action.status == "past"]
    assert [action.code for action in past] == ["HS5a", "HS5b", "HS5c", "HS5d", "ID4d"]
    for action in past:
        assert action.note is not None
        assert re.search(r"\b20\d\d\b", action.note["en"])
    assert not {action.code for action in catalogue.fielded_actions()} & {action.code for action in past}
    assert len(catalogue.fielded_actions()) == 45


def test_fielded_actions_are_worded_for_today(catalogue: Catalogue) -> None:
    dated = re.compile("PACOM|Pacific Command|Burma|Iraq|Afghanistan|Six-Party|Doha|イラク|アフガニスタン|六者")
    for action in catalogue.fielded_actions():
        for wording in (*action.title.values(), *action.text.values()):
            assert not dated.search(wording.replace("Indo-Pacific", "")), action.code


def test_every_text_is_in_both_languages(catalogue: Catalogue) -> None:
    found = list(texts(catalogue))
    assert len(found) == 2 * (10 + 3 + 17 + 50 + 7) + 5
    for code, name, text in found:
        assert set(text) == {"en", "ja"}, (code, name)
        assert JAPANESE.search(text["ja"]), (code, name)
        assert text["en"].isascii(), (code, name)


def test_titles_are_short_and_unlike_each_other(catalogue: Catalogue) -> None:
    titles = [(code, text) for code, name, text in texts(catalogue) if name == "title"]
    for language, limit in (("en", 60), ("ja", 30)):
        assert [code for code, text in titles if len(text[language]) > limit] == []
        assert len({text[language] for _, text in titles}) == len(titles)
    for code, text in titles:
        assert not text["en"].endswith("."), code
        assert not re.search("(です|ます)$|。", text["ja"]), code


def test_explanations_are_polite_sentences(catalogue: Catalogue) -> None:
    for code, name, text in texts(catalogue):
        if name == "title":
            continue
        if name == "text":
            english, japanese = sentences(text)
            most = 2 if code.startswith("agenda") else 1
            assert 1 <= english <= most, code
            assert 1 <= japanese <= most, code
        for sentence in re.split("(?<=[。?])", text["ja"]):
            assert not sentence or re.search("(ます|です|ました|しょうか|必要です)[。?]$", sentence), (
                code,
                name,
            )


def test_agenda_questions_are_questions_that_measures_answer(catalogue: Catalogue) -> None:
    for question in catalogue.agenda:
        assert question.text["en"].endswith("?"), question.id
        assert any(question.id in measure.agenda for measure in catalogue.measures), question.id


def test_pages_follow_the_papers_order(catalogue: Catalogue) -> None:
    assert catalogue.source.pages == (1, 5)
    for parts in (catalogue.agenda, catalogue.measures, catalogue.actions):
        pages = [part.page for part in parts]
        assert pages == sorted(pages)
    assert {measure.page for measure in catalogue.measures} == {3, 4, 5}


def test_looking_up(catalogue: Catalogue) -> None:
    assert catalogue.action("DD6a").measure == "DD6"
    assert catalogue.measure("DD6").track == "DD"
    assert catalogue.agenda_of("DD6a") == catalogue.measure("DD6").agenda == (2,)
    assert catalogue.agenda_of("ID2c") == (3, 5)
    assert catalogue.actions_of("XX1") == ()
    with pytest.raises(KeyError):
        catalogue.action("DD9z")
    with pytest.raises(KeyError):
        catalogue.measure("DD9")


# A small catalogue without mistakes, for making one at a time.
SOUND = """\
source: {title: A paper, author: A. Writer, journal: A journal, year: 2007, pages: [1, 5]}
agenda:
  - id: 1
    page: 1
    title: {en: First, ja: 一}
    text: {en: First?, ja: 一ですか。}
  - id: 2
    page: 1
    title: {en: Second, ja: 二}
    text: {en: Second?, ja: 二ですか。}
tracks:
  - {code: AA, key: first-track, title: {en: Track, ja: 分野}, text: {en: A track., ja: 分野です。}}
measures:
  - code: AA1
    track: AA
    page: 3
    agenda: [1, 2]
    title: {en: Measure, ja: 施策}
    text: {en: A measure., ja: 施策です。}
actions:
  - code: AA1a
    measure: AA1
    page: 3
    title: {en: Action, ja: 行動}
    text: {en: An action., ja: 行動です。}
  - code: AA1b
    measure: AA1
    page: 4
    status: past
    title: {en: Old action, ja: 過去の行動}
    text: {en: An old action., ja: 過去の行動です。}
    note: {en: Done., ja: 実施済みです。}
groups:
  - {code: experts, title: {en: Experts, ja: 専門家}, text: {en: Experts., ja: 専門家です。}}
"""


def problems_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(FileError) as caught:
        read_catalogue(text)
    return [(problem.line, problem.message % problem.params) for problem in caught.value.problems]


def test_a_sound_catalogue_is_read() -> None:
    catalogue = read_catalogue(SOUND)
    assert [action.code for action in catalogue.fielded_actions()] == ["AA1a"]
    assert catalogue.action("AA1b").note == {"en": "Done.", "ja": "実施済みです。"}


NOTE = "A past action, and no other, has a note that says why it is past."
MISTAKES = [
    ("track: AA", "track: BB", 15, "There is no track “BB”."),
    ("measure: AA1\n    page: 4", "measure: AA2\n    page: 4", 27, "There is no measure “AA2”."),
    ("code: AA1b", "code: AA1a", 26, "“AA1a” is used twice."),
    ("id: 2", "id: 1", 7, "“1” is used twice."),
    ("code: AA1b", "code: AA2b", 26, "“AA2b” must be “AA1” and one of [a-z]."),
    ("code: AA1b", "code: AA1", 26, "“AA1” must be “AA1” and one of [a-z]."),
    ("agenda: [1, 2]", "agenda: [1]", 7, "No measure answers agenda question 2."),
    ("agenda: [1, 2]", "agenda: [1, 2, 7]", 17, "There is no agenda question 7."),
    ("agenda: [1, 2]", "agenda: []", 17, "“agenda” is empty."),
    ("status: past", "status: past\n    agenda: [3]", 30, "There is no agenda question 3."),
    ("title: {en: Measure, ja: 施策}", "title: {en: Measure}", 18, "The translation into “ja” is missing."),
    ("en: An action.", "en: ''", 25, "The translation into “en” is missing."),
    ("ja: 過去の行動}", "ja: 過去の行動, ko: x}", 30, "“ko” is not a language of the catalogue."),
    ("{en: Action, ja: 行動}", "Action", 24, "“title” must hold a text for each language."),
    ("en: Action,", "en: " + "a" * 61 + ",", 24, "The title is longer than 60 characters."),
    ("ja: 行動}", "ja: " + "行" * 31 + "}", 24, "The title is longer than 30 characters."),
    ("page: 4", "page: 6", 28, "Page 6 is not one of 1 to 5."),
    ("page: 4", "page: 5", 28, "Its measure begins on page 3."),
    ("page: 4", "page: 2", 28, "Its measure begins on page 3."),
    ("page: 4", "page: four", 28, "“page” is not a whole number."),
    ("    page: 4\n", "", 26, "“page” is missing."),
    ("page: 4", "page: 4\n    colour: red", 29, "“colour” is not a key that is known here."),
    ("groups:", "extra: 1\ngroups:", 33, "“extra” is not a key that is known here."),
    ("page: 4", "page: 4\n    page: 4", 29, "The key “page” stands here twice."),
    ("status: past", "status: current", 26, NOTE),
    ("    note: {en: Done., ja: 実施済みです。}\n", "", 26, NOTE),
    ("status: past", "status: [past", 29, None),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), MISTAKES)
def test_each_mistake_is_found_on_its_line(old: str, new: str, line: int, message: str | None) -> None:
    assert old in SOUND
    found = problems_of(SOUND.replace(old, new, 1))
    if message is None:
        assert [(at, text.startswith("The file is not valid YAML: ")) for at, text in found] == [(line, True)]
    else:
        assert (line, message) in found


@pytest.mark.parametrize(
    ("codes", "line", "message"),
    [
        (("AA1a", "AA1b"), 14, "Nothing belongs to the measure “AA1”."),
        (("AA1",), 12, "Nothing belongs to the track “AA”."),
    ],
)
def test_what_nothing_belongs_to(codes: tuple[str, ...], line: int, message: str) -> None:
    text = SOUND
    for code in codes:
        text = re.sub(rf"  - code: {code}\n(    .*\n)+", "", text)
    assert (line, message) in problems_of(text)


def test_an_action_answers_no_more_than_its_measure() -> None:
    text = SOUND.replace("agenda: [1, 2]", "agenda: [1]").replace("page: 4", "page: 4\n    agenda: [2]")
    assert (29, "Its measure does not answer agenda question 2.") in problems_of(text)


def test_one_mistake_is_one_problem() -> None:
    assert problems_of(SOUND.replace("measure: AA1\n    page: 4", "measure: AA7\n    page: 4")) == [
        (27, "There is no measure “AA7”.")
    ]
    assert problems_of(SOUND.replace("en: An action.", "en: ''")) == [(25, "The translation into “en” is missing.")]


def test_every_problem_at_once_in_the_order_of_lines() -> None:
    text = SOUND.replace("agenda: [1, 2]", "agenda: [1]").replace("page: 4", "page: 9\n    colour: red")
    text = text.replace("title: {en: Experts, ja: 専門家}", "title: {en: Experts}")
    assert problems_of(text) == [
        (7, "No measure answers agenda question 2."),
        (28, "Page 9 is not one of 1 to 5."),
        (29, "“colour” is not a key that is known here."),
        (35, "The translation into “ja” is missing."),
    ]


@pytest.mark.parametrize("text", ["", "words", "- a\n- b", "a: b: c", "a: \0", "a: 1\n---\nb: 2", "&x [*x]"])
def test_what_is_no_catalogue_is_refused(text: str) -> None:
    assert len(problems_of(text)) == 1


@pytest.mark.parametrize("section", ["source", "agenda", "tracks", "measures", "actions", "groups"])
@pytest.mark.parametrize("value", ["", "word", "[word]", "[[1]]", "{a: b}", "[{}]"])
def test_a_section_of_another_shape_is_refused(section: str, value: str) -> None:
    text = re.sub(rf"^{section}:.*\n(  .*\n)*", f"{section}: {value}\n", SOUND, flags=re.MULTILINE)
    line = text.split("\n").index(f"{section}: {value}") + 1
    assert line in [at for at, _ in problems_of(text)]
