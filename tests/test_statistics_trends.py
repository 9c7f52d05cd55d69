"""The worked numbers of docs/statistics.md on lines, events, differences and common ground are what the code gives."""

from __future__ import annotations

import re

import numpy as np
import pytest

from app.estimation.common_ground import common_ground, consensus
from app.estimation.difference import benjamini_hochberg, difference, holm
from app.estimation.event_effect import event_effect
from app.estimation.figure import Figure
from app.estimation.local_level import local_level
from app.estimation.sampling_variance import share_variance
from app.estimation.trend_line import FEWEST
from benchmarks.lines import ALARMS, COVERED
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading, as one line."""
    return " ".join(PAGE.split(f"## {title}\n")[1].split("\n## ")[0].split())


def share(p: float, n: int) -> Figure:
    return Figure(p, (p * (1 - p) / (n - 1)) ** 0.5, None, None, n)


def waves(
    *shares: float,
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Shares of 400 people each and their variances."""
    y = np.array(shares)
    return y, np.asarray(share_variance(y, np.full(len(y), 400.0)))


def test_the_local_level() -> None:
    y, v = waves(0.42, 0.45, 0.43, 0.48, 0.50)
    line = local_level(y, v, np.arange(5.0), 0.02)
    text = section("The line of a trend")
    shown = ", ".join(f"{100 * level:.1f}" for level in line.mean)
    assert f"42, 45, 43, 48 and 50 % give a line at {shown} %" in text
    low, high = (100 * edge[-1] for edge in line.band)
    assert f"the last with a band of {low:.1f} to {high:.1f} %" in text
    own = 196 * float(v[-1]) ** 0.5
    assert f"where the wave's own interval is ±{own:.1f} points" in text
    assert f"{FEWEST} points" in text


def test_the_event_effect() -> None:
    y, v = waves(0.40, 0.42, 0.41, 0.48, 0.50, 0.49)
    effect = event_effect(y, v, np.arange(6.0), 3.0, 0.02)
    low, high = (100 * edge for edge in effect.interval)
    text = section("The step at an event")
    assert (
        f"a step of {100 * effect.value:.1f} points (95 % interval {low:.1f} to {high:.1f}, p = {effect.p:.3f})" in text
    )


def test_a_difference() -> None:
    found = difference(share(0.52, 400), share(0.45, 500))
    assert found.low is not None
    assert found.high is not None
    assert (
        f"{100 * found.value:.0f} points with a standard error of {100 * (found.se or 0):.2f},"
        f" a 95 % interval of {100 * found.low:.2f} to {100 * found.high:.2f} and p = {found.p:.4f}"
    ) in section("Differences and changes")


@pytest.mark.parametrize(("name", "adjust"), [("Holm", holm), ("Benjamini-Hochberg", benjamini_hochberg)])
def test_adjusted_p_values(name: str, adjust: object) -> None:
    assert callable(adjust)
    adjusted = ", ".join(f"{p:.3f}" for p in adjust([0.001, 0.012, 0.03, 0.2]))
    assert f"{name} {adjusted}" in section("Many differences together")


def test_common_ground() -> None:
    supports = {"A": (0.70, 0.55), "B": (0.80, 0.50), "C": (0.65, 0.40)}
    found = common_ground([[share(p, 500) for p in row] for row in supports.values()])
    text = section("Common ground")
    for name, ground in zip(supports, found, strict=True):
        ranks = f"{ground.best} to {ground.worst}" if ground.best < ground.worst else str(ground.best)
        assert f"{name} has a floor of {100 * ground.floor:.0f} % and rank {ground.rank} ({ranks})" in text


def test_consensus() -> None:
    value = float(consensus(np.array([[0.8, 0.25]]), np.array([[10.0, 4.0]]))[0])
    assert f"9/12 · 2/6 = {value:.2f}" in section("Group-aware consensus")


def test_the_figures_of_the_trials_are_those_of_the_benchmark() -> None:
    text = section("The line of a trend")
    for low, high in COVERED.values():
        assert re.search(rf"{low:.2f} to {high:.2f}", text)
    alarms = section("The step at an event")
    assert " / ".join(f"{100 * ours:.1f}" for ours, _ in ALARMS.values()) in alarms
    assert " / ".join(f"{100 * plain:.0f}" for _, plain in ALARMS.values()) in alarms
