"""What two groups share, against the covariance that differences of one sample are made with, figure by figure."""

from __future__ import annotations

import numpy as np
import pytest

from app.estimation.collapse import Wanted
from app.estimation.contrast import joint
from app.estimation.contrasts import asked_figures, contrasts
from app.estimation.difference import difference, group_differences
from app.estimation.estimate import estimate_domains
from app.estimation.figure import Estimate
from app.estimation.measure import Measure
from app.estimation.sharing import pairs_of, sharing
from app.estimation.sums import Sums
from app.estimation.suppression import Domain
from app.estimation.tally import Layout, Tally
from app.estimation.weighting import Part, Weights, weigh
from tests.estimation.reference import domains_by, measure, questions, reference_tally, reference_weights

NAME = "synth_base_w1"
GROUPS = ["citizen", "industry", "ngo"]
PAIRS = [(0, 1), (0, 2), (1, 2)]


def _raked(tally: Tally) -> Weights:
    """Weighted to 70 % of x and 30 % of y."""
    margin = Wanted("g", ("x", "y"), np.array([0.7, 0.3]), np.array(["xy".index(cell[0]) for cell in tally.cells]))
    return weigh(tally, [Part("all", np.ones(len(tally.cells), bool), "rake", (margin,))])


def _against_joint(tally: Tally, weights: Weights, asked: Measure, domains: np.ndarray) -> int:
    """Compares every figure of every pair; how many covariances are not 0."""
    [found] = sharing(Sums(tally, weights, [asked], domains), PAIRS)
    told = 0
    for code, figure in asked_figures(tally, asked):
        _, covariance = joint(figure.tally, weights, [figure.side(domain) for domain in domains])
        for (a, b), shared in zip(PAIRS, found, strict=True):
            told += code in shared.covariance
            scale = (covariance[a, a] * covariance[b, b]) ** 0.5
            assert shared.covariance.get(code, 0.0) == pytest.approx(covariance[a, b], rel=1e-9, abs=1e-12 * scale)
    return told


@pytest.mark.parametrize("design", ["rake", "trim", "cal_linear", "cal_raking"])
def test_it_is_the_covariance_of_the_linearised_values(design: str) -> None:
    tally, weights = reference_tally(NAME), reference_weights(NAME, design)
    domains = domains_by(NAME, tally, "stake", GROUPS)
    for question in questions(NAME):
        assert _against_joint(tally, weights, measure(NAME, question), domains) > 0


def test_groups_of_one_sample_that_is_not_weighted_share_nothing() -> None:
    tally, weights = reference_tally(NAME), reference_weights(NAME, "unweighted")
    domains = domains_by(NAME, tally, "stake", GROUPS)
    assert _against_joint(tally, weights, measure(NAME, "q1"), domains) == 0


def _small() -> Tally:
    """Three groups in two parts of the sample; a choice of several, and a number in hundredths."""
    columns = [("m", key) for key in ("answered", "-8", "a", "b")] + [("n", key) for key in ("n", "sum", "sumsq")]
    random = np.random.default_rng(7)
    n = random.integers(5, 20, 6)
    chosen = random.binomial(n, [[0.3] * 6, [0.6] * 6])
    value = random.integers(100, 900, 6)
    counts = np.stack([n - 2, np.full(6, 2), *chosen, n, n * value, n * value**2 + n * random.integers(1, 99, 6)], 1)
    return Tally(Layout(tuple(columns)), tuple(f"{g}|{x}" for g in "xy" for x in "pqr"), n, counts.astype(np.int64))


@pytest.mark.parametrize(
    "asked",
    [Measure("m", "multiple", ("a", "b", "-8")), Measure("n", "number", divisor=100)],
    ids=["multiple", "number"],
)
def test_every_kind_of_question_has_it(asked: Measure) -> None:
    tally = _small()
    domains = np.array([[cell[2] == x for cell in tally.cells] for x in "pqr"])
    assert _against_joint(tally, _raked(tally), asked, domains) > 0


