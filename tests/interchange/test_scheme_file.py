"""Scheme and target files: what they may say, and every mistake with its line."""

from __future__ import annotations

import pytest

from app.interchange.scheme_file import read_schemes, read_targets
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError
from app.questionnaire.scheme import FrozenScheme, population_of
from tests.questionnaire.made import questionnaire_of

TEXT = {"en": "Text"}


def question(name: str, *codes: str) -> dict[str, object]:
    return {
        "name": name,
        "kind": "select_one",
        "label": TEXT,
        "choices": [{"code": code, "label": TEXT} for code in codes],
    }


QUESTIONS = [question("g", "f", "m", "x"), question("a", "1", "2"), question("q", "1", "2")]
TARGETS = "margins:\n  g: {f: 0.52, m: 0.48}\n  a: {1: 30, 2: 70}\n  g*a: {f*1: 20, f*2: 32, m*1: 10, m*2: 38}\n"


def survey(period: str = "month") -> Questionnaire:
    return questionnaire_of(QUESTIONS).model_copy(update={"weighting": ("g", "a"), "period": period})


def read(source: str, targets: str = TARGETS) -> list[FrozenScheme]:
    def find(name: str) -> bytes | None:
        return targets.encode() if name == "people" else None

    return read_schemes(source, "made", find, lambda key: survey() if key == "made" else None)


def told(source: str, targets: str = TARGETS) -> list[str]:
    with pytest.raises(FileError) as caught:
        read(source, targets)
    return [f"{problem.line}: {problem}" for problem in caught.value.problems]


def scheme(*lines: str) -> str:
    return "schemes:\n  - key: one\n" + "".join(f"    {line}\n" for line in lines)


def test_a_scheme_of_all_that_can_be_said() -> None:
    [found] = read(
        scheme(
            "label: {en: One, ja: 一}",
            "method: rake",
            "targets: people",
            "margins: [g, a]",
            "base_weights: true",
            "period: wave",
            "total: respondents",
            "missing: exclude",
            "collapse: {minimum: 5, empty: drop, into: {g: {m: f}}}",
            "trim: {lower: 0.2, upper: 5, strict: true}",
            "parts:",
            "  - {key: f, where: \"${g} = 'f'\", margins: [a], collapse: {minimum: 2}}",
            "  - {key: rest, weighted: false}",
        )
    )
    first, rest = found.scheme.whole
    assert (first.margins, first.missing, first.collapse and first.collapse.minimum) == (("a",), "exclude", 2)
    assert not rest.weighted
    assert FrozenScheme.model_validate_json(found.document) == found


def test_targets_written_in_the_scheme_are_kept_with_it() -> None:
    [found] = read(scheme("targets:", "  margins:", "    g: {f: 520, m: 480}"))
    [targets] = found.targets.values()
    assert population_of(targets) == 1000


def test_the_hash_hangs_on_the_figures_and_on_the_order_of_levels() -> None:
    one, other = (
        read(scheme("targets: people", "margins: [g]"), text)[0].hash
        for text in (TARGETS, TARGETS.replace("0.52", "0.51").replace("0.48", "0.49"))
    )
    turned = read(
        scheme("targets: people", "margins: [g]"), TARGETS.replace("{f: 0.52, m: 0.48}", "{m: 0.48, f: 0.52}")
    )[0].hash
    assert len({one, other, turned}) == 3


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["targets: nobody"], "3: schemes[1].targets: There is no file of targets “nobody”."),
        (["margins: [g]"], "2: schemes[1].targets: Which targets? Name a file of targets, or say `method: none`."),
        (["targets: people", "method: poststratify"], "Poststratification takes one margin"),
        (["targets: people", "margins: [q]"], "have no margin “q”; they have: g, a, g*a."),
        (["targets: people", "period: week"], "kept by month: weights by week cannot be made"),
        (["targets: people", "trim: {}"], "Trimming needs `lower` or `upper`."),
        (["targets: people", "trim: {lower: 2, upper: 1.5}"], "`lower` must lie below `upper`."),
        (["targets: people", "trim: {upper: 0.5}"], "The mean weight itself lies outside these limits."),
        (["targets: people", "collapse: {into: {g: {y: f}}}"], "The margin “g” has no level “y”."),
        (["targets: people", "collapse: {into: {q: {y: f}}}"], "There is no margin “q”"),
        (["targets: people", "parts: [{key: a, where: \"${q} = '1'\"}]"], "“q” is no weighting variable of the survey"),
        (["targets: people", "parts: [{key: a, where: \"${g} = '1'\"}]"], "“1” is no code of “g”."),
        (["targets: people", "parts: [{key: a}, {key: a}]"], "Two parts have the key “a”."),
        (["targets: people", "metod: rake"], "4: schemes[1].metod: This key is not known here."),
        (["method: none", "missing: maybe"], "“maybe” cannot be used here"),
    ],
)
def test_every_mistake_is_told(lines: list[str], expected: str) -> None:
    assert any(expected in one for one in told(scheme(*lines))), told(scheme(*lines))


def test_the_name_of_no_weights_is_taken() -> None:
    assert "is the name of the figures without weights" in told("schemes:\n  - {key: unweighted, method: none}\n")[0]


def test_a_survey_that_is_not_there_is_told() -> None:
    assert told("survey: other\nschemes:\n  - {key: one, method: none}\n")[0].startswith(
        "1: survey: There is no survey"
    )


@pytest.mark.parametrize(
    ("margins", "expected"),
    [
        ("g: {f: 0.5, m: 0.4}", "2: margins.g: The shares sum to 0.9, not to 1."),
        ("g: {f: 1}", "2: margins.g: A margin needs two levels or more."),
        ("g*a: {f: 0.5, m: 0.5}", "does not fit “g*a”"),
        ("g: {f: -1, m: 2}", "The number must be at least 0"),
        ("g: {f: many, m: 2}", "A number is expected here."),
        ("g: {f: 600, m: 500}\n  a: {1: 9, 2: 9}", "populations of different sizes: from 18 to 1100"),
    ],
)
def test_mistakes_of_targets_are_told_with_their_line(margins: str, expected: str) -> None:
    with pytest.raises(FileError) as caught:
        read_targets(f"margins:\n  {margins}\n")
    assert any(expected in f"{one.line}: {one}" for one in caught.value.problems), str(caught.value)


def test_codes_of_targets_that_the_question_has_not_are_told() -> None:
    assert any(
        "“n” is no code of “g”." in one
        for one in told(scheme("targets: people"), TARGETS.replace("m: 0.48", "n: 0.48"))
    )


def test_mistakes_of_a_file_of_targets_are_told_where_it_is_named() -> None:
    [one] = told(scheme("targets: people"), "margins:\n  g: {f: 0.5, m: 0.4}\n")
    assert one == "3: schemes[1].targets: people:2: margins.g: The shares sum to 0.9, not to 1."
