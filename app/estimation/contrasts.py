"""All differences between several groups of one sample, figure by figure, with the covariance that they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from app.estimation.contrast import Contrast, Side, contrast_of, joint
from app.estimation.measure import Measure, base_counts
from app.estimation.tally import Layout, Tally
from app.estimation.weighting import Weights

Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Asked:
    """A figure as a difference asks for it: of a measure in a tally, by what each answer counts."""

    tally: Tally
    measure: Measure
    values: dict[str, float]
    scored: bool = False

    def side(self, domain: Cells) -> Side:
        return Side(self.measure, domain, self.values, self.scored)


def asked_figures(tally: Tally, measure: Measure) -> Iterator[tuple[str, Asked]]:
    """Every figure of a measure by its code."""
    if measure.kind == "number":
        yield "mean", Asked(tally, measure, {})
        return
    for code in measure.codes:
        yield code, _option(tally, measure, code) if measure.kind == "multiple" else Asked(tally, measure, {code: 1.0})
    if measure.kind == "scale":
        support, oppose = dict.fromkeys(measure.positive, 1.0), dict.fromkeys(measure.negative, -1.0)
        yield "support", Asked(tally, measure, support)
        yield "oppose", Asked(tally, measure, dict.fromkeys(measure.negative, 1.0))
        yield "net", Asked(tally, measure, {**support, **oppose})
        scores = {code: score for code, score in measure.scores.items() if score is not None}
        yield "mean", Asked(tally, measure, scores, scored=True)
    for name, places in measure.place_scores.items():
        placed = {key: place for key, place in places.items() if place is not None}
        yield name, Asked(tally, Measure(measure.name, "nominal", tuple(placed)), placed)


def _option(tally: Tally, measure: Measure, code: str) -> Asked:
    """An option among several is a question of its own, answered yes or no."""
    base = base_counts(tally, measure)
    yes = tally.counts[:, tally.layout.position(measure.name, code)]
    layout = Layout(((measure.name, "1"), (measure.name, "0")))
    own = Tally(layout, tally.cells, tally.n, np.stack([yes, base - yes], axis=1))
    return Asked(own, Measure(measure.name, "nominal", ("1", "0")), {"1": 1.0})


def contrasts(
    weights: Weights, asked: Asked, domains: Sequence[Cells], pairs: Sequence[tuple[int, int]] | None = None
) -> Iterator[tuple[int, int, Contrast]]:
    """The difference of each pair (all, if None) of domains bool[C], by their numbers: the first less the second."""
    values, covariance = joint(asked.tally, weights, [asked.side(domain) for domain in domains])
    for a, b in combinations(range(len(domains)), 2) if pairs is None else pairs:
        if np.isnan(values[[a, b]]).any():
            continue
        variance = float(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b])
        df = float(weights.df((domains[a] | domains[b])[None])[0])
        yield a, b, contrast_of(float(values[a] - values[b]), variance, df)
