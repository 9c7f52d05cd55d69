"""What is published together is audited together: pages, other groupings, coarser periods, weighted and not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.estimation.suppression import Blocks, Domain, suppress
from app.estimation.tally import Counts


def withhold(blocks: Blocks, bases: Iterable[Counts], minimum: int) -> frozenset[str]:
    """Keys of the domains to withhold for every one of several bases int64[C], such as all and the weighted ones."""
    return frozenset[str]().union(*(blocks.withheld(base, minimum) for base in bases))


def withhold_beside(
    published: Mapping[str, tuple[Sequence[Domain], frozenset[str]]],
    wanted: Sequence[Domain],
    bases: Iterable[Counts],
    minimum: int,
) -> frozenset[str]:
    """Which of the domains wanted are to be withheld, given what is published already.

    published: by period, its domains (cells over the same rows as those wanted) and the keys of those withheld.
    """
    found = frozenset[str]()
    for base in bases:
        known = [
            _standing(domain, period, domain.key in withheld)
            for period, (domains, withheld) in published.items()
            for domain in domains
            if domain.key not in withheld or base[domain.cells].sum() < minimum
        ]
        found |= suppress([*known, *wanted], base, minimum)
    return found & {domain.key for domain in wanted}


def _standing(domain: Domain, period: str, withheld: bool) -> Domain:
    """A domain as it is known already: published, or too small to be ever worked out."""
    key, breakdown = f"{period}/{domain.key}", f"{period}/{domain.breakdown}"
    return replace(domain, key=key, breakdown=breakdown, shown=not withheld, fixed=not withheld)
