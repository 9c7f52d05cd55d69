"""What the seed gives: reproducible, balanced, and each draw independent of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

import pytest
from scipy.stats import chi2

from app.questionnaire.drawing import arm, drawn, order, sample
from app.questionnaire.kinds.sample import Sample
from app.storage.responses import response_id
from tests.questionnaire.fielded import PULSE, survey
from tests.questionnaire.test_routing import TEXT, ask, made

RESPONDENTS = 20_000
SEEDS = range(RESPONDENTS)
ITEMS = [f"i{number}" for number in range(12)]
# How often right draws would fail one comparison; some hundred are made here. Two-sided: counts that fit too well are
# not random either.
FALSE_ALARM = 1e-5

GOLDEN_SAMPLE = ["i3", "i5", "i6", "i10"]
GOLDEN_ORDER = ["i10", "i8", "i6", "i1", "i7", "i9", "i5", "i0", "i3", "i2", "i11", "i4"]
GOLDEN_ARMS = list("abbabbbaaabb")


def is_random(statistic: float, freedom: int) -> bool:
    """Whether a chi-square statistic is one that chance alone gives but for FALSE_ALARM of all times."""
    low, high = chi2.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], freedom)
    return bool(low < statistic < high)


def squares(found: Mapping[Any, int], expected: Mapping[Any, float]) -> float:
    """Pearson's statistic of counts by what is counted."""
    assert set(found) <= set(expected)
    return sum((found.get(key, 0) - number) ** 2 / number for key, number in expected.items())


def sampled(found: Mapping[str, int], items: Sequence[str], ask: int) -> bool:
    """Whether items that are drawn `ask` at a time come equally often: as nobody draws one twice, counts vary less than
    those of independent draws, by the factor (items - ask) / (items - 1)."""
    even = squares(found, dict.fromkeys(items, sum(found.values()) / len(items)))
    return is_random(even * (len(items) - 1) / (len(items) - ask), len(items) - 1)


def test_arms_come_by_their_shares() -> None:
    shares = [("a", 1.0), ("b", 2.0), ("c", 0.5)]
    found = Counter(arm(seed, "words", shares) for seed in SEEDS)
    assert is_random(squares(found, {code: RESPONDENTS * share / 3.5 for code, share in shares}), 2)


def test_every_item_and_every_pair_is_asked_as_often_as_any_other() -> None:
    asked = [sample(seed, "items", ITEMS, 4) for seed in SEEDS]
    assert {len(items) for items in asked} == {4}
    assert sampled(Counter(item for items in asked for item in items), ITEMS, 4)
    # Counts of pairs hang together: of whoever drew an item, the others are a sample of three from eleven.
    for item in ITEMS:
        others = Counter(other for items in asked if item in items for other in items if other != item)
        assert sampled(others, [other for other in ITEMS if other != item], 3)


def test_every_set_comes_as_often_as_any_other() -> None:
    found = Counter(tuple(sample(seed, "sets", ITEMS[:6], 3)) for seed in SEEDS)
    assert is_random(squares(found, dict.fromkeys(combinations(ITEMS[:6], 3), RESPONDENTS / 20)), 19)


def test_every_order_comes_as_often_as_any_other() -> None:
    found = Counter(tuple(order(seed, "o", [(item, False) for item in ITEMS[:5]])) for seed in SEEDS)
    assert is_random(squares(found, dict.fromkeys(permutations(ITEMS[:5]), RESPONDENTS / 120)), 119)


