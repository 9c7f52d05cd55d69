"""Estimates of many variables in many domains from one tally: cells are added up to domains once, for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat

import numpy as np
import numpy.typing as npt

from app.estimation.figure import Estimate, Figure
from app.estimation.interval import share_interval, t_interval
from app.estimation.linearise import Ratio, Totals, mean_of_codes, mean_of_numbers
from app.estimation.measure import Measure
from app.estimation.sums import Sums
from app.estimation.tally import Floats, Tally
from app.estimation.weighting import Weights

Rows = list[dict[str, Figure]]


@dataclass(frozen=True)
class _Context:
    """Totals of variables that are alike but for their names, under one another: M variables in D domains each.

    `totals(keys)` is [M * D, R, len(keys)] of every block; df float64[M * D, 1]; measure: any of them.
    centre float64[M * D]: from where the sums of a number are taken.
    """

    measure: Measure
    totals: Callable[[Sequence[str]], Totals]
    weights: Weights
    df: Floats
    centre: Floats


def estimate(tally: Tally, weights: Weights, measure: Measure, domain: npt.NDArray[np.bool_]) -> Estimate:
    """One measure in one domain, bool[C] over the tally's cells."""
    return estimate_domains(Sums(tally, weights, [measure], domain[None, :]))[0][0]


def estimate_domains(sums: Sums) -> list[list[Estimate]]:
    """Every measure in every domain, as result[measure][domain].

    Standard errors take the weights' blocks as the strata of the sample: n is everyone in it, in the domain or not.
    Degrees of freedom are the domain's respondents less one for each stratum that it touches, as in R's survey
    package. KeyError if the layout lacks a measure's column.
    """
    weights, size = sums.weights, len(sums.members)
    df = weights.df(sums.members)[:, None]
    found: dict[str, list[Estimate]] = {}
    for alike in _alike(sums):
        names = [measure.name for measure in alike]
        centre = np.repeat([float(sums.centres.get(name, 0)) for name in names], size)
        context = _Context(alike[0], partial(sums.stacked, names), weights, np.tile(df, (len(alike), 1)), centre)
        made = _estimates(context, sums.outside(alike[0]))
        for number, name in enumerate(names):
            rows = made[number * size : (number + 1) * size]
            found[name] = [replace(row, variable=name) for row in rows]
    return [found[measure.name] for measure in sums.measures]


def _alike(sums: Sums) -> list[list[Measure]]:
    """The measures in groups of which all but the name is the same: each is computed at once."""
    groups: list[tuple[tuple[Measure, list[str]], list[Measure]]] = []
    for measure in sums.measures:
        shape = replace(measure, name=""), sums.outside(measure)
        for known, group in groups:
            if known == shape:
                group.append(measure)
                break
        else:
            groups.append((shape, [measure]))
    return [group for _, group in groups]


def _estimates(context: _Context, outside: list[str]) -> list[Estimate]:
    measure = context.measure
    n, w, q = np.moveaxis(context.totals(measure.base_keys).sums.sum(-1), -1, 0)
    asked = n + context.totals(outside).sums[:, 0].sum(-1)
    kish = np.where(q > 0, w**2 / np.where(q > 0, q, 1.0), 0.0)
    rows = _BY_KIND[measure.kind](context)
    return [
        Estimate(measure.name, int(a), int(m), k, figures)
        for a, m, k, figures in zip(asked.tolist(), n.tolist(), kish.tolist(), rows, strict=True)
    ]


def _nominal(context: _Context) -> Rows:
    codes = context.measure.codes
    ratio = mean_of_codes(context.totals(codes), np.eye(len(codes)), context.weights)
    return _figures(codes, ratio, *_share_interval(ratio, context.df))


def _scale(context: _Context) -> Rows:
    """Shares and net support over one base; the mean over those who chose a score."""
    codes, measure = context.measure.codes, context.measure
    support = np.array([code in measure.positive for code in codes], np.float64)
    oppose = np.array([code in measure.negative for code in codes], np.float64)
    totals = context.totals(codes)
    shares = mean_of_codes(totals, np.vstack([np.eye(len(codes)), support, oppose]), context.weights)
    net = mean_of_codes(totals, (support - oppose)[None], context.weights)
    rows = _figures((*codes, "support", "oppose"), shares, *_share_interval(shares, context.df))
    scores = {code: measure.scores.get(code) for code in codes}
    mean = _mean_score(context, "mean", scores)
    return _joined([rows, _figures(("net",), net, *_mean_interval(net, context.df)), mean])


