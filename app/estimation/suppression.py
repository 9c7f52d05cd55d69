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
    breakdown leaves over. fixed: published already, so that it cannot be withheld any more.
    """

    key: str
    breakdown: str
    cells: npt.NDArray[np.bool_]
    shown: bool = True
    fixed: bool = False


def suppress(domains: Sequence[Domain], base: Counts, minimum: int) -> frozenset[str]:
    """Keys of the shown domains to withhold for one variable and period.

    base int64[C]: respondents of each cell in the variable's base (`base_counts`). Withheld are domains of
    fewer than `minimum`, though not of none ("no answers" tells of nobody), and as many others as it takes:

    - no withheld domain is a linear combination of published ones;
    - no published domain leaves, once published domains inside it are taken away, fewer than `minimum` people
      among whom are some of a withheld domain;
    - a breakdown never withholds one domain alone while it has another to withhold with it.

    If the whole is below the minimum, everything goes. A reader is taken to know which cells are empty. What can be
    worked out from `fixed` domains alone is known already: nothing that is withheld now would help.
    """
    return Blocks(domains).withheld(base, minimum)


class Blocks:
    """Domains over blocks, sets of cells that lie in the same domains: made once for the variables of a period."""

    def __init__(self, domains: Sequence[Domain]) -> None:
        self.domains = domains
        # Of several sets that would do, which one is found must not hang on the order in which domains are given.
        self._sorted = sorted(domains, key=lambda domain: domain.key)
        self._patterns, self._block = distinct_columns(np.stack([domain.cells for domain in self._sorted]))

    def withheld(self, base: Counts, minimum: int) -> frozenset[str]:
        """As `suppress` of the domains."""
        people = np.bincount(self._block, base, minlength=self._patterns.shape[1]).astype(np.int64)
        filled = people > 0
        audit = _Audit(self._sorted, self._patterns[:, filled], people[filled], minimum)
        found = (self._sorted[i] for i in audit.withheld())
        return frozenset(domain.key for domain in found if domain.shown and not domain.fixed)


class _Audit:
    """Domains by number, over blocks that are not empty: members bool[D, B], block_n int64[B] respondents."""

    def __init__(
        self, domains: Sequence[Domain], members: npt.NDArray[np.bool_], block_n: Counts, minimum: int
    ) -> None:
        self.members = members
        self.block_n = block_n
        self.n = members @ block_n
        # The same as sets of bits: covers are searched by the thousand.
        packed = np.packbits(members, axis=1, bitorder="little")
        self.masks = [int.from_bytes(row.tobytes(), "little") for row in packed]
        self.largest_first = np.argsort(-block_n, kind="stable").tolist()
        self.counted: dict[int, int] = {}
        self.minimum = minimum
        self.domains = domains
        self.filled = [i for i in range(len(domains)) if self.n[i] > 0]

    def withheld(self) -> set[int]:
        hidden = {i for i in self.filled if self.n[i] < self.minimum and not self.domains[i].fixed}
        if any(self.domains[i].breakdown == WHOLE for i in hidden):
            return {i for i in self.filled if not self.domains[i].fixed}
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

    def _to_withhold(self, target: int, candidates: Iterable[int]) -> set[int]:
        """The one of these to withhold for a target."""
        return set([i for i in self._cheapest(target, candidates) if not self.domains[i].fixed][:1])

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
            if choice := self._to_withhold(target, [order[i] for i in used]):
                return choice
        for target in by_size:
            if self.n[target] >= self.minimum:
                break  # These and all that follow are not few among whatever they are left with.
            pieces, whole = self._remainder(target, self._cheapest(target, published))
            # Where all the pieces are published already, what they are taken away from has to go.
            if choice := self._to_withhold(target, pieces) or self._to_withhold(target, whole):
                return choice
        return set()

    def _lonely(self, hidden: set[int]) -> set[int]:
        """The domain to withhold with one that is alone in its breakdown."""
        published = self._published(hidden)
        for target in sorted(hidden):
            breakdown = self.domains[target].breakdown
            if all(self.domains[i].breakdown != breakdown for i in hidden - {target}):
                siblings = [i for i in published if self.domains[i].breakdown == breakdown]
                if choice := self._to_withhold(target, siblings):
                    return choice
        return set()

    def _remainder(self, target: int, published: list[int]) -> tuple[list[int], list[int]]:
        """Published domains that, taken away from another, leave the target among fewer than the minimum; that other.

        Both are empty if there are none.
        """
        wanted = self.masks[target]
        budget = self.minimum - 1 - int(self.n[target])
        for whole in published:
            if budget < 0 or wanted & ~self.masks[whole]:
                continue
            around = self.masks[whole] & ~wanted
            pieces = [i for i in published if not self.masks[i] & ~around]
            if cover := self._cover(around, pieces, budget, {}):
                return cover, [whole]
        return [], []

    def _cover(self, left: int, pieces: list[int], budget: int, failed: dict[int, int]) -> list[int] | None:
        """Pieces without overlap that cover all of `left` but for at most `budget` people, or None.

        left: blocks as bits; pieces lie inside it. failed: what could not be covered with how large a budget, for the
        same is left over in many ways.
        """
        if self._people(left) <= budget:
            return []
        union = 0
        for i in pieces:
            union |= self.masks[i]
        if self._people(left & ~union) > budget or failed.get(left, -1) >= budget:
            return None
        block = next(block for block in self.largest_first if union >> block & 1)
        for i in pieces:
            mask = self.masks[i]
            if mask >> block & 1:
                usable = [j for j in pieces if not self.masks[j] & mask]
                if (cover := self._cover(left & ~mask, usable, budget, failed)) is not None:
                    return [i, *cover]
        lost = int(self.block_n[block])
        if lost <= budget:
            usable = [j for j in pieces if not self.masks[j] >> block & 1]
            if (cover := self._cover(left & ~(1 << block), usable, budget - lost, failed)) is not None:
                return cover
        failed[left] = max(budget, failed.get(left, -1))
        return None

    def _people(self, mask: int) -> int:
        """How many people are in blocks given as bits."""
        if mask not in self.counted:
            bits = np.frombuffer(mask.to_bytes((len(self.block_n) + 7) // 8, "little"), np.uint8)
            inside = np.unpackbits(bits, bitorder="little")[: len(self.block_n)]
            self.counted[mask] = int(inside @ self.block_n)
        return self.counted[mask]


def distinct_columns(
    matrix: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """The distinct columns of bool[D, C], and for each column which of them it is."""
    packed = np.ascontiguousarray(np.packbits(matrix, axis=0).T)
    whole = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, which = np.unique(whole, return_index=True, return_inverse=True)
    return matrix[:, first], which
