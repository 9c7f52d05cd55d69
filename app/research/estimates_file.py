"""Every estimate of a survey at full precision, made from tallies by the functions that make those of pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.estimation.detail import Detail, bounds, details, solvable, weight_range
from app.estimation.figure import Estimate
from app.estimation.measure import Measure
from app.estimation.suppression import Domain
from app.estimation.weighting import Outcome
from app.questionnaire.counting import crossed_domains, domains_of
from app.questionnaire.model import Questionnaire
from app.questionnaire.scheme import UNWEIGHTED, FrozenScheme
from app.questionnaire.scheme_check import coarser_steps
from app.storage import schemes, surveys
from app.storage.both_ways import BothWays
from app.storage.computing import Auditor, Computed, compute, measures_of, part_of, periods_of
from app.storage.estimates import shown_figures
from app.storage.models import Wave
from app.storage.weighing import Stack, read_stack, step_of

from .breaks import Breaks
from .differences_file import Differences, arms_of
from .files import only_synthetic

COLUMNS = (
    *("survey", "scheme", "version", "wave", "period", "variable", "domain", "figure"),
    *("value", "se", "low", "high", "kg_low", "kg_high", "n", "n_asked", "effective_n", "deff"),
    *("weight_min", "weight_max", "suppressed", "breaks", "synthetic"),
)


class RequestError(ValueError):
    """What cannot be exported, in English."""


@dataclass(frozen=True)
class Request:
    """What to export.

    scheme: its key, "unweighted", or None for the one that pages show. by: groupings, each of breakdowns or cell
    variables that are crossed. minimum: None suppresses nothing.
    """

    survey: str
    scheme: str | None = None
    by: Sequence[Sequence[str]] = ()
    step: str | None = None
    minimum: int | None = 10
    covariance: bool = False
    totals: bool = False
    variables: Sequence[str] = ()
    differences: bool = False


@dataclass
class Export:
    """What is exported: rows as COLUMNS has them, how the weighting went, and what was asked for besides."""

    survey: str
    scheme: str
    version: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    weighting: list[dict[str, Any]] = field(default_factory=list)
    covariances: list[dict[str, Any]] = field(default_factory=list)
    totals: list[dict[str, Any]] = field(default_factory=list)
    differences: Differences = field(default_factory=Differences)


def export(request: Request) -> Export:
    """Every estimate of a survey. Raises RequestError."""
    if request.survey not in surveys.survey_keys():
        raise RequestError(f"There is no survey “{request.survey}”.")
    frozen = scheme_named(request.survey, request.scheme)
    key, version = (frozen.scheme.key, frozen.hash) if frozen else (UNWEIGHTED, "")
    made = Export(request.survey, key, version)
    breaks = Breaks(surveys.versions(request.survey), frozen)
    for wave in waves_of(request.survey):
        stack = read_stack(wave)
        if not stack.tally.cells:
            continue
        step = _step(request, stack.questionnaire)
        for period in periods_of(stack, step):
            _Period(request, frozen, part_of(stack, frozen, period, step), period, step, breaks).write(made)
    return made


def scheme_named(survey: str, key: str | None) -> FrozenScheme | None:
    """A scheme of a survey; None for no weights. Raises RequestError."""
    known = schemes.current(survey)
    if key is None:
        return known[0] if known else None
    if key == UNWEIGHTED:
        return None
    found = next((frozen for frozen in known if frozen.scheme.key == key), None)
    if found is None:
        named = ", ".join([*(frozen.scheme.key for frozen in known), UNWEIGHTED])
        raise RequestError(f"The survey “{survey}” has no weighting scheme “{key}”; it has: {named}.")
    return found


def waves_of(survey: str) -> list[Wave]:
    """The real waves, or the synthetic ones where there are no other responses."""
    waves = surveys.waves(survey)
    synthetic = only_synthetic(waves)
    return [wave for wave in waves if wave.synthetic == synthetic]


def _step(request: Request, questionnaire: Questionnaire) -> str:
    step = request.step or questionnaire.period
    known = coarser_steps(questionnaire.period)
    if step not in known:
        raise RequestError(
            f"The survey's tallies are kept by {questionnaire.period} (`period:` of its questionnaire),"
            f" so estimates can be had by: {', '.join(known)}."
        )
    return step


class _Period:
    """Writes the estimates of one period of a wave."""

    def __init__(
        self,
        request: Request,
        frozen: FrozenScheme | None,
        stack: Stack,
        period: str,
        step: str,
        breaks: Breaks,
    ) -> None:
        self.request, self.frozen, self.stack, self.breaks = request, frozen, stack, breaks
        self.period, self.step = period, step
        named = set(request.variables)
        self.measures = [m for m in measures_of(stack.questionnaire) if not named or m.name in named]

    def write(self, made: Export) -> None:
        domains = self._domains()
        computed = compute(self.stack, self.frozen, self.period, self.step, domains, self.measures)
        withheld = self._withheld(domains)
        wanted = self.request.covariance or self.request.totals
        all_details = details(computed.sums) if wanted else [[Detail(())] * len(domains) for _ in self.measures]
        ranges = [
            weight_range(computed.sums.weights, self.stack.tally, members, self.request.minimum or 0)
            for members in computed.sums.members
        ]
        place = {"wave": self.stack.wave.key, "period": self.period}
        made.weighting += [{**place, **one} for one in self._outcomes(computed)]
        for number, measure in enumerate(self.measures):
            estimates, hidden = computed.estimates[number], withheld[number]
            shared = {
                "survey": made.survey,
                "scheme": made.scheme,
                "version": made.version,
                **place,
                "variable": measure.name,
                "breaks": self.breaks.before(self.stack.wave, self.period, measure.name),
                "synthetic": int(self.stack.wave.synthetic),
            }
            if self.request.differences:
                self._write_differences(made, shared, computed, measure, hidden)
            intervals = bounds(computed.sums, measure, estimates)
            for row, domain in enumerate(domains):
                at = {**shared, "domain": domain.key}
                if domain.key in hidden:
                    made.rows.append({**at, "figure": "", "suppressed": 1})
                    continue
                made.rows += self._rows(at, estimates[row], intervals[row], ranges[row])
                self._write_details(
                    made, {**place, "variable": measure.name, "domain": domain.key}, all_details[number][row]
                )

    def _write_differences(
        self, made: Export, shared: dict[str, Any], computed: Computed, measure: Measure, hidden: frozenset[str]
    ) -> None:
        at = {name: value for name, value in shared.items() if name != "breaks"}
        step = None if shared["breaks"] else self.step
        made.differences.add(at, computed, measure, hidden, self.request.minimum or 0, step)

    def _domains(self) -> list[Domain]:
        """The whole, then the groupings asked for; without any, those of the pages."""
        questionnaire, cells = self.stack.questionnaire, self.stack.tally.cells
        pages = domains_of(questionnaire, cells)
        if not self.request.by:
            arms = arms_of(questionnaire) if self.request.differences else []
            found = [*pages, *(domain for arm in arms for domain in crossed_domains(questionnaire, cells, [arm]))]
            return list({domain.key: domain for domain in found}.values())
        found = pages[:1]
        for by in self.request.by:
            try:
                found += crossed_domains(questionnaire, cells, by)
            except KeyError as error:
                known = dict.fromkeys([*(b.name for b in questionnaire.breakdowns), *questionnaire.cell])
                raise RequestError(
                    f"{error} is neither a breakdown nor a weighting variable of the survey; these are:"
                    f" {', '.join(known)}. What the tallies are to know stands in the questionnaire's `weighting:`."
                ) from None
        return list({domain.key: domain for domain in found}.values())

    def _withheld(self, domains: Sequence[Domain]) -> list[frozenset[str]]:
        if self.request.minimum is None:
            return [frozenset()] * len(self.measures)
        beside = [*schemes.current(self.request.survey)[:1], *([self.frozen] if self.frozen else [])]
        auditor = Auditor(self.request.minimum, list({one.hash: one for one in beside}.values()))
        return [self._beside_pages(auditor, domains, measure) for measure in self.measures]

    def _beside_pages(self, auditor: Auditor, domains: Sequence[Domain], measure: Measure) -> frozenset[str]:
        at = self.period, self.step, domains
        withheld = auditor.beside_pages(self.stack, *at, measure)
        return withheld | BothWays(auditor, self.stack, measure).beside_pages(*at, withheld, self.frozen)

    def _rows(
        self,
        at: dict[str, Any],
        estimate: Estimate,
        intervals: dict[str, tuple[float, float]],
        weights: tuple[float, float] | None,
    ) -> Iterator[dict[str, Any]]:
        figures = shown_figures(estimate, self.request.minimum or 0)
        low, high = weights or (None, None)
        for code, figure in figures.items():
            kg_low, kg_high = intervals.get(code, (None, None))
            yield {
                **at,
                "figure": code,
                "value": figure.value,
                "se": figure.se,
                "low": figure.low,
                "high": figure.high,
                "kg_low": kg_low,
                "kg_high": kg_high,
                "n": figure.n,
                "n_asked": estimate.n_asked,
                "effective_n": figure.effective_n,
                "deff": figure.deff,
                "weight_min": low,
                "weight_max": high,
                "suppressed": 0,
            }

    def _write_details(self, made: Export, at: dict[str, Any], detail: Detail) -> None:
        if self.request.covariance and detail.covariance is not None:
            made.covariances.append({**at, "codes": detail.codes, "covariance": detail.covariance})
        if self.request.totals and detail.totals:
            listed = [{"figure": code, "value": v, "se": se} for code, (v, se) in detail.totals.items()]
            covariance = {"covariance": detail.totals_covariance} if self.request.covariance else {}
            made.totals.append({**at, "totals": listed, **covariance})

    def _outcomes(self, computed: Computed) -> Iterator[dict[str, Any]]:
        """How the weighting of the period went, without what would tell how few some are."""
        groups = set(self.stack.by(step_of(self.frozen, self.stack.questionnaire))) if self.frozen else {self.period}
        weights = computed.sums.weights
        went = [
            (outcome, [block for block in weights.blocks if block.part == number])
            for number, outcome in enumerate(weights.outcomes)
            if outcome.n and outcome.group in groups
        ]
        everybody, minimum = int(self.stack.tally.n.sum()), self.request.minimum
        left = everybody - sum(outcome.n + outcome.excluded for outcome, _ in went)
        # How many there are altogether is known: the others would tell how many are in one part, or in none.
        few = minimum is not None and any(0 < n < minimum for n in (left, *(outcome.n for outcome, _ in went)))
        for outcome, blocks in went:
            found = published_outcome(outcome, minimum, few)
            if minimum is not None and solvable(blocks, minimum):
                found["effective_n"] = None
            yield found


def published_outcome(outcome: Outcome, minimum: int | None, few: bool) -> dict[str, Any]:
    """How a weighting went, without counts and weights that tell of fewer than the minimum.

    few: that few are in one of the parts; then how many are in any is not told.
    """
    found = asdict(outcome)
    if minimum is None:
        return found
    found["missing"] = [(name, n if n >= minimum and not few else None) for name, n in outcome.missing]
    for name in ("n", "trimmed", "excluded"):
        found[name] = found[name] if (found[name] >= minimum and not few) or found[name] == 0 else None
    for name in ("lowest", "highest", *(("total", "effective_n") if few else ())):
        found[name] = None
    return found
