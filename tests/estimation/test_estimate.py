"""Numbers worked by hand, edges, and properties of every estimate."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.estimate import estimate, estimate_domains
from app.estimation.figure import Estimate
from app.estimation.measure import Measure, base_counts
from app.estimation.sums import Sums
from app.estimation.tally import Layout, Tally
from app.estimation.weighting import Block, Part, Weights, weigh

SCORES: dict[str, float | None] = {"1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0, "5": 5.0, "-8": None}
SUPPORT = Measure("support", "scale", tuple(SCORES), SCORES, frozenset("45"), frozenset("12"))
COUNTRY = Measure("country", "nominal", ("jp", "us"))
AIMS = Measure("aims", "multiple", ("a", "b", "-8"))
YEARS = Measure("years", "number")
HUNDREDTHS = Measure("years", "number", divisor=100)
LAYOUT = Layout(
    (
        *(("support", key) for key in ("1", "2", "3", "4", "5", "-8", "-9", "-7")),
        *(("country", key) for key in ("jp", "us", "-8", "-9", "-7")),
        *(("aims", key) for key in ("a", "b", "answered", "-8", "-9", "-7")),
        *(("years", key) for key in ("n", "sum", "sumsq", "-8", "-9", "-7")),
    )
)
WHOLE = np.ones(1, bool)


def tally_of(n: int, counts: dict[tuple[str, str], int]) -> Tally:
    """A tally of one cell."""
    row = [counts.get(column, 0) for column in LAYOUT.columns]
    return Tally(LAYOUT, ("cell",), np.array([n]), np.array([row]))


def estimate_of(measure: Measure, n: int, counts: dict[str, int]) -> Estimate:
    tally = tally_of(n, {(measure.name, key): count for key, count in counts.items()})
    return estimate(tally, weigh(tally), measure, WHOLE)


def test_a_share_by_hand() -> None:
    found = estimate_of(COUNTRY, 100, {"jp": 40, "us": 60})
    figure = found.figures["jp"]
    se = math.sqrt(0.4 * 0.6 / 99)
    half = 1.9842169515864165 * se / 0.24  # t of 99 degrees of freedom at 0.975
    centre = math.log(0.4 / 0.6)
    assert (figure.value, figure.n) == (0.4, 100)
    assert figure.se == pytest.approx(se)
    assert figure.low == pytest.approx(1 / (1 + math.exp(half - centre)))
    assert figure.high == pytest.approx(1 / (1 + math.exp(-half - centre)))


def test_unanswered_is_asked_but_not_in_the_base() -> None:
    found = estimate_of(COUNTRY, 30, {"jp": 9, "us": 3, "-8": 2, "-9": 1, "-7": 5})
    assert (found.n_asked, found.n, found.effective_n, found.deff) == (20, 12, 12.0, 1.0)
    assert found.figures["jp"].value == 0.75


def test_a_scale_by_hand() -> None:
    found = estimate_of(SUPPORT, 20, {"1": 1, "2": 3, "3": 4, "4": 6, "5": 2, "-8": 4, "-7": 0})
    assert list(found.figures) == ["1", "2", "3", "4", "5", "-8", "support", "oppose", "net", "mean"]
    value = {key: figure.value for key, figure in found.figures.items()}
    assert (value["support"], value["oppose"]) == (0.4, 0.2)
    assert value["net"] == pytest.approx(0.2)
    assert value["mean"] == pytest.approx((1 + 6 + 12 + 24 + 10) / 16)
    assert found.figures["mean"].n == 16
    net = found.figures["net"]
    assert net.se == pytest.approx(math.sqrt((0.6 - 0.04) / 19))
    assert net.se is not None
    assert net.high == pytest.approx(0.2 + 2.093024054408263 * net.se)  # t of 19 degrees of freedom


def test_options_of_a_multiple_answer_share_one_base() -> None:
    found = estimate_of(AIMS, 60, {"a": 30, "b": 10, "answered": 36, "-8": 4, "-9": 5, "-7": 15})
    assert (found.n_asked, found.n) == (60, 40)
    assert {key: figure.value for key, figure in found.figures.items()} == {"a": 0.75, "b": 0.25, "-8": 0.1}
    # Of 60 respondents, 40 in the base: residuals 30 * 0.25² + 10 * 0.75² = 7.5, over 40².
    assert found.figures["a"].se == pytest.approx(math.sqrt(60 / 59 * 7.5 / 1600))


def test_the_mean_of_a_number_by_hand() -> None:
    found = estimate_of(YEARS, 4, {"n": 4, "sum": 20, "sumsq": 120})
    figure = found.figures["mean"]
    assert figure.value == 5.0
    assert figure.se == pytest.approx(math.sqrt((120 - 4 * 25) / 3 / 4))
    assert figure.high == pytest.approx(5 + 3.182446305284263 * math.sqrt(20 / 12))  # t of 3 degrees of freedom


def test_numbers_counted_in_parts_are_published_whole() -> None:
    tally = tally_of(4, {("years", key): count for key, count in {"n": 4, "sum": 20, "sumsq": 120}.items()})
    whole, parts = (estimate(tally, weigh(tally), measure, WHOLE).figures["mean"] for measure in (YEARS, HUNDREDTHS))
    assert parts.value == 0.05
    for name in ("se", "low", "high"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name) / 100)


def test_numbers_that_differ_little_keep_their_error() -> None:
    """Answers from 999,990 to 999,999: squares that are taken from 0 have no digits left for their spread."""
    answers = [999_990 + n * n % 10 for n in range(200)]
    counted = {"n": 200, "sum": sum(answers), "sumsq": sum(one * one for one in answers)}
    figure = estimate_of(YEARS, 200, counted).figures["mean"]
    deviations = sum((one - Fraction(sum(answers), 200)) ** 2 for one in answers)
    assert figure.value == pytest.approx(sum(answers) / 200, rel=1e-15)
    assert figure.se == pytest.approx(math.sqrt(deviations / 199 / 200), rel=1e-12)
    assert figure.deff == pytest.approx(1, rel=1e-12)


def test_nobody_in_the_base_gives_no_figures() -> None:
    for measure in (COUNTRY, SUPPORT, AIMS, YEARS):
        found = estimate_of(measure, 3, {"-7": 3})
        assert (found.n_asked, found.n, found.effective_n, found.deff, found.figures) == (3, 0, 0.0, None, {})


def test_an_empty_domain_gives_no_figures() -> None:
    tally = tally_of(4, {("country", "jp"): 4})
    found = estimate(tally, weigh(tally), COUNTRY, np.zeros(1, bool))
    assert (found.n_asked, found.n, found.figures) == (0, 0, {})


def test_one_respondent_has_no_standard_error() -> None:
    found = estimate_of(SUPPORT, 1, {"4": 1})
    assert {figure.se for figure in found.figures.values()} == {None}
    assert (found.figures["mean"].low, found.figures["net"].high) == (None, None)
    assert (found.figures["4"].value, found.figures["4"].high) == (1.0, 1.0)
    assert found.figures["4"].low == pytest.approx(0.025)


def test_one_answer_among_many_respondents_has_no_standard_error() -> None:
    found = estimate_of(YEARS, 9, {"n": 1, "sum": 7, "sumsq": 49, "-7": 8})
    figure = found.figures["mean"]
    assert (figure.value, figure.se, figure.low, figure.high, figure.n) == (7.0, None, None, None, 1)


def test_a_unanimous_share_has_the_exact_interval() -> None:
    found = estimate_of(SUPPORT, 20, {"4": 11, "5": 9})
    support, oppose = found.figures["support"], found.figures["oppose"]
    assert (support.value, support.se, support.high) == (1.0, 0.0, 1.0)
    assert support.low == pytest.approx(0.025 ** (1 / 20))
    assert (oppose.value, oppose.low) == (0.0, 0.0)
    assert oppose.high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert (found.figures["net"].value, found.figures["net"].low, found.figures["net"].high) == (
        1.0,
        None,
        None,
    )


def test_a_mean_without_anyone_who_chose_a_score_is_absent() -> None:
    found = estimate_of(SUPPORT, 5, {"-8": 5})
    assert "mean" not in found.figures
    assert found.figures["-8"].value == 1.0


def test_weights_at_the_edge_do_not_spoil_a_unanimous_share() -> None:
    layout = Layout((("country", "jp"), ("country", "us")))
    tally = Tally(layout, ("a", "b", "c"), np.array([3, 3, 3]), np.array([[3, 0], [3, 0], [3, 0]]))
    g = np.array([0.1, 0.7, 1.3])
    weights = Weights(g, (Block(np.arange(3), tally.n, g, np.zeros((3, 0)), np.zeros((3, 0))),))
    found = estimate(tally, weights, COUNTRY, np.ones(3, bool))
    kish = 9 * (0.1 + 0.7 + 1.3) ** 2 / (3 * (0.01 + 0.49 + 1.69))
    assert found.effective_n == pytest.approx(kish)
    assert (found.figures["jp"].value, found.figures["jp"].high) == (1.0, 1.0)
    assert found.figures["jp"].low == pytest.approx(0.025 ** (1 / kish))
    assert found.figures["us"].value == 0.0


def test_an_estimate_of_an_unknown_column_is_a_key_error() -> None:
    tally = tally_of(1, {})
    with pytest.raises(KeyError):
        estimate(tally, weigh(tally), Measure("age", "number"), WHOLE)


def test_base_counts_are_per_cell() -> None:
    tally = tally_of(9, {("aims", "answered"): 4, ("aims", "-8"): 2, ("aims", "a"): 4, ("aims", "-7"): 3})
    assert base_counts(tally, AIMS).tolist() == [6]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Some cells of people who each answered (or did not answer) the scale and the number."""
    cells = draw(st.integers(1, 5))
    counts = np.zeros((cells, len(LAYOUT)), np.int64)
    n = np.zeros(cells, np.int64)
    for cell in range(cells):
        for code, years in draw(st.lists(st.tuples(st.integers(0, 7), st.integers(-9, 99)), max_size=12)):
            counts[cell, code] += 1
            counts[cell, LAYOUT.position("years", "n")] += 1
            counts[cell, LAYOUT.position("years", "sum")] += years
            counts[cell, LAYOUT.position("years", "sumsq")] += years**2
            n[cell] += 1
    return Tally(LAYOUT, tuple(str(cell) for cell in range(cells)), n, counts)


