"""The geometry of charts: nothing overlaps, nothing leaves the plot, every number is finite."""

from __future__ import annotations

import itertools
import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.track.axis import Tick, number_axis, share_axis, ticks
from app.track.chart import NARROW, WIDE, Chart, lay_out, lay_out_panels
from app.track.frame import Break, Happening, Mark, Series, Size
from app.track.label import Block, place, text_width, wrap
from app.track.shape import COUNT, shape

AXIS = share_axis(lambda value: f"{value * 100:.0f}%")
SHARES = st.floats(0, 1)
LEVELS = st.tuples(SHARES, SHARES, SHARES).map(sorted).map(lambda three: (three[1], three[0], three[2]))
MARKS = st.builds(
    lambda day, values, level, change: Mark(float(day), values[1], values[0], values[2], level, change),
    st.integers(739_000, 740_000),
    st.tuples(SHARES, SHARES, SHARES).map(sorted),
    LEVELS,
    st.sampled_from([-1, 0, 1]),
)
EVENTS = st.lists(st.integers(738_900, 740_100), max_size=6).map(
    lambda days: [Happening(float(day), n, n % 2 == 0) for n, day in enumerate(sorted(days), 1)]
)
RUNS = st.lists(MARKS, min_size=1, max_size=24, unique_by=lambda m: m.x).map(
    lambda run: tuple(sorted(run, key=lambda mark: mark.x))
)
LABELS = st.text(st.sampled_from("abc xyz日本の住民、。（）"), min_size=1, max_size=40).filter(str.strip)
SERIES = st.lists(st.tuples(LABELS, RUNS), min_size=1, max_size=8).map(
    lambda given: [Series(label, (run,), i) for i, (label, run) in enumerate(given)]
)
BREAKS = st.lists(
    st.builds(Break, st.integers(739_000, 740_000), st.sampled_from(["Mode changed", "調査方法が変わりました"])),
    max_size=6,
)


def words(tick: Tick) -> tuple[str, str]:
    return str(tick.day.month), str(tick.day.year) if tick.opens else ""


def numbers(path: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]


@given(SERIES, BREAKS, st.sampled_from([WIDE, NARROW]), EVENTS)
def test_everything_is_inside_and_apart(
    series: list[Series], breaks: list[Break], size: Size, events: list[Happening]
) -> None:
    chart = lay_out(series, breaks, AXIS, size, words, events)
    assert chart.width == size.width
    for drawn in chart.series:
        for path in (drawn.band, drawn.line, drawn.intervals, drawn.marks, drawn.changes, drawn.leader):
            assert all(map(math.isfinite, numbers(path)))
            assert "nan" not in path
            assert "inf" not in path
        for x, low, high in re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", drawn.intervals):
            assert chart.left <= float(x) <= chart.right + 0.1
            assert chart.top - 0.1 <= float(high) <= float(low) <= chart.bottom + 0.1
        for x, start, end in re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", drawn.changes):
            assert chart.left <= float(x) <= chart.right + 0.1
            assert chart.top - 0.1 <= min(float(start), float(end))
            assert max(float(start), float(end)) <= chart.bottom + 0.1
        assert all(chart.top - 0.1 <= y <= chart.bottom + 0.1 for y in numbers(drawn.band)[1::2])
    assert_labels_apart(chart, size)
    assert_breaks_apart(chart)
    assert_events_apart(chart, {mark.x for one in series for mark in one.marks}, events)


def assert_events_apart(chart: Chart, days: set[float], events: list[Happening]) -> None:
    """Those in the time of the marks stand below the axis, in order, and beside one another."""
    wanted = [event.number for event in events if min(days) <= event.x <= max(days)]
    assert [event.number for event in chart.events] == wanted
    for event in chart.events:
        assert chart.left <= event.x <= chart.right
        assert chart.bottom < event.y < chart.height
    for one, other in itertools.pairwise(chart.events):
        assert other.label_x - one.label_x >= 1.4 * chart.font


