"""What is published: plain values that need neither numpy nor scipy to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Figure(NamedTuple):
    """A number with its uncertainty; shares are fractions of 1, net support runs from -1 to 1.

    n: respondents in the figure's own base. se: None where one respondent leaves it undefined. low and high:
    the 95 % interval; None for a mean or a net share of people who all said the same, whose error is unknown.
    deff: the variance over that of a simple random sample of the same size; effective_n: Kish's, of its own base; None
    where they were not asked for.
    """

    value: float
    se: float | None
    low: float | None
    high: float | None
    n: int
    deff: float | None = None
    effective_n: float | None = None


class Shared(NamedTuple):
    """What the figures of two groups of one sample have in common.

    df: degrees of freedom of a difference between the two; covariance: of each figure, those that are not 0.
    """

    df: float
    covariance: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One variable in one domain. `figures` is empty when nobody is in the base.

    n_asked: those to whom the question was put, whether or not they answered. n: the base.
    effective_n: Kish's, 0.0 when the base is empty. shared: by the key of another group of the same breakdown; of
    two groups, one of them says it. And by the period before, where both were weighted together.
    """

    variable: str
    n_asked: int
    n: int
    effective_n: float
    figures: Mapping[str, Figure] = field(default_factory=dict)
    shared: Mapping[str, Shared] = field(default_factory=dict)

    @property
    def deff(self) -> float | None:
        """Kish's design effect of the weights."""
        return self.n / self.effective_n if self.n else None
