"""Designs that nobody plans and everybody gets: versions that differ, empty levels, one respondent, few in a part."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from tests.weighted.files import Product

TARGETS = {"population": 1000, "margins": {"g": {"f": 0.5, "m": 0.4, "x": 0.1}, "c": {"jp": 0.3, "us": 0.7}}}

# Nothing here hangs on the engine.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def product(app: Flask, tmp_path: Path) -> Product:
    return Product(app, tmp_path / "files")


def publish(
    product: Product, weighting: Sequence[str], period: str = "wave", more: Sequence[dict[str, Any]] = ()
) -> None:
    def select(name: str, codes: Sequence[str]) -> dict[str, Any]:
        return {"name": name, "label": {"en": name}, "choices": [{"code": c, "label": {"en": c}} for c in codes]}

    kinds = {"g": ("f", "m", "x"), "c": ("jp", "us"), "h": tuple("abcde")}
    asked = [{**select(name, kinds[name]), "kind": "select_one"} for name in weighting]
    document = {
        "survey": "odd",
        "title": {"en": "Odd"},
        "languages": ["en"],
        "period": period,
        "weighting": list(weighting),
        "breakdowns": [{"name": name} for name in weighting],
        "pages": [
            {
                "name": "all",
                "title": {"en": "All"},
                "questions": [*asked, {**select("q", "123"), "kind": "scale"}, *more],
            }
        ],
    }
    product.flask("survey", "publish", product.write("odd.yaml", yaml.safe_dump(document, sort_keys=False)))


def weight(product: Product, *others: dict[str, Any], **scheme: Any) -> None:
    listed = [{"key": "main", "targets": "people", **scheme}, *others]
    product.write("targets/people.yaml", yaml.safe_dump(TARGETS, sort_keys=False))
    file = product.write("weighting/odd.yaml", yaml.safe_dump({"survey": "odd", "schemes": listed}, sort_keys=False))
    product.flask("weighting", "publish", file)
    product.roll_up()


def bring(product: Product, wave: str, month: int, columns: str, people: Sequence[str]) -> None:
    path = product.write(f"{wave}.csv", "\n".join([columns, *people, ""]))
    span = ("--opens", f"2024-{month:02}-01", "--closes", f"2024-{month + 1:02}-01")
    product.flask("responses", "import", "odd", wave, path, *span)


def exported(product: Product, *options: str) -> dict[str, Any]:
    text = product.flask("estimates", "export", "odd", "--format", "json", *options)
    found: dict[str, Any] = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    return found


@pytest.mark.parametrize(
    "scheme",
    [
        {},
        {"missing": "exclude"},
        {"parts": [{"key": "jp", "where": "${c} = 'jp'", "margins": ["g"]}, {"key": "others"}]},
    ],
)
def test_a_version_that_does_not_ask_what_is_weighted_by_is_weighted_by_the_rest_and_breaks_the_line(
    product: Product, scheme: dict[str, Any]
) -> None:
    """Such a wave was fielded before the question was thought of: the roll-up must not fail on it for ever."""
    publish(product, ["g"])
    bring(product, "w1", 1, "g,q", [f"{'fm'[n % 2]},{1 + n % 3}" for n in range(40)])
    publish(product, ["g", "c"])
    bring(product, "w2", 2, "g,c,q", [f"{'fm'[n % 2]},{('jp', 'us')[n % 3 % 2]},{1 + n % 3}" for n in range(40)])
    weight(product, **scheme)
    found = exported(product)
    wholes = {r["wave"]: r for r in found["estimates"] if (r["domain"], r["figure"]) == ("all", "3")}
    assert wholes["w1"]["n"] == wholes["w2"]["n"] == 40
    assert (wholes["w1"]["breaks"], wholes["w2"]["breaks"]) == ([], ["weighting"])
    assert [part["dropped"] for part in found["weighting"] if part["wave"] == "w1"] == [["c"]]
    said = product.app.test_cli_runner().invoke(args=["estimates", "export", "odd"]).stderr
    assert "w1 all: c has fewer than two" in said or "w1 others: c has fewer than two" in said
    page = product.app.test_client().get("/trends/odd/q").text
    assert "Weighting changed" in page
    unweighted = exported(product, "--scheme", "unweighted")["estimates"]
    assert not any(r["breaks"] for r in unweighted)


def test_a_period_in_which_an_older_version_keeps_no_tallies_is_that_versions_own(product: Product) -> None:
    publish(product, ["g", "c"])
    people = [f"{'fm'[n % 2]},{('jp', 'us')[n % 3 % 2]},{1 + n % 3}" for n in range(40)]
    bring(product, "w1", 1, "g,c,q", people)
    publish(product, ["g", "c"], period="day")
    bring(product, "w2", 2, "g,c,q", people)
    weight(product, period="week")
    assert {(part["wave"], part["group"]) for part in exported(product)["weighting"]} == {
        ("w1", "w1"),
        ("w2", "2024-W05"),
    }


def test_margins_that_give_up_an_empty_level_can_still_be_met_together(product: Product) -> None:
    publish(product, ["g", "c"])
    bring(product, "w1", 1, "g,c,q", [f"{'ffm'[n % 3]},{('jp', 'us')[n % 2]},{1 + n % 3}" for n in range(40)])
    weight(product, collapse={"empty": "drop"})
    [part] = exported(product)["weighting"]
    assert part["converged"]
    assert part["total"] == pytest.approx(1000, rel=1e-12)
    assert [(one["level"], one["into"]) for one in part["collapsed"]] == [("x", None)]
    weights: dict[str, float] = {}
    for row, response in zip(product.weights("odd", "main"), responses(product), strict=True):
        weights[response["g"]] = weights.get(response["g"], 0) + float(row["weight"])
    assert weights == pytest.approx({"f": 1000 * 5 / 9, "m": 1000 * 4 / 9}, rel=1e-12)


def test_the_level_that_cannot_be_met_is_named(product: Product) -> None:
    """Everybody in Japan is a woman, and nobody else: half are to be women, and three in ten in Japan."""
    publish(product, ["g", "c"])
    bring(product, "w1", 1, "g,c,q", [f"{('f,jp', 'm,us')[n % 2]},{1 + n % 3}" for n in range(40)])
    weight(product, collapse={"into": {"g": {"x": "m"}}})
    [part] = exported(product)["weighting"]
    assert (part["converged"], part["worst"]) == (False, ["g", "f"])
    said = product.app.test_client().get("/methods/odd").text
    assert "Everyone: the population&#39;s figures could not all be met at once. g, f: off by 40% of its target" in said
    note = "w1 all: the margins cannot all be met; “f” of g is off by 40 % of its target."
    assert note in product.app.test_cli_runner().invoke(args=["estimates", "export", "odd"]).stderr


def responses(product: Product) -> list[dict[str, str]]:
    """In the order of their ids, as the weights are."""
    head, *rows = [line.split(",") for line in product.flask("responses", "export", "odd").splitlines()]
    found = [dict(zip(head, row, strict=True)) for row in rows]
    return sorted(found, key=lambda row: int(row["response_id"]))


@pytest.mark.parametrize("answers", [["f,jp,1"], ["f,jp,", "m,us,"]])
def test_what_nothing_is_known_of_is_null(product: Product, answers: list[str]) -> None:
    """One respondent alone has no error, and a question that nobody answered no figure; neither is NaN."""
    publish(product, ["g", "c"])
    bring(product, "w1", 1, "g,c,q", answers)
    weight(product)
    for scheme in ("main", "unweighted"):
        found = exported(product, "--scheme", scheme, "--unsuppressed", "--covariance", "--totals")
        assert not [row for row in found["covariances"] if row["domain"] == "all"]
        totals = [one for row in found["totals"] for one in row["totals"]]
        assert totals
        assert all(one["se"] is None or len(answers) > 1 for one in totals)


@pytest.mark.parametrize("others", [[{"key": "us", "weighted": False}], []])
def test_how_many_are_in_a_small_part_or_in_none_is_not_told_by_the_other_parts(
    product: Product, others: list[dict[str, Any]]
) -> None:
    publish(product, ["g", "c"])
    bring(product, "w1", 1, "g,c,q", [f"{'fm'[n % 2]},{'us' if n < 3 else 'jp'},{1 + n % 3}" for n in range(60)])
    weight(product, parts=[{"key": "jp", "where": "${c} = 'jp'", "weighted": False}, *others])
    for part in exported(product)["weighting"]:
        assert [part[name] for name in ("n", "total", "effective_n")] == [None] * 3


def test_figures_with_weights_tell_of_no_small_group(product: Product) -> None:
    """The attack of whoever reads both files of a page and the targets: of 4 women and 96 men, who said what.

    The effective n of all tells that there are 4; two shares of all are two equations for what they said.
    """
    publish(product, ["g"])
    bring(product, "w1", 1, "g,q", [f"{'f' if n < 4 else 'm'},{1 + n % 3}" for n in range(100)])
    targets = {"population": 1000, "margins": {"g": {"f": 0.5, "m": 0.5}}}
    product.write("targets/halves.yaml", yaml.safe_dump(targets))
    weight(product, targets="halves")
    client = product.app.test_client()
    told = {}
    for weights in ("", "?weights=none"):
        rows = csv.DictReader(client.get(f"/trends/odd/q.csv{weights}").text.splitlines())
        told[weights] = {
            (row["value"], row["effective_n"]) for row in rows if (row["domain"], row["figure"]) == ("all", "1")
        }
    # With weights it is 0.4167 of an effective 15.36.
    assert told == {"": {("", "")}, "?weights=none": {("0.34", "100.0")}}
    assert "withheld" in client.get("/trends/odd/q").text
    for scheme, hidden in (("main", {"all", "g=f", "g=m"}), ("unweighted", {"g=f", "g=m"})):
        found = exported(product, "--scheme", scheme, "--by", "g")
        assert {row["domain"] for row in found["estimates"] if row["suppressed"]} == hidden
        assert [part["effective_n"] for part in found["weighting"]] == [None if scheme == "main" else 100]


def test_a_scheme_may_weight_nobody_who_answered(product: Product) -> None:
    """Japan is weighted, and only the United States answer: among them a few women, whom no weight tells of."""
    publish(product, ["g", "c"])
    people = [f"{'f' if n < 3 else 'm'},us,{1 + n % 3}" for n in range(40)] + ["f,jp,"] * 20
    bring(product, "w1", 1, "g,c,q", people)
    weight(product, parts=[{"key": "jp", "where": "${c} = 'jp'", "weighted": False}])
    assert exported(product)["weighting"][0]["n"] == 20
    rows = exported(product, "--scheme", "unweighted", "--by", "g")["estimates"]
    assert {row["domain"] for row in rows if not row["suppressed"]} == {"all"}


def test_a_crossing_that_a_weighted_export_would_solve_is_withheld(product: Product) -> None:
    """Pages show both countries with weights and without. Crossed with gender, women of the United States are 4."""
    publish(product, ["g", "c"])
    people = [f"{'fm'[n % 2]},jp,{1 + n % 3}" for n in range(40)]
    people += [f"{'f' if n < 4 else 'm'},us,{1 + n % 3}" for n in range(40)]
    bring(product, "w1", 1, "g,c,q", people)
    weight(product)
    for scheme in ("main", "unweighted"):
        rows = exported(product, "--scheme", scheme, "--by", "g,c", "--by", "c")["estimates"]
        told = {row["domain"] for row in rows if not row["suppressed"]}
        assert not told & {"g=f,c=us", "g=m,c=us"}
        assert "all" in told


def test_the_mean_place_of_an_option_is_the_mean_of_its_places_as_a_number(product: Product) -> None:
    """Whatever is told of a mean place, with weights, by group and of differences, is what a number has that is it."""
    ranked = {
        "name": "r",
        "kind": "rank",
        "label": {"en": "r"},
        "dont_know": True,
        "parameters": {"maximum": 3},
        "choices": [{"code": code, "label": {"en": code.upper()}} for code in "abcd"],
    }
    publish(product, ["g", "c"], more=[ranked, {"name": "i", "kind": "integer", "label": {"en": "i"}}])
    orders = ["abc", "acb", "bad", "dba", "c", "ca", "bdc", "dc", "", "cab", "adb"]
    people = []
    for n in range(132):
        order = orders[n * n % 11]
        cells = [*order, *["-7"] * (3 - len(order))] if n % 13 else ["-8"] * 3
        place = str(1 + cells.index("a")) if "a" in cells else ""
        people.append(",".join([("f", "m", "x")[n % 3], ("jp", "us")[n % 2], "1", *cells, place]))
    bring(product, "w1", 1, "g,c,q,r_1,r_2,r_3,i", people)
    weight(product)
    found = exported(product, "--differences", "--by", "g", "--by", "c")
    for told, names in (
        (found["estimates"], ("domain", "value", "se", "low", "high", "n", "deff")),
        (found["differences"], ("by", "first", "second", "difference", "se", "low", "high", "df", "p")),
    ):
        of_place, of_number = (
            [row[name] for row in told if (row["variable"], row["figure"]) == at for name in names]
            for at in (("r", "place:a"), ("i", "mean"))
        )
        assert of_number
        assert of_place == pytest.approx(of_number, rel=1e-9, abs=1e-12)
    assert 1 < next(row["value"] for row in found["estimates"] if row["figure"] == "place:a") < 3
    client = product.app.test_client()
    page = client.get("/trends/odd/r?show=place:a&by=c")
    assert "Mean place of “A”, from 1 (first) to 3" in page.text
    rows = list(csv.DictReader(client.get("/trends/odd/r.csv?by=c").text.splitlines()))
    stored = {row["domain"]: float(row["value"]) for row in rows if row["figure"] == "place:a"}
    of_export = {row["domain"]: row["value"] for row in found["estimates"] if row["figure"] == "place:a"}
    assert stored == {domain: pytest.approx(of_export[domain]) for domain in ("c=jp", "c=us")}
    differences = client.get("/trends/odd/r/differences.json?by=c&show=place:a").get_json()["rows"]
    [apart] = [r for r in found["differences"] if (r["variable"], r["figure"], r["by"]) == ("r", "place:a", "c")]
    assert [differences[0][name] for name in ("difference", "se")] == pytest.approx(
        [apart["difference"], apart["se"]], rel=1e-9
    )
    assert client.get("/trends/odd/r.svg?show=place:a").status_code == 200


def test_how_many_there_are_of_a_small_group_cannot_be_tried_out(product: Product) -> None:
    """Four regions of few: only one of 680 ways of how many are in each gives the effective n of all to its last digit.

    Where weights are as many as the cells of several variables, there are too many ways for that.
    """
    people = [("a", 2), ("b", 3), ("c", 5), ("d", 8), ("e", 82)]
    shares = dict(zip("abcde", (0.1, 0.2, 0.15, 0.25, 0.3), strict=True))

    def effective_n(counts: Sequence[int]) -> float:
        return 1 / sum(share**2 / n for share, n in zip(shares.values(), counts, strict=True))

    known = effective_n([n for _, n in people])
    ways = [(a, b, c, 18 - a - b - c, 82) for a in range(1, 16) for b in range(1, 17 - a) for c in range(1, 18 - a - b)]
    assert len(ways) == 680
    assert len([way for way in ways if abs(effective_n(way) / known - 1) < 1e-12]) == 1
    publish(product, ["h", "c", "g"])
    rows = [(h, c, g) for h, n in people for c in ("jp", "us") for g in "fmx" for _ in range(n)]
    bring(
        product, "w1", 1, "h,c,g,q", [",".join((*row, str(1 + n % 3))) for n, row in enumerate(rows[::6] + rows[1::7])]
    )
    alone = {"population": 1000, "margins": {"h": dict(shares)}}
    both = {
        "population": 1000,
        "margins": {"h": shares, "g": {"f": 0.5, "m": 0.4, "x": 0.1}, "c": {"jp": 0.3, "us": 0.7}},
    }
    weight(product, {"key": "other", "targets": alone}, targets=both)
    told = {}
    for scheme in ("main", "unweighted", "other"):
        found = exported(product, "--scheme", scheme, "--by", "h")
        told[scheme] = {row["domain"] for row in found["estimates"] if not row["suppressed"]}
        hides = [part["effective_n"] is None for part in found["weighting"]]
        assert hides == [scheme == "other"]
    assert told == {
        "main": {"all", "h=e", "h=d", "h=c"},
        "unweighted": {"all", "h=e", "h=d", "h=c"},
        "other": {"h=e", "h=d", "h=c"},
    }


def test_a_group_whose_weights_are_all_trimmed_to_nothing_has_no_figures(product: Product) -> None:
    """Linear weights of women of Japan are negative here, and are cut off at 0."""
    publish(product, ["g", "c", "h"], "month")
    rows = []
    for n in range(400):
        g, c = [*[("f", "jp")] * 6, *[("m", "us")] * 2, ("f", "us"), ("m", "jp")][n % 10]
        day = "2024-01-10" if n < 200 else "2024-02-10"
        rows.append(f"{g},{c},{'a' if (g, c) == ('f', 'jp') else 'b'},{1 + n * 7 % 3},{day}T00:00:00Z")
    path = product.write("w1.csv", "\n".join(["g,c,h,q,submitted_at", *rows, ""]))
    product.flask("responses", "import", "odd", "w1", path, "--opens", "2024-01-01", "--closes", "2024-03-01")
    few = {"population": 1000, "margins": {"g": {"f": 0.1, "m": 0.9}, "c": {"jp": 0.1, "us": 0.9}}}
    way = {"method": "calibrate-linear", "period": "wave", "trim": {"lower": 0, "strict": True}}
    weight(product, targets=few, margins=["g", "c"], **way)
    found = exported(product, "--differences", "--by", "h")
    assert {row["domain"] for row in found["estimates"] if row["figure"] == "1"} == {"all", "h=b"}
    assert {row["domain"] for row in found["differences"] if row["kind"] == "waves"} == {"all", "h=b"}
    client = product.app.test_client()
    for end in ("", ".csv", ".json", ".svg", "/differences.json"):
        assert client.get(f"/trends/odd/q{end}?by=h").status_code == 200