def test_groups_that_are_weighted_apart_share_nothing() -> None:
    tally = _small()
    domains = np.array([[cell[2] == x for cell in tally.cells] for x in "pqr"])
    weights = weigh(tally, [Part(x, domain) for x, domain in zip("pqr", domains, strict=True)])
    found = sharing(Sums(tally, weights, [Measure("n", "number", divisor=100)], domains), PAIRS)
    assert [dict(shared.covariance) for shared in found[0]] == [{}, {}, {}]


def test_countries_with_people_in_one_part_share_its_mean() -> None:
    """As the surveys of the platform are weighted: each public by itself, all other groups as one stratum."""
    tally = _small()
    cells = tally.cells
    domains = np.array([[cell[2] in both for cell in cells] for both in ("pq", "r")])
    parts = [
        Part("own", np.array([cell[2] == "p" for cell in cells])),
        Part("rest", np.array([c[2] != "p" for c in cells])),
    ]
    [[shared]] = sharing(Sums(tally, weigh(tally, parts), [Measure("n", "number", divisor=100)], domains), [(0, 1)])
    [(_, figure)] = asked_figures(tally, Measure("n", "number", divisor=100))
    _, covariance = joint(tally, weigh(tally, parts), [figure.side(domain) for domain in domains])
    assert shared.covariance["mean"] == pytest.approx(covariance[0, 1], rel=1e-9)
    assert shared.df == int(tally.n.sum()) - 2


def test_an_empty_group_shares_nothing() -> None:
    tally, weights = reference_tally(NAME), reference_weights(NAME, "rake")
    domains = np.stack([*domains_by(NAME, tally, "stake", GROUPS[:1]), np.zeros(len(tally.cells), bool)])
    [[shared]] = sharing(Sums(tally, weights, [measure(NAME, "q1")], domains), [(0, 1)])
    assert dict(shared.covariance) == {}


def test_a_difference_of_what_is_published_is_that_of_the_sample() -> None:
    tally, weights, asked = reference_tally(NAME), reference_weights(NAME, "rake"), measure(NAME, "q1")
    domains = domains_by(NAME, tally, "stake", GROUPS)
    [made] = estimate_domains(Sums(tally, weights, [asked], domains))
    [shared] = sharing(Sums(tally, weights, [asked], domains), PAIRS)
    figures = dict(asked_figures(tally, asked))
    for code in ("1", "support", "net", "mean"):
        for (a, b, exact), one in zip(contrasts(weights, figures[code], list(domains)), shared, strict=True):
            beside = Estimate("q1", 0, made[b].n, 0.0, made[b].figures, {"a": one})
            [told] = group_differences([(("a", made[a]), ("b", beside))], code)
            [turned] = group_differences([(("b", beside), ("a", made[a]))], code)
            assert (told.value, told.se, told.low, told.high, told.p) == pytest.approx(
                (exact.value, exact.se, exact.low, exact.high, exact.p), rel=1e-9
            )
            assert (turned.value, turned.se, turned.p) == pytest.approx((-told.value, told.se, told.p))
            assert told.se != pytest.approx(difference(made[a].figures[code], made[b].figures[code]).se, rel=1e-6)


def test_without_what_is_shared_a_difference_is_of_separate_samples() -> None:
    tally, weights, asked = reference_tally(NAME), reference_weights(NAME, "rake"), measure(NAME, "q1")
    [made] = estimate_domains(Sums(tally, weights, [asked], domains_by(NAME, tally, "stake", GROUPS[:2])))
    [told] = group_differences([(("a", made[0]), ("b", made[1]))], "support")
    assert told == difference(made[0].figures["support"], made[1].figures["support"])


def test_pairs_are_of_one_breakdown() -> None:
    cells = np.ones(1, bool)
    domains = [Domain(key, key[0], cells) for key in ("a1", "b1", "a2", "a3")]
    assert pairs_of(domains) == [(0, 2), (0, 3), (2, 3)]
    assert sharing(Sums(_small(), weigh(_small()), [Measure("n", "number")], np.ones((1, 6), bool)), []) == [[]]
