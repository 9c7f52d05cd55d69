"""Figures are published with weights and without: what is withheld so that all together tell of no small group.

Without weights a figure tells how many people of a group are in the base, and how many of them chose what. With weights
there are two more sums over the same people: of the weights, and, in its error and effective n, of their squares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.estimation.both_ways import Sum, Weighted, alike, telling, tried_out
from app.estimation.measure import Measure, base_counts
from app.estimation.suppression import WHOLE, Domain
from app.estimation.tally import Floats
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
    """A period as pages show it. weighted: keys of what they withhold with weights only; small: groups not shown."""

    shown: list[Domain]
    weighted: frozenset[str]
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
            u = stack.weights(frozen).u
            partly = [] if cover[self.some].all() else [cover.astype(np.float64)]
            own = [u, u**2, *partly]
            self.of_scheme[frozen.hash] = list(range(len(factors), len(factors) + len(own)))
            factors += own
        self.of_all = np.stack(factors)
        self.factors = self.of_all[:, self.some]
        self.of_pages = next(iter(self.of_scheme.values()), [])

    def of_page(self, period: str, withheld: frozenset[str]) -> frozenset[str]:
        """Keys of what a page withholds with weights, besides those that it withholds in any case."""
        return self._page(period, withheld).weighted

    def beside_pages(
        self, period: str, step: str, wanted: Sequence[Domain], withheld: frozenset[str], frozen: FrozenScheme | None
    ) -> frozenset[str]:
        """Which of the domains wanted by a scheme, or without, are withheld besides those that are in any case.

        What is wanted without weights is held against pages, what is wanted by a scheme against that too, and against
        the schemes before it.
        """
        own = self.stack.rows_of(period, step)
        kept = sorted({one for one, inside in zip(self.stack.kept, own, strict=True) if inside})
        pages = {one: self._page(one, self.auditor.of_pages(self.stack, one, self.measure)) for one in kept}
        inside, on_page = [replace(one, cells=one.cells & own) for one in wanted], set[str]()
        if kept == [period] and step == self.stack.questionnaire.period:
            on_page = {domain.key for domain in page_blocks(self.stack, period).domains}
        others = [one for one in inside if one.key not in on_page]
        small = [cells for page in pages.values() for cells in page.small] + list(self._small(others))
        known = [one for page in pages.values() for one in self._of_page(page)]
        asked = [_PLAIN] if frozen is None else self.of_scheme[frozen.hash]
        for factors in [[_PLAIN], *self.of_scheme.values()]:
            of_pages = factors in ([_PLAIN], self.of_pages)
            listed = self._shown(others if of_pages else inside, withheld)
            gone = self._telling(known, listed, small, factors)
            if factors == asked:
                break
            known += self._sums((one for one in listed if one.key not in gone), factors)
        return gone | (pages[period].weighted if on_page and frozen and asked == self.of_pages else frozenset())

    def _page(self, period: str, withheld: frozenset[str]) -> _Page:
        domains = page_blocks(self.stack, period).domains
        shown, small = self._shown(domains, withheld), list(self._small(domains))
        fixed = list(self._sums(shown, [_PLAIN]))
        return _Page(shown, self._telling(fixed, shown, small, self.of_pages), small)

    def _telling(
        self, known: Sequence[Sum], listed: Sequence[Domain], small: Sequence[Cells], factors: Sequence[int]
    ) -> frozenset[str]:
        """Keys of the domains listed whose figures, made with these factors, would tell beside what is known."""
        tried: frozenset[str] = frozenset()
        if small and factors and factors != [_PLAIN]:
            plain = [one.cells for one in known if one.factor == _PLAIN]
            weighted = _weighted(((one.key, one.cells) for one in listed), self.of_all[factors[0]], self.some)
            tried = tried_out(plain, weighted, small, self.factors[factors[0]])
        loose = self._sums((one for one in listed if one.key not in tried), factors)
        return tried | telling(known, list(loose), small, self.factors)

    def _of_page(self, page: _Page) -> Iterator[Sum]:
        """What a page publishes."""
        yield from self._sums(page.shown, [_PLAIN])
        yield from self._sums((one for one in page.shown if one.key not in page.weighted), self.of_pages)

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
    factors = [np.ones(len(base))]
    number = dict[str, tuple[int, int]]()
    for hash_, frozen in schemes.items():
        number[hash_] = len(factors), len(factors) + 1
        factors += [(u := stack.weights(frozen).u), u**2]
    some = base > 0

    def sums_of(key: str, domain: str, of: Iterable[int]) -> Iterator[Sum]:
        return (Sum(key, domains[domain].cells[some], factor) for factor in of)

    fixed: list[Sum] = []
    for _, weighted, key in present:
        fixed += sums_of(key, key, number[now.hash] if now and weighted else [_PLAIN])
    other = {str(figure): figure for figure, frozen in earlier.items() if now is None or frozen.hash != now.hash}
    loose = [one for key, figure in other.items() for one in sums_of(key, figure[3], number[earlier[figure].hash])]
    loose.sort(key=lambda one: (int(one.cells @ base[some]), one.key))
    known, few = np.stack(factors)[:, some], [cells[some] for cells in small]
    plain = [one.cells for one in fixed if one.factor == _PLAIN]
    tried = set[str]()
    for hash_, (place, _squares) in number.items():
        by_it = ((key, domains[one[3]].cells) for key, one in other.items() if earlier[one].hash == hash_)
        tried |= tried_out(plain, _weighted(by_it, factors[place], some), few, known[place])
    gone = telling(fixed, [one for one in loose if one.key not in tried], few, known)
    return {other[key] for key in tried | gone}


def _weighted(groups: Iterable[tuple[str, Cells]], u: Floats, some: Cells) -> list[Weighted]:
    """Weighted figures of groups over all cells, of which some are in the base."""
    number = alike(u)
    return [Weighted(key, cells[some], int(np.count_nonzero(np.bincount(number[cells])))) for key, cells in groups]
