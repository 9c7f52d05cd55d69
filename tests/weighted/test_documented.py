"""The example of docs/weighting.md works as it stands there."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import ROOT
from tests.weighted.files import Product

PAGE = (ROOT / "docs" / "weighting.md").read_text(encoding="utf-8")
FILES = ("visit.yaml", "targets/people.yaml", "weighting/visit.yaml", "visit.csv")


def blocks() -> list[str]:
    """The indented blocks of the page, in order."""
    found = re.findall(r"(?:^(?:    .*)?\n)+", PAGE, re.MULTILINE)
    return ["\n".join(line[4:] for line in block.splitlines()).strip("\n") + "\n" for block in found if block.strip()]


def test_the_five_commands_lead_from_files_to_weighted_estimates(app: Flask, tmp_path: Path) -> None:
    product = Product(app, tmp_path)
    commands, *files = blocks()[:5]
    for name, text in zip(FILES, files, strict=True):
        product.write(name, text)
    said = []
    for line in commands.splitlines():
        words = [str(tmp_path / word) if word in FILES else word for word in line.split()[1:]]
        said.append(product.flask(*words))
    assert re.search(r"^visit raked [0-9a-f]{64} published$", said[1], re.MULTILINE)
    assert "5 responses taken" in said[2]
    found = {(row["domain"], row["figure"]): row for row in product.estimates("visit", "raked")["estimates"]}
    assert found["all", "3"]["n"] == 5
    weights = list(csv.DictReader(product.flask("weights", "export", "visit").splitlines()))
    assert sorted(row["source_id"] for row in weights) == ["1", "2", "3", "4", "5"]
    assert sum(float(row["weight"]) for row in weights) == pytest.approx(50_000)
    women = sum(float(row["weight"]) for row in weights if row["source_id"] in "135")
    assert women == pytest.approx(0.52 * 50_000)


def test_every_column_of_the_export_is_described() -> None:
    from app.research.estimates_file import COLUMNS

    for column in COLUMNS:
        assert f"`{column}`" in PAGE, column


def test_every_key_of_schemes_and_targets_is_described() -> None:
    from app.questionnaire.scheme import Scheme, SchemePart, Targets

    for model in (Scheme, SchemePart, Targets):
        for name in model.model_fields:
            assert f"`{name}`" in PAGE or f"`{name}:" in PAGE, name
