"""Tallies of a wave with the weights of a scheme, added up to the periods that estimates are wanted for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.estimation.period import coarser
from app.estimation.suppression import Blocks
from app.estimation.tally import Tally
from app.estimation.weighting import Weights, weigh
from app.questionnaire.counting import layout_of
from app.questionnaire.model import Questionnaire
from app.questionnaire.planning import parts_of
from app.questionnaire.scheme import FrozenScheme
from app.questionnaire.scheme_check import coarser_steps

from . import surveys
from .models import Wave
from .tallies import read_periods


@dataclass(frozen=True, eq=False)
class Stack:
    """The tallies of a wave's periods under one another; `kept` is the period of each row."""

    wave: Wave
    questionnaire: Questionnaire
    tally: Tally
    kept: Sequence[str]

    def by(self, step: str) -> list[str]:
        """The period of each row by another step."""
        made = {period: coarser(period, step, self.wave.key) for period in set(self.kept)}
        return [made[period] for period in self.kept]

    def rows_of(self, period: str, step: str) -> npt.NDArray[np.bool_]:
        """bool[C]: which rows are of a period."""
        return np.array([one == period for one in self.by(step)], bool)

    def rows(self, kept: npt.NDArray[np.bool_]) -> Stack:
        """Some of the rows, bool[C]."""
        tally = self.tally
        chosen = np.flatnonzero(kept).tolist()
        part = Tally(tally.layout, tuple(tally.cells[row] for row in chosen), tally.n[kept], tally.counts[kept])
        return Stack(self.wave, self.questionnaire, part, [self.kept[row] for row in chosen])

    def weights(self, frozen: FrozenScheme) -> Weights:
        """The weights of a scheme, made once; each of its periods is weighted by itself."""
        if frozen.hash not in self._weighed:
            groups = self.by(step_of(frozen, self.questionnaire))
            parts = parts_of(frozen, self.questionnaire, self.tally.cells, groups)
            self._weighed[frozen.hash] = weigh(self.tally, parts)
        return self._weighed[frozen.hash]

    def covered(self, frozen: FrozenScheme) -> npt.NDArray[np.bool_]:
        """bool[C]: the rows that a scheme gives a weight."""
        return np.asarray(self.weights(frozen).respondents.any(axis=0), np.bool_)

    @cached_property
    def pages(self) -> dict[str, Blocks]:
        """The domains of pages by period, once they were made."""
        return {}

    @cached_property
    def _weighed(self) -> dict[str, Weights]:
        return {}


def step_of(frozen: FrozenScheme, questionnaire: Questionnaire) -> str:
    """The period in which a scheme weights: its own, or the survey's where a version keeps no tallies by it."""
    own = frozen.scheme.period
    return own if own in coarser_steps(questionnaire.period) else questionnaire.period


def read_stack(wave: Wave, periods: Collection[str] | None = None) -> Stack:
    """The tallies of a wave, or of some of its periods."""
    questionnaire = surveys.questionnaire(wave.questionnaire_hash)
    tally, kept = read_periods(wave.id, layout_of(questionnaire), periods)
    return Stack(wave, questionnaire, tally, kept)