def assert_labels_apart(chart: Chart, size: Size) -> None:
    baselines = sorted(y for drawn in chart.series for _, y, _ in drawn.labels)
    assert all(b - a >= 1.2 * size.font for a, b in itertools.pairwise(baselines))
    assert baselines[-1] <= chart.height
    assert all(x > chart.right for drawn in chart.series for x, _, _ in drawn.labels)


def assert_breaks_apart(chart: Chart) -> None:
    rows: dict[float, list[tuple[float, float]]] = {}
    for one in chart.breaks:
        width = text_width(one.words, chart.font)
        start = one.label_x if one.anchor == "start" else one.label_x - width
        assert 0 <= one.top < one.bottom <= chart.bottom
        rows.setdefault(one.label_y, []).append((start, start + width))
    for spans in rows.values():
        ordered = sorted(spans)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(ordered))


@given(SERIES, BREAKS)
def test_panels_share_their_axes(series: list[Series], breaks: list[Break]) -> None:
    panels = lay_out_panels([(one, breaks) for one in series], AXIS, words)
    frames = {(p.chart.left, p.chart.right, p.chart.top, p.chart.bottom, p.chart.values, p.chart.days) for p in panels}
    assert len(frames) == 1
    assert [(p.label, p.number) for p in panels] == [(one.label, one.number) for one in series]
    for panel, one in zip(panels, series, strict=True):
        (drawn,) = panel.chart.series
        assert drawn.labels == ()
        assert drawn.leader == ""
        assert drawn.intervals.count("M") == len(one.marks)
        for x, low, high in re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", drawn.intervals):
            assert panel.chart.left <= float(x) <= panel.chart.right
            assert panel.chart.top - 0.1 <= float(high) <= float(low) <= panel.chart.bottom + 0.1
        assert all(0 <= x <= 16 for x in numbers(re.sub(r"a[^z]+z", "", panel.key)))
        for mark in panel.chart.breaks:
            assert mark.words == ""
            assert 0 <= mark.top < mark.bottom <= panel.chart.bottom


def test_a_group_keeps_its_colour_and_shape_whichever_others_are_shown() -> None:
    run = (Mark(739_000, 0.1, None, None), Mark(739_030, 0.2, None, None))
    alone = lay_out([Series("C", (run,), 2)], [], AXIS, WIDE, words)
    (panel,) = lay_out_panels([(Series("C", (run,), 2), [])], AXIS, words)
    assert alone.series[0].number == panel.number == panel.chart.series[0].number == 2
    assert alone.series[0].marks.count("L") == 3 * shape(2, 0, 0, 5).count("L")  # Two points and the key.
    assert panel.chart.series[0].marks.count("L") == 2 * shape(2, 0, 0, 5).count("L")


def test_a_leader_does_not_cross_the_plot() -> None:
    long, short = ((739_000.0, 739_300.0, 739_600.0), (739_000.0,))
    series = [
        Series(name, (tuple(Mark(day, value, None, None) for day in days),), i)
        for i, (name, days, value) in enumerate((("Long", long, 0.5), ("Short", short, 0.2)))
    ]
    chart = lay_out(series, [], AXIS, WIDE, words)
    starts = [numbers(drawn.leader)[0] for drawn in chart.series]
    assert starts[0] < chart.right
    assert starts[1] == chart.right


def test_one_point_stands_in_the_middle() -> None:
    chart = lay_out([Series("All", ((Mark(739_200, 0.5, 0.4, 0.6),),), 0)], [], AXIS, WIDE, words)
    x, low, high = numbers(chart.series[0].intervals)
    assert x == pytest.approx((chart.left + chart.right) / 2, abs=0.1)
    assert (low + high) / 2 == pytest.approx((chart.top + chart.bottom) / 2, abs=0.1)
    assert chart.series[0].line == ""
    assert len(chart.days) == 1


def test_a_line_joins_the_marks_of_a_run_and_no_others() -> None:
    runs = ((Mark(739_000, 0.1, None, None), Mark(739_030, 0.2, None, None)), (Mark(739_060, 0.3, 0.2, 0.4),))
    chart = lay_out([Series("All", runs, 0)], [], AXIS, WIDE, words)
    assert chart.series[0].line.count("M") == 1
    assert chart.series[0].line.count("L") == 1
    assert chart.series[0].intervals.count("M") == 1


