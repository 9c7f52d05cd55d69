"""`flask weighting`, `estimates` and `weights`: what they say when all is well, and when it is not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from flask import Flask

from tests.weighted.files import Product

QUESTIONNAIRE = """
survey: visit
title: {en: A visit}
languages: [en]
period: month
weighting: [g]
breakdowns: [{name: g}]
pages:
  - name: all
    title: {en: All}
    questions:
      - name: g
        kind: select_one
        label: {en: G}
        choices: [{code: f, label: {en: F}}, {code: m, label: {en: M}}]
      - name: q
        kind: select_one
        label: {en: Q}
        choices: [{code: 1, label: {en: One}}, {code: 2, label: {en: Two}}]
"""
SCHEMES = "survey: visit\nschemes:\n  - key: raked\n    targets: {margins: {g: {f: 0.5, m: 0.5}}}\n"
HEADER = "response_id,g,q,base_weight,paradata_mode,submitted_at\n"


@pytest.fixture
def product(app: Flask, tmp_path: Path) -> Product:
    made = Product(app, tmp_path)
    made.flask("survey", "publish", made.write("visit.yaml", QUESTIONNAIRE))
    return made


def failed(product: Product, *arguments: str) -> str:
    result = product.app.test_cli_runner().invoke(args=arguments, catch_exceptions=False)
    assert result.exit_code == 1
    return result.output


def rows(women: int, men: int, month: str = "01") -> str:
    people = ["f"] * women + ["m"] * men
    return "".join(
        f"{'' if month == '01' else 9}{n},{g},{n % 2 + 1},{1 + n % 3 / 2},web,2024-{month}-05T00:00:00Z\n"
        for n, g in enumerate(people)
    )


def bring(product: Product, text: str, wave: str = "w1", opens: str = "2024-01-01", closes: str = "2024-03-01") -> None:
    path = product.write(f"{wave}.csv", HEADER + text)
    product.flask("responses", "import", "visit", wave, path, "--opens", opens, "--closes", closes)
    product.roll_up()


def test_check_publish_and_list(product: Product) -> None:
    file = product.write("weighting/visit.yaml", SCHEMES)
    assert product.flask("weighting", "check", file).endswith("no problems; schemes of visit: raked (rake)\n")
    version = product.flask("weighting", "publish", file).split()[2]
    assert product.flask("weighting", "publish", file) == f"visit raked {version} was published already\n"
    assert product.flask("weighting", "list", "visit") == f"raked {version}\n"


def test_targets_of_the_questionnaires_name_are_found_in_their_folder(product: Product) -> None:
    file = product.write("schemes.yaml", SCHEMES.replace("{margins: {g: {f: 0.5, m: 0.5}}}", "visit"))
    product.write("targets/visit.yaml", "margins: {g: {f: 0.5, m: 0.5}}\n")
    assert (product.folder / "visit.yaml").is_file()  # The questionnaire, beside the schemes.
    assert "no problems" in product.flask("weighting", "check", file)


def test_mistakes_are_told_with_file_and_line(product: Product) -> None:
    file = product.write("visit.yaml", SCHEMES.replace("{f: 0.5, m: 0.5}", "{f: 0.5, x: 0.5}"))
    told = f"{file}:4: schemes[1].targets.margins.g.x: “x” is no code of “g”.\n"
    assert failed(product, "weighting", "check", file) == told
    assert failed(product, "weighting", "publish", file) == told
    other = product.write("other.yaml", "schemes:\n  - {key: plain, method: none}\n")
    assert "There is no survey “other”" in failed(product, "weighting", "check", other)


def test_base_weights_and_paradata_come_out_as_they_came_in(product: Product) -> None:
    bring(product, rows(6, 6))
    exported = list(csv.DictReader(product.flask("responses", "export", "visit").splitlines()))
    found = sorted((int(r["paradata_source_id"]), float(r["base_weight"]), r["paradata_mode"]) for r in exported)
    assert found == [(n, 1 + n % 3 / 2, "web") for n in range(12)]
    codebook = {
        r["column"] for r in csv.DictReader(product.flask("responses", "export", "visit", "--codebook").splitlines())
    }
    assert {"base_weight", "paradata_mode", "paradata_source_id"} <= codebook


def test_a_wave_of_the_past_is_opened_once_and_only_if_the_file_is_right(product: Product) -> None:
    bad = product.write("bad.csv", "g,q\nf,9\n")
    span = ("--opens", "2024-01-01", "--closes", "2024-02-01")
    assert f"{bad}:2: q:" in failed(product, "responses", "import", "visit", "w1", bad, *span)
    assert "has no wave “w1”" in failed(product, "responses", "import", "visit", "w1", bad)
    good = product.write("good.csv", "g,q\nf,1\n")
    assert "1 responses taken" in product.flask("responses", "import", "visit", "w1", good, *span)
    assert "taken into this wave before" in product.flask("responses", "import", "visit", "w1", good, *span)
    late = ("--opens", "2024-01-02", "--closes", "2024-02-01")
    assert "opens or closes at another time" in failed(product, "responses", "import", "visit", "w1", good, *late)
    assert "--opens" in failed(product, "responses", "import", "visit", "w2", good, "--closes", "2024-02-01")


def test_small_groups_are_withheld_unless_asked_for(product: Product) -> None:
    bring(product, rows(20, 2) + rows(20, 3, "02"))
    product.flask("weighting", "publish", product.write("weighting/visit.yaml", SCHEMES))
    product.roll_up()
    for step in ("month", "wave"):
        command = ("estimates", "export", "visit", "--period", step, "--format", "json")
        exported = json.loads(product.flask(*command))
        # There are two weights, so that everybody's error with weights would tell how the few men answered.
        assert all(r["suppressed"] for r in exported["estimates"])
        plain = json.loads(product.flask(*command, "--scheme", "unweighted"))["estimates"]
        assert all(r["suppressed"] for r in plain if r["domain"] in ("g=m", "g=f") and step == "month")
        assert not any(r["suppressed"] for r in plain if r["domain"] == "all")
        assert all(one["lowest"] is None and one["n"] >= 5 for one in exported["weighting"])
    everything = product.estimates("visit", "raked")["estimates"]
    assert {(r["domain"], r["n"]) for r in everything if r["period"] == "2024-01"} == {
        ("all", 22),
        ("g=f", 20),
        ("g=m", 2),
    }


def test_what_cannot_be_had_is_told(product: Product) -> None:
    assert "There is no survey" in failed(product, "estimates", "export", "nothing")
    assert "There is no survey" in failed(product, "weights", "export", "nothing")
    assert "add --format json" in failed(product, "estimates", "export", "visit", "--totals")
    assert "no weighting scheme “raked”; it has: unweighted" in failed(
        product, "weights", "export", "visit", "--scheme", "raked"
    )
    path = product.write("few.csv", "g,q\nf,1\n")
    product.flask("responses", "import", "visit", "w1", path, "--opens", "2024-01-01", "--closes", "2024-02-01")
    assert "wait to be counted" in failed(product, "weights", "export", "visit")


def test_what_did_not_go_as_planned_is_told_beside_the_estimates(product: Product) -> None:
    bring(product, rows(6, 0))
    product.flask("weighting", "publish", product.write("weighting/visit.yaml", SCHEMES))
    product.roll_up()
    result = product.app.test_cli_runner().invoke(args=["estimates", "export", "visit"], catch_exceptions=False)
    assert result.stderr.splitlines() == [
        "w1 2024-01 all: “m” of g has no respondents, and is counted with “f”.",
        "w1 2024-01 all: g has fewer than two levels with respondents, and is not weighted by.",
    ]


def test_what_is_about_persons_and_what_changes_figures_is_in_the_audit_log(product: Product) -> None:
    bring(product, rows(6, 6))
    file = product.write("weighting/visit.yaml", SCHEMES)
    for _ in range(2):
        product.flask("weighting", "publish", file)
    product.roll_up()
    product.weights("visit", "raked")
    product.estimates("visit", "raked")
    product.flask("estimates", "export", "visit")
    log = list(csv.DictReader(product.flask("audit", "export", "--survey", "visit").splitlines()))
    listed = [(row["action"], row["detail"]) for row in reversed(log)]
    assert [action for action, _ in listed].count("scheme.published") == 1
    assert [detail for action, detail in listed if action == "data.taken"] == [
        '{"file": "weights"}',
        '{"file": "estimates-unsuppressed"}',
    ]
