"""What a full export says beside the figures: covariance, totals, and the intervals of Korn and Graubard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from app.estimation.both_ways import MOST_TRIED, alike
from app.estimation.figure import Estimate, Figure
from app.estimation.interval import LEVEL, beta_interval
from app.estimation.linearise import Totals, mean_of_codes, totals_of_codes
from app.estimation.measure import Measure
from app.estimation.quantile import t_quantile
from app.estimation.sums import Sums
from app.estimation.tally import Floats, Tally
from app.estimation.weighting import Block, Weights

Matrix = list[list[float]]


@dataclass(frozen=True)
class Detail:
    """Of one variable in one domain.

    covariance: of the shares of `codes`; totals: the weighted number of people of each code, with its standard error
    and their covariance. Covariances are None where a tally does not hold who chose what together; they and errors are
    None where they are unknown: one respondent tells of no spread, and nobody of nothing.
    """

    codes: tuple[str, ...]
    covariance: Matrix | None = None
    totals: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    totals_covariance: Matrix | None = None


def details(sums: Sums) -> list[list[Detail]]:
    """As result[measure][domain]. Numbers have no details."""
    nothing = [Detail(())] * len(sums.members)
    return [
        _details(measure, sums.of(measure, measure.codes), sums.weights) if measure.codes else nothing
        for measure in sums.measures
    ]


def _details(measure: Measure, totals: Totals, weights: Weights) -> list[Detail]:
    identity = np.eye(len(measure.codes))
    value, covariance = totals_of_codes(totals, identity, weights)
    exclusive = measure.kind != "multiple"
    shares = mean_of_codes(totals, identity, weights).covariance if exclusive else None
    se, nothing = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0)), [None] * len(measure.codes)
    return [
        Detail(
            measure.codes,
            _known(shares[row]) if shares is not None else None,
            dict(zip(measure.codes, zip(value[row].tolist(), _known(se[row]) or nothing, strict=True), strict=True)),
            _known(covariance[row]) if exclusive else None,
        )
        for row in range(len(value))
    ]


def _known(numbers: Floats) -> list[Any] | None:
    """An array as lists; None where a number of it is unknown."""
    return numbers.tolist() if np.isfinite(numbers).all() else None


def korn_graubard(figure: Figure, respondents: int, df: float, effective_n: float) -> tuple[float, float] | None:
    """The interval of a share by R's svyciprop(method = "beta"); None where it has none.

    respondents: of the sample; df: of the domain. effective_n: Kish's, which counts where all or none chose the answer.
    """
    p, se = figure.value, figure.se
    if se is None or df < 1 or not 0 <= p <= 1:
        return None
    if p in (0.0, 1.0) or se == 0:
        size = effective_n
    else:
        quantiles = t_quantile((1 + LEVEL) / 2, np.array([respondents - 1.0, df]))
        size = p * (1 - p) / se**2 * float(quantiles[0] / quantiles[1]) ** 2
    low, high = beta_interval(np.array([p]), np.array([size]))
    return float(low[0]), float(high[0])


def bounds(sums: Sums, measure: Measure, estimates: Sequence[Estimate]) -> list[dict[str, tuple[float, float]]]:
    """Korn and Graubard's intervals of the shares of a measure, for each of its estimates, one a domain."""
    weights = sums.weights
    df = weights.df(sums.members)
    # As R has it: a subset of a calibrated design keeps everybody in the sample, those outside without weight.
    calibrated = any(block.left.shape[1] for block in weights.blocks)
    inside = sums.members @ weights.respondents.sum(axis=0)
    people = np.full(len(inside), weights.size) if calibrated else inside
    shares = {*measure.codes, *(("support", "oppose") if measure.kind == "scale" else ())}
    return [
        {
            code: interval
            for code, figure in estimate.figures.items()
            if code in shares
            and (interval := korn_graubard(figure, int(people[row]), float(df[row]), estimate.effective_n))
        }
        for row, estimate in enumerate(estimates)
    ]


def weight_range(
    weights: Weights, tally: Tally, domain: npt.NDArray[np.bool_], minimum: int
) -> tuple[float, float] | None:
    """The lowest and highest weight in a domain bool[C].

    None where fewer than `minimum` respondents share either: with known margins a weight tells how few they are.
    """
    n = weights.respondents.sum(axis=0)
    inside = domain & (n > 0)
    if not inside.any():
        return None
    found = []
    for extreme in (weights.u[inside].min(), weights.u[inside].max()):
        alike = inside & (np.abs(weights.u - extreme) <= 1e-9 * abs(extreme))
        if n[alike].sum() < minimum:
            return None
        found.append(float(extreme))
    return found[0], found[1]


def solvable(blocks: Sequence[Block], minimum: int) -> bool:
    """Whether the effective n of a part's blocks tells how many have a weight, and these are fewer than `minimum`."""
    u, n = (np.concatenate([getattr(block, name) for block in blocks]) for name in ("u", "n"))
    people = np.bincount(alike(u), n)[1:]
    return 1 < len(people) <= MOST_TRIED and bool((people < minimum).any())
