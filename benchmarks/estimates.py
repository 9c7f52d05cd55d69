"""Rake and 30 questions with standard errors for a million responses: from tallies, against `svy` on the responses.

Both get the same made-up sample in memory, as numbers, and both are timed in CPU seconds of the process. What the
platform does once for every response, counting it, is told beside it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from app.estimation.collapse import Wanted
from app.estimation.estimate import estimate_domains
from app.estimation.figure import Estimate
from app.estimation.measure import Measure
from app.estimation.sums import Sums
from app.estimation.tally import Layout, Tally
from app.estimation.weighting import Part, weigh

T = TypeVar("T")
SIZE = int(os.environ.get("BENCH_LARGE", "1000000"))
QUESTIONS, OPTIONS = 30, 6
LEVELS = (8, 3, 5, 5)
ROUNDS = 100
TARGET = 10_000
CODES = tuple(str(option) for option in range(OPTIONS))


@dataclass
class Sample:
    """levels int8[4, N] of the margins, answers int8[30, N]; shares: the population's, by margin."""

    levels: npt.NDArray[np.int8]
    answers: npt.NDArray[np.int8]
    shares: list[npt.NDArray[np.float64]]


def run() -> list[str]:
    """The lines of the report."""
    sample = _sample(SIZE, seed=1)
    tally, counting = _timed(lambda: _tally(sample))
    _ours(tally, sample)  # Loads what is loaded once.
    ours = statistics.median(_timed(lambda: _ours(tally, sample))[1] for _ in range(ROUNDS))
    found = _ours(tally, sample)
    theirs, seconds, difference = _svy(sample, found)
    ratio = seconds / ours
    return [
        f"estimates: rake and {QUESTIONS} questions of {OPTIONS} options with standard errors, {SIZE:,} responses in"
        f" {len(tally.cells)} cells: {1000 * ours:.2f} CPU-ms from tallies, {seconds:.1f} CPU-s by svy {theirs} on the"
        f" responses, ratio {ratio:,.0f} (at least {TARGET:,}); shares differ by {difference:.1e} at most",
        f"estimates: counting the responses once, with numpy: {counting:.2f} CPU-s",
    ]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    before = time.process_time()
    return work(), time.process_time() - before


def _sample(size: int, seed: int) -> Sample:
    random = np.random.default_rng(seed)
    levels = np.stack([random.choice(count, size, p=_tilted(count, 1.5)) for count in LEVELS]).astype(np.int8)
    lean = levels.sum(axis=0) / sum(LEVELS)
    answers = np.stack([((random.random(size) + lean) * OPTIONS / 1.8).astype(np.int8) for _ in range(QUESTIONS)])
    return Sample(levels, np.minimum(answers, OPTIONS - 1), [_tilted(count, 1.0) for count in LEVELS])


def _tilted(count: int, steep: float) -> npt.NDArray[np.float64]:
    shares = 1.0 / np.arange(1, count + 1) ** (steep / 2)
    found: npt.NDArray[np.float64] = shares / shares.sum()
    return found


def _tally(sample: Sample) -> Tally:
    cell = np.ravel_multi_index(tuple(sample.levels.astype(np.int64)), LEVELS)
    cells = int(np.prod(LEVELS))
    n = np.bincount(cell, minlength=cells)
    filled = np.flatnonzero(n)
    counts = [
        np.bincount(cell * OPTIONS + answer, minlength=cells * OPTIONS).reshape(cells, OPTIONS)
        for answer in sample.answers.astype(np.int64)
    ]
    names = ["|".join(map(str, np.unravel_index(one, LEVELS))) for one in filled]
    layout = Layout(tuple((f"q{question}", code) for question in range(QUESTIONS) for code in CODES))
    return Tally(layout, tuple(names), n[filled], np.concatenate(counts, axis=1)[filled])


def _ours(tally: Tally, sample: Sample) -> list[list[Estimate]]:
    levels = np.array([name.split("|") for name in tally.cells], np.intp).T
    wanted = tuple(
        Wanted(f"m{place}", tuple(map(str, range(count))), shares, level)
        for place, (count, shares, level) in enumerate(zip(LEVELS, sample.shares, levels, strict=True))
    )
    everyone = np.ones(len(tally.cells), bool)
    weights = weigh(tally, [Part("all", everyone, "rake", wanted, 1_000_000.0)])
    measures = [Measure(f"q{question}", "nominal", CODES) for question in range(QUESTIONS)]
    return estimate_domains(Sums(tally, weights, measures, everyone[None]))


def _svy(sample: Sample, ours: list[list[Estimate]]) -> tuple[str, float, float]:
    """svy's version, its CPU seconds, and the largest difference of a share."""
    import polars
    import svy

    columns = {f"m{place}": level for place, level in enumerate(sample.levels)}
    columns |= {f"q{question}": answer for question, answer in enumerate(sample.answers)}
    data = polars.DataFrame({**columns, "w": np.ones(sample.levels.shape[1])})
    targets: Any = {
        f"m{place}": {level: 1_000_000.0 * share for level, share in enumerate(shares.tolist())}
        for place, shares in enumerate(sample.shares)
    }
    before = time.process_time()
    raked = svy.Sample(data, svy.Design(wgt="w")).weighting.rake(controls=targets, tol=1e-10)
    found: list[Any] = [raked.estimation.prop(f"q{question}") for question in range(QUESTIONS)]
    seconds = time.process_time() - before
    largest = max(
        abs(one.est - ours[question][0].figures[str(one.y_level)].value)
        for question, estimate in enumerate(found)
        for one in estimate.estimates
    )
    return svy.__version__, seconds, largest