def _mean_score(context: _Context, name: str, scores: Mapping[str, float | None]) -> Rows:
    """The mean of scores by tally key, over those who have one."""
    known = {key: score for key, score in scores.items() if score is not None}
    if not known:
        return [{}] * len(context.df)
    ratio = mean_of_codes(context.totals(list(known)), np.array([list(known.values())]), context.weights)
    return _figures((name,), ratio, *_mean_interval(ratio, context.df))


def _rank(context: _Context) -> Rows:
    """Who put what first is a choice of one; the mean place of an option is over those who gave it a place."""
    named = context.measure.place_scores.items()
    return _joined([_nominal(context), *(_mean_score(context, name, scores) for name, scores in named)])


def _joined(parts: Sequence[Rows]) -> Rows:
    return [{name: figure for part in parts for name, figure in part[row].items()} for row in range(len(parts[0]))]


def _multiple(context: _Context) -> Rows:
    """Each option is a yes or no of its own over the same base: who chose what together is not in a tally."""
    codes, measure = context.measure.codes, context.measure
    several = len(measure.base_keys)

    def yes_and_no(part: Floats) -> Floats:
        base, yes = part[..., :several].sum(-1), np.moveaxis(part[..., several:], -1, 1)
        return np.stack([yes, base[:, None, :] - yes], axis=-1)

    split = context.totals((*measure.base_keys, *codes)).map(yes_and_no)
    ratio = mean_of_codes(split, np.array([[1.0, 0.0]]), context.weights)
    joined = Ratio(
        ratio.value[..., 0],
        ratio.covariance[..., 0, 0, None] * np.eye(len(codes)),
        ratio.n[:, 0],
        ratio.effective_n[:, 0],
        ratio.varies[..., 0],
        ratio.spread[..., 0],
    )
    return _figures(codes, joined, *_share_interval(joined, context.df))


def _number(context: _Context) -> Rows:
    counted = mean_of_numbers(context.totals(("n", "sum", "sumsq")), context.weights)
    divisor = context.measure.divisor
    ratio = replace(
        counted,
        value=(counted.value + context.centre[:, None]) / divisor,
        covariance=counted.covariance / divisor**2,
        spread=counted.spread / divisor**2,
    )
    return _figures(("mean",), ratio, *_mean_interval(ratio, context.df))


_BY_KIND: dict[str, Callable[[_Context], Rows]] = {
    "nominal": _nominal,
    "scale": _scale,
    "multiple": _multiple,
    "number": _number,
    "rank": _rank,
}


def _share_interval(ratio: Ratio, df: Floats) -> tuple[Floats, Floats]:
    return share_interval(ratio.value, ratio.se, df, ratio.effective_n[:, None])


def _mean_interval(ratio: Ratio, df: Floats) -> tuple[Floats, Floats]:
    return t_interval(ratio.value, np.where(ratio.varies, ratio.se, np.nan), df)


def _figures(names: Sequence[str], ratio: Ratio, low: Floats, high: Floats) -> Rows:
    """None where nobody is in the base, or only people whose weights are 0, as trimming of linear ones leaves them."""
    se = np.where(ratio.n[:, None] > 1, ratio.se, np.nan)
    deff = np.where(ratio.n[:, None] > 1, ratio.deff, np.nan)
    of_figures = (ratio.value.tolist(), _known(se), _known(low), _known(high), _known(deff))
    of_bases = (ratio.n.astype(np.int64).tolist(), ratio.effective_n.tolist())
    return [
        dict(zip(names, map(Figure, *columns, repeat(n), deffs, repeat(kish)), strict=True)) if n and kish > 0 else {}
        for *columns, deffs, n, kish in zip(*of_figures, *of_bases, strict=True)
    ]


def _known(numbers: Floats) -> list[list[float | None]]:
    """The rows of an array, None where a number is unknown."""
    found = numbers.astype(object)
    found[np.isnan(numbers)] = None
    rows: list[list[float | None]] = found.tolist()
    return rows
