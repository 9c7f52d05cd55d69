"""The geometry of charts: nothing overlaps, nothing leaves the plot, every number is finite."""

from __future__ import annotations

import itertools
import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.track.chart import (
    NARROW,
    WIDE,
    Break,
    Chart,
    Mark,
    Series,
    Size,
    Tick,
    lay_out,
    number_axis,
    share_axis,
    ticks,
)
from app.track.label import Block, place, text_width, wrap
from app.track.shape import COUNT, shape

AXIS = share_axis(lambda value: f"{value * 100:.0f}%")
SHARES = st.floats(0, 1)
MARKS = st.builds(
    lambda day, values: Mark(float(day), values[1], values[0], values[2]),
    st.integers(739_000, 740_000),
    st.tuples(SHARES, SHARES, SHARES).map(sorted),
)
RUNS = st.lists(MARKS, min_size=1, max_size=24, unique_by=lambda m: m.x).map(
    lambda run: tuple(sorted(run, key=lambda mark: mark.x))
)
LABELS = st.text(st.sampled_from("abc xyz日本の住民、。（）"), min_size=1, max_size=40).filter(str.strip)
SERIES = st.lists(st.builds(lambda label, run: Series(label, (run,)), LABELS, RUNS), min_size=1, max_size=8)
BREAKS = st.lists(
    st.builds(Break, st.integers(739_000, 740_000), st.sampled_from(["Mode changed", "調査方法が変わりました"])),
    max_size=6,
)


def words(tick: Tick) -> tuple[str, str]:
    return str(tick.day.month), str(tick.day.year) if tick.opens else ""


def numbers(path: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]


@given(SERIES, BREAKS, st.sampled_from([WIDE, NARROW]))
def test_everything_is_inside_and_apart(series: list[Series], breaks: list[Break], size: Size) -> None:
    chart = lay_out(series, breaks, AXIS, size, words)
    assert chart.width == size.width
    for drawn in chart.series:
        for path in (drawn.line, drawn.intervals, drawn.marks, drawn.leader):
            assert all(map(math.isfinite, numbers(path)))
            assert "nan" not in path
            assert "inf" not in path
        for x, low, high in re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", drawn.intervals):
            assert chart.left <= float(x) <= chart.right + 0.1
            assert chart.top - 0.1 <= float(high) <= float(low) <= chart.bottom + 0.1
    assert_labels_apart(chart, size)
    assert_breaks_apart(chart)


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


def test_one_point_stands_in_the_middle() -> None:
    chart = lay_out([Series("All", ((Mark(739_200, 0.5, 0.4, 0.6),),))], [], AXIS, WIDE, words)
    x, low, high = numbers(chart.series[0].intervals)
    assert x == pytest.approx((chart.left + chart.right) / 2, abs=0.1)
    assert (low + high) / 2 == pytest.approx((chart.top + chart.bottom) / 2, abs=0.1)
    assert chart.series[0].line == ""
    assert len(chart.days) == 1


def test_a_line_joins_the_marks_of_a_run_and_no_others() -> None:
    runs = ((Mark(739_000, 0.1, None, None), Mark(739_030, 0.2, None, None)), (Mark(739_060, 0.3, 0.2, 0.4),))
    chart = lay_out([Series("All", runs)], [], AXIS, WIDE, words)
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


@pytest.mark.parametrize(
    ("bounds", "low", "high"), [((1, 5), 1, 5), ((0, 3.2), 0, 4), ((0, 0), 0, 1), ((-3, 40), -20, 40)]
)
def test_a_number_axis_holds_its_bounds(bounds: tuple[float, float], low: float, high: float) -> None:
    axis = number_axis(bounds, str)
    assert (axis.low, axis.high) == (low, high)
    assert [value for value, _ in axis.ticks] == sorted({value for value, _ in axis.ticks})
