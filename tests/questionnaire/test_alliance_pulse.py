"""Who is asked what: the samples of the fielded questionnaires, the pulse's random orders and its experiment."""

from __future__ import annotations

import re

from app.questionnaire.drawing import drawn
from app.questionnaire.kinds.base import Answers
from app.questionnaire.kinds.matrix import Matrix
from app.questionnaire.presenting import present
from app.questionnaire.routing import known, path
from tests.questionnaire.fielded import LANGUAGES, PULSE, TRACKS, asked, chances, items, rows_of, survey

SEEDS = range(400)


def met(key: str, seed: int) -> dict[str, tuple[str, ...]]:
    """What a response in Japan is asked: its questions in order, each with its rows."""
    answers: Answers = {"consent": "yes", "adult": "yes", "country": "jp", "group": "public"}
    screens = path(survey(key), known(survey(key), answers, seed, "2026-11-23"))
    return {q.name: tuple(row.name for row in rows_of(q)) for screen in screens for q in screen.questions}


def test_everybody_is_asked_about_ten_actions_of_all_three_tracks() -> None:
    counts: dict[str, int] = {}
    for seed in SEEDS:
        drawn_rows = [row for rows in met(PULSE, seed).values() for row in rows]
        assert [sum(row.startswith(track) for row in drawn_rows) for track in ("HS", "DD", "ID")] == [2, 3, 5]
        for row in drawn_rows:
            counts[row] = counts.get(row, 0) + 1
    assert sorted(counts) == sorted(items(PULSE))
    # 400 draws at 20 to 23 in 100 are 80 to 92, give or take 8.4: 45 of them stay within 4 of those.
    assert all(46 < count < 126 for count in counts.values())


def test_the_international_track_asks_everybody_about_fourteen_of_its_actions_and_two_or_three_a_page() -> None:
    shapes = {tuple(len(rows) for rows in met("international-diplomacy", seed).values() if rows) for seed in SEEDS}
    assert shapes == {(3, 3, 3, 3, 2)}
    assert set(chances(survey("international-diplomacy"))) == set(items("international-diplomacy"))


def test_subjects_and_items_of_the_pulse_come_in_random_order_but_not_those_of_a_track() -> None:
    subjects = {tuple(name for name, rows in met(PULSE, seed).items() if rows) for seed in SEEDS}
    assert len(subjects) == 6
    matrices = [question for question in asked(PULSE) if isinstance(question, Matrix)]
    assert {question.name + "_order" for question in matrices} | {"proposals_order"} == set(survey(PULSE).shuffles)
    assert not any(survey(key).shuffles for key in TRACKS.values())


def test_the_experiment_is_about_one_sentence() -> None:
    question = survey(PULSE).question("bases_faster")
    (variant,) = question.variants
    assert variant.label
    assert variant.hint is None
    assert variant.choices is None
    for language in LANGUAGES:
        before, same, after = variant.label[language].partition(question.label[language])
        assert same
        assert not after
        assert re.fullmatch(r"[^.。]+(U\.S\.-Japan)?[^.。]+[.。] ?", before)
        assert re.search("burden|負担", before)
        assert question.hint
        assert not re.search("burden|aim|負担|目的", question.label[language] + question.hint[language])


def test_half_are_told_the_aim_and_whoever_drew_the_item_is_not_asked_again() -> None:
    questionnaire = survey(PULSE)
    question = questionnaire.question("bases_faster")
    told = {"bare": 0, "burden": 0}
    for seed in SEEDS:
        asked_here = met(PULSE, seed)
        assert ("bases_faster" in asked_here) == ("DD6a" not in asked_here["support_people"])
        assert "bases_faster" not in list(asked_here)[:-1]
        given = drawn(questionnaire, seed)
        arm = str(given["aim_words"])
        told[arm] += 1
        label = present(questionnaire, question, given, "en").label
        assert ("burden" in label) == (arm == "burden")
    assert all(160 <= count <= 240 for count in told.values())
    assert questionnaire.variables["bases_faster"].action is None
    assert questionnaire.arms == ("aim_words",)
    assert "aim_words" in {breakdown.name for breakdown in questionnaire.breakdowns}
