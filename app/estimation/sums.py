"""Counts added up over domains: once, for the estimates, what groups share and the details that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.estimation.linearise import Totals, domain_totals
from app.estimation.measure import Measure
from app.estimation.tally import Floats, Tally
from app.estimation.weighting import Weights


@dataclass(frozen=True, eq=False)
class Sums:
    """The columns of measures added up over domains of a tally: members bool[D, C] says which cells are of which.

    Whatever reads them raises KeyError if the layout lacks a measure's column.
    """

    tally: Tally
    weights: Weights
    measures: Sequence[Measure]
    members: npt.NDArray[np.bool_]

    def outside(self, measure: Measure) -> list[str]:
        """The keys for those who were asked and are in no base, as far as the layout counts them."""
        return [key for key in measure.outside_keys if (measure.name, key) in self.tally.layout]

    def of(self, measure: Measure, keys: Sequence[str]) -> Totals:
        """Some keys of a measure: [D, R, len(keys)] of every block."""
        return self._totals.pick([self._places[measure.name, key] for key in keys])

    def stacked(self, names: Sequence[str], keys: Sequence[str]) -> Totals:
        """The same keys of several variables under one another: [len(names) * D, R, len(keys)] of every block."""
        places = [[self._places[name, key] for key in keys] for name in names]
        chosen = np.array(places, np.intp).reshape(len(names), len(keys))

        def stack(part: Floats) -> Floats:
            found = part[:, :, chosen].transpose(2, 0, 1, 3)
            return np.ascontiguousarray(found.reshape(len(names) * len(part), part.shape[1], len(keys)))

        return self._totals.map(stack)

    @cached_property
    def centres(self) -> dict[str, int]:
        """Of each numeric measure a whole number of its units near the mean, from which its sums are taken.

        Whole numbers lose nothing. Squares from 0 would, where answers differ little beside how large they are.
        """
        found = {}
        for measure in self.measures:
            if measure.kind == "number":
                places = [self.tally.layout.position(measure.name, key) for key in ("n", "sum")]
                n, total = self.tally.counts[:, places].sum(axis=0).tolist()
                found[measure.name] = round(total / n) if n else 0
        return found

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        columns = [(measure.name, key) for measure in self.measures for key in (*measure.keys, *self.outside(measure))]
        return {column: place for place, column in enumerate(dict.fromkeys(columns))}

    @cached_property
    def _totals(self) -> Totals:
        columns = [self.tally.layout.position(*column) for column in self._places]
        if not any(self.centres.values()):
            return domain_totals(self.tally, self.weights, self.members, columns)
        counts = self.tally.counts[:, columns]
        for name, centre in self.centres.items():
            n, total, squares = (counts[:, self._places[name, key]] for key in ("n", "sum", "sumsq"))
            squares += centre * (centre * n - 2 * total)
            total -= centre * n
        return domain_totals(replace(self.tally, counts=counts), self.weights, self.members, list(range(len(columns))))
