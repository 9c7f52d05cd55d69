"""Figures are published with weights and without: what is withheld so that the two together tell of no small group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.estimation.both_ways import Sum, telling
from app.estimation.measure import Measure, base_counts
from app.estimation.suppression import WHOLE, Domain
from app.questionnaire.scheme import FrozenScheme

from .computing import Auditor, page_blocks
from .estimates import Key
from .weighing import Stack

Cells = npt.NDArray[np.bool_]
Earlier = tuple[int, str, bool, str]
"""An edition, and a variable, whether it is weighted, and a domain in it."""
_PLAIN = 0
"""The number of the factor by which everybody counts as one; the others are of schemes."""


class _Page(NamedTuple):
    """A period as pages show it. plain: keys of what they withhold without weights only; small: groups not shown."""

    shown: list[Domain]
    plain: frozenset[str]
    small: list[Cells]


class BothWays:
    """Decides for one measure, over the rows of a stack. Nothing is withheld where no scheme is published.

    Of the auditor's schemes the first is the one that pages show.
    """

    def __init__(self, auditor: Auditor, stack: Stack, measure: Measure) -> None:
        self.auditor, self.stack, self.measure = auditor, stack, measure
        self.base = base_counts(stack.tally, measure)
        self.some = self.base > 0
        self.covers = [stack.covered(frozen) for frozen in auditor.frozen]
        factors, self.of_scheme = [np.ones(len(self.base))], dict[str, list[int]]()
        for frozen, cover in zip(auditor.frozen, self.covers, strict=True):
            partly = [] if cover[self.some].all() else [cover.astype(np.float64)]
            own = [stack.weights(frozen).u, *partly]
            self.of_scheme[frozen.hash] = list(range(len(factors), len(factors) + len(own)))
            factors += own
        self.factors = np.stack(factors)[:, self.some]
        self.of_pages = next(iter(self.of_scheme.values()), [])

    def of_page(self, period: str, withheld: frozenset[str]) -> frozenset[str]:
        """Keys of what a page withholds without weights, besides those that it withholds in any case."""
        return self._page(period, withheld).plain

    def beside_pages(
        self, period: str, step: str, wanted: Sequence[Domain], withheld: frozenset[str], frozen: FrozenScheme | None
    ) -> frozenset[str]:
        """Which of the domains wanted by a scheme, or without, are withheld besides those that are in any case."""
        own = self.stack.rows_of(period, step)
        kept = sorted({one for one, inside in zip(self.stack.kept, own, strict=True) if inside})
        pages = {one: self._page(one, self.auditor.of_pages(self.stack, one, self.measure)) for one in kept}
        known: frozenset[str] = frozenset()
        others = [replace(one, cells=one.cells & own) for one in wanted]
        own_factors = [_PLAIN] if frozen is None else self.of_scheme[frozen.hash]
        on_pages = frozen is None or own_factors == self.of_pages
        if on_pages and kept == [period] and step == self.stack.questionnaire.period:
            known = pages[period].plain if frozen is None else known
            on_page = {domain.key for domain in page_blocks(self.stack, period).domains}
            others = [one for one in others if one.key not in on_page]
        listed = self._shown(others, withheld)
        fixed = [one for page in pages.values() for one in self._sums(page.shown, self.of_pages)]
        for page in pages.values():
            fixed += self._sums((one for one in page.shown if one.key not in page.plain), [_PLAIN])
        fixed += self._sums(listed, self.of_pages) if frozen is None else []
        loose = self._sums(listed, own_factors)
        small = [cells for page in pages.values() for cells in page.small] + list(self._small(others))
        return known | telling(fixed, list(loose), small, self.factors)

    def _page(self, period: str, withheld: frozenset[str]) -> _Page:
        domains = page_blocks(self.stack, period).domains
        shown, small = self._shown(domains, withheld), list(self._small(domains))
        fixed, loose = self._sums(shown, self.of_pages), self._sums(shown, [_PLAIN])
        plain = telling(list(fixed), list(loose), small, self.factors) if self.of_pages else frozenset[str]()
        return _Page(shown, plain, small)

    def _shown(self, domains: Iterable[Domain], withheld: frozenset[str]) -> list[Domain]:
        """Those that are published, the first to be withheld first: small before large, the whole last."""
        listed = [one for one in domains if one.shown and one.key not in withheld and self.base[one.cells].any()]
        return sorted(listed, key=lambda one: (one.breakdown == WHOLE, int(self.base[one.cells].sum()), one.key))

    def _sums(self, domains: Iterable[Domain], factors: Iterable[int]) -> Iterator[Sum]:
        listed = list(factors)
        inside = ((one.key, one.cells[self.some]) for one in domains)
        return (Sum(key, cells, factor) for key, cells in inside for factor in listed)

    def _small(self, domains: Iterable[Domain]) -> Iterator[Cells]:
        """Groups of fewer than the minimum, among everybody and among those whom a scheme weights."""
        for one in domains:
            for cells in (one.cells, *(one.cells & cover for cover in self.covers)):
                if 0 < self.base[cells].sum() < self.auditor.minimum:
                    yield cells[self.some]


def solved_by(
    stack: Stack,
    measure: Measure,
    minimum: int,
    present: Iterable[Key],
    now: FrozenScheme | None,
    earlier: Mapping[Earlier, FrozenScheme],
) -> set[Earlier]:
    """Which earlier weighted figures of a measure would help to solve for a small group, beside those of the present.

    stack: of one period. earlier: by which scheme each was weighted. One by the present scheme says nothing new.
    """
    base = base_counts(stack.tally, measure)
    domains = {one.key: one for one in page_blocks(stack, stack.kept[0]).domains}
    small = [one.cells for one in domains.values() if 0 < base[one.cells].sum() < minimum]
    schemes = {frozen.hash: frozen for frozen in ([] if now is None else [now]) + list(earlier.values())}
    number = {scheme: place for place, scheme in enumerate(schemes, 1)}
    factors = np.stack([np.ones(len(base)), *(stack.weights(frozen).u for frozen in schemes.values())])
    some = base > 0

    def sum_of(key: str, domain: str, factor: int) -> Sum:
        return Sum(key, domains[domain].cells[some], factor)

    fixed = [sum_of(key, key, 1 if weighted else _PLAIN) for _, weighted, key in present if now or not weighted]
    other = {str(figure): figure for figure, frozen in earlier.items() if now is None or frozen.hash != now.hash}
    loose = [sum_of(key, figure[3], number[earlier[figure].hash]) for key, figure in other.items()]
    loose.sort(key=lambda one: (int(one.cells @ base[some]), one.key))
    gone = telling(fixed, loose, [cells[some] for cells in small], factors[:, some])
    return {other[key] for key in gone}