@given(tallies(), st.data())
def test_every_estimate_is_sane(tally: Tally, data: st.DataObject) -> None:
    size = len(tally.cells)
    domain = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    scale, number = (
        estimate(tally, weigh(tally), SUPPORT, domain),
        estimate(tally, weigh(tally), YEARS, domain),
    )
    assert scale.n <= scale.n_asked == tally.n[domain].sum() == number.n
    if not scale.n:
        return
    shares = [scale.figures[code] for code in SUPPORT.codes]
    assert sum(figure.value for figure in shares) == pytest.approx(1)
    for figure in (*shares, scale.figures["support"], scale.figures["oppose"]):
        assert figure.low is not None
        assert figure.high is not None
        assert 0 <= figure.low <= figure.value <= figure.high <= 1
        assert figure.low < figure.high
    for figure in (scale.figures["net"], number.figures["mean"]):
        assert (figure.low is None) == (figure.high is None)
        if figure.low is not None and figure.high is not None:
            assert figure.low < figure.value < figure.high


@given(tallies(), st.permutations(range(5)))
def test_the_order_of_cells_does_not_matter(tally: Tally, order: list[int]) -> None:
    order = [row for row in order if row < len(tally.cells)]
    turned = Tally(LAYOUT, tuple(tally.cells[row] for row in order), tally.n[order], tally.counts[order])
    whole = np.ones(len(order), bool)
    for measure in (SUPPORT, YEARS):
        assert estimate(turned, weigh(turned), measure, whole) == estimate(tally, weigh(tally), measure, whole)


