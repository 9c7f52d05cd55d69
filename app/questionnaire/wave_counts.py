"""What the monitor of a wave counts of its submitted responses: sums that are added to, and taken from, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from app.estimation.tally import without_base

from .counting import SEPARATOR
from .kinds.base import Answers
from .model import Questionnaire
from .quality import flags_of, speed_limit

LONGEST = 6 * 60 * 60
"""Seconds. Who took longer had gone away meanwhile, and is counted with this."""


class WaveCounts(msgspec.Struct):
    """Responses by whole seconds from the first page sent to the end (where both times are known), by language, by the
    codes of the weighting variables together, and by flag. What was merged has no zeros."""

    seconds: dict[int, int] = {}
    languages: dict[str, int] = {}
    cells: dict[str, int] = {}
    flags: dict[str, int] = {}

    @property
    def least_seconds(self) -> float | None:
        """Who took less is marked as speeding; None where too few times are known."""
        return speed_limit(self.seconds, quantile(self.seconds, 0.5))

    @property
    def responses(self) -> int:
        return sum(self.languages.values())

    def count(
        self,
        questionnaire: Questionnaire,
        answers: Answers,
        cell: str,
        language: str,
        seconds: int | None,
        delta: int = 1,
    ) -> None:
        """Adds a response, or takes it back with delta -1; cell: of its tally; seconds: None if not known."""
        if seconds is not None:
            seconds = min(seconds, LONGEST)
            self.seconds[seconds] = self.seconds.get(seconds, 0) + delta
        self.languages[language] = self.languages.get(language, 0) + delta
        cell = _weighting_cell(cell, len(questionnaire.weighting))
        self.cells[cell] = self.cells.get(cell, 0) + delta
        for flag in flags_of(questionnaire, answers):
            self.flags[flag] = self.flags.get(flag, 0) + delta

    def merge(self, other: WaveCounts) -> None:
        """Adds all that another has counted."""
        for mine, theirs in zip(self._parts(), other._parts(), strict=True):
            for key, n in theirs.items():
                new = mine.get(key, 0) + n
                if new:
                    mine[key] = new
                else:
                    mine.pop(key, None)

    def _parts(self) -> Iterator[dict[Any, int]]:
        for name in self.__struct_fields__:
            yield getattr(self, name)

    def entries(self) -> dict[str, int]:
        """Every count by what it is of, as "language ja"."""
        return {
            f"{name} {key}": n
            for name, part in zip(self.__struct_fields__, self._parts(), strict=True)
            for key, n in part.items()
            if n
        }


@lru_cache(maxsize=16_384)
def _weighting_cell(cell: str, variables: int) -> str:
    """The codes of the weighting variables in a cell of a tally, without arms and base weight."""
    return SEPARATOR.join(without_base(cell).split(SEPARATOR)[:variables]) if variables else ""


def seconds_between(started_at: datetime, submitted_at: datetime) -> int | None:
    """How long a response took; None where both are one moment, as in files that do not say it.

    Between whole seconds, which is what files of responses say of times.
    """
    if submitted_at <= started_at:
        return None
    return int((submitted_at.replace(microsecond=0) - started_at.replace(microsecond=0)).total_seconds())


def quantile(counts: dict[int, int], share: float) -> float | None:
    """The value below which a share of what is counted lies: the mean of both, between two; None of nothing."""
    values, total = sorted(counts), sum(counts.values())
    if not total:
        return None
    place = (total - 1) * share
    low, part = int(place), place - int(place)
    return _at(values, counts, low) * (1 - part) + _at(values, counts, min(low + 1, total - 1)) * part


def _at(values: list[int], counts: dict[int, int], number: int) -> int:
    """The value of a place, from 0, in all that is counted, the smallest first."""
    for value in values:
        number -= counts[value]
        if number < 0:
            return value
    raise IndexError(number)
