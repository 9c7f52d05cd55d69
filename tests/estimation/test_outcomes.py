"""Outcome rates against worked numbers of others who implement the same definitions."""

from __future__ import annotations

import pytest

from app.estimation.outcomes import Cases


def test_the_example_of_outcomerate() -> None:
    """The R package outcomerate, README: twelve cases, of which one is not eligible. RR1 0.364, RR2 0.545."""
    cases = Cases(complete=4, partial=2, refusal=1, non_contact=1, other=1, unknown=1 + 1)
    assert cases.all == 11
    assert cases.response_rate_1 == pytest.approx(0.364, abs=0.0005)
    assert cases.response_rate_2 == pytest.approx(0.545, abs=0.0005)


def test_the_example_of_responserates() -> None:
    """The R package responserates, README: rates(list(i = 100, nc = 20)) prints 83.3 % for both."""
    cases = Cases(complete=100, non_contact=20)
    assert cases.response_rate_1 == pytest.approx(0.833, abs=0.0005)
    assert cases.response_rate_2 == cases.response_rate_1


def test_unknown_cases_and_break_offs_are_in_the_base() -> None:
    assert Cases(complete=60, refusal=15, unknown=45).response_rate_1 == 0.5


def test_of_nobody_there_is_no_rate() -> None:
    assert Cases(complete=0).response_rate_1 is None
    assert Cases(complete=0).response_rate_2 is None
