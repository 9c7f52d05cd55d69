"""What is published at once is attacked at once: pages by month, the wave, crossed groups, weighted and not."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.estimation.detail import solvable, weight_range
from app.estimation.disclosure import withhold, withhold_beside
from app.estimation.suppression import WHOLE, Blocks, Domain
from app.estimation.tally import Layout, Tally
from app.estimation.weighting import Block, Part, weigh
from app.questionnaire.counting import domains_of
from tests.questionnaire.fielded import survey

MINIMUM = 4
MONTHS, GENDERS, AGES = 2, 2, 3
CELLS = [(month, gender, age) for month in range(MONTHS) for gender in range(GENDERS) for age in range(AGES)]
MONTH, GENDER, AGE = (np.array(column) for column in zip(*CELLS, strict=True))
MONTH_ROWS = [np.asarray(np.equal(MONTH, month), bool) for month in range(MONTHS)]
SHAPE = st.lists(st.integers(0, 9), min_size=len(CELLS), max_size=len(CELLS))


def groups(of: np.ndarray) -> list[Domain]:
    """The whole, gender and age among some of the rows."""
    return [
        Domain(WHOLE, WHOLE, of),
        *(Domain(f"gender={g}", "gender", of & (g == GENDER)) for g in range(GENDERS)),
        *(Domain(f"age={a}", "age", of & (a == AGE)) for a in range(AGES)),
    ]


def crossed(of: np.ndarray) -> list[Domain]:
    return [
        Domain(f"gender={g},age={a}", "gender,age", of & (g == GENDER) & (a == AGE))
        for g in range(GENDERS)
        for a in range(AGES)
    ]


def attack(published: list[np.ndarray], secrets: list[np.ndarray], base: np.ndarray) -> list[int]:
    """The secrets that a reader can work out: as combinations of what is published, or as what a group leaves over.

    By means of its own: ranks of matrices, and every pair of published groups.
    """
    filled = base > 0
    rows = np.array([one[filled] for one in published], float).reshape(len(published), int(filled.sum()))
    rank = np.linalg.matrix_rank(rows) if len(published) else 0
    found = []
    for number, secret in enumerate(secrets):
        wanted = secret[filled].astype(float)
        if len(published) and np.linalg.matrix_rank(np.vstack([rows, wanted])) == rank:
            found.append(number)
            continue
        pairs = [pair for both in combinations(published, 2) for pair in (both, both[::-1])]
        if any(gives_away(whole & ~part, secret, base) for whole, part in pairs if not (part & ~whole & filled).any()):
            found.append(number)
    return found


def gives_away(left: np.ndarray, secret: np.ndarray, base: np.ndarray) -> bool:
    """Whether what is left over is a few people, with the secret among them."""
    filled = base > 0
    return bool(base[left].sum() < MINIMUM and (secret & filled).any() and not (secret & ~left & filled).any())


def shown(domains: list[Domain], withheld: frozenset[str]) -> list[np.ndarray]:
    return [domain.cells for domain in domains if domain.key not in withheld]


def small(domains: list[Domain], base: np.ndarray) -> list[np.ndarray]:
    return [domain.cells for domain in domains if 0 < base[domain.cells].sum() < MINIMUM]


@given(SHAPE, st.lists(st.booleans(), min_size=len(CELLS), max_size=len(CELLS)))
# A month's group is published already; the wave's group around it leaves three people.
@example([0, 0, 3, 4, 1, 0, 0, 0, 2, 1, 1, 0], [False] * len(CELLS))
@settings(deadline=None, max_examples=150)
def test_no_small_group_can_be_worked_out_from_months_wave_crossings_and_schemes(n: list[int], out: list[bool]) -> None:
    base = np.array(n)
    covered = np.where(np.array(out), 0, base)
    bases = [base, covered]
    months = {str(month): groups(one) for month, one in enumerate(MONTH_ROWS)}
    pages = {month: (domains, withhold(Blocks(domains), bases, MINIMUM)) for month, domains in months.items()}
    everyone = np.ones(len(CELLS), bool)
    wave = [*groups(everyone), *crossed(everyone)]
    withheld = withhold_beside(pages, wave, bases, MINIMUM)
    before = [cells for domains, hidden in pages.values() for cells in shown(domains, hidden)]
    public = before + shown(wave, withheld)
    for one in bases:
        assert attack(public, [cells for domains in months.values() for cells in small(domains, one)], one) == []
        # Pages protect the groups that they have. A crossing that they give away by themselves cannot be saved.
        secrets = small(wave, one)
        assert attack(public, secrets, one) == attack(before, secrets, one)


@given(SHAPE)
@settings(deadline=None, max_examples=100)
def test_a_crossing_gives_nothing_of_the_pages_away(n: list[int]) -> None:
    base = np.array(n)
    first = MONTH == 0
    domains = groups(first)
    pages = {"0": (domains, withhold(Blocks(domains), [base], MINIMUM))}
    wanted = crossed(first)
    withheld = withhold_beside(pages, wanted, [base], MINIMUM)
    before = shown(domains, pages["0"][1])
    public = before + shown(wanted, withheld)
    assert attack(public, small(domains, base), base) == []
    assert attack(public, small(wanted, base), base) == attack(before, small(wanted, base), base)


COUNTRIES, KINDS = ("jp", "us"), ("host", "public", "legislator", "expert")
TRACK = survey("domestic-diplomacy")
PEOPLE = [f"{country}|{kind}|female|a18_29||" for country in COUNTRIES for kind in KINDS]


@given(st.lists(st.one_of(st.integers(0, 9), st.integers(0, 40)), min_size=len(PEOPLE), max_size=len(PEOPLE)))
@settings(deadline=None, max_examples=150)
def test_hosts_and_others_give_no_group_of_the_pages_away(n: list[int]) -> None:
    """Others are a country less its hosts, so each of the three is told by the two others."""
    base = np.array(n)
    domains = domains_of(TRACK, PEOPLE)
    withheld = withhold(Blocks(domains), [base], MINIMUM)
    public = shown(domains, withheld)
    assert attack(public, small(domains, base), base) == []
    if 0 < base[[cell.startswith("jp|host") for cell in PEOPLE]].sum() < MINIMUM:
        assert {"hosts=host", "stakeholder=host"} <= withheld
        hosts = next(domain.cells for domain in domains if domain.key == "hosts=host")
        others = next(domain.cells for domain in domains if domain.key == "hosts=others")
        # What the audit is for: with these two beside the country, hosts would be told.
        assert not base[others].sum() or attack([hosts | others, others], [hosts], base) == [0]
        assert not base[others].sum() or "hosts=others" in withheld or "country=jp" in withheld


def test_what_is_published_stays_published() -> None:
    base = np.array([9] * len(CELLS))
    domains = [replace(domain, fixed=True) for domain in groups(MONTH == 0)]
    assert withhold(Blocks(domains), [base], 100) == frozenset()


def test_the_attack_finds_what_is_not_protected() -> None:
    base = np.array([9] * len(CELLS))
    base[0] = 1
    public = [MONTH == 0, (MONTH == 0) & ~((GENDER == 0) & (AGE == 0))]
    assert attack(public, [(MONTH == 0) & (GENDER == 0) & (AGE == 0)], base) == [0]


def test_weights_that_tell_how_few_there_are_are_not_published() -> None:
    tally = Tally(Layout((("q", "a"),)), ("x", "y*2.5"), np.array([2, 50]), np.array([[2], [50]]))
    weights = weigh(tally, [Part("all", np.ones(2, bool), use_base=True)])
    everyone = np.ones(2, bool)
    assert weight_range(weights, tally, everyone, MINIMUM) is None
    assert weight_range(weights, tally, everyone, 0) == (1.0, 2.5)
    assert weight_range(weights, tally, np.array([False, True]), MINIMUM) == (2.5, 2.5)


def test_effective_n_tells_how_many_have_each_of_a_few_weights() -> None:
    def blocks(*people: int) -> tuple[Block, ...]:
        cells = tuple(f"{n}*{1 + n / 2}" for n in range(len(people)))
        tally = Tally(Layout((("q", "a"),)), cells, np.array(people), np.array(people)[:, None])
        return weigh(tally, [Part("all", np.ones(len(people), bool), use_base=True)]).blocks

    assert solvable(blocks(2, 50), MINIMUM)
    assert solvable(blocks(20, 2, 50), MINIMUM)
    assert not solvable(blocks(20, 20, 50), MINIMUM)
    assert not solvable(blocks(2), MINIMUM)
    assert not solvable(blocks(2, *[50] * 20), MINIMUM)
