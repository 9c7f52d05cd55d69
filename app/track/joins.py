"""Where the line of a trend is joined by declaration, in words: from when, why, and what differs."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.differences import Difference, differences
from app.language import select

from . import words
from .line import Join
from .trend import Trend


@dataclass(frozen=True)
class JoinNote:
    """One declaration, or several where versions between were not fielded. period: from which the line goes on so."""

    period: str
    reasons: tuple[str, ...]
    differences: list[Difference]

    @property
    def lines(self) -> list[str]:
        """The note as sentences, with what differs in the reader's language."""
        said = [
            _("From %(period)s joined by declaration: %(reason)s", period=self.period, reason=r) for r in self.reasons
        ]
        own = [one for one in self.differences if one.language in ("", select())]
        return said + [
            _("%(part)s: before “%(before)s”, now “%(after)s”", part=one.part, before=one.before, after=one.after)
            for one in own
        ]


def join_notes(trend: Trend) -> list[JoinNote]:
    """Each join once, in order of time."""
    found: dict[Join, str] = {}
    for (_domain, place), join in sorted(trend.joins().items(), key=lambda one: trend.days[one[0][1]]):
        found.setdefault(join, words.period_words(place[1]))
    return [JoinNote(period, join.reasons, differences(trend.line.facts(join))) for join, period in found.items()]
