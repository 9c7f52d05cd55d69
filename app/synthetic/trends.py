"""How synthetic opinion moves: each item a slow walk in each country, and one event that moves several at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.questionnaire.model import Questionnaire

from .opinion import ITEMS, Item

Floats = npt.NDArray[np.float64]

_STEP = 0.035
_WHEN = 0.55
_LASTING = 0.4
_FADING = 0.8
_HOST = 1.5


class Trends:
    """The means of every item in every month, the same for the same seed. Items that `opinion` lacks are made up."""

    def __init__(self, questionnaire: Questionnaire, seed: int, months: int) -> None:
        self._seed = seed
        self._numbers = {name: number for number, name in enumerate(questionnaire.variables)}
        steps = np.random.default_rng([seed, 2]).normal(0, _STEP, (len(self._numbers), 2, months))
        self._walks = steps.cumsum(axis=2)
        after = np.arange(months) - round(_WHEN * months)
        self._event = np.where(after < 0, 0.0, _LASTING + (1 - _LASTING) * _FADING ** np.maximum(after, 0))
        self._items = {name: ITEMS.get(name) or self._made_up(name) for name in self._numbers}

    def item(self, name: str) -> Item:
        return self._items[name]

    def means(
        self,
        name: str,
        month: int,
        country: npt.NDArray[np.object_],
        group: npt.NDArray[np.object_],
        region: npt.NDArray[np.object_],
    ) -> Floats:
        """Each person's mean opinion of an item in a month."""
        item = self._items[name]
        japan = country == "jp"
        walk = self._walks[self._numbers[name], :, month]
        means = np.where(japan, item.japan + walk[0], item.elsewhere + walk[1])
        for code, more in item.groups.items():
            means[group == code] += more
        means[region == "okinawa"] += item.okinawa
        means += item.event * self._event[month] * japan * np.where(group == "host", _HOST, 1.0)
        return np.asarray(means, np.float64)

    def shares(self, name: str, count: int) -> Floats:
        """Shares of the options of a question that `opinion` knows nothing of."""
        return self._chance(name).dirichlet(np.full(count, 3.0))

    def _made_up(self, name: str) -> Item:
        japan, elsewhere = self._chance(name).uniform(-0.3, 0.6, 2)
        return Item(japan, elsewhere, {}, 0.06)

    def _chance(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self._seed, 3, self._numbers[name]])
