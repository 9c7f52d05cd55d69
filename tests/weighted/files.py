"""R's data as a stranger would bring them: a questionnaire, targets, schemes and responses, as files."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from app.jobs import roll_up
from app.jobs.run import Run, utc_now
from tests.estimation.reference import METHODS, cell_variables, code, questions, results, rows

SPANS = {"w1": ("2024-01-01", "2024-02-01"), "w2": ("2024-02-01", "2024-03-01")}


def as_code(level: str) -> str:
    """R's level as a code: letters, digits and _."""
    return code(level).replace("+", "up") if level in ("", "DK") else level.replace("-", "_").replace("+", "up")


def _question(name: str, levels: Sequence[str], scale: bool) -> dict[str, Any]:
    choices = [{"code": as_code(level), "label": {"en": level}} for level in levels if level not in ("", "DK")]
    kind = "scale" if scale else "select_one"
    return {"name": name, "kind": kind, "label": {"en": name}, "choices": choices, "dont_know": "DK" in levels}


def levels_of(data: Sequence[dict[str, str]], name: str) -> list[str]:
    return sorted({row[name] for row in data} - {""})


def questionnaire_text(survey: str, data: Sequence[dict[str, str]], cell: Sequence[str], asked: Sequence[str]) -> str:
    scales = {name for name in asked if "DK" in levels_of(data, name)}
    listed = [_question(name, levels_of(data, name), name in scales) for name in dict.fromkeys([*cell, *asked])]
    document = {
        "survey": survey,
        "title": {"en": survey},
        "languages": ["en"],
        "period": "wave",
        "weighting": list(cell),
        "breakdowns": [{"name": name} for name in cell],
        "pages": [{"name": "all", "title": {"en": "All"}, "questions": listed}],
    }
    return str(yaml.safe_dump(document, sort_keys=False))


def responses_text(data: Sequence[dict[str, str]], names: Sequence[str], base: str | None) -> str:
    lines = [["response_id", *names, *(["base_weight"] if base else [])]]
    for number, row in enumerate(data):
        lines.append(
            [str(number), *(as_code(row[name]) if row[name] else "" for name in names), *([row[base]] if base else [])]
        )
    return "".join(",".join(line) + "\n" for line in lines)


def targets_document(meta: dict[str, Any]) -> dict[str, Any]:
    margins = {
        name: {as_code(level): share for level, share in levels.items()} for name, levels in meta["targets"].items()
    }
    crossed = meta["ps"]
    if crossed:
        cells = {"": 1.0}
        for name in crossed:
            cells = {f"{a}*{b}".strip("*"): p * q for a, p in cells.items() for b, q in margins[name].items()}
        margins["*".join(crossed)] = cells
    return {"title": {"en": "R's targets"}, "population": meta["N"], "margins": margins}


def scheme(meta: dict[str, Any], design: str, targets: str, key: str) -> dict[str, Any]:
    method = METHODS[design]
    made: dict[str, Any] = {"key": key, "label": {"en": design}, "method": method}
    if meta["base"]:
        made["base_weights"] = True
    if method == "none":
        return made
    made |= {"targets": targets, "margins": list(meta["targets"])}
    if design == "poststrat":
        made |= {"margins": ["*".join(meta["ps"])], "collapse": {"empty": "drop"}}
    if design == "trim":
        made["trim"] = {"upper": meta["trim_upper"], "unit": "weight"}
    return made


def key_of(design: str, name: str, first: str) -> str:
    """The scheme's key for a design of a data set; "unweighted" is the name of figures without a scheme."""
    if design == "unweighted":
        return "plain"
    return f"trim-{name}" if design == "trim" and name != first else design


class Product:
    """The platform through its commands, with a folder for files."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder

    def flask(self, *arguments: str) -> str:
        """What a command prints; it must succeed."""
        result = self.app.test_cli_runner().invoke(args=[str(a) for a in arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def roll_up(self) -> None:
        with self.app.app_context():
            roll_up.act(Run(self.app.extensions["settings"], utc_now, lambda: None))

    def estimates(self, survey: str, key: str, *options: str) -> dict[str, Any]:
        printed = self.flask(
            "estimates", "export", survey, "--scheme", key, "--format", "json", "--unsuppressed", *options
        )
        found: dict[str, Any] = json.loads(printed)
        return found

    def weights(self, survey: str, key: str) -> list[dict[str, str]]:
        return list(csv.DictReader(self.flask("weights", "export", survey, "--scheme", key).splitlines()))


def bring_in(product: Product, survey: str, names: dict[str, str]) -> None:
    """A survey with waves of R's data sets, by wave; the schemes are of the first and called as R's designs are."""
    first = next(iter(names.values()))
    everything = [row for name in names.values() for row in rows(name)]
    cell, asked = cell_variables(first), questions(first)
    product.flask(
        "survey", "publish", product.write(f"{survey}.yaml", questionnaire_text(survey, everything, cell, asked))
    )
    meta = results(first)["meta"]
    product.write(f"targets/{survey}-targets.yaml", yaml.safe_dump(targets_document(meta), sort_keys=False))
    # Trimming is by R's limit, which is another one in each wave.
    listed = [
        scheme(results(name)["meta"], design, f"{survey}-targets", key_of(design, name, first))
        for name in names.values()
        for design in results(name)["designs"]
        if name == first or design == "trim"
    ]
    file = product.write(
        f"weighting/{survey}.yaml", yaml.safe_dump({"survey": survey, "schemes": listed}, sort_keys=False)
    )
    product.flask("weighting", "check", file)
    product.flask("weighting", "publish", file)
    base = meta["base"]
    for wave, name in names.items():
        opens, closes = SPANS[wave]
        path = product.write(
            f"{survey}-{wave}.csv", responses_text(rows(name), list(dict.fromkeys([*cell, *asked])), base)
        )
        product.flask("responses", "import", survey, wave, path, "--opens", opens, "--closes", closes)
    product.roll_up()
