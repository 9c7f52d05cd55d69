"""Differences against the microdata: every respondent's linearised value, as R's package computes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.estimation.contrast import NoJointCount, Side, between, contrast, joint
from app.estimation.contrasts import asked_figures, contrasts
from app.estimation.measure import Measure
from app.estimation.tally import Layout, Tally
from app.estimation.weighting import Weights, one_sample, weigh
from tests.estimation.reference import (
    code,
    domains_by,
    measure,
    reference_tally,
    reference_weights,
    results,
    rows,
)

LEVELS = ("country", "gender", "age", "stake")


def linearised(name: str, design: str, question: str, chosen: set[str], inside: np.ndarray) -> tuple[float, np.ndarray]:
    """A share in a domain, and x of every respondent: R's ten turns over the margins, on the microdata."""
    data = rows(name)
    w = np.array(results(name)["designs"][design]["weights"])
    answered = np.array([row[question] != "" for row in data]) & inside
    yes = np.array([code(row[question]) in chosen for row in data]) & answered
    share = w[yes].sum() / w[answered].sum()
    x = w * answered * (yes - share) / w[answered].sum()
    raked = np.array(results(name)["designs"]["rake"]["weights"])
    if design in ("rake", "trim"):
        for _ in range(10):
            for variable in LEVELS:
                level = np.unique([row[variable] for row in data], return_inverse=True)[1]
                mean = np.bincount(level, x / raked) / np.bincount(level)
                x = x - raked * mean[level]
    return share, x


def variance_of(x: np.ndarray) -> float:
    n = len(x)
    return float(n / (n - 1) * ((x - x.mean()) ** 2).sum())


@pytest.mark.parametrize("design", ["unweighted", "rake", "trim"])
@pytest.mark.parametrize("name", ["synth_w1", "synth_base_w1"])
@pytest.mark.parametrize("question", ["q1", "q3"])
def test_the_difference_of_two_domains_has_the_error_of_the_microdata(name: str, design: str, question: str) -> None:
    tally, weights, asked = reference_tally(name), reference_weights(name, design), measure(name, question)
    chosen = set(asked.codes[:2])
    domains = domains_by(name, tally, "stake", ["citizen", "industry"])
    sides = [Side(asked, domain, dict.fromkeys(chosen, 1.0)) for domain in domains]
    found = contrast(tally, weights, *sides)
    inside = [np.array([row["stake"] == group for row in rows(name)]) for group in ("citizen", "industry")]
    (a, x), (b, y) = (linearised(name, design, question, chosen, one) for one in inside)
    assert found.value == pytest.approx(a - b, rel=1e-10)
    assert found.se == pytest.approx(variance_of(x - y) ** 0.5, rel=1e-10)


@pytest.mark.parametrize("design", ["unweighted", "rake", "trim"])
def test_a_domain_inside_another_shares_its_people(design: str) -> None:
    name, question = "synth_w1", "q2"
    tally, weights, asked = reference_tally(name), reference_weights(name, design), measure(name, question)
    [part] = domains_by(name, tally, "gender", ["female"])
    whole = np.ones(len(tally.cells), bool)
    found = contrast(tally, weights, *(Side(asked, domain, {"5": 1.0}) for domain in (part, whole)))
    women = np.array([row["gender"] == "female" for row in rows(name)])
    (a, x), (b, y) = (linearised(name, design, question, {"5"}, one) for one in (women, np.ones(len(women), bool)))
    assert (found.value, found.se) == pytest.approx((a - b, variance_of(x - y) ** 0.5), rel=1e-10)


@pytest.mark.parametrize("design", ["unweighted", "rake", "poststrat", "cal_linear", "trim"])
def test_the_difference_of_two_codes_is_that_of_rs_covariance(design: str) -> None:
    tally, weights, asked = (
        reference_tally("synth_w1"),
        reference_weights("synth_w1", design),
        measure("synth_w1", "q3"),
    )
    expected = results("synth_w1")["designs"][design]["q"]["q3"]["mean"]
    whole = np.ones(len(tally.cells), bool)
    found = contrast(tally, weights, *(Side(asked, whole, {one: 1.0}) for one in asked.codes[:2]))
    v = np.array(expected["vcov"])
    assert found.value == pytest.approx(expected["est"][0] - expected["est"][1], rel=1e-9)
    assert found.se == pytest.approx((v[0, 0] + v[1, 1] - 2 * v[0, 1]) ** 0.5, rel=1e-9)


def two_waves(design: str) -> tuple[Tally, Weights]:
    """Both waves of R's data under one another, each with its own weights."""
    tallies = [reference_tally(name) for name in ("synth_w1", "synth_w2")]
    parts = [reference_weights(name, design) for name in ("synth_w1", "synth_w2")]
    first = len(tallies[0].cells)
    tally = Tally(
        tallies[0].layout,
        tallies[0].cells + tallies[1].cells,
        np.concatenate([one.n for one in tallies]),
        np.concatenate([one.counts for one in tallies]),
    )
    blocks = [
        replace(block, rows=block.rows + (first if wave else 0), part=wave)
        for wave, one in enumerate(parts)
        for block in one.blocks
    ]
    return tally, Weights(np.concatenate([one.u for one in parts]), tuple(blocks))


