"""What stands beside the estimates of a trend: the line with its band, significant changes, and events."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.track.picture import picture
from tests.conftest import ROOT

from .conftest import Field, Group, people
from .test_trend_page import csv_rows, table

PAGE = "/trends/opinion/DD6a"


def answered(support: int, oppose: int) -> list[Group]:
    return [people(support, "jp", "host", "3"), people(oppose, "jp", "host", "1")]


@pytest.fixture
def happened(app: Flask, tmp_path: Path) -> None:
    """Two events: one in the midst of the waves that may have moved DD6a, and one that may not."""
    shutil.copy(ROOT / "surveys" / "catalogue.yaml", tmp_path)
    (tmp_path / "events.yaml").write_text(
        """
events:
  - {date: 2026-05-01, kind: statement, title: {en: Talks & more, ja: 協議}, source: "https://example.org/1"}
  - date: 2026-07-01
    kind: accident
    title: {en: A crash, ja: 墜落}
    source: https://example.org/2
    affects: [DD6a]
  - {date: 2027-01-01, kind: trade, title: {en: Much later, ja: 後日}, source: "https://example.org/3"}
""",
        encoding="utf-8",
    )
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"surveys_dir": tmp_path})


def bands(page: str) -> int:
    return page.split('class="chart chart-narrow"')[0].count('class="chart-band"')


def test_five_waves_have_a_line_with_a_band_and_four_have_none(client: FlaskClient, field: Field) -> None:
    for month in (3, 4, 5, 6):
        field(month, answered(8, 12))
    assert bands(client.get(f"{PAGE}?by=all").text) == 0
    field(7, answered(9, 11))
    page = client.get(f"{PAGE}?by=all").text
    assert bands(page) == 1
    rows = table(page)
    assert all(re.fullmatch(r"4\d\.\d% \(\d+\.\d–\d+\.\d%\)", row[5]) for row in rows)
    written = csv_rows(client, f"{PAGE}.csv?by=all&show=support")
    for row, shown in zip(reversed(written), rows, strict=True):
        assert f"{float(row['level']) * 100:.1f}%" in shown[5]
        assert float(row["level_low"]) < float(row["level"]) < float(row["level_high"])
    beside = [e["beside"]["support"] for e in json.loads(client.get(f"{PAGE}.json?by=all").text)["estimates"]]
    assert [row["level"] for row in written] == [str(one["level"]) for one in beside]
    assert [row["level"] for row in csv_rows(client, f"{PAGE}.csv?show=net&by=all")] != [r["level"] for r in written]


def test_the_line_never_crosses_a_break(client: FlaskClient, field: Field) -> None:
    for month in (1, 2, 3):
        field(month, answered(4, 16))
    for month in (4, 5, 6):
        field(month, answered(16, 4), mode="phone")
    page = client.get(f"{PAGE}?by=all").text
    assert bands(page) == 0  # Three points on either side are no line.
    assert not any(row["level"] for row in csv_rows(client, f"{PAGE}.csv?by=all"))
    assert not any(row["change"] for row in csv_rows(client, f"{PAGE}.csv?by=all") if row["period"] == "2026-04")
    assert "No change against the wave before is significant" in page


def test_only_significant_changes_are_marked(client: FlaskClient, field: Field) -> None:
    field(1, answered(10, 30))
    field(2, answered(12, 28))
    field(3, answered(32, 8))
    page = client.get(f"{PAGE}?by=all").text
    notes = {row[0]: row[5] for row in table(page)}
    assert notes == {"March 2026": "↑ up 50.0 points on the wave before", "February 2026": "", "January 2026": ""}
    [arrows] = set(re.findall(r'class="chart-change" d="([^"]+)"', page.split('class="chart chart-narrow"')[0]))
    assert arrows.count("V") == 1
    rows = {row["period"]: row for row in csv_rows(client, f"{PAGE}.csv?by=all&show=support")}
    assert rows["2026-01"]["change"] == ""
    assert float(rows["2026-02"]["change_p"]) > 0.05
    assert float(rows["2026-03"]["change"]) == pytest.approx(0.5)
    assert float(rows["2026-03"]["change_p"]) < 0.001
    assert "↓ down 50.0 points on the wave before" in client.get(f"{PAGE}?by=all&show=oppose").text


@pytest.mark.usefixtures("happened")
def test_events_are_numbered_below_the_axis_and_a_declared_one_parts_the_line(
    client: FlaskClient, field: Field
) -> None:
    for month in range(3, 7):
        field(month, answered(6, 14))
    for month in range(7, 11):
        field(month, answered(14, 6))
    page = client.get(f"{PAGE}?by=all").text
    wide = page.split('class="chart chart-narrow"')[0]
    assert re.findall(r'class="chart-number( chart-declared)?"[^>]*>(\d)<', wide) == [
        ("", "1"),
        (" chart-declared", "2"),
    ]
    assert bands(page) == 1
    [band] = re.findall(r'class="chart-band" d="([^"]+)"', wide)
    assert band.count("M") == 2  # One band before the event and one after it.
    listed = page.split('id="events"')[1].split("</ol>")[0]
    assert re.findall(r'<li value="(\d)">', listed) == ["1", "2"]
    assert "Talks &amp; more" in listed
    assert "Much later" not in page
    step = re.search(r"Everyone: a step of \+(\d\d\.\d) \(95% interval \+(\d\d\.\d) to \+(\d\d\.\d)\)", listed)
    assert step
    assert float(step[1]) == pytest.approx(40, abs=1)
    levels = {row["period"]: float(row["level"]) for row in csv_rows(client, f"{PAGE}.csv?by=all&show=support")}
    assert levels["2026-06"] == pytest.approx(0.3, abs=1e-6)
    assert levels["2026-07"] == pytest.approx(0.7, abs=1e-6)


@pytest.mark.usefixtures("happened")
def test_an_event_declared_for_one_line_leaves_others_whole(client: FlaskClient, field: Field) -> None:
    for month in range(4, 10):
        field(month, answered(6, 14))
    page = client.get("/trends/opinion/view").text
    assert 'chart-number chart-declared"' not in page
    assert "may jump here" not in page


@pytest.mark.usefixtures("happened")
def test_the_file_that_stands_alone_tells_its_events(client: FlaskClient, field: Field) -> None:
    for month in range(4, 10):
        field(month, answered(6, 14))
    svg = client.get(f"{PAGE}.svg?by=all").text
    assert "(1) 1 May 2026: Talks &amp; more." in svg
    assert 'class="chart-band"' in svg
    assert picture(svg).startswith(b"\x89PNG")
