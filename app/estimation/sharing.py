"""What the figures of two groups of one sample have in common because both were weighted together.

Two groups that share nobody are not independent for it: calibration ties their weights to the same margins, and groups
that both have people in a stratum share its mean. So V(a - b) = V(a) + V(b) - 2 C(a, b), with C from the same
linearised values as V, here for all figures of all questions at once. Between groups that are weighted apart C is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from app.estimation.figure import Shared
from app.estimation.measure import Measure
from app.estimation.sums import Sums
from app.estimation.suppression import Domain
from app.estimation.tally import Floats
from app.estimation.weighting import Block

Pair = tuple[int, int]
ROUNDING = 1e-20
"""A covariance that is less of the two groups' spread than this is 0 but for rounding: an error's square is more than
1e-8 of it with a hundred million people."""


def pairs_of(domains: Sequence[Domain]) -> list[Pair]:
    """Every two groups of one breakdown, by their numbers: the first before the second."""
    by = [domain.breakdown for domain in domains]
    return [(a, b) for a, b in combinations(range(len(domains)), 2) if by[a] == by[b]]


@dataclass(frozen=True, eq=False)
class _Forms:
    """The figures of a measure as ratios of sums over its columns: total over base, each float64[F, K]."""

    codes: tuple[str, ...]
    total: Floats
    base: Floats


def sharing(
    sums: Sums,
    pairs: Sequence[Pair],
) -> list[list[Shared]]:
    """Of every measure what each pair of domains, which share no cell, has in common: [measure][pair]."""
    weights, domains = sums.weights, sums.members
    if not pairs:
        return [[] for _ in sums.measures]
    first, second = (np.array(side, np.intp) for side in zip(*pairs, strict=True))
    df = weights.df(domains[first] | domains[second]).tolist()
    if weights.size < 2:
        return [[Shared(one, {}) for one in df] for _ in sums.measures]
    found = []
    for measure in sums.measures:
        own = sums.of(measure, measure.keys)
        forms = _forms(measure)
        tied = _tied(weights.blocks, own.parts, own.sums[:, 1], forms, (first, second))
        found.append(
            [
                Shared(one, {code: c for code, c in zip(forms.codes, row, strict=True) if c})
                for one, row in zip(df, tied.tolist(), strict=True)
            ]
        )
    return found


def _forms(measure: Measure) -> _Forms:
    keys = measure.keys
    base = _row(keys, dict.fromkeys(measure.base_keys, 1.0))
    if measure.kind == "number":
        return _Forms(("mean",), _row(keys, {"sum": 1 / measure.divisor})[None], base[None])
    listed = {code: (_row(keys, {code: 1.0}), base) for code in measure.codes}
    if measure.kind == "scale":
        support = _row(keys, dict.fromkeys(measure.positive, 1.0))
        oppose = _row(keys, dict.fromkeys(measure.negative, 1.0))
        listed |= {"support": (support, base), "oppose": (oppose, base), "net": (support - oppose, base)}
        scores = {code: score for code in measure.codes if (score := measure.scores.get(code)) is not None}
        listed["mean"] = _row(keys, scores), _row(keys, dict.fromkeys(scores, 1.0))
    for name, places in measure.place_scores.items():
        listed[name] = _row(keys, places), _row(keys, dict.fromkeys(places, 1.0))
    total, under = (np.stack(rows) for rows in zip(*listed.values(), strict=True))
    return _Forms(tuple(listed), total, under)


def _row(keys: Sequence[str], amounts: Mapping[str, float | None]) -> Floats:
    return np.array([amounts.get(key) or 0.0 for key in keys])


def _tied(
    blocks: Sequence[Block],
    parts: Sequence[Floats],
    w: Floats,
    forms: _Forms,
    pairs: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
) -> Floats:
    """The covariance float64[P, F] of each figure; 0 where it has no base. parts [D, R, K]; w float64[D, K]."""
    base = w @ forms.base.T
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (w @ forms.total.T) / base
        residual = (forms.total - value[..., None] * forms.base) / base[..., None]
    a, b = pairs
    found = np.zeros((len(a), len(forms.codes)))
    for block, part in zip(blocks, parts, strict=True):
        width = block.left.shape[1]
        sums = part @ np.swapaxes(residual, -1, -2)
        explained, loaded = sums[:, 3 : 3 + width], sums[:, 3 + width :]
        spread = _dot(explained[a], block.gram @ explained[b] - loaded[b]) - _dot(explained[b], loaded[a])
        n = block.size
        if n > 1:
            centre = sums[:, 1] - np.einsum("dlf,l->df", explained, block.reach)
            spread = n / (n - 1) * (spread - centre[a] * centre[b] / n)
        found += spread
    most = (np.abs(residual) * np.abs(w)[:, None]).sum(-1)
    with np.errstate(invalid="ignore"):
        known = np.isfinite(found) & (np.abs(found) > ROUNDING * most[a] * most[b])
    return np.where(known, found, 0.0)


def _dot(one: Floats, other: Floats) -> Floats:
    """Over the levels: float64[P, L, F] twice to float64[P, F]."""
    found: Floats = (one * other).sum(1)
    return found
