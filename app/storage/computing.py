"""Estimates made from tallies: of a wave, by a scheme, in the periods of a step. Pages read what was stored of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.estimation.disclosure import withhold, withhold_beside
from app.estimation.estimate import estimate_domains
from app.estimation.figure import Estimate
from app.estimation.measure import Measure, base_counts
from app.estimation.sums import Sums
from app.estimation.suppression import Blocks, Domain
from app.estimation.tally import Counts
from app.estimation.weighting import Part, Weights, weigh
from app.questionnaire.counting import domains_of, measure_of
from app.questionnaire.model import Questionnaire
from app.questionnaire.scheme import FrozenScheme

from .weighing import Stack, step_of


@dataclass(frozen=True, eq=False)
class Computed:
    """Estimates in one period: estimates[measure][domain], and by measure the keys of the domains to withhold.

    sums: weights of the rows of the stack, measures, and which rows are of which domain and of the period.
    """

    stack: Stack
    period: str
    sums: Sums
    domains: Sequence[Domain]
    estimates: list[list[Estimate]]
    withheld: list[frozenset[str]]


def measures_of(questionnaire: Questionnaire) -> list[Measure]:
    """The published variables of a version."""
    return [measure_of(variable) for variable in questionnaire.published_variables]


def periods_of(stack: Stack, step: str) -> list[str]:
    """The periods of a step that a stack has, in order."""
    return sorted(set(stack.by(step)))


def part_of(stack: Stack, frozen: FrozenScheme | None, period: str, step: str) -> Stack:
    """The rows that estimates in a period hang on: its own, and all that are weighted together with them."""
    wanted = stack.rows_of(period, step)
    if frozen is not None:
        groups = stack.by(step_of(frozen, stack.questionnaire))
        touched = {group for group, inside in zip(groups, wanted, strict=True) if inside}
        wanted = np.array([group in touched for group in groups], bool)
    return stack.rows(wanted)


def weights_of(stack: Stack, frozen: FrozenScheme | None, step: str) -> Weights:
    """The weights of a stack's rows. Without a scheme everybody counts as one, each period a sample of its own."""
    if frozen is not None:
        return stack.weights(frozen)
    groups = stack.by(step)
    listed = np.array(groups, object)
    return weigh(stack.tally, [Part("all", listed == group, group=group) for group in dict.fromkeys(groups)])


def page_blocks(stack: Stack, period: str) -> Blocks:
    """What pages show in a period in which the tallies are kept: domains over the stack's rows."""
    if period not in stack.pages:
        own = np.array([kept == period for kept in stack.kept], bool)
        found = domains_of(stack.questionnaire, stack.tally.cells)
        stack.pages[period] = Blocks([replace(domain, cells=domain.cells & own) for domain in found])
    return stack.pages[period]


def compute(
    stack: Stack,
    frozen: FrozenScheme | None,
    period: str,
    step: str,
    domains: Sequence[Domain],
    measures: Sequence[Measure],
) -> Computed:
    """The estimates of measures in domains (over the rows of the stack) in one period, nothing withheld yet."""
    own = stack.rows_of(period, step)
    members = np.stack([domain.cells & own for domain in domains])
    sums = Sums(stack.tally, weights_of(stack, frozen, step), measures, members)
    return Computed(stack, period, sums, domains, estimate_domains(sums), [frozenset()] * len(measures))


@dataclass(frozen=True)
class Auditor:
    """Decides what is withheld: for what pages show and what else is published beside it.

    frozen: the schemes whose figures are published beside the unweighted ones.
    """

    minimum: int
    frozen: Collection[FrozenScheme]

    def of_pages(self, stack: Stack, period: str, measure: Measure) -> frozenset[str]:
        """Keys of what pages do not show of a period's domains."""
        return withhold(page_blocks(stack, period), self._bases(stack, measure), self.minimum)

    def beside_pages(
        self, stack: Stack, period: str, step: str, wanted: Sequence[Domain], measure: Measure
    ) -> frozenset[str]:
        """Which of the domains wanted (of the period, over the stack's rows) are withheld, beside what pages show."""
        own = stack.rows_of(period, step)
        kept = sorted({one for one, inside in zip(stack.kept, own, strict=True) if inside})
        pages = {one: (page_blocks(stack, one).domains, self.of_pages(stack, one, measure)) for one in kept}
        if kept == [period] and step == stack.questionnaire.period:
            domains, withheld = pages[period]
            shown = {domain.key for domain in domains}
            others = [domain for domain in wanted if domain.key not in shown]
            found = {domain.key for domain in wanted if domain.key in withheld}
        else:
            others, found = list(wanted), set()
        if not others:
            return frozenset(found)
        others = [replace(domain, cells=domain.cells & own) for domain in others]
        return withhold_beside(pages, others, list(self._bases(stack, measure)), self.minimum) | found

    def _bases(self, stack: Stack, measure: Measure) -> Iterator[Counts]:
        """Respondents in the base: all, and those whom each scheme weights where these are fewer."""
        base = base_counts(stack.tally, measure)
        yield base
        for frozen in self.frozen:
            covered = stack.covered(frozen)
            if not covered[base > 0].all():
                yield np.where(covered, base, 0)
