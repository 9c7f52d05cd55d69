"""R's survey package against the whole product: questionnaire, targets and scheme files, import, roll-up, export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask

from tests.estimation.reference import questions, results, rows
from tests.weighted.files import Product, as_code, bring_in, key_of

SURVEYS = {
    "anes": {"w1": "anes96"},
    "synth": {"w1": "synth_w1", "w2": "synth_w2"},
    "synth-base": {"w1": "synth_base_w1"},
    "synth-crossed": {"w1": "synth_w1_xdom"},
}


@pytest.fixture
def product(app: Flask, tmp_path: Path) -> Product:
    return Product(app, tmp_path / "files")


def close(found: Any, wanted: Any, atol: float = 1e-12) -> None:
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(wanted, float), rtol=1e-9, atol=atol)


class Rows:
    """The estimates of an export by wave, variable, domain and figure."""

    def __init__(self, exported: dict[str, Any]) -> None:
        self.found = {(r["wave"], r["variable"], r["domain"], r["figure"]): r for r in exported["estimates"]}
        self.covariances = {(r["wave"], r["variable"], r["domain"]): r for r in exported["covariances"]}
        self.totals = {(r["wave"], r["variable"], r["domain"]): r for r in exported["totals"]}

    def column(self, wave: str, question: str, domain: str, levels: list[str], name: str) -> list[float]:
        return [self.found[wave, question, domain, level][name] for level in levels]


def designs(names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(wave, R's file, design)."""
    for wave, name in names.items():
        for design in results(name)["designs"]:
            yield wave, name, design


def domain_of(by: str | list[str], group: str) -> str:
    names = [by] if isinstance(by, str) else by
    return ",".join(
        f"{name}={as_code(part)}" for name, part in zip(names, group.replace("|", ".").split("."), strict=True)
    )


@pytest.mark.parametrize("survey", list(SURVEYS))
def test_every_number_of_r_comes_out_of_the_product(product: Product, survey: str) -> None:
    names = SURVEYS[survey]
    bring_in(product, survey, names)
    first = next(iter(names.values()))
    exported: dict[str, Rows] = {}
    for wave, name, design in designs(names):
        key, expected = key_of(design, name, first), results(name)["designs"][design]
        weights = {
            row["source_id"]: float(row["weight"]) for row in product.weights(survey, key) if row["wave"] == wave
        }
        close([weights[str(number)] for number in range(len(rows(name)))], expected["weights"], atol=0)
        if key not in exported:
            exported[key] = Rows(product.estimates(survey, key, "--covariance", "--totals", *groupings(name)))
        for question in questions(name):
            check(exported[key], wave, question, expected["q"][question])
            check_effective_n(exported[key], wave, name, question, np.array(expected["weights"]))


def check_effective_n(found: Rows, wave: str, name: str, question: str, weights: Any) -> None:
    """Kish's n of each figure is that of its own base: a mean leaves out who does not know."""
    answers = np.array([row[question] for row in rows(name)])
    for figure, outside in (("1", [""]), ("net", [""]), ("mean", ["", "DK"])):
        row = found.found.get((wave, question, "all", figure))
        own = weights[~np.isin(answers, outside)]
        if row:
            close(row["effective_n"], own.sum() ** 2 / (own**2).sum())


def groupings(name: str) -> list[str]:
    """The options for the domains that R's file has."""
    first = next(iter(results(name)["designs"]["rake"]["q"].values()))
    return [
        word
        for by in first["by"]
        for word in ("--by", by["dom"] if isinstance(by["dom"], str) else ",".join(by["dom"]))
    ]


def check(found: Rows, wave: str, question: str, expected: dict[str, Any]) -> None:
    levels = [as_code(level.removeprefix(question)) for level in expected["mean"]["levels"]]
    close(found.column(wave, question, "all", levels, "value"), expected["mean"]["est"])
    close(found.column(wave, question, "all", levels, "se"), expected["mean"]["se"])
    close(found.column(wave, question, "all", levels, "deff"), expected["mean"]["deff_replace"])
    whole = found.covariances[wave, question, "all"]
    assert list(whole["codes"]) == levels
    close(whole["covariance"], expected["mean"]["vcov"], atol=1e-15)
    totals, scale = found.totals[wave, question, "all"], np.abs(expected["total"]["vcov"]).max()
    close([one["value"] for one in totals["totals"]], expected["total"]["est"])
    close([one["se"] for one in totals["totals"]], expected["total"]["se"])
    close(np.array(totals["covariance"]) / scale, np.array(expected["total"]["vcov"]) / scale)
    for figure, named in (("mean", "score"), ("net", "net")):
        if named in expected:
            close(found.column(wave, question, "all", [figure], "value"), [expected[named]["est"]])
            close(found.column(wave, question, "all", [figure], "se"), np.ravel(expected[named]["se"]))
    for level, by_method in expected.get("ciprop", {}).items():
        row = found.found[wave, question, "all", as_code(level)]
        close([row["low"], row["high"]], [by_method["xlogit"]["lo"], by_method["xlogit"]["hi"]])
        close([row["kg_low"], row["kg_high"]], [by_method["beta"]["lo"], by_method["beta"]["hi"]])
    for by in expected["by"]:
        for group, shares, errors in zip(by["groups"], by["est"], by["se"], strict=True):
            domain = domain_of(by["dom"], group)
            close(found.column(wave, question, domain, levels, "value"), shares)
            close(found.column(wave, question, domain, levels, "se"), errors)


def test_differences_between_waves_equal_those_of_r(product: Product) -> None:
    bring_in(product, "synth", SURVEYS["synth"])
    exported = product.estimates("synth", "rake", "--covariance", "--totals", "--differences")
    found = Rows(exported)
    waves = {(r["variable"], r["figure"]): r for r in exported["differences"] if r["domain"] == "all"}
    for question, expected in results("wavediff")["strata_wave"].items():
        levels = [as_code(level) for level in expected["levels"]]
        before, after = (np.array(found.column(wave, question, "all", levels, "value")) for wave in ("w1", "w2"))
        close(after - before, expected["joint_diff"])
        errors = [np.array(found.column(wave, question, "all", levels, "se")) for wave in ("w1", "w2")]
        close(np.hypot(*errors), expected["joint_se"])
        told = [waves[question, level] for level in levels]
        close([row["difference"] for row in told], expected["joint_diff"])
        close([row["se"] for row in told], expected["joint_se"])
