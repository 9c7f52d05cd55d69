"""Polls that others published: joined only where they compare, with their sources, in page and files."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.estimation.difference import difference
from app.estimation.figure import Figure
from tests.conftest import ROOT

from .test_trend_page import csv_rows

PAGE = "/published"
POLLS = """series,population,measure,date,pct_favour,pct_against,mode,n,kind,source,note
cabinet_affinity_us,JP public,close,2011-10,73.4,23.2,face-to-face,1912,read,https://example.org/a,
cabinet_affinity_us,JP public,close,2013-10,83.8,,face-to-face,1848,read,https://example.org/b,
cabinet_affinity_us,JP public,close,2014-10,60,,mail,2000,read,a book,CHECK
cabinet_affinity_us,JP public,close,2015-10,61,,,2000,read,https://example.org/d,
cabinet_affinity_us,JP public,close,2016-10,62,,,2000,read,https://example.org/e,
nhk2022_bases_needed,Okinawa,needed,2022-03,62,19,,800+,read,https://example.org/f,
"""


@pytest.fixture
def polled(app: Flask, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "surveys", tmp_path / "surveys")
    (tmp_path / "surveys" / "published" / "polls.csv").write_text(POLLS, encoding="utf-8")
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"surveys_dir": tmp_path / "surveys"})


@pytest.mark.usefixtures("polled")
def test_polls_are_joined_only_where_both_state_the_same_mode(client: FlaskClient) -> None:
    rows = {row["date"]: row for row in csv_rows(client, f"{PAGE}.csv")}
    assert {when: row["joined"] for when, row in rows.items()} == {
        "2011-10": "0",
        "2013-10": "1",
        "2014-10": "0",  # The mode changed.
        "2015-10": "0",  # The mode is not told, ...
        "2016-10": "0",  # ... which may hide a change.
        "2022-03": "0",
    }
    wide = client.get(PAGE).text.split('class="chart chart-narrow"')[0]
    [line] = re.findall(r'class="chart-line" d="([^"]+)"', wide)
    assert (line.count("M"), line.count("L")) == (1, 1)
    assert wide.count('<text class="chart-break"') == 1


@pytest.mark.usefixtures("polled")
def test_a_significant_change_is_marked_where_n_is_known(client: FlaskClient) -> None:
    rows = {row["date"]: row for row in csv_rows(client, f"{PAGE}.csv")}
    after, before = (
        Figure(p, (p * (1 - p) / (n - 1)) ** 0.5, None, None, n) for p, n in ((0.838, 1848), (0.734, 1912))
    )
    assert float(rows["2013-10"]["change_p"]) == pytest.approx(difference(after, before).p)
    assert [when for when, row in rows.items() if row["change"]] == ["2013-10"]
    page = client.get(PAGE).text
    assert page.count("↑ up 10.4 points on the wave before") == 1
    assert page.split('class="chart chart-narrow"')[0].count('class="chart-change"') == 1


@pytest.mark.usefixtures("polled")
def test_every_poll_has_its_source_and_what_was_not_told_says_so(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert '<a class="track-source" href="https://example.org/b" rel="external">example.org</a>' in page
    assert '<span lang="en">a book</span>' in page
    assert '<span lang="en">CHECK</span>' in page
    assert "not stated" in page
    assert "Mode changed" in page
    assert "Asked once" in page
    assert "Bases are necessary or unavoidable" in page.split("Asked once")[1]
    document = json.loads(client.get(f"{PAGE}.json").text)
    assert len(document["rows"]) == 6
    assert next(row for row in document["rows"] if row["date"] == "2022-03")["n"] is None


def test_the_projects_own_polls_are_shown_in_both_languages(client: FlaskClient) -> None:
    assert "Cabinet Office of Japan" in client.get(f"{PAGE}?lang=en").text
    assert "内閣府" in client.get(f"{PAGE}?lang=ja").text


def test_a_folder_without_polls_says_so(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    shutil.copy(ROOT / "surveys" / "catalogue.yaml", tmp_path)
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"surveys_dir": tmp_path})
    assert "No published polls" in client.get(PAGE).text
    assert csv_rows(client, f"{PAGE}.csv") == []
