"""How far the groups of a question are apart, as arms of an experiment or countries: as a table, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from flask import Response
from flask_babel import gettext as _

from app.estimation.difference import LEVEL, Difference, group_differences, holm_of
from app.estimation.figure import Figure
from app.storage.estimates import Published

from . import words
from .figures import Named
from .figures_file import Cell, csv_file, json_file
from .subject import subject_of
from .trend import Place, Trend


@dataclass(frozen=True)
class Apart:
    """Two groups in a period, and the difference: the first less the second. p: adjusted for all that are listed."""

    first: Published
    second: Published
    sides: tuple[Figure, Figure]
    difference: Difference
    p: float | None

    @property
    def significant(self) -> bool:
        return self.p is not None and self.p < 1 - LEVEL


@dataclass(frozen=True)
class Row:
    """A difference in words."""

    period: str
    wave: str
    first: str
    second: str
    value: str
    interval: str
    p: float | None
    significant: bool
    synthetic: bool


@dataclass(frozen=True)
class Told:
    """What the page says of differences. arms: the groups are those of an experiment, between which chance decided.

    pair: there are two groups only, with a row for each period.
    """

    figure: str
    rows: list[Row]
    pair: bool
    arms: bool
    unit: words.Unit

    @property
    def caption(self) -> str:
        first = self.rows[0]
        if self.pair:
            return _(
                "%(figure)s: “%(first)s” less “%(second)s”", figure=self.figure, first=first.first, second=first.second
            )
        return _("%(figure)s, %(period)s: the first group less the second", figure=self.figure, period=first.period)

    @property
    def summary(self) -> str:
        count, level = sum(row.significant for row in self.rows), "95%"
        if all(row.p is None for row in self.rows):
            return _("How sure this is cannot be said, for everyone in one of the groups said the same.")
        if len(self.rows) == 1:
            if count:
                return _("The difference is significant at %(level)s.", level=level)
            return _("The difference is not significant at %(level)s.", level=level)
        if not count:
            return _(
                "None of these differences is significant at %(level)s when all of them are looked at together.",
                level=level,
            )
        return _(
            "Significant at %(level)s when all of them are looked at together: %(count)s of %(total)s differences.",
            count=count,
            total=len(self.rows),
            level=level,
        )


def apart(trend: Trend, code: str) -> list[Apart]:
    """The differences of a figure between two groups: of two groups in every period, the newest first; of more in the
    newest period that shows two of them, for all of theirs would be too many to look at."""
    pairs = list(combinations(trend.stretches, 2))
    listed: list[tuple[Published, Published]] = []
    for place in reversed(trend.places):
        if listed and len(pairs) > 1:
            break
        listed += [(trend.rows[a, place], trend.rows[b, place]) for a, b in pairs if _shown(trend, a, b, place, code)]
    groups = [tuple((row.domain, row.estimate) for row in pair if row.estimate) for pair in listed]
    found = group_differences([(a, b) for a, b in groups], code)
    return [
        Apart(*pair, (a.figures[code], b.figures[code]), one, p)
        for pair, ((_a, a), (_b, b)), one, p in zip(listed, groups, found, holm_of(found), strict=True)
    ]


def _shown(trend: Trend, first: str, second: str, place: Place, code: str) -> bool:
    return all(trend.figure(domain, place, code) for domain in (first, second))


def told_apart(trend: Trend, named: Named) -> Told | None:
    """The differences in words; None where no two groups can be shown."""
    found = apart(trend, named.code)
    rows = [
        Row(
            words.period_words(one.first.period),
            one.first.wave.key if one.first.wave.key != one.first.period else "",
            trend.division.label(one.first.domain),
            trend.division.label(one.second.domain),
            words.signed(one.difference.value, named.unit),
            words.signed_interval(one.difference, named.unit),
            one.p,
            one.significant,
            one.first.wave.synthetic,
        )
        for one in found
    ]
    pair = len(trend.stretches) == 2
    return Told(named.label, rows, pair, is_experiment(trend), named.unit) if rows else None


def is_experiment(trend: Trend) -> bool:
    """Whether the groups are the arms of an experiment, between which chance decided."""
    versions = trend.survey.versions.values()
    asked = (version.variables.get(trend.division.name) for version in versions)
    return any(variable.question.kind == "arm" for variable in asked if variable)


COLUMNS = (
    *("survey", "question", "wave", "period", "by", "figure", "first", "second", "first_value", "second_value"),
    *("first_n", "second_n", "difference", "se", "low", "high", "p", "p_adjusted", "synthetic"),
    *("scheme", "scheme_version"),
)


def as_csv(survey: str, question: str) -> Response:
    """The differences that the page of a question shows, by `?by=` and `?show=`. Shares are fractions of 1."""
    trend, code = _asked(survey, question)
    return csv_file(COLUMNS, _rows(trend, code), f"{survey}-{question}-differences.csv")


def as_json(survey: str, question: str) -> Response:
    """The same as JSON."""
    trend, code = _asked(survey, question)
    rows = list(_rows(trend, code))
    about = {
        "survey": survey,
        "question": trend.variable.name,
        "by": trend.division.name,
        "experiment": is_experiment(trend),
        "figure": code,
        "synthetic": any(row["synthetic"] for row in rows),
        "interval": LEVEL,
        "adjustment": "Holm",
        "family": sum(row["p"] is not None for row in rows),
    }
    return json_file(about, rows, f"{survey}-{question}-differences.json")


def _asked(survey: str, question: str) -> tuple[Trend, str]:
    subject = subject_of(survey, question)
    return subject.trend(), subject.figure.code


def _rows(trend: Trend, code: str) -> Iterator[dict[str, Cell]]:
    for one in apart(trend, code):
        a, b = one.sides
        difference = one.difference
        yield {
            "survey": trend.survey.key,
            "question": trend.variable.name,
            "wave": one.first.wave.key,
            "period": one.first.period,
            "by": trend.division.name,
            "figure": code,
            "first": one.first.domain,
            "second": one.second.domain,
            "first_value": a.value,
            "second_value": b.value,
            "first_n": a.n,
            "second_n": b.n,
            "difference": difference.value,
            "se": difference.se,
            "low": difference.low,
            "high": difference.high,
            "p": difference.p,
            "p_adjusted": one.p,
            "synthetic": one.first.wave.synthetic,
            "scheme": one.first.scheme,
            "scheme_version": one.first.version,
        }
