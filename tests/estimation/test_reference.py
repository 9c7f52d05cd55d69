"""Everything R's survey package computes from the microdata, computed from tallies, to 1e-9."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from app.estimation.detail import bounds
from app.estimation.estimate import estimate, estimate_domains
from app.estimation.figure import Estimate
from app.estimation.interval import beta_interval, logit_interval
from app.estimation.linearise import domain_totals, mean_of_codes, totals_of_codes
from app.estimation.measure import DONT_KNOW
from app.estimation.sums import Sums
from app.estimation.tally import Tally
from app.estimation.weighting import weigh
from tests.estimation.reference import (
    NAMES,
    cell_of,
    code,
    domains_by,
    measure,
    questions,
    reference_tally,
    reference_weights,
    results,
    rows,
)

DESIGNS = [(name, design) for name in NAMES for design in results(name)["designs"]]
QUESTIONS = [(name, design, question) for name, design in DESIGNS for question in questions(name)]


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


@pytest.mark.parametrize(("name", "design"), DESIGNS)
def test_weights_equal_those_of_r(name: str, design: str) -> None:
    tally, weights = reference_tally(name), reference_weights(name, design)
    of_cell = dict(zip(tally.cells, weights.u.tolist(), strict=True))
    close([of_cell[cell_of(name, row)] for row in rows(name)], results(name)["designs"][design]["weights"], atol=0)
    [outcome], kish = weights.outcomes, results(name)["designs"][design]["kish"]
    assert outcome.converged
    if outcome.lowest > 0:  # R's figures leave the negative weights of linear calibration out.
        found = outcome.effective_n, outcome.n / outcome.effective_n
        assert found == pytest.approx((kish["neff"], kish["deffw"]), rel=1e-9)


@pytest.mark.parametrize(("name", "design", "question"), QUESTIONS)
def test_shares_errors_and_domains_equal_those_of_r(name: str, design: str, question: str) -> None:
    tally, weights = reference_tally(name), reference_weights(name, design)
    asked, expected = measure(name, question), reference(name, design, question)
    found = estimate(tally, weights, asked, everyone(tally))
    close(column([found], asked.codes, "value")[0], expected["mean"]["est"])
    close(column([found], asked.codes, "se")[0], expected["mean"]["se"])
    for figure, wanted in (("mean", "score"), ("net", "net")):
        if wanted in expected:
            close(column([found], (figure,), "value")[0], expected[wanted]["est"])
            close(column([found], (figure,), "se")[0], np.ravel(expected[wanted]["se"]))
    for by in expected["by"]:
        groups = [group.replace(".", "|") if isinstance(by["dom"], list) else group for group in by["groups"]]
        domains = domains_by(name, tally, by["dom"], groups)
        [estimates] = estimate_domains(Sums(tally, weights, [asked], domains))
        close(column(estimates, asked.codes, "value"), by["est"])
        close(column(estimates, asked.codes, "se"), by["se"])


@pytest.mark.parametrize(("name", "design", "question"), QUESTIONS)
def test_covariance_and_totals_equal_those_of_r(name: str, design: str, question: str) -> None:
    tally, weights = reference_tally(name), reference_weights(name, design)
    asked, expected = measure(name, question), reference(name, design, question)
    columns = [tally.layout.position(question, key) for key in asked.codes]
    totals = domain_totals(tally, weights, everyone(tally)[None], columns)
    identity = np.eye(len(columns))
    close(mean_of_codes(totals, identity, weights).covariance[0], expected["mean"]["vcov"], atol=1e-15)
    value, covariance = totals_of_codes(totals, identity, weights)
    close(value[0], expected["total"]["est"])
    scale = np.abs(expected["total"]["vcov"]).max()
    close(covariance[0] / scale, np.array(expected["total"]["vcov"]) / scale)


@pytest.mark.parametrize(("name", "design", "question"), QUESTIONS)
def test_intervals_equal_those_of_r(name: str, design: str, question: str) -> None:
    tally, weights, asked = reference_tally(name), reference_weights(name, design), measure(name, question)
    found = estimate(tally, weights, asked, everyone(tally))
    for level, expected in reference(name, design, question).get("ciprop", {}).items():
        figure = found.figures[code(level)]
        wanted = [expected["xlogit"]["lo"], expected["xlogit"]["hi"]]
        assert [figure.low, figure.high] == pytest.approx(wanted, rel=1e-9)
        assert figure.se is not None
        p, se = np.array([figure.value]), np.array([figure.se])
        low, high = beta_interval(p, p * (1 - p) / se**2)
        assert [low[0], high[0]] == pytest.approx([expected["beta"]["lo"], expected["beta"]["hi"]], rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_tally_holds_as_many_as_the_data(name: str) -> None:
    tally, asked = reference_tally(name), measure(name, questions(name)[0])
    found = estimate(tally, weigh(tally), asked, everyone(tally))
    assert found.n_asked == tally.n.sum() == results(name)["meta"]["n"]


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
    domains = domains_by("synth_w1", tally, ["gender", "age"], ["other|35-49"])
    figure = estimate(tally, weigh(tally), asked, domains[0]).figures["1"]
    assert figure.se is not None
    df = weigh(tally).df(domains)
    assert df.tolist() == [tally.n[domains[0]].sum() - 1]
    low, high = logit_interval(np.array([figure.value]), np.array([figure.se]), df)
    assert (figure.low, figure.high) == (low[0], high[0])


# rake(svydesign(~1, weights = ~1, data = w1), margins, targets), and the design without weights; of a subset of each
# by stake,
# confint(svyciprop(~I(q1 == "1"), …, method = "beta", na.rm = TRUE)). A calibrated design keeps everybody in a subset.
KORN_GRAUBARD = {
    ("rake", "citizen"): (0.1769558562207385, 0.2244308890481466),
    ("rake", "industry"): (0.1635031111529927, 0.2508942217326439),
    ("unweighted", "citizen"): (0.1602358964295868, 0.1981694681169468),
    ("unweighted", "industry"): (0.150988683877965, 0.2222306207219142),
}


@pytest.mark.parametrize(("design", "group"), KORN_GRAUBARD)
def test_korn_and_graubards_interval_of_a_group_is_rs(design: str, group: str) -> None:
    tally, weights, asked = (
        reference_tally("synth_w1"),
        reference_weights("synth_w1", design),
        measure("synth_w1", "q1"),
    )
    domain = domains_by("synth_w1", tally, "stake", [group])
    [made] = estimate_domains(Sums(tally, weights, [asked], domain))
    [found] = bounds(Sums(tally, weights, [asked], domain), asked, made)
    assert found["1"] == pytest.approx(KORN_GRAUBARD[design, group], rel=1e-9)
