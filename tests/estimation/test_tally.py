"""Tallies add, merge, undo and store exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimation.tally import (
    Change,
    Layout,
    LayoutMismatch,
    NegativeCount,
    Tally,
    add_to_tally,
    canonical,
    empty_tally,
    merge,
    pack,
    unpack,
)

LAYOUT = Layout((("trust", "1"), ("trust", "2"), ("trust", "-7"), ("years", "n"), ("years", "sum"), ("years", "sumsq")))
YEARS = (3, 4, 5)
CELLS = st.sampled_from(["jp|public", "jp|expert", "us|public", "us|", "|"])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """One person's answers: one code of trust, and a number of years or none."""
    columns, amounts = [draw(st.integers(0, 2))], [1]
    if draw(st.booleans()):
        years = draw(st.integers(-120, 120))
        columns, amounts = [*columns, *YEARS], [*amounts, 1, years, years**2]
    return Change(draw(CELLS), columns, amounts)


def tally_of(made: list[Change]) -> Tally:
    return add_to_tally(empty_tally(LAYOUT), made)


def content(tally: Tally) -> tuple[object, ...]:
    plain = canonical(tally)
    return plain.cells, plain.n.tolist(), plain.counts.tolist()


def test_a_response_is_one_respondent_and_one_of_each_answer() -> None:
    tally = tally_of([Change("jp|public", [1, *YEARS], [1, 1, 20, 400]), Change("us|public", [2], [1])])
    assert tally.cells == ("jp|public", "us|public")
    assert tally.n.tolist() == [1, 1]
    assert tally.counts.tolist() == [[0, 1, 0, 1, 20, 400], [0, 0, 1, 0, 0, 0]]


def test_a_column_named_twice_counts_twice() -> None:
    assert tally_of([Change("jp|public", [0, 0], [1, 1])]).counts[0, 0] == 2


def test_adding_leaves_the_tally_it_started_from_alone() -> None:
    before = tally_of([Change("jp|public", [0], [1])])
    add_to_tally(before, [Change("jp|public", [0], [1]), Change("us|public", [0], [1])])
    assert content(before) == (("jp|public",), [1], [[1, 0, 0, 0, 0, 0]])


@given(st.lists(changes()), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(made: list[Change], random: object) -> None:
    shuffled = sorted(made, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert content(tally_of(shuffled)) == content(tally_of(made))


@given(st.lists(changes()), st.lists(changes()))
def test_what_was_added_can_be_taken_away(kept: list[Change], gone: list[Change]) -> None:
    both = add_to_tally(tally_of(kept), gone)
    assert content(add_to_tally(both, [change._replace(delta=-1) for change in gone])) == content(tally_of(kept))


@given(st.lists(changes()), st.lists(changes()), st.lists(changes()))
def test_merging_is_adding_in_any_grouping(a: list[Change], b: list[Change], c: list[Change]) -> None:
    first, second, third = tally_of(a), tally_of(b), tally_of(c)
    together = content(tally_of([*a, *b, *c]))
    assert content(merge([first, merge([second, third], LAYOUT)], LAYOUT)) == together
    assert content(merge([merge([first, second], LAYOUT), third], LAYOUT)) == together
    assert content(merge([third, second, first], LAYOUT)) == together


def test_merging_nothing_gives_an_empty_tally() -> None:
    assert content(merge([], LAYOUT)) == content(empty_tally(LAYOUT)) == ((), [], [])


def test_merging_other_columns_is_refused() -> None:
    with pytest.raises(LayoutMismatch):
        merge([empty_tally(LAYOUT), empty_tally(Layout(LAYOUT.columns[:2]))], LAYOUT)


def test_fewer_than_no_respondents_is_refused() -> None:
    with pytest.raises(NegativeCount) as refused:
        tally_of([Change("us|", [0], [1], -1)])
    assert (refused.value.cell, refused.value.column) == ("us|", None)


def test_fewer_than_no_answers_is_refused_with_cell_and_column() -> None:
    tally = tally_of([Change("jp|public", [0], [1]), Change("us|public", [0], [1])])
    with pytest.raises(NegativeCount, match=r"trust/2 in cell 'us\|public'") as refused:
        add_to_tally(tally, [Change("us|public", [1], [1], -1)])
    assert (refused.value.cell, refused.value.column) == ("us|public", ("trust", "2"))


def test_a_sum_of_negative_numbers_is_no_error() -> None:
    assert tally_of([Change("us|", list(YEARS), [1, -4, 16])]).counts[0, 4] == -4


def test_an_option_called_sum_is_a_count_like_any_other() -> None:
    with pytest.raises(NegativeCount):
        add_to_tally(empty_tally(Layout((("aims", "sum"),))), [Change("a", [], []), Change("a", [0], [-1])])


@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=6, max_size=6)))
def test_packed_rows_come_back_as_they_were(rows: list[list[int]]) -> None:
    packed = [pack(np.array(row, np.int64)) for row in rows]
    assert unpack(packed, LAYOUT).tolist() == rows
    assert unpack(packed, LAYOUT).shape == (len(rows), 6)


def test_a_packed_row_is_little_endian() -> None:
    assert pack(np.array([1, 256], np.int64)) == b"\x01" + bytes(8) + b"\x01" + bytes(6)


def test_rows_of_another_length_are_refused_even_if_they_add_up() -> None:
    with pytest.raises(LayoutMismatch):
        unpack([bytes(40), bytes(56)], LAYOUT)