@given(tallies())
def test_many_at_once_equal_one_by_one(tally: Tally) -> None:
    domains = np.vstack([np.eye(len(tally.cells), dtype=bool), np.ones((1, len(tally.cells)), bool)])
    together = estimate_domains(Sums(tally, weigh(tally), [SUPPORT, YEARS], domains))
    for measure, estimates in zip([SUPPORT, YEARS], together, strict=True):
        assert estimates == [estimate(tally, weigh(tally), measure, domain) for domain in domains]


def test_decimals_have_the_design_effect_of_the_same_numbers_in_hundredths() -> None:
    layout = Layout((("y", "n"), ("y", "sum"), ("y", "sumsq")))
    tally = Tally(layout, ("a*2.0", "b"), np.array([3, 4]), np.array([[3, 600, 140_000], [4, 500, 90_000]]))
    weights = weigh(tally, [Part("all", np.ones(2, bool), use_base=True)])
    whole = np.ones(2, bool)
    counted, told = (
        estimate(tally, weights, Measure("y", "number", divisor=d), whole).figures["mean"] for d in (1, 100)
    )
    assert counted.deff is not None
    assert told.deff == pytest.approx(counted.deff, rel=1e-12)
    assert told.value == pytest.approx(counted.value / 100)


def test_reading_estimates_does_not_load_scipy() -> None:
    modules = "app.estimation." + ", app.estimation.".join(["estimate", "series", "suppression", "period", "figure"])
    script = f"import sys, {modules}; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_small_systems_are_solved_by_one_thread() -> None:
    """Set before numpy is loaded, which reads it then; another number that somebody set stays."""
    script = "import app, os, sys; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    for more, said in (({}, "False 1"), ({"OPENBLAS_NUM_THREADS": "3"}, "False 3")):
        done = subprocess.run(
            [sys.executable, "-c", script], env={**environment, **more}, check=True, capture_output=True, text=True
        )
        assert done.stdout.strip() == said
