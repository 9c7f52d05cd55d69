"""R's reference data as tallies."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.estimation.measure import DONT_KNOW, REFUSED, SKIPPED, Measure
from app.estimation.tally import Change, Layout, Tally, add_to_tally, empty_tally
from app.estimation.weighting import Weights

FOLDER = Path(__file__).parents[1] / "reference"
SCORES: dict[str, float | None] = {"1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0, "5": 5.0, DONT_KNOW: None}
DATA = {
    "synth_w1": ("synth.csv", "1"),
    "synth_w2": ("synth.csv", "2"),
    "anes96": ("anes96.csv", None),
}


@cache
def results(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"r_{name}.json").read_text())
    return loaded


@cache
def rows(name: str) -> list[dict[str, str]]:
    file, wave = DATA[name]
    with (FOLDER / file).open(newline="") as lines:
        return [row for row in csv.DictReader(lines) if wave is None or row["wave"] == wave]


def code(level: str) -> str:
    """R's level of an answer, without the question's name, as a code."""
    return {"DK": DONT_KNOW, "": SKIPPED}.get(level, level)


@cache
def measure(name: str, question: str) -> Measure:
    levels = results(name)["designs"]["unweighted"]["q"][question]["mean"]["levels"]
    codes = tuple(code(level.removeprefix(question)) for level in levels)
    if DONT_KNOW not in codes:
        return Measure(question, "nominal", codes)
    return Measure(question, "scale", codes, SCORES, frozenset({"4", "5"}), frozenset({"1", "2"}))


def cell_of(name: str, row: dict[str, str]) -> str:
    return "|".join(row[variable] for variable in results(name)["meta"]["cell"])


@cache
def reference_tally(name: str) -> Tally:
    questions: list[str] = results(name)["meta"]["qs"]
    columns = [
        (question, key)
        for question in questions
        for key in dict.fromkeys((*measure(name, question).codes, DONT_KNOW, REFUSED, SKIPPED))
    ]
    layout = Layout(tuple(columns))
    changes = [
        Change(
            cell_of(name, row),
            [layout.position(question, code(row[question])) for question in questions],
            [1] * len(questions),
        )
        for row in rows(name)
    ]
    return add_to_tally(empty_tally(layout), changes)


def part(name: str, tally: Tally, variable: str) -> npt.NDArray[np.str_]:
    """Each cell's code of one weighting variable."""
    place = results(name)["meta"]["cell"].index(variable)
    return np.array([cell.split("|")[place] for cell in tally.cells])


def domains_by(name: str, tally: Tally, by: str | list[str], groups: Sequence[str]) -> npt.NDArray[np.bool_]:
    parts = [part(name, tally, variable) for variable in ([by] if isinstance(by, str) else by)]
    joined = np.array(["|".join(codes) for codes in zip(*parts, strict=True)])
    return np.stack([joined == group for group in groups])


def reference_weights(name: str, design: str, margins: list[list[str]]) -> Weights:
    """R's own weights of a design, with the basis of the margins that they were calibrated to."""
    tally = reference_tally(name)
    calibrated = "rake" if design == "trim" else design
    g, u = (_per_cell(name, tally, kind) for kind in (calibrated, design))
    dummies = [
        (parts == level)
        for margin in margins
        for parts in [np.array(["|".join(p) for p in zip(*(part(name, tally, v) for v in margin), strict=True)])]
        for level in sorted(set(parts.tolist()))
    ]
    matrix = np.stack(dummies, axis=1).astype(np.float64)
    _, size, across = np.linalg.svd(np.sqrt(tally.n)[:, None] * matrix, full_matrices=False)
    kept = size > 1e-9 * size[0]
    return Weights(tally.n, g, matrix @ across[kept].T / size[kept], u)


def _per_cell(name: str, tally: Tally, design: str) -> npt.NDArray[np.float64]:
    weight = dict(
        zip(
            (cell_of(name, row) for row in rows(name)),
            results(name)["designs"][design]["weights"],
            strict=True,
        )
    )
    return np.array([weight[cell] for cell in tally.cells])
