"""The events of the surveys folder are sound, and the reader finds every mistake with its line."""

from __future__ import annotations

from datetime import date

import pytest

from app.interchange.catalogue_file import read_catalogue
from app.interchange.events_file import read_events
from app.questionnaire.problems import FileError
from tests.conftest import ROOT

EVENT = """
  - date: 2025-02-07
    kind: visit
    title: {en: A visit, ja: 訪問}
    source: https://example.org/visit
"""


def test_the_projects_events_can_be_read_and_none_moves_a_line_undeclared() -> None:
    actions = {a.code for a in read_catalogue((ROOT / "surveys" / "catalogue.yaml").read_bytes()).actions}
    events = read_events((ROOT / "surveys" / "events.yaml").read_bytes(), actions)
    assert len(events) >= 5
    assert [event.date for event in events] == sorted(event.date for event in events)
    assert len({event.date for event in events}) == len(events)
    assert all(event.title["ja"] != event.title["en"] for event in events)


def test_events_come_in_order_of_time() -> None:
    later = EVENT.replace("2025-02-07", "2025-03-01").replace("visit\n    title", "trade\n    title")
    found = read_events(f"events:{later}    affects: [DD6a, opinion/view]\n{EVENT}", {"DD6a"})
    assert [(event.date, event.affects) for event in found] == [
        (date(2025, 2, 7), ()),
        (date(2025, 3, 1), ("DD6a", "opinion/view")),
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("2025-02-07", "soon", "line 2: events[1].date: “date” cannot be taken"),
        ("kind: visit", "kind: party", "line 3: events[1].kind: “kind” cannot be taken"),
        (", ja: 訪問", "", "line 4: events[1].title.ja: The translation into “ja” is missing."),
        ("https://example.org/visit", "a newspaper", "line 5: events[1].source: “source” cannot be taken"),
        ("    source: https://example.org/visit\n", "", "events[1].source: “source” is missing."),
        ("/visit\n", "/visit\n    affects: [XX1a]\n", "line 6: events[1].affects[1]: “XX1a” is neither"),
        ("kind: visit", "kind: visit\n    place: Tokyo", "events[1].place: “place” is not a key"),
    ],
)
def test_mistakes_are_told_with_their_lines(old: str, new: str, complaint: str) -> None:
    with pytest.raises(FileError) as caught:
        read_events(f"events:{EVENT.replace(old, new)}", {"DD6a"})
    assert complaint in str(caught.value)


@pytest.mark.parametrize("source", ["", "- a list\n"])
def test_a_file_without_sections_is_refused(source: str) -> None:
    with pytest.raises(FileError, match="no sections"):
        read_events(source, set())
