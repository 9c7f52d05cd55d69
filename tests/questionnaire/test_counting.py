"""From answers of every kind to counts, and from them to what is published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from app.estimation.estimate import estimate
from app.estimation.figure import Estimate
from app.estimation.tally import add_to_tally, empty_tally
from app.estimation.weighting import weigh
from app.questionnaire.counting import change_of, layout_of, measure_of
from app.questionnaire.kinds.base import Answer
from tests.questionnaire.made import questionnaire_of

TEXT = {"en": "Text"}
CODES = [{"code": code, "label": TEXT} for code in ("a", "b", "c")]
ROWS = [{"name": name, "label": TEXT} for name in ("r1", "r2")]


def published(asked: dict[str, Any], answers: Sequence[Answer], name: str = "q") -> Estimate:
    """The estimate of a variable that one person after another answered."""
    version = questionnaire_of([{"name": "q", "label": TEXT, **asked}])
    assert name in [variable.name for variable in version.published_variables]
    changes = [change_of(version, {name: answer}) for answer in answers]
    tally = add_to_tally(empty_tally(layout_of(version)), changes)
    return estimate(tally, weigh(tally), measure_of(version.variables[name]), np.ones(len(tally.cells), bool))


def test_the_mean_of_decimals_is_right_to_the_last_digit() -> None:
    found = published({"kind": "decimal", "parameters": {"decimals": 2}}, ["0.1", "0.2", "0.3", None])
    mean = found.figures["mean"]
    assert (found.n_asked, found.n, mean.value) == (4, 3, 0.2)
    # Of three: residuals 0.01 + 0 + 0.01, over 3², times 4 / 3 as the one who passed it is in the sample.
    assert mean.se == pytest.approx((4 / 3 * 0.02 / 9) ** 0.5)
    assert mean.low is not None
    assert mean.low < 0.2


def test_ranges_and_parts_of_a_total_are_numbers() -> None:
    ends = {"low": TEXT, "high": TEXT}
    assert published({"kind": "range", **ends}, [0, 50, 100, "-8"]).figures["mean"].value == 50
    assert published({"kind": "allocate", "rows": ROWS}, [100, 0, None], "r2").figures["mean"].value == 50


def test_a_ranking_publishes_who_ranks_what_first_and_the_mean_place_of_each_option() -> None:
    asked = {"kind": "rank", "choices": CODES, "dont_know": True}
    found = published(asked, [["a", "b", "c"], ["a", "c"], ["b"], "-8", None])
    assert (found.n_asked, found.n) == (5, 4)
    means = {"place:a": (1, 2), "place:b": (1.5, 2), "place:c": (2.5, 2)}
    values = {code: figure.value for code, figure in found.figures.items() if code not in means}
    assert values == {"a": 0.5, "b": 0.25, "c": 0, "-8": 0.25}
    assert {code: (found.figures[code].value, found.figures[code].n) for code in means} == means
    assert list(published({**asked, "parameters": {"maximum": 1}}, [["a"]]).figures) == ["a", "b", "c", "-8"]


def test_a_scale_of_points_has_its_scores() -> None:
    asked = {"kind": "scale", "parameters": {"start": 0, "end": 10}, "low": TEXT, "high": TEXT}
    figures = published(asked, ["0", "5", "10", "10"]).figures
    assert (figures["mean"].value, figures["support"].value, figures["oppose"].value) == (6.25, 0.5, 0.25)


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "date"},
        {"kind": "email"},
        {"kind": "text"},
        {"kind": "acknowledge"},
        {"kind": "arm", "choices": CODES},
        {"kind": "calculate", "calculation": "1"},
        {"kind": "sample", "of": ["r1", "r2"], "parameters": {"ask": 1}},
    ],
)
def test_what_has_no_estimate_is_not_published(asked: dict[str, Any]) -> None:
    version = questionnaire_of([{"name": "q", "label": TEXT, **asked}])
    assert version.published_variables == ()
    with pytest.raises(ValueError, match="q has no estimate"):
        measure_of(version.variables["q"])
