"""What the estimates need to know of a variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

import numpy as np

from app.estimation.tally import Counts, Tally

DONT_KNOW, REFUSED, SKIPPED = "-8", "-9", "-7"
Kind = Literal["nominal", "scale", "multiple", "number", "rank"]


@dataclass(frozen=True)
class Measure:
    """A variable to estimate.

    codes: the codes that get a share, in order: the options, and "-8" where "don't know" is offered.
    scores: for a scale, code -> score, None (or absent) for codes outside the mean.
    positive, negative: for a scale, the codes that are support and opposition.
    divisor: for a number, how many of the units that are counted make one: 100 where two decimals are kept.
    places: for a ranking, the tally keys of each option at every place, the first place first.
    """

    name: str
    kind: Kind
    codes: tuple[str, ...] = ()
    scores: Mapping[str, float | None] = field(default_factory=dict)
    positive: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()
    divisor: int = 1
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def base_keys(self) -> tuple[str, ...]:
        """The tally keys that divide the base between them."""
        if self.kind == "number":
            return ("n",)
        if self.kind == "multiple":
            return ("answered", DONT_KNOW) if DONT_KNOW in self.codes else ("answered",)
        return self.codes

    @property
    def outside_keys(self) -> tuple[str, ...]:
        """The tally keys of those who were asked and are not in the base."""
        return tuple(key for key in (DONT_KNOW, REFUSED, SKIPPED) if key not in self.base_keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """The tally keys that estimation reads, besides outside_keys."""
        sums = ("sum", "sumsq") if self.kind == "number" else ()
        chosen = self.codes if self.kind == "multiple" else ()
        return tuple(dict.fromkeys((*self.base_keys, *sums, *chosen, *chain.from_iterable(self.places.values()))))

    @property
    def place_scores(self) -> Mapping[str, dict[str, float | None]]:
        """For a ranking, by the name of each option's mean place: its tally keys with the place that each counts."""
        return {
            f"place:{code}": {key: float(place) for place, key in enumerate(keys, 1)}
            for code, keys in self.places.items()
        }


def base_counts(tally: Tally, measure: Measure) -> Counts:
    """int64[C]: respondents of each cell in the measure's base."""
    columns = [tally.layout.position(measure.name, key) for key in measure.base_keys]
    counts: Counts = tally.counts[:, columns].sum(axis=1, dtype=np.int64)
    return counts
