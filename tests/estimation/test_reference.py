"""Everything R's survey package computes from the microdata, computed from tallies, to 1e-9."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from app.estimation.estimate import estimate, estimate_domains
from app.estimation.figure import Estimate
from app.estimation.interval import beta_interval, logit_interval
from app.estimation.linearise import domain_totals, mean_of_codes
from app.estimation.measure import DONT_KNOW
from app.estimation.tally import Tally
from app.estimation.weighting import Weights, weigh
from tests.estimation.reference import code, domains_by, measure, reference_tally, reference_weights, results

QUESTIONS = [
    (name, question) for name in ("synth_w1", "synth_w2", "anes96") for question in results(name)["meta"]["qs"]
]
RAKED = [["country"], ["gender"], ["age"], ["stake"]]
DESIGNS = {"rake": RAKED, "trim": RAKED, "poststrat": [["country", "gender"]]}
WEIGHTED = [(design, question) for design in DESIGNS for question in ("q1", "q2", "q3", "q4")]


def reference(name: str, design: str, question: str) -> dict[str, Any]:
    found: dict[str, Any] = results(name)["designs"][design]["q"][question]
    return found


def everyone(tally: Tally) -> npt.NDArray[np.bool_]:
    return np.ones(len(tally.cells), bool)


def close(found: npt.ArrayLike, wanted: npt.ArrayLike, atol: float = 1e-12) -> None:
    """Within 1e-9 relative; atol is for what is 0 but for rounding."""
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(wanted, float), rtol=1e-9, atol=atol)


def column(estimates: list[Estimate], codes: tuple[str, ...], attribute: str) -> list[list[float]]:
    return [[getattr(found.figures[key], attribute) for key in codes] for found in estimates]


def check(name: str, design: str, question: str, weights: Weights) -> None:
    """Shares, standard errors, covariance, mean of scores, net and domains of one question."""
    tally, asked, expected = reference_tally(name), measure(name, question), reference(name, design, question)
    found = estimate(tally, weights, asked, everyone(tally))
    close(column([found], asked.codes, "value")[0], expected["mean"]["est"])
    close(column([found], asked.codes, "se")[0], expected["mean"]["se"])
    columns = [tally.layout.position(question, key) for key in asked.codes]
    totals = domain_totals(tally, weights, everyone(tally)[None], columns)
    covariance = mean_of_codes(totals, np.eye(len(columns)), weights).covariance[0]
    close(covariance, expected["mean"]["vcov"], atol=1e-15)
    for figure, wanted in (("mean", "score"), ("net", "net")):
        if wanted in expected:
            close(column([found], (figure,), "value")[0], expected[wanted]["est"])
            close(column([found], (figure,), "se")[0], np.ravel(expected[wanted]["se"]))
    for by in expected["by"]:
        domains = domains_by(name, tally, by["dom"], by["groups"])
        [estimates] = estimate_domains(tally, weights, [asked], domains)
        close(column(estimates, asked.codes, "value"), by["est"])
        close(column(estimates, asked.codes, "se"), by["se"])


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_unweighted_estimates_equal_those_of_r(name: str, question: str) -> None:
    check(name, "unweighted", question, weigh(reference_tally(name)))


@pytest.mark.parametrize(("design", "question"), WEIGHTED)
def test_calibrated_weights_give_the_standard_errors_of_r(design: str, question: str) -> None:
    check("synth_w1", design, question, reference_weights("synth_w1", design, DESIGNS[design]))


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_intervals_equal_those_of_r(name: str, question: str) -> None:
    tally, asked = reference_tally(name), measure(name, question)
    found = estimate(tally, weigh(tally), asked, everyone(tally))
    for level, expected in reference(name, "unweighted", question)["ciprop"].items():
        figure = found.figures[code(level)]
        wanted = [expected["xlogit"]["lo"], expected["xlogit"]["hi"]]
        assert [figure.low, figure.high] == pytest.approx(wanted, rel=1e-9)
        assert figure.se is not None
        p, se = np.array([figure.value]), np.array([figure.se])
        low, high = beta_interval(p, p * (1 - p) / se**2)
        assert [low[0], high[0]] == pytest.approx([expected["beta"]["lo"], expected["beta"]["hi"]], rel=1e-9)


@pytest.mark.parametrize(("design", "question"), WEIGHTED)
def test_weighted_intervals_equal_those_of_r(design: str, question: str) -> None:
    tally, asked = reference_tally("synth_w1"), measure("synth_w1", question)
    weights = reference_weights("synth_w1", design, DESIGNS[design])
    found = estimate(tally, weights, asked, everyone(tally))
    for level, expected in reference("synth_w1", design, question)["ciprop"].items():
        figure = found.figures[code(level)]
        wanted = [expected["xlogit"]["lo"], expected["xlogit"]["hi"]]
        assert [figure.low, figure.high] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", ["synth_w1", "synth_w2", "anes96"])
def test_the_tally_holds_as_many_as_the_data(name: str) -> None:
    tally, asked = reference_tally(name), measure(name, results(name)["meta"]["qs"][0])
    found = estimate(tally, weigh(tally), asked, everyone(tally))
    assert found.n_asked == tally.n.sum() == results(name)["meta"]["n"]


@pytest.mark.parametrize("design", list(DESIGNS))
def test_effective_n_is_kish(design: str) -> None:
    # q1 was answered by all, so that its base is the sample that R's figure is about.
    tally = reference_tally("synth_w1")
    weights = reference_weights("synth_w1", design, DESIGNS[design])
    found = estimate(tally, weights, measure("synth_w1", "q1"), everyone(tally))
    kish = results("synth_w1")["designs"][design]["kish"]
    assert found.n == found.n_asked
    assert (found.effective_n, found.deff) == pytest.approx((kish["neff"], kish["deffw"]), rel=1e-9)


def test_support_is_the_sum_of_its_codes_with_their_covariance() -> None:
    tally, expected = reference_tally("synth_w1"), reference("synth_w1", "unweighted", "q2")["mean"]
    figure = estimate(tally, weigh(tally), measure("synth_w1", "q2"), everyone(tally)).figures["support"]
    chosen = [code(level.removeprefix("q2")) in {"4", "5"} for level in expected["levels"]]
    variance = np.array(expected["vcov"])[np.ix_(chosen, chosen)].sum()
    assert figure.value == pytest.approx(np.array(expected["est"])[chosen].sum(), rel=1e-9)
    assert figure.se == pytest.approx(variance**0.5, rel=1e-9)


def test_dont_know_is_in_the_base_of_shares_and_not_of_the_mean() -> None:
    tally = reference_tally("synth_w1")
    found = estimate(tally, weigh(tally), measure("synth_w1", "q4"), everyone(tally))
    dont_know = tally.counts[:, tally.layout.position("q4", DONT_KNOW)].sum()
    assert found.figures["mean"].n == found.n - dont_know < found.n < found.n_asked


def test_degrees_of_freedom_are_those_of_the_domain() -> None:
    tally, asked = reference_tally("synth_w1"), measure("synth_w1", "q1")
    [domain] = domains_by("synth_w1", tally, ["gender", "age"], ["other|35-49"])
    figure = estimate(tally, weigh(tally), asked, domain).figures["1"]
    assert figure.se is not None
    p, se, df = np.array([figure.value]), np.array([figure.se]), np.array([tally.n[domain].sum() - 1.0])
    low, high = logit_interval(p, se, df)
    assert (figure.low, figure.high) == (low[0], high[0])