def test_the_pulse_is_balanced_over_its_respondents() -> None:
    """The survey that draws most, with the ids that responses really have."""
    pulse = survey(PULSE)
    draws = [drawn(pulse, response_id(f"respondent {number}")) for number in SEEDS]
    for question in pulse.questions:
        if isinstance(question, Sample):
            asked = [items for one in draws if isinstance(items := one[question.name], list)]
            ask = question.parameters.ask
            assert {len(items) for items in asked} == {ask}
            assert sampled(Counter(item for items in asked for item in items), question.of, ask)
            # Each item is asked as often in one arm of the experiment as in the other.
            for item in question.of:
                crossed = Counter((str(one["aim_words"]), item in str(one[question.name])) for one in draws)
                share = ask / len(question.of)
                expected = {
                    (code, is_asked): RESPONDENTS / 2 * (share if is_asked else 1 - share)
                    for code in ("bare", "burden")
                    for is_asked in (True, False)
                }
                assert is_random(squares(crossed, expected), 3)
    arms = Counter(str(one["aim_words"]) for one in draws)
    assert is_random(squares(arms, dict.fromkeys(("bare", "burden"), RESPONDENTS / 2)), 1)
    again = [drawn(pulse, response_id(f"respondent {number}")) for number in reversed(SEEDS)]
    assert again[::-1] == draws


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda seed: arm(seed, "a", [("x", 1), ("y", 1)]), lambda seed: arm(seed, "b", [("x", 1), ("y", 1)])),
        (lambda seed: arm(seed, "a", [("x", 1), ("y", 1)]), lambda seed: "i0" in sample(seed, "s", ITEMS, 6)),
        (
            lambda seed: sample(seed, "s", ITEMS, 6)[0] == "i0",
            lambda seed: order(seed, "o", [("p", False), ("q", False)])[0],
        ),
        (lambda seed: arm(seed, "a", [("x", 1), ("y", 1)]), lambda seed: arm(seed + 1, "a", [("x", 1), ("y", 1)])),
    ],
)
def test_draws_are_independent(one: Callable[[int], object], other: Callable[[int], object]) -> None:
    """Each of the two has two outcomes, equally likely: so have their four combinations."""
    found = Counter((one(seed), other(seed)) for seed in SEEDS)
    assert len(found) == 4
    assert is_random(squares(found, dict.fromkeys(found, RESPONDENTS / 4)), 3)


def test_fixed_items_keep_their_places() -> None:
    items = [("first", True), ("a", False), ("b", False), ("c", False), ("none", True)]
    for seed in range(200):
        shown = order(seed, "o", items)
        assert (shown[0], shown[-1]) == ("first", "none")
        assert sorted(shown[1:-1]) == ["a", "b", "c"]


def test_the_same_seed_gives_the_same_for_ever() -> None:
    """Stored responses are computed again with these functions: their results may never change."""
    assert sample(1, "items", ITEMS, 4) == GOLDEN_SAMPLE
    assert order(2**63 - 1, "o", [(item, False) for item in ITEMS]) == GOLDEN_ORDER
    assert [arm(seed, "words", [("a", 1.0), ("b", 1.0)]) for seed in range(12)] == GOLDEN_ARMS


def test_a_questionnaire_draws_all_it_declares() -> None:
    choices = [{"code": "x", "label": TEXT}, {"code": "y", "label": TEXT}]
    questionnaire = made(
        (
            "p",
            [
                {"name": "words", "kind": "arm", "label": TEXT, "choices": choices},
                {"name": "asked", "kind": "sample", "label": TEXT, "of": ["a", "b", "c"], "parameters": {"ask": 2}},
                ask("a"),
                ask("b"),
                ask("c", parameters={"randomize": True}),
            ],
        ),
        ("q", [ask("d"), ask("e"), ask("f", fixed=True)]),
    )
    page = questionnaire.pages[1].model_copy(update={"randomize": True})
    questionnaire = questionnaire.model_copy(update={"pages": (questionnaire.pages[0], page)})
    found = drawn(questionnaire, 7)
    assert set(found) == {"words", "asked", "c_order", "q_order"}
    assert found["words"] in ("x", "y")
    assert isinstance(found["asked"], list)
    assert len(found["asked"]) == 2
    assert found["c_order"] in (["no", "yes"], ["yes", "no"])
    assert isinstance(found["q_order"], list)
    assert found["q_order"][-1] == "f"
    assert set(found) <= set(questionnaire.variables)
