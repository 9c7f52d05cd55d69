"""A stratified sample of schools with base weights, weighted as a whole, against R: R's own example of the design."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from flask import Flask

from tests.estimation.reference import FOLDER
from tests.weighted.files import Product

# Nothing here hangs on the engine.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

R: dict[str, dict[str, Any]] = json.loads((FOLDER / "r_apistrat.json").read_text(encoding="utf-8"))
DATA = (FOLDER / "apistrat.csv").read_text(encoding="utf-8")
FIGURES = ("value", "se", "low", "high", "kg_low", "kg_high", "deff", "effective_n")
LEVELS = {"stype": ["E", "H", "M"], "sch_wide": ["yes", "no"], "comp_imp": ["yes", "no"]}
TARGETS = {
    "population": 6194,
    "margins": {"sch_wide": {"no": 1072, "yes": 5122}, "comp_imp": {"no": 2000, "yes": 4194}},
}
SCHEMES: dict[str, dict[str, Any]] = {
    "strata": {"method": "none"},
    "raked": {"method": "rake"},
    "lin": {"method": "calibrate-linear"},
    "cr": {"method": "calibrate-raking"},
    "ps": {"method": "poststratify", "margins": ["sch_wide"]},
    "two": {"method": "rake", "strata": "stype*comp_imp"},
    "trimmed": {"method": "rake", "trim": {"upper": 1.3, "lower": 0.6}},
}

MONTHS = {
    "api00 mean all": [18.10596936945, 20.07696183974],
    "api00 mean sch_wide=yes": [24.18079187525, 22.60657741698],
    "band mean all": [-0.1580567837046, 0.2286055966056],
    "band mean sch_wide=yes": [-0.3342416288543, 0.2559706445794],
    "band net all": [-0.1168280054551, 0.1467857599345],
    "band net sch_wide=yes": [-0.2363921553142, 0.1650908933935],
    "awards yes all": [-0.009964070522858, 0.07457540812811],
    "awards yes sch_wide=yes": [-0.02856810350135, 0.07007973742887],
}
"""R's change from May, in which every third school answered, to June, and its error, where both are raked together."""


def question(name: str, codes: list[str], **more: Any) -> dict[str, Any]:
    choices = [{"code": code, "label": {"en": code}} for code in codes]
    return {"name": name, "kind": "select_one", "label": {"en": name}, "choices": choices, **more}


@pytest.fixture
def product(app: Flask, tmp_path: Path) -> Product:
    asked = [
        *(question(name, codes) for name, codes in LEVELS.items()),
        question("awards", ["yes", "no"]),
        question("band", list("12345"), kind="scale", dont_know=True),
        {"name": "api00", "kind": "integer", "label": {"en": "API"}, "parameters": {"end": 1000}},
    ]
    document = {
        "survey": "schools",
        "title": {"en": "Schools"},
        "languages": ["en"],
        "period": "month",
        "weighting": list(LEVELS),
        "breakdowns": [{"name": "sch_wide"}],
        "pages": [{"name": "all", "title": {"en": "All"}, "questions": asked}],
    }
    made = Product(app, tmp_path / "files")
    made.flask("survey", "publish", made.write("schools.yaml", yaml.safe_dump(document, sort_keys=False)))
    head, *lines = DATA.splitlines()
    given = ["2000-06-15T00:00:00Z" if number % 3 else "2000-05-15T00:00:00Z" for number in range(len(lines))]
    rows = [f"{number},{given[number]},{line}" for number, line in enumerate(lines)]
    path = made.write("w1.csv", "\n".join([f"response_id,submitted_at,{head}", *rows, ""]))
    made.flask("responses", "import", "schools", "w1", path, "--opens", "2000-05-01", "--closes", "2000-07-01")
    made.write("targets/state.yaml", yaml.safe_dump(TARGETS, sort_keys=False))
    return made


def publish(product: Product, *schemes: dict[str, Any]) -> None:
    shared = {"strata": "stype", "targets": "state", "base_weights": True, "period": "wave"}
    listed = [{**shared, **scheme} for scheme in schemes]
    file = product.write("weighting/schools.yaml", yaml.safe_dump({"survey": "schools", "schemes": listed}))
    product.flask("weighting", "publish", file)
    product.roll_up()


