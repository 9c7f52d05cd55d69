"""Polls that others published, as context: a chart and a table for each question, and all of them as files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from flask import Response, render_template
from flask_babel import gettext as _

from app.estimation.difference import Difference, difference
from app.estimation.figure import Figure
from app.estimation.interval import share_interval
from app.events import events
from app.interchange.published_file import Named, Poll
from app.interchange.published_file import Series as Asked
from app.language import in_language
from app.published import published_polls

from . import words
from .axis import share_axis
from .chart import NARROW, WIDE, Chart, lay_out
from .figures_file import Cell, csv_file, json_file
from .frame import Break, Happening, Mark, Series, Size

COLUMNS = (
    *("series", "title", "by", "population", "measure", "date", "favour", "against", "mode", "n"),
    *("low", "high", "joined", "change", "change_p", "kind", "source", "note"),
)


@dataclass(frozen=True)
class Row:
    """A poll with its interval, and its change against the poll before, where the two compare."""

    poll: Poll
    figure: Figure
    before: Poll | None
    change: Difference | None

    @property
    def joined(self) -> bool:
        return self.before is not None and compare(self.before, self.poll)

    @property
    def mode_changed(self) -> bool:
        return (
            self.before is not None and bool(self.before.mode and self.poll.mode) and self.before.mode != self.poll.mode
        )

    @property
    def note(self) -> str:
        """What the table says of it."""
        said = [words.change_words(self.change, "share")] if self.change and self.change.significant else []
        if self.mode_changed:
            said.append(_("Mode changed"))
        return " · ".join(said)


@dataclass(frozen=True)
class Question:
    """A question with its polls by population, each in order of time."""

    key: str
    asked: Asked
    named: Named
    lines: dict[str, list[Row]]

    @property
    def title(self) -> str:
        return in_language(self.asked.title)

    def population(self, key: str) -> str:
        return in_language(self.named.populations[key])

    def mode(self, key: str) -> str:
        return in_language(self.named.modes[key]) if key else _("not stated")

    @cached_property
    def rows(self) -> list[Row]:
        """Every poll, the newest first."""
        return sorted((row for line in self.lines.values() for row in line), key=lambda row: row.poll.day, reverse=True)

    @cached_property
    def charts(self) -> list[Chart]:
        """For wide and for narrow screens; none where nothing can be seen over time."""
        if max(len(line) for line in self.lines.values()) < 2:
            return []
        return [self._chart(replace(WIDE, height=320)), self._chart(replace(NARROW, height=280, ticks=2))]

    @property
    def described(self) -> str:
        """The charts for who cannot see them."""
        newest = [line[-1].poll for line in self.lines.values()]
        return "; ".join(
            _(
                "%(group)s: %(value)s in %(period)s",
                group=self.population(poll.population),
                value=words.number(poll.favour, "share"),
                period=poll.when,
            )
            for poll in newest
        )

    def _chart(self, size: Size) -> Chart:
        drawn = [self._series(key, line, number) for number, (key, line) in enumerate(self.lines.items())]
        axis = share_axis(lambda value: words.number(value, "share"))
        breaks = {
            (row.before.day.toordinal() + row.poll.day.toordinal()) / 2
            for line in self.lines.values()
            for row in line
            if row.before and row.mode_changed
        }
        happened = [Happening(float(e.date.toordinal()), i, False) for i, e in enumerate(events(), 1)]
        return lay_out(
            drawn, [Break(day, _("Mode changed")) for day in sorted(breaks)], axis, size, words.tick_words, happened
        )

    def _series(self, key: str, line: Sequence[Row], number: int) -> Series:
        runs: list[list[Mark]] = []
        for row in line:
            if not row.joined:
                runs.append([])
            moved = row.change is not None and row.change.significant
            change = (1 if row.change.value > 0 else -1) if moved and row.change else 0
            day = float(row.poll.day.toordinal())
            runs[-1].append(Mark(day, row.figure.value, row.figure.low, row.figure.high, change=change))
        label, last = self.population(key), line[-1].poll
        if last.day == self.rows[0].poll.day:
            label = _("%(group)s: %(value)s", group=label, value=words.number(last.favour, "share"))
        return Series(label, tuple(tuple(run) for run in runs), number)


def compare(before: Poll, after: Poll) -> bool:
    """Whether two polls may be joined: both state the same mode, and the question is the same."""
    return bool(before.mode) and before.mode == after.mode and before.measure == after.measure


def questions() -> list[Question]:
    """Every question that has polls, in the order of the file."""
    named, polls = published_polls()
    if named is None:
        return []
    found = []
    for key, asked in named.series.items():
        lines = {
            population: _rows([p for p in polls if p.series == key and p.population == population])
            for population in named.populations
        }
        if any(lines.values()):
            found.append(Question(key, asked, named, {name: line for name, line in lines.items() if line}))
    return found


def _rows(polls: Sequence[Poll]) -> list[Row]:
    rows: list[Row] = []
    for poll in polls:
        figure = _figure(poll)
        last = rows[-1] if rows else None
        change = difference(figure, last.figure) if last and compare(last.poll, poll) else None
        rows.append(Row(poll, figure, last.poll if last else None, change))
    return rows


def _figure(poll: Poll) -> Figure:
    """As of a simple random sample; without an error where n was not told."""
    if poll.n is None:
        return Figure(poll.favour, None, None, None, 0)
    se = math.sqrt(poll.favour * (1 - poll.favour) / (poll.n - 1))
    p, error, df, n = (np.array([x]) for x in (poll.favour, se, poll.n - 1.0, float(poll.n)))
    low, high = share_interval(p, error, df, n)
    return Figure(poll.favour, se, float(low[0]), float(high[0]), poll.n)


def page() -> str:
    """The page: questions polled more than once first."""
    found = questions()
    told = [(i, event) for i, event in enumerate(events(), 1)]
    return render_template(
        "track/published.html",
        questions=[question for question in found if question.charts],
        single=[question for question in found if not question.charts],
        events=told,
    )


def as_csv() -> Response:
    """A line for each poll; shares are fractions of 1."""
    return csv_file(COLUMNS, _lines(), "published.csv")


def as_json() -> Response:
    """The same lines as JSON."""
    about = {"interval": 0.95, "errors": "as of simple random samples"}
    return json_file(about, list(_lines()), "published.json")


def _lines() -> Iterator[dict[str, Cell]]:
    for question in questions():
        for row in reversed(question.rows):
            poll, change = row.poll, row.change
            yield {
                "series": question.key,
                "title": question.title,
                "by": in_language(question.asked.by),
                "population": poll.population,
                "measure": poll.measure,
                "date": poll.when,
                "favour": poll.favour,
                "against": poll.against,
                "mode": poll.mode,
                "n": poll.n,
                "low": row.figure.low,
                "high": row.figure.high,
                "joined": row.joined,
                "change": change.value if change else None,
                "change_p": change.p if change else None,
                "kind": poll.kind,
                "source": poll.source,
                "note": poll.note,
            }
