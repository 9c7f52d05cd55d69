"""The published polls of the surveys folder are sound, and the reader finds every bad line."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from app.interchange.published_file import COLUMNS, Named, read_names, read_polls
from app.questionnaire.problems import FileError
from tests.conftest import ROOT

FOLDER = ROOT / "surveys" / "published"
HEAD = ",".join(COLUMNS)
LINE = "trust,JP,trusts,2013-10,83.1,12,mail,1848,read,https://example.org/1,"
NAMES = """
series: {trust: {title: {en: Trust, ja: 信頼}, by: {en: Us, ja: 私たち}}}
populations: {JP: {en: Japan, ja: 日本}}
modes: {mail: {en: mail, ja: 郵送}}
"""


@pytest.fixture
def named() -> Named:
    return read_names(NAMES)


def test_every_published_poll_can_be_read_and_is_named_in_both_languages() -> None:
    names = read_names((FOLDER / "series.yaml").read_bytes())
    polls = read_polls((FOLDER / "polls.csv").read_bytes(), names)
    with (FOLDER / "polls.csv").open(newline="", encoding="utf-8") as lines:
        assert len(polls) == sum(1 for _ in csv.DictReader(lines)) > 90
    assert {poll.series for poll in polls} == set(names.series)
    texts = [*names.populations.values(), *names.modes.values()]
    texts += [text for series in names.series.values() for text in (series.title, series.by)]
    assert all(set(text) == {"en", "ja"} for text in texts)
    assert [poll.day for poll in polls] == sorted(poll.day for poll in polls)


def test_a_line_is_a_poll(named: Named) -> None:
    [poll] = read_polls(f"{HEAD}\n{LINE}\n", named)
    assert poll.favour == pytest.approx(0.831)
    assert (poll.against, poll.n, poll.mode) == (0.12, 1848, "mail")
    assert poll.when == "2013-10"


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2013-10", date(2013, 10, 15)),
        ("2013", date(2013, 7, 15)),
        ("FY2023", date(2023, 10, 15)),
        ("2024-autumn", date(2024, 10, 15)),
    ],
)
def test_polls_stand_where_their_date_says(named: Named, when: str, day: date) -> None:
    assert read_polls(f"{HEAD}\n{LINE.replace('2013-10', when)}\n", named)[0].day == day


def test_what_was_not_told_stays_unknown(named: Named) -> None:
    [poll] = read_polls(f"{HEAD}\n{LINE.replace(',12,mail,1848', ',,,800+')}\n", named)
    assert (poll.against, poll.mode, poll.n) == (None, "", None)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("trust,", "love,", "line 3: series: “love” is not named"),
        ("JP", "FR", "line 3: population: “FR” is not named"),
        ("mail", "fax", "line 3: mode: “fax” is not named"),
        ("2013-10", "2013-13", "line 3: date: “2013-13” is not a year"),
        ("2013-10", "soon", "line 3: date: “soon” is not a year"),
        ("83.1", "831", "line 3: pct_favour: “831” is not per cent"),
        ("83.1", "", "line 3: pct_favour: “” is not per cent"),
        ("12,mail", "most,mail", "line 3: pct_against: “most” is not per cent"),
        ("https://example.org/1", "", "line 3: source: “source” is missing"),
    ],
)
def test_bad_lines_are_told(named: Named, old: str, new: str, complaint: str) -> None:
    with pytest.raises(FileError) as caught:
        read_polls(f"{HEAD}\n{LINE}\n{LINE.replace(old, new, 1)}\n", named)
    assert complaint in str(caught.value)


def test_other_columns_are_refused(named: Named) -> None:
    with pytest.raises(FileError, match="The columns must be series, population"):
        read_polls("a,b\n1,2\n", named)


def test_names_must_be_whole() -> None:
    with pytest.raises(FileError, match="modes"):
        read_names(NAMES.replace("modes", "ways"))
