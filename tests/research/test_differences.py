"""`flask estimates export --differences`: between groups, countries, arms and waves, with adjusted p-values."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.estimation.difference import holm
from app.jobs import roll_up
from app.jobs.run import Run
from app.questionnaire.model import Questionnaire
from app.research.differences_file import COLUMNS
from app.storage import bulk, surveys
from tests.conftest import ROOT
from tests.questionnaire.made import questionnaire_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXT = {"en": "Text"}
WAVES = {"w1": (20, 8, 12), "w2": (20, 14, 6)}
"""People of each group and arm, how many of the first arm say 1, and how many of the second."""


def _question(name: str, kind: str, *codes: str) -> dict[str, object]:
    return {"name": name, "kind": kind, "label": TEXT, "choices": [{"code": code, "label": TEXT} for code in codes]}


def _version() -> Questionnaire:
    asked = [
        _question("g", "select_one", "f", "m"),
        _question("e", "arm", "x", "y"),
        _question("q", "select_one", "1", "2"),
    ]
    document = questionnaire_of(asked).model_dump(mode="json", exclude_defaults=True)
    more = {"period": "wave", "weighting": ["g"], "breakdowns": [{"name": "g"}]}
    return Questionnaire.model_validate({**document, **more})


@pytest.fixture
def survey(app: Flask) -> Flask:
    """Two waves, in which women say what men say, and the two arms do not."""
    with app.app_context():
        surveys.publish(_version(), NOW)
        for number, (key, (people, *said)) in enumerate(WAVES.items()):
            opens = datetime(2026, 1 + number, 1, tzinfo=UTC)
            wave = surveys.open_wave("made", key, NOW, opens_at=opens, closes_at=opens + timedelta(days=20))
            rows = [
                json.dumps({"g": g, "e": arm, "q": "1" if i < yes else "2"})
                for g in "fm"
                for arm, yes in zip("xy", said, strict=True)
                for i in range(people)
            ]
            bulk.add(wave, [bulk.Finished(f"{key}/{i}", "en", row, opens, opens) for i, row in enumerate(rows)])
        roll_up.act(Run(app.extensions["settings"], lambda: NOW, lambda: None))
    return app


def exported(app: Flask, *options: str) -> list[dict[str, str]]:
    found = app.test_cli_runner().invoke(args=["estimates", "export", "made", "--differences", *options])
    assert found.exit_code == 0, found.output
    return list(csv.DictReader(io.StringIO(found.stdout)))


def of_one(rows: list[dict[str, str]], **wanted: str) -> dict[str, str]:
    [row] = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return row


def test_arms_groups_and_waves_have_their_differences(survey: Flask) -> None:
    rows = exported(survey)
    assert list(rows[0]) == list(COLUMNS)
    assert {(row["kind"], row["by"]) for row in rows} == {
        ("groups", "g"),
        ("arms", "e"),
        ("waves", "all"),
        ("waves", "g"),
        ("waves", "e"),
    }
    arms = of_one(rows, kind="arms", wave="w1", figure="1")
    assert (arms["first"], arms["second"], arms["first_n"], arms["second_n"]) == ("e=x", "e=y", "40", "40")
    # 16 of 40 less 24 of 40; one sample of 80.
    assert float(arms["difference"]) == pytest.approx(-0.2)
    assert float(arms["se"]) == pytest.approx((80 / 79 * 2 * 0.4 * 0.6 / 40) ** 0.5, rel=1e-9)
    groups = of_one(rows, kind="groups", wave="w1", figure="1")
    assert (float(groups["difference"]), float(groups["p"])) == pytest.approx((0, 1))
    waves = of_one(rows, kind="waves", domain="e=x", figure="1")
    assert (waves["first"], waves["second"]) == ("w2", "w1")
    # 28 of 40 less 16 of 40, each wave a sample of 80.
    assert float(waves["difference"]) == pytest.approx(0.3)
    assert float(waves["se"]) == pytest.approx((80 / 79 * (0.7 * 0.3 + 0.4 * 0.6) / 40) ** 0.5, rel=1e-9)


def test_p_values_are_adjusted_for_what_stands_beside_them(survey: Flask) -> None:
    rows = [row for row in exported(survey) if (row["kind"], row["by"], row["figure"]) == ("waves", "e", "1")]
    assert {(row["family"], row["method"]) for row in rows} == {("2", "holm")}
    adjusted = holm([float(row["p"]) for row in rows]).tolist()
    assert [float(row["p_adjusted"]) for row in rows] == pytest.approx(adjusted)


def test_json_has_them_beside_the_estimates(survey: Flask) -> None:
    found = survey.test_cli_runner().invoke(args=["estimates", "export", "made", "--differences", "--format", "json"])
    document = json.loads(found.stdout)
    assert document["estimates"]
    rows = exported(survey)
    assert [repr(row["difference"]) for row in document["differences"]] == [row["difference"] for row in rows]


def test_a_withheld_group_is_in_no_difference(survey: Flask) -> None:
    with survey.app_context():
        survey.extensions["settings"] = survey.extensions["settings"].model_copy(update={"minimum_group": 50})
    rows = exported(survey)
    assert {(row["kind"], row["by"]) for row in rows} == {("waves", "all")}
    assert len(exported(survey, "--unsuppressed")) > len(rows)


def test_every_column_is_described() -> None:
    page = (ROOT / "docs" / "weighting.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"`{column}`" in page, column
