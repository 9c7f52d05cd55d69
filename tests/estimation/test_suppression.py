"""What is withheld, and attacks on what is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.estimation.suppression import WHOLE, Domain, suppress

MINIMUM = 10


def partition(breakdown: str, labels: Iterable[str]) -> list[Domain]:
    """The domains of a breakdown from each cell's label; "" is in none."""
    codes = np.array(list(labels))
    return [Domain(f"{breakdown}={code}", breakdown, codes == code) for code in sorted({*codes.tolist()} - {""})]


def whole(cells: int) -> list[Domain]:
    return [Domain(WHOLE, WHOLE, np.ones(cells, bool))]


def withheld(domains: list[Domain], base: list[int]) -> set[str]:
    return set(suppress(domains, np.array(base), MINIMUM))


def test_groups_of_the_minimum_are_published() -> None:
    assert withheld([*whole(2), *partition("country", ["jp", "us"])], [10, 50]) == set()


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    domains = [*whole(4), *partition("region", "abcd")]
    assert withheld(domains, [9, 80, 20, 30]) == {"region=a", "region=c"}


def test_two_small_groups_protect_each_other_only_if_together_they_are_not_small() -> None:
    domains = [*whole(4), *partition("region", "abcd")]
    assert withheld(domains, [9, 8, 20, 30]) == {"region=a", "region=b"}
    assert withheld(domains, [2, 3, 20, 30]) == {"region=a", "region=b", "region=c"}


def test_nobody_is_not_a_small_group() -> None:
    domains = [*whole(3), *partition("region", "abc")]
    assert withheld(domains, [0, 20, 30]) == set()
    assert withheld(domains, [0, 0, 0]) == set()


def test_everything_goes_when_the_whole_is_small() -> None:
    assert withheld([*whole(2), *partition("country", ["jp", "us"])], [4, 5]) == {
        WHOLE,
        "country=jp",
        "country=us",
    }


def test_groups_inside_countries_cannot_be_subtracted_from_them() -> None:
    groups = ["jp_public", "jp_host", "us_public", "us_host", "us_expert"]
    domains = [*whole(5), *partition("country", ["jp", "jp", "us", "us", "us"]), *partition("group", groups)]
    assert withheld(domains, [100, 3, 90, 40, 20]) == {"group=jp_host", "group=jp_public"}


def test_a_group_that_is_the_same_in_two_breakdowns_is_withheld_in_both() -> None:
    bases = partition("bases", ["yes", "no", "no"])
    domains = [*whole(3), *partition("group", ["host", "public", "expert"]), *bases]
    assert withheld(domains, [4, 50, 30]) == {"group=host", "group=expert", "bases=yes", "bases=no"}


def test_no_more_is_withheld_than_needed() -> None:
    """The experts are what "no bases" has beyond the public: hiding the public is enough."""
    bases = partition("bases", ["yes", "no", "no"])
    domains = [*whole(3), *partition("group", ["host", "public", "expert"]), *bases]
    assert withheld(domains, [30, 50, 4]) == {"group=expert", "group=public"}


def test_a_remainder_across_breakdowns_is_found() -> None:
    """The whole less one country less the other's groups leaves the small group."""
    groups = ["jp_public", "jp_host", "us_public", "us_host"]
    domains = [*whole(4), *partition("country", ["jp", "jp", "us", "us"]), *partition("group", groups)]
    assert withheld(domains, [100, 3, 90, 2]) == {
        "group=jp_host",
        "group=jp_public",
        "group=us_host",
        "group=us_public",
    }


def test_a_small_group_alone_in_its_breakdown_takes_another_breakdown_along() -> None:
    domains = [*whole(2), *partition("alumni", ["yes", ""]), *partition("other", ["", "no"])]
    assert withheld(domains, [5, 95]) == {"alumni=yes", "other=no"}


def test_those_left_over_are_protected_only_on_demand() -> None:
    domains = [*whole(3), *partition("gender", ["f", "m", ""])]
    base = [60, 50, 4]
    assert withheld(domains, base) == set()
    rest = Domain("gender=", "gender", np.array([False, False, True]), shown=False)
    assert withheld([*domains, rest], base) == {"gender=m"}


def test_people_left_over_hide_a_small_group_only_if_there_are_enough() -> None:
    domains = [*whole(3), *partition("gender", ["f", "x", ""])]
    assert withheld(domains, [60, 4, 4]) == {"gender=x", "gender=f"}


