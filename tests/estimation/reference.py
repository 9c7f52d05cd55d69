"""R's reference data as tallies, and R's designs as weights."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.estimation.collapse import Rule, Wanted
from app.estimation.measure import DONT_KNOW, REFUSED, SKIPPED, Measure
from app.estimation.tally import Change, Layout, Tally, add_to_tally, empty_tally, with_base, without_base
from app.estimation.terms import Method
from app.estimation.trimming import Trim
from app.estimation.weighting import Part, Weights, weigh

FOLDER = Path(__file__).parents[1] / "reference"
SCORES: dict[str, float | None] = {"1": 1.0, "2": 2.0, "3": 3.0, "4": 4.0, "5": 5.0, DONT_KNOW: None}
DATA = {
    "synth_w1": ("synth.csv", "1"),
    "synth_w2": ("synth.csv", "2"),
    "synth_base_w1": ("synth.csv", "1"),
    "synth_w1_xdom": ("synth.csv", "1"),
    "anes96": ("anes96.csv", None),
}
NAMES = tuple(DATA)
METHODS: dict[str, Method] = {
    "unweighted": "none",
    "rake": "rake",
    "poststrat": "poststratify",
    "cal_linear": "calibrate-linear",
    "cal_raking": "calibrate-raking",
    "trim": "rake",
}


@cache
def results(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"r_{name}.json").read_text())
    return loaded


def questions(name: str) -> list[str]:
    """One question stands in R's lists by itself."""
    found = results(name)["meta"]["qs"]
    return [found] if isinstance(found, str) else list(found)


@cache
def rows(name: str) -> list[dict[str, str]]:
    file, wave = DATA[name]
    with (FOLDER / file).open(newline="") as lines:
        listed = [row for row in csv.DictReader(lines) if wave is None or row["wave"] == wave]
    # R's file of crossed domains is about those who answered q3.
    return [row for row in listed if row["q3"]] if name == "synth_w1_xdom" else listed


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


@cache
def cell_variables(name: str) -> list[str]:
    """The weighting variables, and what the domains are of."""
    extra = ["q3"] if name == "synth_w1_xdom" else []
    return [*results(name)["meta"]["cell"], *extra]


def cell_of(name: str, row: dict[str, str]) -> str:
    base = results(name)["meta"]["base"]
    return with_base("|".join(row[variable] for variable in cell_variables(name)), float(row[base]) if base else None)


@cache
def reference_tally(name: str) -> Tally:
    asked = questions(name)
    columns = [
        (question, key)
        for question in asked
        for key in dict.fromkeys((*measure(name, question).codes, DONT_KNOW, REFUSED, SKIPPED))
    ]
    layout = Layout(tuple(columns))
    changes = [
        Change(
            cell_of(name, row),
            [layout.position(question, code(row[question])) for question in asked],
            [1] * len(asked),
        )
        for row in rows(name)
    ]
    return add_to_tally(empty_tally(layout), changes)


def part(name: str, tally: Tally, variable: str) -> npt.NDArray[np.str_]:
    """Each cell's code of one weighting variable."""
    place = cell_variables(name).index(variable)
    return np.array([without_base(cell).split("|")[place] for cell in tally.cells])


def joined(name: str, tally: Tally, by: str | list[str], mark: str = "|") -> npt.NDArray[np.str_]:
    parts = [part(name, tally, variable) for variable in ([by] if isinstance(by, str) else by)]
    return np.array([mark.join(codes) for codes in zip(*parts, strict=True)])


def domains_by(name: str, tally: Tally, by: str | list[str], groups: Sequence[str]) -> npt.NDArray[np.bool_]:
    found = joined(name, tally, by)
    return np.stack([found == group for group in groups])


def wanted(name: str, tally: Tally, margin: list[str]) -> Wanted:
    """A margin of R's targets; a crossed one is of independent variables, as R was given it."""
    targets = results(name)["meta"]["targets"]
    shares = {"": 1.0}
    for variable in margin:
        shares = {
            f"{before}|{level}".strip("|"): p * q
            for before, p in shares.items()
            for level, q in targets[variable].items()
        }
    levels = list(shares)
    level = np.array([levels.index(found) for found in joined(name, tally, margin)])
    return Wanted("*".join(margin), tuple(levels), np.array(list(shares.values())), level)


@cache
def reference_weights(name: str, design: str) -> Weights:
    """The weights of one of R's designs, made from the tally and the targets."""
    tally, meta = reference_tally(name), results(name)["meta"]
    everyone = np.ones(len(tally.cells), bool)
    uses_base = meta["base"] is not None
    method = METHODS[design]
    if method == "none":
        return weigh(tally, [Part("all", everyone, use_base=uses_base)])
    margins = [meta["ps"]] if design == "poststrat" else [[variable] for variable in meta["targets"]]
    limits = Trim(meta["trim_lower"], meta["trim_upper"], "weight") if design == "trim" else None
    made = tuple(wanted(name, tally, margin) for margin in margins)
    # R left a post-stratum without respondents out (partial = TRUE).
    rule = Rule(empty="drop")
    return weigh(tally, [Part("all", everyone, method, made, meta["N"], uses_base, rule, trim=limits)])