def close(found: list[Any], wanted: list[Any]) -> None:
    known = [place for place, number in enumerate(wanted) if number is not None]
    one, other = (np.array([numbers[place] for place in known], float) for numbers in (found, wanted))
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_a_sample_drawn_in_strata_and_weighted_as_a_whole_has_the_numbers_of_r(product: Product) -> None:
    publish(product, *({"key": key, **scheme} for key, scheme in SCHEMES.items()))
    for key, expected in R.items():
        weights = {int(row["source_id"]): float(row["weight"]) for row in product.weights("schools", key)}
        close([weights[number] for number in range(len(weights))], expected["weights"])
        options = ("--period", "wave", "--by", "stype", "--by", "sch_wide", "--totals", "--differences")
        told = product.estimates("schools", key, *options)
        assert [(one["part"], one["n"]) for one in told["weighting"]] == [("all", 200)]
        figures = {" ".join((r["variable"], r["domain"], r["figure"])): r for r in told["estimates"]}
        for at, numbers in expected["figures"].items():
            close([figures[at][name] for name in FIGURES], numbers)
        sides = ("variable", "figure", "first", "second")
        apart = {" ".join(r[side] for side in sides): r for r in told["differences"]}
        for at, numbers in expected["differences"].items():
            if apart[at]["se"] is not None:  # Not where a whole group said the same.
                close([apart[at]["difference"], apart[at]["se"]], numbers)
        of_all = [r for r in told["totals"] if r["domain"] == "all"]
        totals = {f"{r['variable']} {one['figure']}": one for r in of_all for one in r["totals"]}
        for at, numbers in expected["totals"].items():
            close([totals[at]["value"], totals[at]["se"]], numbers)


def test_months_that_were_weighted_as_a_whole_share_what_the_margins_explain(product: Product) -> None:
    publish(product, {"key": "raked"})
    told = product.estimates("schools", "raked", "--by", "sch_wide", "--differences")["differences"]
    changes = {f"{r['variable']} {r['figure']} {r['domain']}": r for r in told if r["kind"] == "waves"}
    assert {(r["first"], r["second"]) for r in changes.values()} == {("2000-06", "2000-05")}
    for at, numbers in MONTHS.items():
        close([changes[at]["difference"], changes[at]["se"]], numbers)
    groups = [r for r in told if (r["kind"], r["variable"], r["figure"]) == ("groups", "band", "net")]
    page = product.app.test_client().get("/trends/schools/band/differences.json?by=sch_wide&show=net").get_json()
    errors = [sorted(row["se"] for row in rows) for rows in (page["rows"], groups)]
    assert len(errors[0]) == 2
    close(*errors)
    for at, numbers in MONTHS.items():
        question, figure, domain = at.split()
        by = "" if domain == "all" else "?by=sch_wide"
        table = csv.DictReader(product.app.test_client().get(f"/trends/schools/{question}.csv{by}").text.splitlines())
        [row] = [r for r in table if (r["figure"], r["domain"], r["period"]) == (figure, domain, "2000-06")]
        close([float(row["change"]), float(row["change_se"])], numbers)
    publish(product, {"key": "raked", "period": "month"})
    told = product.estimates("schools", "raked", "--differences")["differences"]
    [apart] = [r for r in told if (r["kind"], r["variable"], r["domain"]) == ("waves", "api00", "all")]
    assert apart["se"] != pytest.approx(MONTHS["api00 mean all"][1], rel=1e-3)


def test_strata_that_the_tallies_do_not_know_are_told_with_their_line(product: Product) -> None:
    scheme = {"key": "raked", "targets": "state", "strata": "stype*awards"}
    file = product.write("weighting/schools.yaml", yaml.safe_dump({"survey": "schools", "schemes": [scheme]}))
    found = product.app.test_cli_runner().invoke(args=["weighting", "check", file])
    assert found.exit_code == 1
    assert f"{file}:3: schemes[1].strata: “awards” is no weighting variable of the survey" in found.output


def test_who_did_not_say_in_which_stratum_is_one_of_its_own(product: Product) -> None:
    header, *people = list(csv.reader(DATA.splitlines()))
    text = "\n".join([",".join(header), *(",".join(["", *row[1:]]) for row in people[:7]), ""])
    path = product.write("w2.csv", text)
    product.flask("responses", "import", "schools", "w2", path, "--opens", "2001-05-01", "--closes", "2001-06-01")
    publish(product, {"key": "strata", "method": "none"})
    rows = {r["wave"]: r for r in product.estimates("schools", "strata")["estimates"] if r["figure"] == "mean"}
    base = {r["wave"]: r for r in product.estimates("schools", "unweighted")["estimates"] if r["figure"] == "mean"}
    assert rows["w2"]["se"] == pytest.approx(base["w2"]["se"], rel=1e-12)
    assert rows["w1"]["se"] != pytest.approx(base["w1"]["se"], rel=1e-3)