def test_series_are_told_apart_by_shape() -> None:
    assert len({re.sub(r"[\d.-]+", "#", shape(i, 0, 0, 5)) + shape(i, 0, 0, 5) for i in range(COUNT)}) == COUNT == 8


@given(st.lists(st.builds(Block, st.floats(-50, 450), st.floats(5, 40)), max_size=10))
def test_blocks_keep_apart_inside_their_bounds(blocks: list[Block]) -> None:
    centres = place(blocks, 0, 400)
    spans = sorted((c - b.height / 2, c + b.height / 2) for c, b in zip(centres, blocks, strict=True))
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(spans))
    assert all(low >= -1e-6 and high <= 400 + 1e-6 for low, high in spans)


def test_blocks_with_room_stay_where_they_want_to_be() -> None:
    assert place([Block(300, 20), Block(100, 20)], 0, 400) == [300, 100]


def test_blocks_that_would_overlap_move_as_little_as_can_be() -> None:
    assert place([Block(100, 20), Block(110, 20)], 0, 400) == [95, 115]


@given(LABELS)
def test_wrapping_keeps_the_text_and_the_width(text: str) -> None:
    lines = wrap(text, 100, 14)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 14) <= 100 for line in lines if " " not in line and len(line) < 6)
    if " " not in text:
        assert not any(line[0] in "、。）" for line in lines[1:])


def test_ticks_are_few_and_begin_months() -> None:
    first, last = date(2024, 12, 1).toordinal(), date(2026, 11, 1).toordinal()
    found = ticks(first, last, 12)
    assert len(found) <= 12
    assert [t.day for t in found if t.opens] == [date(2025, 1, 1), date(2026, 1, 1)]
    assert all(t.day.day == 1 and t.step == "month" for t in found)
    assert {t.step for t in ticks(first, date(2060, 1, 1).toordinal(), 6)} == {"year"}
    assert [t.day for t in ticks(first, first, 12)] == [date(2024, 12, 1)]
    assert len(ticks(first, first + 20, 12)) == 11


def test_few_ticks_still_hold_the_ends() -> None:
    for low in (0.0, -1.0):
        few = share_axis(str, low, few=True)
        assert (few.low, few.high) == (low, 1.0)
        assert [value for value, _ in few.ticks] == [low, (low + 1) / 2, 1.0]
    assert [value for value, _ in number_axis((1, 5), str, few=True).ticks] == [1, 3, 5]


@pytest.mark.parametrize(
    ("bounds", "low", "high"), [((1, 5), 1, 5), ((0, 3.2), 0, 4), ((0, 0), 0, 1), ((-3, 40), -20, 40)]
)
def test_a_number_axis_holds_its_bounds(bounds: tuple[float, float], low: float, high: float) -> None:
    axis = number_axis(bounds, str)
    assert (axis.low, axis.high) == (low, high)
    assert [value for value, _ in axis.ticks] == sorted({value for value, _ in axis.ticks})


def test_the_line_passes_through_the_levels_and_points_stay_where_they_were() -> None:
    shares = (0.2, 0.8, 0.2)
    plain = tuple(Mark(739_000.0 + i, value, None, None) for i, value in enumerate(shares))
    smooth = tuple(Mark(mark.x, mark.value, None, None, (0.4, 0.3, 0.5)) for mark in plain)
    [before], [after] = (lay_out([Series("A", (run,), 0)], [], AXIS, WIDE, words).series for run in (plain, smooth))
    assert before.marks == after.marks
    assert before.band == ""
    assert len(set(numbers(after.line)[1::2])) == 1
    assert len(set(numbers(after.band)[1::2])) == 2


def test_no_arrow_where_nothing_changed() -> None:
    run = tuple(Mark(739_000.0 + i, 0.5, 0.4, 0.6, change=change) for i, change in enumerate((0, 1, -1, 0)))
    [drawn] = lay_out([Series("A", (run,), 0)], [], AXIS, WIDE, words).series
    up, down = re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", drawn.changes)
    assert float(up[1]) < float(up[0])
    assert float(down[1]) > float(down[0])
