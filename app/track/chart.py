"""The geometry of a trend chart: from values and days to coordinates and paths. Knows no language and no colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .axis import Axis, Tick, ticks
from .frame import Break, Frame, Happening, Mark, Series, Size
from .label import Block, place
from .shape import shape

WIDE = Size(width=1056, height=460, font=14, label_width=200, foot=4.6, ticks=12)
NARROW = Size(width=360, height=400, font=13, label_width=104, foot=4.6, ticks=4)
PANEL = Size(width=328, height=124, font=12, label_width=0, foot=1.9, ticks=3)
TickWords = Callable[[Tick], tuple[str, str]]


@dataclass(frozen=True)
class Drawn:
    """A series as paths; `labels` are (x, y, text) of its lines of text. changes: arrows at significant changes."""

    number: int
    band: str
    line: str
    intervals: str
    marks: str
    changes: str
    leader: str
    labels: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class DrawnBreak:
    """A dashed mark from `top` to `bottom`, and its words on the baseline `label_y`."""

    x: float
    top: float
    bottom: float
    label_x: float
    label_y: float
    anchor: Literal["start", "end"]
    words: str
    joined: bool


@dataclass(frozen=True)
class DrawnEvent:
    """An event's stub on the axis at `x`, and its number in a ring around (label_x, y)."""

    x: float
    label_x: float
    y: float
    ring: str
    number: int
    declared: bool


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw; `left` … `bottom` bound the plot. note_y: where a note below it stands."""

    width: float
    height: float
    font: float
    left: float
    top: float
    right: float
    bottom: float
    values: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str, str], ...]
    series: tuple[Drawn, ...]
    breaks: tuple[DrawnBreak, ...]
    events: tuple[DrawnEvent, ...]
    note_y: float


@dataclass(frozen=True)
class Panel:
    """One group in a chart of its own, without labels: its name and the `key` (its mark, in 16 by 16) stand above."""

    label: str
    number: int
    key: str
    chart: Chart


def lay_out(
    series: Sequence[Series],
    breaks: Sequence[Break],
    axis: Axis,
    size: Size,
    tick_words: TickWords,
    events: Sequence[Happening] = (),
) -> Chart:
    """Places everything, to a tenth of a pixel. Series need at least one mark each; there may be none.

    Of the events those are drawn that fall among the days of the marks.
    """
    return _chart(Frame(series, breaks, axis, size, _days(series)), tick_words, events)


def lay_out_panels(
    series: Sequence[tuple[Series, Sequence[Break]]],
    axis: Axis,
    tick_words: TickWords,
    events: Sequence[Happening] = (),
) -> list[Panel]:
    """Each series with its own breaks as a panel; all share the axes of values and days."""
    days = _days(one for one, _ in series)
    return [
        Panel(
            one.label,
            one.number,
            shape(one.number, 8, 8, 5),
            _chart(Frame([one], [replace(b, words="") for b in breaks], axis, PANEL, days), tick_words, events),
        )
        for one, breaks in series
    ]


def _days(series: Iterable[Series]) -> list[float]:
    return sorted({mark.x for one in series for mark in one.marks})


def _chart(frame: Frame, tick_words: TickWords, events: Sequence[Happening]) -> Chart:
    size, blocks = frame.size, frame.blocks()
    placed = place(blocks, frame.top, frame.bottom)
    days = [(t, *tick_words(t)) for t in ticks(frame.first, frame.last, size.ticks)]
    happened = [event for event in events if frame.first <= event.x <= frame.last]
    # In em below the axis: one or two rows of words, the events' numbers, a note.
    words = 2.8 if any(below for _, _, below in days) else 1.5
    note = 4.2 if not happened else words + 3.4
    foot = max(size.foot, words + 0.4, words + 2.4 if happened else 0, note + 0.4 if size.foot > words + 1 else 0)
    return Chart(
        size.width,
        _tenth(frame.bottom + foot * size.font),
        size.font,
        _tenth(frame.left),
        _tenth(frame.top),
        _tenth(frame.right),
        _tenth(frame.bottom),
        tuple((_tenth(frame.y(value)), words) for value, words in frame.axis.ticks),
        tuple((_tenth(frame.x(tick.day.toordinal())), words, below) for tick, words, below in days),
        tuple(_drawn(frame, i, block, y) for i, (block, y) in enumerate(zip(blocks, placed, strict=True))),
        tuple(_drawn_break(frame, one, row) for one, row in zip(frame.breaks, frame.rows, strict=True)),
        _drawn_events(frame, happened, frame.bottom + (words + 1.4) * size.font),
        note,
    )


def _drawn_events(frame: Frame, events: Sequence[Happening], y: float) -> tuple[DrawnEvent, ...]:
    """The numbers stand below their days, pushed apart where these are close."""
    radius = 0.72 * frame.size.font
    wanted = [Block(frame.x(event.x), 2.3 * radius) for event in events]
    return tuple(
        DrawnEvent(
            _tenth(frame.x(event.x)),
            _tenth(x),
            _tenth(y),
            shape(0, x, y, radius),
            event.number,
            event.declared,
        )
        for event, x in zip(events, place(wanted, frame.left, frame.right), strict=True)
    )


def _tenth(value: float) -> float:
    return round(value, 1)


def _drawn(frame: Frame, i: int, block: Block, centre: float) -> Drawn:
    one, font = frame.series[i], frame.size.font
    shift = (i - (len(frame.series) - 1) / 2) * frame.dodge
    runs = [[(frame.x(mark.x) + shift, mark) for mark in run] for run in one.runs]
    marks = [pair for run in runs for pair in run]
    labels = _label_lines(frame, i, centre)
    key_x, key_radius = frame.right + 1.1 * font, 0.34 * font
    points = "".join(shape(one.number, x, frame.y(mark.value), frame.radius) for x, mark in marks)
    return Drawn(
        one.number,
        "".join(_band(frame, run) for run in runs if len(run) > 1),
        "".join(_line([(x, frame.y(_height(mark))) for x, mark in run]) for run in runs if len(run) > 1),
        _intervals(frame, marks),
        points + (shape(one.number, key_x, centre, key_radius) if labels else ""),
        "".join(_change(frame, x, mark) for x, mark in marks if mark.change),
        _leader(frame, marks[-1][0], (key_x - key_radius - 2, centre), block.wanted) if labels else "",
        labels,
    )


def _height(mark: Mark) -> float:
    """Where the line passes a mark: at its level, or through the mark itself."""
    return mark.level[0] if mark.level else mark.value


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _band(frame: Frame, run: Sequence[tuple[float, Mark]]) -> str:
    """Along the upper edge of the band and back along the lower; empty where the run has no levels."""
    edges = [(x, mark.level) for x, mark in run if mark.level]
    if not edges:
        return ""
    upper = [(x, frame.y(high)) for x, (_, _, high) in edges]
    lower = [(x, frame.y(low)) for x, (_, low, _) in reversed(edges)]
    return _line([*upper, *lower]) + "z"


def _change(frame: Frame, x: float, mark: Mark) -> str:
    """An arrow beyond the interval, which points where the figure went; as near as it can where the plot ends."""
    length, head = 0.75 * frame.size.font, 0.26 * frame.size.font
    if mark.change > 0:
        foot = max(frame.y(mark.value if mark.high is None else mark.high) - 0.4 * head, frame.top + length)
        tip, back = foot - length, foot - length + head
    else:
        foot = min(frame.y(mark.value if mark.low is None else mark.low) + 0.4 * head, frame.bottom - length)
        tip, back = foot + length, foot + length - head
    return f"M{x:.1f} {foot:.1f}V{tip:.1f}M{x - head:.1f} {back:.1f}L{x:.1f} {tip:.1f}L{x + head:.1f} {back:.1f}"


def _intervals(frame: Frame, marks: Sequence[tuple[float, Mark]]) -> str:
    known = ((x, mark.low, mark.high) for x, mark in marks if mark.low is not None and mark.high is not None)
    return "".join(f"M{x:.1f} {frame.y(low):.1f}V{frame.y(high):.1f}" for x, low, high in known)


def _leader(frame: Frame, last_x: float, label: tuple[float, float], wanted: float) -> str:
    """From the last mark to its label; from the plot's edge if the mark is so far off that it would pass for data."""
    near = frame.right - last_x < 6 * frame.size.font
    start = last_x + frame.radius + 2 if near else frame.right
    return f"M{start:.1f} {wanted:.1f}L{label[0]:.1f} {label[1]:.1f}"


def _label_lines(frame: Frame, i: int, centre: float) -> tuple[tuple[float, float, str], ...]:
    lines, font = frame.wrapped[i], frame.size.font
    x, first = frame.right + 1.9 * font, centre - (len(lines) - 1) / 2 * frame.line_height + 0.35 * font
    return tuple((_tenth(x), _tenth(first + n * frame.line_height), line) for n, line in enumerate(lines))


def _drawn_break(frame: Frame, one: Break, row: int) -> DrawnBreak:
    start, end, rightward = frame.span(one)
    font = frame.size.font
    baseline = frame.top - 0.5 * font - row * frame.line_height
    return DrawnBreak(
        _tenth(frame.x(one.x)),
        _tenth(baseline - 0.8 * font),
        _tenth(frame.top + 2.2 * font if one.words else frame.bottom),
        _tenth(start if rightward else end),
        _tenth(baseline),
        "start" if rightward else "end",
        one.words,
        one.joined,
    )