@st.composite
def surveys(draw: st.DrawFn) -> tuple[list[Domain], list[int]]:
    """Up to three breakdowns over up to seven cells, nested or crossing, with cells in none of their domains."""
    cells = draw(st.integers(2, 7))
    domains = whole(cells)
    for name in draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True)):
        labels = draw(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=cells, max_size=cells))
        domains += partition(name, labels)
    sizes = st.one_of(st.integers(0, 12), st.integers(0, 60))
    return domains, draw(st.lists(sizes, min_size=cells, max_size=cells))


def rank(rows: list[list[int]]) -> int:
    """By exact elimination."""
    left = [[Fraction(entry) for entry in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        found += 1
        rest = [row for row in left if row is not pivot]
        left = [[a - b * row[column] / pivot[column] for a, b in zip(row, pivot, strict=True)] for row in rest]
    return found


def over_filled_cells(domains: Iterable[Domain], base: list[int]) -> list[list[int]]:
    filled = np.array(base) > 0
    return [domain.cells[filled].astype(int).tolist() for domain in domains]


def differences(published: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """Every published row less any published rows, where a group of people is what remains."""
    rows = np.array(published, np.int64)
    for sign in product((0, 1), repeat=len(published)):
        taken = np.array(sign) @ rows
        for row in rows:
            remainder = row - taken
            if (remainder >= 0).all():
                yield tuple(remainder.tolist())


@settings(max_examples=400, deadline=None)
@given(surveys())
def test_nothing_withheld_can_be_worked_out(survey: tuple[list[Domain], list[int]]) -> None:
    domains, base = survey
    gone = withheld(domains, base)
    filled = [d for d in domains if np.array(base)[d.cells].sum() > 0]
    published = over_filled_cells([d for d in filled if d.key not in gone], base)
    for hidden in over_filled_cells([d for d in filled if d.key in gone], base):
        assert rank([*published, hidden]) == rank(published) + 1
        size = np.array([n for n in base if n > 0])
        if size @ np.array(hidden) < MINIMUM:
            for left in differences(published):
                contained = all(a <= b for a, b in zip(hidden, left, strict=True))
                assert not contained or size @ np.array(left) >= MINIMUM


@given(surveys())
def test_small_groups_are_withheld_and_never_alone(survey: tuple[list[Domain], list[int]]) -> None:
    domains, base = survey
    gone = withheld(domains, base)
    size = {d.key: int(np.array(base)[d.cells].sum()) for d in domains}
    assert {key for key, n in size.items() if 0 < n < MINIMUM} <= gone
    assert all(size[key] > 0 for key in gone)
    for breakdown in {d.breakdown for d in domains}:
        filled = {d.key for d in domains if d.breakdown == breakdown and size[d.key]}
        assert len(filled & gone) != 1 or len(filled) == 1


@given(surveys())
def test_nothing_is_withheld_without_a_small_group(survey: tuple[list[Domain], list[int]]) -> None:
    domains, base = survey
    assert withheld(domains, [n * 10 for n in base]) == set()


def test_the_order_of_domains_does_not_matter_where_several_sets_would_do() -> None:
    base, domains = [1, 0, 0, 9, 10, 11], [*whole(6)]
    x, y, z = list("aaaaab"), ["b", "a", "a", "", "a", "a"], ["c", "a", "a", "", "a", "b"]
    domains += [*partition("x", x), *partition("y", y), *partition("z", z)]
    assert withheld(domains[::-1], base) == withheld(domains, base)


@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_domains_does_not_matter(survey: tuple[list[Domain], list[int]], random: object) -> None:
    domains, base = survey
    shuffled = sorted(domains, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert withheld(shuffled, base) == withheld(domains, base)


@pytest.mark.parametrize("seed", range(5))
def test_a_real_size_is_decided_in_time(seed: int) -> None:
    """4,000 cells of five crossing breakdowns and one nested: 29 domains, mostly small cells."""
    random = np.random.default_rng(seed)
    country, group = (
        random.integers(0, 2, 4000),
        random.choice(5, 4000, p=[0.6, 0.3, 0.06, 0.03, 0.01]),
    )
    crossing = [("gender", 3), ("age", 6), ("region", 8)]
    domains = [*whole(4000), *partition("country", country.astype(str))]
    domains += partition("group", [f"{c}{g}" for c, g in zip(country, group, strict=True)])
    for name, size in crossing:
        domains += partition(name, random.integers(0, size, 4000).astype(str))
    base = (random.random(4000) < 0.05).astype(np.int64)
    gone = suppress(domains, base, MINIMUM)
    small = {d.key for d in domains if 0 < base[d.cells].sum() < MINIMUM}
    assert small
    assert small <= gone
    assert WHOLE not in gone
