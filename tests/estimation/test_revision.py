"""Earlier values beside present ones are attacked together: nobody who came or went can be worked out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.estimation.disclosure import withhold
from app.estimation.revision import Moves, State, showable
from app.estimation.suppression import WHOLE, Blocks, Domain

MINIMUM = 4
GENDERS, AGES, STATES = 2, 3, 3
CELLS = [(gender, age) for gender in range(GENDERS) for age in range(AGES)]
GENDER, AGE = (np.array(column) for column in zip(*CELLS, strict=True))
# Who is there from one state to another, both included.
SPANS = [(first, last) for first in range(STATES) for last in range(first, STATES)]
STAYED = SPANS.index((0, STATES - 1))
EVERYBODY = np.ones(len(CELLS), bool)
DOMAINS = [
    Domain(WHOLE, WHOLE, EVERYBODY),
    *(Domain(f"gender={g}", "gender", np.equal(GENDER, g)) for g in range(GENDERS)),
    *(Domain(f"age={a}", "age", np.equal(AGE, a)) for a in range(AGES)),
]
People = npt.NDArray[np.int64]
"""int64[span, cell]"""


@st.composite
def people(draw: st.DrawFn) -> People:
    """Many who stayed, and few or many who came and went."""
    most = draw(st.sampled_from([1, 2, 6]))
    counts = st.lists(st.integers(0, most), min_size=len(CELLS), max_size=len(CELLS))
    stayed = draw(st.lists(st.integers(0, 9), min_size=len(CELLS), max_size=len(CELLS)))
    return np.array([stayed if place == STAYED else draw(counts) for place in range(len(SPANS))])


def there(found: People, state: int) -> npt.NDArray[np.int64]:
    inside = [i for i, (first, last) in enumerate(SPANS) if first <= state <= last]
    return np.asarray(found[inside].sum(axis=0), np.int64)


def decided(found: People) -> tuple[list[State], list[frozenset[str]]]:
    """What pages showed in each state, and what the log may show of each."""
    states = []
    for number in range(STATES):
        base = there(found, number)
        hidden = withhold(Blocks(DOMAINS), [base], MINIMUM)
        states.append(State(base, frozenset(domain.key for domain in DOMAINS) - hidden))
    moves = []
    for number in range(STATES - 1):
        came = np.sum([found[i] for i, (first, _) in enumerate(SPANS) if first == number + 1], axis=0)
        gone = np.stack([found[SPANS.index((first, number))] for first in range(number + 1)])
        moves.append(Moves(np.stack([came, came], 1), np.stack([gone, gone], 2)))
    shown = showable(DOMAINS, states, moves, [EVERYBODY], MINIMUM)
    return states, [*shown, states[-1].shown]


def vector(found: People, domain: Domain, state: int) -> npt.NDArray[np.int64]:
    """Who is in a domain in a state: a number for each span and cell of anybody."""
    inside = np.array([first <= state <= last for first, last in SPANS])
    return (inside[:, None] & domain.cells[None])[found > 0].astype(np.int64)


def attack(found: People, shown: list[frozenset[str]], states: list[State]) -> list[str]:
    """What a reader of everything that is published at once can work out of fewer than the minimum."""
    n = found[found > 0]
    published = [
        (number, domain, vector(found, domain, number))
        for number, keys in enumerate(shown)
        for domain in DOMAINS
        if domain.key in keys
    ]
    secrets = {
        f"{domain.key} in {number}": vector(found, domain, number)
        for number in range(STATES)
        for domain in DOMAINS
        if 0 < n @ vector(found, domain, number) < MINIMUM
    }
    for one, other in combinations(range(STATES), 2):
        for domain in DOMAINS:
            change = vector(found, domain, one) - vector(found, domain, other)
            if 0 < n @ abs(change) < MINIMUM:
                secrets[f"{domain.key} from {one} to {other}"] = change
    known = np.array([one for *_, one in published]).reshape(len(published), len(n))
    rank = np.linalg.matrix_rank(known) if len(published) else 0
    return [
        name
        for name, wanted in secrets.items()
        if len(published) and np.linalg.matrix_rank(np.vstack([known, wanted])) == rank
    ]


ONE_LEFT = np.zeros((len(SPANS), len(CELLS)), np.int64)
ONE_LEFT[STAYED] = 50
ONE_LEFT[SPANS.index((0, 0)), 0] = 1


# Nobody, then only one age: what everybody's figure was is what this age's was, which one person has joined since.
ONE_AGE = np.zeros((len(SPANS), len(CELLS)), np.int64)
ONE_AGE[SPANS.index((1, 2)), 5] = 4
ONE_AGE[SPANS.index((2, 2)), 4:] = [4, 1]
# Found at random, with three states that tell more together than any two of them.
RELIEVED = np.zeros((len(SPANS), len(CELLS)), np.int64)
RELIEVED[SPANS.index((0, 0)), [2, 4]] = 4
RELIEVED[SPANS.index((0, 1)), [1, 2]] = [3, 2]
RELIEVED[STAYED] = [5, 8, 4, 9, 0, 5]
RELIEVED[SPANS.index((2, 2)), 3:5] = [3, 1]


@given(people())
@example(ONE_LEFT)
@example(ONE_AGE)
@example(RELIEVED)
@settings(max_examples=200)
def test_nothing_of_few_can_be_worked_out_from_all_states_together(found: People) -> None:
    states, shown = decided(found)
    of_present = attack(found, [*([frozenset()] * (STATES - 1)), shown[-1]], states)
    assert set(attack(found, shown, states)) == set(of_present), "more than the present tells by itself"


def test_nothing_of_few_can_be_worked_out_from_many_states_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six states, of cells with few people, many of them empty."""
    spans = [(first, last) for first in range(6) for last in range(first, 6)]
    for name, value in (("STATES", 6), ("SPANS", spans), ("STAYED", spans.index((0, 5)))):
        monkeypatch.setattr(f"{__name__}.{name}", value)
    rng, told = np.random.default_rng(1), 0
    for _ in range(80):
        found = rng.integers(0, rng.choice([2, 3, 7]), (len(spans), len(CELLS)))
        found *= rng.random(found.shape) < rng.choice([0.2, 0.5, 1])
        found[STAYED] = rng.integers(0, 10, len(CELLS)) * (rng.random(len(CELLS)) < rng.choice([0.3, 0.7, 1]))
        states, shown = decided(found)
        of_present = attack(found, [*([frozenset()] * 5), shown[-1]], states)
        assert set(attack(found, shown, states)) == set(of_present), found.tolist()
        told += sum(map(len, shown[:-1]))
    assert told > 300


