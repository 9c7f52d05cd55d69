"""Which domains to withhold so that no small group can be read, or worked out, from what is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.estimation.recovery import combination, spanned
from app.estimation.tally import Counts

WHOLE = "all"


@dataclass(frozen=True, eq=False)
class Domain:
    """A group that may be published: cells bool[C] of one tally.

    breakdown: the domains of one breakdown share no cell; the whole is the breakdown "all".
    shown: False for a group that is never published but must not be worked out either, such as those whom a
    breakdown leaves over.
    """

    key: str
    breakdown: str
    cells: npt.NDArray[np.bool_]
    shown: bool = True


def suppress(domains: Sequence[Domain], base: Counts, minimum: int) -> frozenset[str]:
    """Keys of the shown domains to withhold for one variable and period.

    base int64[C]: respondents of each cell in the variable's base (`base_counts`). Withheld are domains of
    fewer than `minimum`, though not of none ("no answers" tells of nobody), and as many others as it takes:

    - no withheld domain is a linear combination of published ones;
    - no published domain leaves, once published domains inside it are taken away, fewer than `minimum` people
      among whom are some of a withheld domain;
    - a breakdown never withholds one domain alone while it has another to withhold with it.

    If the whole is below the minimum, everything goes. A reader is taken to know which cells are empty.
    """
    audit = _Audit(domains, base, minimum)
    return frozenset(domains[i].key for i in audit.withheld() if domains[i].shown)


class _Audit:
    """Domains by number, over blocks: sets of non-empty cells that lie in the same domains."""

    def __init__(self, domains: Sequence[Domain], base: Counts, minimum: int) -> None:
        inside = np.stack([domain.cells for domain in domains])[:, base > 0]
        patterns, block = _distinct_columns(inside)
        self.members = patterns
        self.block_n = np.bincount(block, base[base > 0], minlength=patterns.shape[1]).astype(np.int64)
        self.n = patterns @ self.block_n
        # The same as sets of bits: covers are searched by the thousand.
        self.masks = [int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little") for row in patterns]
        self.largest_first = np.argsort(-self.block_n, kind="stable").tolist()
        self.minimum = minimum
        self.domains = domains
        self.filled = [i for i in range(len(domains)) if self.n[i] > 0]

    def withheld(self) -> set[int]:
        hidden = {i for i in self.filled if self.n[i] < self.minimum}
        if any(self.domains[i].breakdown == WHOLE for i in hidden):
            return set(self.filled)
        small = frozenset(hidden)
        while more := self._weakness(hidden):
            hidden |= more
        for i in sorted(hidden - small, key=lambda i: (-self.n[i], self.domains[i].key)):
            if not self._weakness(hidden - {i}):
                hidden.remove(i)  # One withheld later made it superfluous.
        return hidden

    def _weakness(self, hidden: set[int]) -> set[int]:
        """The next domain to withhold; none if what is hidden is safe."""
        return self._exposing(hidden) or self._lonely(hidden)

    def _published(self, hidden: set[int]) -> list[int]:
        return [i for i in self.filled if i not in hidden and self.domains[i].shown]

    def _dearness(self, target: int, i: int) -> tuple[bool, bool, int, str]:
        """Sorts what to withhold for a target: its own breakdown first, small before large, the whole last."""
        domain = self.domains[i]
        return (
            domain.breakdown == WHOLE,
            domain.breakdown != self.domains[target].breakdown,
            int(self.n[i]),
            domain.key,
        )

    def _cheapest(self, target: int, candidates: Iterable[int]) -> list[int]:
        return sorted(candidates, key=lambda i: self._dearness(target, i))

    def _exposing(self, hidden: set[int]) -> set[int]:
        """A published domain by whose help a withheld one can be worked out; none if all are safe."""
        published = self._published(hidden)
        by_size = sorted(hidden, key=lambda i: (self.n[i], self.domains[i].key))
        if not published:
            return set()
        known, wanted = self.members[published].T, self.members[by_size].T
        for target in (i for i, exposed in zip(by_size, spanned(known, wanted), strict=True) if exposed):
            order = self._cheapest(target, published)
            # Should rounding ever hide how, withhold something all the same.
            used = combination(self.members[order].T, self.members[target]) or range(len(order))
            return set(self._cheapest(target, [order[i] for i in used])[:1])
        for target in by_size:
            if remainder := self._remainder(target, self._cheapest(target, published)):
                return set(self._cheapest(target, remainder)[:1])
        return set()

    def _lonely(self, hidden: set[int]) -> set[int]:
        """The domain to withhold with one that is alone in its breakdown."""
        published = self._published(hidden)
        for target in sorted(hidden):
            breakdown = self.domains[target].breakdown
            if all(self.domains[i].breakdown != breakdown for i in hidden - {target}):
                siblings = [i for i in published if self.domains[i].breakdown == breakdown]
                if siblings:
                    return set(self._cheapest(target, siblings)[:1])
        return set()

    def _remainder(self, target: int, published: list[int]) -> list[int]:
        """Published domains that, taken away from another, leave the target among fewer than the minimum."""
        wanted = self.masks[target]
        budget = self.minimum - 1 - int(self.n[target])
        for whole in published:
            if wanted & ~self.masks[whole]:
                continue
            around = self.masks[whole] & ~wanted
            pieces = [i for i in published if not self.masks[i] & ~around]
            people = int(self.n[whole] - self.n[target])
            if cover := self._cover(around, people, pieces, budget):
                return cover
        return []

    def _cover(self, left: int, people: int, pieces: list[int], budget: int) -> list[int] | None:
        """Pieces without overlap that cover all of `left` but for at most `budget` people, or None.

        left: blocks as bits, with so many people in them; pieces lie inside it.
        """
        if budget < 0:
            return None
        if people <= budget:
            return []
        block = next(block for block in self.largest_first if left >> block & 1)
        for i in pieces:
            mask = self.masks[i]
            if mask >> block & 1:
                usable = [j for j in pieces if not self.masks[j] & mask]
                if (cover := self._cover(left & ~mask, people - int(self.n[i]), usable, budget)) is not None:
                    return [i, *cover]
        usable = [j for j in pieces if not self.masks[j] >> block & 1]
        lost = int(self.block_n[block])
        return self._cover(left & ~(1 << block), people - lost, usable, budget - lost)


def _distinct_columns(
    matrix: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """The distinct columns of bool[D, C], and for each column which of them it is."""
    packed = np.ascontiguousarray(np.packbits(matrix, axis=0).T)
    whole = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, which = np.unique(whole, return_index=True, return_inverse=True)
    return matrix[:, first], which