@pytest.mark.parametrize("kind", ["strata_wave", "no_strata"])
@pytest.mark.parametrize("question", ["q1", "q2", "q3", "q4"])
def test_the_difference_of_two_waves_equals_that_of_r(kind: str, question: str) -> None:
    expected, asked = results("wavediff")[kind][question], measure("synth_w1", question)
    tally, weights = two_waves("rake")
    if kind == "no_strata":
        weights = one_sample(weights)
    second = np.arange(len(tally.cells)) >= len(reference_tally("synth_w1").cells)
    for number, level in enumerate(expected["levels"]):
        sides = [Side(asked, domain, {code(level): 1.0}) for domain in (second, ~second)]
        found = contrast(tally, weights, *sides)
        assert found.value == pytest.approx(expected["joint_diff"][number], rel=1e-9, abs=1e-13)
        assert found.se == pytest.approx(expected["joint_se"][number], rel=1e-9)
        if kind == "strata_wave":
            ses = [float(joint(tally, weights, [side])[1][0, 0]) ** 0.5 for side in sides]
            values = [float(joint(tally, weights, [side])[0][0]) for side in sides]
            apart = between((values[0], ses[0]), (values[1], ses[1]), (2299, 2699))
            assert (apart.value, apart.se, apart.df) == pytest.approx((found.value, found.se, found.df), rel=1e-12)


def test_two_questions_of_the_same_people_are_refused() -> None:
    tally, weights = reference_tally("synth_w1"), reference_weights("synth_w1", "rake")
    whole = np.ones(len(tally.cells), bool)
    sides = [Side(measure("synth_w1", question), whole, {"5": 1.0}) for question in ("q1", "q2")]
    with pytest.raises(NoJointCount, match="q1 and q2"):
        contrast(tally, weights, *sides)


def test_a_difference_of_numbers_by_hand() -> None:
    layout = Layout((("years", "n"), ("years", "sum"), ("years", "sumsq")))
    tally = Tally(layout, ("a", "b"), np.array([3, 3]), np.array([[3, 6, 14], [3, 15, 77]]))  # 1, 2, 3 and 4, 5, 6
    sides = [Side(Measure("years", "number"), np.array(domain), {}) for domain in ([True, False], [False, True])]
    found = contrast(tally, weigh(tally), *sides)
    # Residuals -1, 0, 1 in each, over 3: the sum of squares is 4 / 9, times 6 / 5.
    assert (found.value, found.se, found.df) == pytest.approx((-3, (6 / 5 * 4 / 9) ** 0.5, 5))
    assert found.p == pytest.approx(0.00928, abs=1e-5)


def test_arms_in_which_all_say_the_same_have_no_error() -> None:
    layout = Layout((("q", "1"), ("q", "2")))
    tally = Tally(layout, ("a", "b"), np.array([3, 3]), np.array([[3, 0], [0, 3]]))
    asked = Measure("q", "nominal", ("1", "2"))
    found = contrast(
        tally, weigh(tally), *(Side(asked, np.array(domain), {"1": 1.0}) for domain in ([True, False], [False, True]))
    )
    assert (found.value, found.se, found.p) == (1.0, None, None)


@pytest.mark.parametrize("design", ["rake", "trim"])
def test_all_differences_of_groups_are_those_of_each_pair(design: str) -> None:
    tally, weights = reference_tally("synth_w1"), reference_weights("synth_w1", design)
    asked = measure("synth_w1", "q1")
    domains = list(domains_by("synth_w1", tally, "stake", ["citizen", "industry"]))
    domains += list(domains_by("synth_w1", tally, "gender", ["female"]))
    figures = dict(asked_figures(tally, asked))
    assert set(figures) == {*asked.codes, "support", "oppose", "net", "mean"}
    for figure in ("1", "support", "net", "mean"):
        for a, b, found in contrasts(weights, figures[figure], domains):
            one = contrast(tally, weights, figures[figure].side(domains[a]), figures[figure].side(domains[b]))
            assert found == one


def test_an_option_among_several_is_a_question_of_its_own() -> None:
    layout = Layout((("m", "a"), ("m", "b"), ("m", "answered")))
    tally = Tally(layout, ("x", "y"), np.array([10, 10]), np.array([[6, 3, 8], [2, 2, 10]]))
    figures = dict(asked_figures(tally, Measure("m", "multiple", ("a", "b"))))
    [(_, _, found)] = contrasts(weigh(tally), figures["a"], [np.array([True, False]), np.array([False, True])])
    # 6 of 8 and 2 of 10: the sums of squares p(1 - p) / n, times 20 / 19.
    variance = 20 / 19 * (0.75 * 0.25 / 8 + 0.2 * 0.8 / 10)
    assert (found.value, found.se) == pytest.approx((0.55, variance**0.5))
