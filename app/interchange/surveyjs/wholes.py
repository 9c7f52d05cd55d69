"""Which elements an entry of the report concerns: the one that it stands in, or all that its condition is for."""

from __future__ import annotations

from collections.abc import Iterator

from app.interchange.drafts.texts import REDUCED
from app.interchange.report import Entry, Report, Thing
from app.interchange.texts import FILLED

from .properties import LOOKS, REPEATS, SCORES

HARMLESS = frozenset([LOOKS, REPEATS, SCORES, REDUCED, FILLED])
_SHOWN = ("visibleIf", "enableIf")


class Wholes:
    """The questions of a file by their place."""

    def __init__(self, report: Report) -> None:
        self.questions = {thing[0]: thing for thing in report.worst() if thing[0] and thing[1] == "question"}

    def __call__(self, entry: Entry) -> Iterator[Thing]:
        where = entry.where
        while where and where not in self.questions:
            where = where[: max(where.rfind("."), 0)]
        if where:
            yield self.questions[where]
        elif entry.name in _SHOWN:  # Of a page or a panel: all within it.
            yield from (thing for place, thing in self.questions.items() if place.startswith(f"{entry.where}."))
