"""The worked numbers of docs/statistics.md are what the platform computes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from app.estimation.both_ways import Sum, telling
from app.estimation.collapse import Wanted
from app.estimation.contrast import Side, between, contrast
from app.estimation.detail import bounds, details
from app.estimation.difference import difference
from app.estimation.estimate import estimate, estimate_domains
from app.estimation.figure import Figure
from app.estimation.measure import Measure
from app.estimation.revision import Moves, State, showable
from app.estimation.sharing import sharing
from app.estimation.sums import Sums
from app.estimation.suppression import Domain, suppress
from app.estimation.tally import Layout, Tally
from app.estimation.trimming import Trim, trim
from app.estimation.weighting import Part, Weights, weigh
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
LAYOUT = Layout((("q", "1"), ("q", "2")))
TEN = Tally(LAYOUT, ("f|y", "f|o", "m|y", "m|o"), np.array([2, 2, 4, 2]), np.array([[2, 0], [1, 1], [1, 3], [0, 2]]))
YES = Measure("q", "nominal", ("1", "2"))
ALL = np.ones(4, bool)
WOMEN = np.array([True, True, False, False])
GENDER = Wanted("gender", ("f", "m"), np.array([0.5, 0.5]), np.array([0, 0, 1, 1]))
AGE = Wanted("age", ("y", "o"), np.array([0.4, 0.6]), np.array([0, 1, 0, 1]))
CELLS = Wanted("gender*age", ("f*y", "f*o", "m*y", "m*o"), np.array([0.2, 0.3, 0.2, 0.3]), np.arange(4))
WAYS: dict[str, Weights] = {
    "unweighted": weigh(TEN),
    "raked": weigh(TEN, [Part("all", ALL, "rake", (GENDER, AGE), 100.0)]),
    "poststratified": weigh(TEN, [Part("all", ALL, "poststratify", (CELLS,), 100.0)]),
    "linear": weigh(TEN, [Part("all", ALL, "calibrate-linear", (GENDER, AGE), 100.0)]),
    "trimmed": weigh(TEN, [Part("all", ALL, "rake", (GENDER, AGE), 100.0, trim=Trim(upper=1.3))]),
}


def worked(title: str) -> str:
    """The worked numbers of a section, in one line."""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section, title
    return " ".join(section[1].split())


def told(number: float, digits: int = 4) -> str:
    """As the page writes it."""
    return f"{number:.{digits}f}".rstrip("0").rstrip(".")


def yes(way: str) -> Figure:
    return estimate(TEN, WAYS[way], YES, ALL).figures["1"]


def test_shares() -> None:
    scores: dict[str, float | None] = {str(score): float(score) for score in range(1, 6)}
    asked = Measure("s", "scale", (*scores, "-8"), scores, frozenset("45"), frozenset("12"))
    counts = np.array([[1, 3, 4, 6, 2, 4]])
    tally = Tally(Layout(tuple(("s", code) for code in asked.codes)), ("c",), np.array([20]), counts)
    figures = estimate(tally, weigh(tally), asked, np.ones(1, bool)).figures
    found = {name: figures[name].value for name in ("support", "oppose", "net", "mean")}
    assert found == pytest.approx({"support": 0.4, "oppose": 0.2, "net": 0.2, "mean": 3.3125})
    assert "support (6 + 2)/20 = 0.4, opposition 0.2, net 0.2, mean of the 16 scores 3.3125" in worked("Shares")
    assert yes("unweighted").value == 0.4
    layout = Layout((("r", "a"), ("r", "b"), ("r", "a:2"), ("r", "b:2"), ("r", "a:3"), ("r", "b:3")))
    six = Tally(layout, ("c",), np.array([6]), np.array([[3, 3, 1, 2, 1, 0]]))
    ranked = Measure("r", "rank", ("a", "b"), places={"a": ("a", "a:2", "a:3")})
    place = estimate(six, weigh(six), ranked, np.ones(1, bool)).figures["place:a"]
    assert f"one gave it no place: mean place (3 + 2 + 3)/{place.n} = {place.value}." in worked("Shares")


@pytest.mark.parametrize("way", ["raked", "poststratified", "linear"])
def test_weights(way: str) -> None:
    weights = [told(weight) for weight in WAYS[way].u.tolist()]
    text = re.sub(r" \([fm], [a-z]+\)", "", worked("Weights")).replace(" and ", ", ")
    assert f"weights {', '.join(weights)}; p = {told(yes(way).value)}" in text


def test_trimmed_weights() -> None:
    one = np.ones(3, np.int64)
    cut = Trim(upper=6, unit="weight")
    assert trim(np.array([1.0, 2, 9]), one, cut).tolist() == [2.5, 3.5, 6]
    assert trim(np.array([1.0, 5.5, 9]), one, cut).tolist() == [2.5, 7, 6]
    strict = trim(np.array([1.0, 5.5, 9]), one, Trim(upper=6, unit="weight", strict=True))
    assert strict.tolist() == pytest.approx([3.5, 6, 6])
    text = worked("Weights")
    assert "1, 2 and 9 cut at 6 become 2.5, 3.5 and 6; 1, 5.5 and 9 become 2.5, 7 and 6, strictly 3.5, 6 and 6" in text
    assert f"their mean: {', '.join(told(weight) for weight in WAYS['trimmed'].u.tolist())}." in text


def test_standard_errors() -> None:
    errors = {way: told(figure.se) for way in WAYS if (figure := yes(way)).se is not None}
    assert worked("Standard error").endswith("counted as two.")
    expected = (
        f"= {errors['unweighted']}; raked {errors['raked']}; poststratified {errors['poststratified']}; calibrated"
        f" linearly {errors['linear']}; raked and trimmed {errors['trimmed']}."
    )
    assert expected in worked("Standard error")


def test_totals() -> None:
    [[found]] = details(Sums(TEN, WAYS["raked"], [YES], ALL[None]))
    value, se = found.totals["1"]
    assert f"{value:.2f} of 100 people say yes, SE {se:.2f}" in worked("Totals")


def test_intervals() -> None:
    found = estimate(TEN, WAYS["raked"], YES, ALL)
    figure = found.figures["1"]
    assert figure.low is not None
    assert figure.high is not None
    assert f"raked, {figure.low:.4f} to {figure.high:.4f}." in worked("Intervals")
    low, high = bounds(Sums(TEN, WAYS["raked"], [YES], ALL[None]), YES, [found])[0]["1"]
    assert f"raked, {low:.4f} to {high:.4f}." in worked("Intervals")


def test_effective_n_and_design_effect() -> None:
    found = estimate(TEN, WAYS["raked"], YES, ALL)
    text = worked("Effective n and design effect")
    assert f"raked, {found.effective_n:.4f} of 10" in text
    assert found.figures["1"].deff is not None
    assert f"raked, {found.figures['1'].deff:.4f}:" in text


def test_groups() -> None:
    figure = estimate(TEN, WAYS["raked"], YES, WOMEN).figures["1"]
    assert f"of women {figure.value:.4f} say yes, SE {figure.se:.4f}" in worked("Groups")


def test_differences() -> None:
    found = contrast(TEN, WAYS["raked"], *(Side(YES, domain, {"1": 1.0}) for domain in (WOMEN, ~WOMEN)))
    text = worked("Differences")
    assert f"women less men {found.value:.4f}, SE {found.se:.4f}, p = {found.p:.2f}." in text
    waves = between((0.44, 0.02), (0.40, 0.03), (900, 400))
    assert f"{told(waves.value)}, SE {waves.se:.4f}, p = {waves.p:.2f}." in text


def test_gaps() -> None:
    [made] = estimate_domains(Sums(TEN, WAYS["raked"], [YES], np.stack([WOMEN, ~WOMEN])))
    [[shared]] = sharing(Sums(TEN, WAYS["raked"], [YES], np.stack([WOMEN, ~WOMEN])), [(0, 1)])
    women, men = (one.figures["1"] for one in made)
    apart, whole = (difference(women, men, covariance) for covariance in (0.0, shared.covariance["1"]))
    expected = (
        f"of women {women.value:.4f} say yes and of men {men.value:.4f}; C = {shared.covariance['1']:.4f}."
        f" Taken as 0 it would give an SE of {apart.se:.4f} instead of {whole.se:.4f}."
    ).replace("-", "−")
    assert expected in worked("Gaps")


def test_base_weights() -> None:
    tally = Tally(LAYOUT, ("x", "x*3.0"), np.array([3, 1]), np.array([[1, 2], [1, 0]]))
    both = np.ones(2, bool)
    found = estimate(tally, weigh(tally, [Part("all", both, use_base=True)]), YES, both)
    figure = found.figures["1"]
    expected = f"p = 4/6 = {figure.value:.4f}, effective n {told(found.effective_n)}, SE {figure.se:.4f}."
    assert expected in worked("Base weights")


def test_revisions() -> None:
    whole, left = (120 / 200, 119 / 199), (120 - 1 - 4) / 190
    text = worked("Revisions")
    assert whole[0] == 0.6
    assert f"shows {100 * whole[0]:.1f} % of 200, now {100 * left:.1f} % of 190." in text
    domains = [Domain("all", "all", np.ones(1, bool))]
    for gone, shown in ((1, frozenset()), (10, {"all"})):
        states = [State(np.array([200 - went]), frozenset(["all"])) for went in (0, gone)]
        none, went = np.zeros((1, 2), np.int64), np.full((1, 2), gone)
        assert showable(domains, states, [Moves(none, went[None])], [np.ones(1, bool)], 10) == [shown]


def test_what_is_withheld() -> None:
    people = np.array([4, 12, 14])
    ages = [Domain(name, "age", np.arange(3) == place) for place, name in enumerate(("young", "middle", "old"))]
    assert suppress([Domain("all", "all", np.ones(3, bool)), *ages], people, 10) == {"young", "middle"}
    text = worked("What is withheld")
    assert f"of {people.sum()} people 4 are young, 12 of middle age and 14 old. The 4 are withheld, and the 12" in text
    weights = weigh(
        Tally(LAYOUT, ("f", "m"), np.array([4, 96]), np.array([[2, 2], [32, 64]])),
        [Part("all", np.ones(2, bool), "rake", (Wanted("g", ("f", "m"), np.array([0.5, 0.5]), np.arange(2)),), 1000.0)],
    ).u
    raked, plain = float(weights @ [2, 32]) / 1000, (2 + 32) / 100
    assert f"Raked, {raked:.4f} of all chose an answer, without weights {plain}" in text
    assert f"({told(weights[0])} f + {told(weights[1])} m)/1000" in text
    assert np.linalg.solve(np.stack([weights / 1000, np.full(2, 0.01)]), np.array([raked, plain])) == pytest.approx(
        [2, 32]
    )
    people = np.array([4, 96])
    assert f"The effective n is {(weights @ people) ** 2 / (weights**2 @ people):.2f}" in text
    everybody = [Sum("all", np.ones(2, bool), factor) for factor in range(3)]
    factors = np.stack([np.ones(2), weights, weights**2])
    assert telling(everybody[:1], everybody[1:], [np.array([True, False])], factors)


SECTIONS = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
NO_STATISTIC = {"What a tally holds", "The example", "Where tallies do not reach"}


@pytest.mark.parametrize("title", [title for title in SECTIONS if title not in NO_STATISTIC])
def test_each_statistic_has_a_reference_a_worked_number_that_is_a_test_and_its_limits(title: str) -> None:
    text = worked(title)
    assert re.search(r"\b(19|20)\d\d\b", text), "no reference"
    assert "*Worked" in text, "no worked number"
    assert re.search(r"not (apply|protect)", text), "no limits"
    tests = [ROOT / "tests" / name for name in ("test_docs_numbers.py", "test_statistics_trends.py")]
    asked = "".join(path.read_text(encoding="utf-8") for path in tests)
    assert re.search(rf'(worked|section)\("{re.escape(title)}"\)', asked), "no test"
