"""The weight of every response, as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from app.estimation.period import counted_at, period_of
from app.estimation.weighting import Weights
from app.interchange.data_file import csv_chunks
from app.questionnaire.counting import cell_of
from app.questionnaire.scheme import UNWEIGHTED
from app.storage import bulk, tallies
from app.storage.models import Wave
from app.storage.weighing import Stack, read_stack

from .estimates_file import RequestError, scheme_named, waves_of

COLUMNS = ("response_id", "source_id", "wave", "period", "part", "base_weight", "weight")


def write_weights(survey: str, scheme: str | None) -> Iterator[bytes]:
    """The file in chunks, responses in the order of their ids. Raises RequestError before the first."""
    frozen = scheme_named(survey, scheme)
    if tallies.waiting():
        raise RequestError("Responses wait to be counted: run `flask jobs once roll_up` first.")
    found = {wave.id: _Wave(wave, read_stack(wave)) for wave in waves_of(survey)}
    for one in found.values():
        one.weigh(None if frozen is None else one.stack.weights(frozen))
    rows = (found[response.wave_id].row(response) for response in bulk.read_submitted(list(found)))
    return csv_chunks(chain([COLUMNS], rows), False)


class _Wave:
    """The weights of a wave by period and cell."""

    def __init__(self, wave: Wave, stack: Stack) -> None:
        self.wave, self.stack = wave, stack
        self.weight: dict[tuple[str, str], str] = {}
        self.part: dict[tuple[str, str], str] = {}

    def weigh(self, weights: Weights | None) -> None:
        """Takes the weights; without any everybody counts as one."""
        keys = list(zip(self.stack.kept, self.stack.tally.cells, strict=True))
        if weights is None:
            self.weight = dict.fromkeys(keys, "1.0")
            self.part = dict.fromkeys(keys, UNWEIGHTED)
            return
        for block in weights.blocks:
            for row, weight in zip(block.rows.tolist(), block.u.tolist(), strict=True):
                self.weight[keys[row]], self.part[keys[row]] = repr(weight), weights.outcomes[block.part].part

    def row(self, response: bulk.Submitted) -> tuple[str, ...]:
        questionnaire = self.stack.questionnaire
        period = self._period(response.submitted_at)
        key = (period, cell_of(questionnaire, response.answers, response.base_weight))
        source = (response.paradata or {}).get("source_id", "")
        base = 1.0 if response.base_weight is None else response.base_weight
        head = (str(response.id), source, self.wave.key, period)
        return (*head, self.part.get(key, ""), repr(base), self.weight.get(key, ""))

    def _period(self, submitted_at: datetime) -> str:
        return period_of(counted_at(submitted_at, self.wave.closes_at), self.stack.questionnaire.period, self.wave.key)