def test_the_attack_finds_what_would_be_shown_without_the_rule() -> None:
    states, _ = decided(ONE_LEFT)
    everything = [state.shown for state in states]
    assert "all from 0 to 1" in attack(ONE_LEFT, everything, states)
    assert decided(ONE_LEFT)[1][0] == frozenset()


def test_what_enough_people_changed_is_shown_but_for_groups_of_which_few_did() -> None:
    found = ONE_LEFT.copy()
    found[SPANS.index((0, 0))] = [10, 0, 0, 1, 10, 0]
    _, shown = decided(found)
    # One man of the first age went: of women, and of the second and third age, as many as there are may be told.
    assert WHOLE in shown[0]
    assert "age=2" in shown[0]
    assert {"gender=1", "gender=0"} <= shown[0]
    found[SPANS.index((0, 0))] = [10, 10, 0, 1, 0, 0]
    _, shown = decided(found)
    assert not {"gender=1", "gender=0"} & shown[0]


def test_who_went_and_who_came_in_one_cell_are_not_told_apart_by_number() -> None:
    found = ONE_LEFT.copy()
    found[SPANS.index((1, 2)), 0] = 1
    _, shown = decided(found)
    assert shown[0] == frozenset()


def test_weighted_together_with_a_period_in_which_one_came() -> None:
    still = np.full(len(CELLS), 50)
    states = [State(still, frozenset([WHOLE])), State(still, frozenset([WHOLE]))]
    none = np.zeros((len(CELLS), 2), np.int64)
    for elsewhere, expected in ((1, frozenset()), (MINIMUM, {WHOLE}), (0, {WHOLE})):
        assert showable(DOMAINS, states, [Moves(none, none[None], elsewhere)], [EVERYBODY], MINIMUM) == [expected]
