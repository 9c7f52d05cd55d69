"""Weights of the rows of a tally, and what the variance must know of how they were made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.estimation.calibration import Margin, calibrate
from app.estimation.collapse import Collapsed, Rule, Wanted, settle
from app.estimation.tally import Counts, Floats, Tally
from app.estimation.terms import Method, Missing
from app.estimation.trimming import Trim, trim

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Part:
    """Respondents who are weighted together: a stratum of the sample, or several.

    group: the period in which the part is weighted, where periods are weighted apart.
    inside bool[C]: the rows of the tally that it takes. total: what its weights sum to; None: its respondents.
    rule: for levels with few respondents or none. missing: what is done with who has no level. unknown: margins of
    which nobody has a level, since these respondents' version does not weight by them. strata int[C]: the number of the
    stratum that each row of the tally was drawn in; None: all in one.
    """

    key: str
    inside: npt.NDArray[np.bool_]
    method: Method = "none"
    margins: tuple[Wanted, ...] = ()
    total: float | None = None
    use_base: bool = False
    rule: Rule = field(default_factory=Rule)
    missing: Missing = "share"
    trim: Trim | None = None
    group: str = ""
    unknown: tuple[str, ...] = ()
    strata: Rows | None = None


@dataclass(frozen=True)
class Outcome:
    """How the weighting of a part went.

    n: respondents. lowest, highest: of their weights, which sum to `total`. sweeps: of raking. off: the largest
    relative distance of a margin from its target before trimming. worst: where not all can be met, the margin that is
    so far off and its level (or levels, joined by PLUS). trimmed: respondents whose weight was cut off.
    missing: respondents without a level, by margin. dropped: margins for which too few levels have respondents.
    excluded: respondents left out since they have no level.
    """

    part: str
    group: str
    method: Method
    n: int
    total: float = 0.0
    lowest: float = 0.0
    highest: float = 0.0
    effective_n: float = 0.0
    sweeps: int = 0
    off: float = 0.0
    converged: bool = True
    worst: tuple[str, str] | None = None
    trimmed: int = 0
    excluded: int = 0
    missing: tuple[tuple[str, int], ...] = ()
    collapsed: tuple[Collapsed, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Block:
    """The rows of a tally that form one stratum of the sample.

    rows int[c]: which; n int64[c]: respondents; u float64[c]: weight of each. left, right float64[c, L]: of row totals
    r of a weighted variable, calibration explains left @ (right' @ r) of each respondent. part: the number of its
    outcome; the blocks of one part were calibrated together, so right' @ r is summed over all of them.
    """

    rows: Rows
    n: Counts
    u: Floats
    left: Floats
    right: Floats
    part: int = 0

    @cached_property
    def size(self) -> int:
        """Respondents."""
        return int(self.n.sum())

    @cached_property
    def loads(self) -> Floats:
        """float64[3 + 2L, c]: what a row's counts are multiplied by before they are added up over a domain:
        1, u, u * u, then right * u, then left * u."""
        plain = np.stack([np.ones_like(self.u), self.u, self.u**2])
        return np.concatenate([plain, self.right.T * self.u, self.left.T * self.u])

    @cached_property
    def gram(self) -> Floats:
        """float64[L, L]: left' diag(n) left."""
        return (self.left.T * self.n) @ self.left

    @cached_property
    def reach(self) -> Floats:
        """float64[L]: left' n."""
        return self.left.T @ self.n


@dataclass(frozen=True, eq=False)
class Weights:
    """A weight u float64[C] for each respondent of every row of a tally, 0 in rows that no block holds."""

    u: Floats
    blocks: tuple[Block, ...]
    outcomes: tuple[Outcome, ...] = field(default=())

    @cached_property
    def size(self) -> int:
        """Respondents in the sample."""
        return sum(block.size for block in self.blocks)

    @cached_property
    def together(self) -> list[list[int]]:
        """The numbers of the blocks that were calibrated together, where these are several."""
        by_part: dict[int, list[int]] = {}
        for number, block in enumerate(self.blocks):
            by_part.setdefault(block.part, []).append(number)
        return [numbers for numbers in by_part.values() if len(numbers) > 1]

    @cached_property
    def respondents(self) -> Counts:
        """int64[B, C]: the respondents of each row that are of each block."""
        found = np.zeros((len(self.blocks), len(self.u)), np.int64)
        for number, block in enumerate(self.blocks):
            found[number, block.rows] = block.n
        return found

    def df(self, domains: npt.NDArray[np.bool_]) -> Floats:
        """Degrees of freedom, float64[D]: respondents of each domain bool[D, C] less the strata that they are in."""
        people = domains.astype(np.int64) @ self.respondents.T
        found: Floats = (people - (people > 0)).sum(axis=1).astype(np.float64)
        return found


_NOBODY = Block(np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0)))


def weigh(tally: Tally, parts: Sequence[Part] | None = None) -> Weights:
    """The weights of a tally. Without parts every respondent counts as one."""
    u = np.zeros(len(tally.cells))
    blocks: list[Block] = []
    outcomes: list[Outcome] = []
    for number, part in enumerate(parts if parts is not None else [Part("all", np.ones(len(tally.cells), bool))]):
        whole, outcome = _weigh_part(tally, part)
        outcomes.append(outcome)
        if whole is not None:
            u[whole.rows] = whole.u
            blocks += _strata(whole, number, part.strata)
    return Weights(u, tuple(blocks) or (_NOBODY,), tuple(outcomes))


def _strata(whole: Block, number: int, strata: Rows | None) -> Iterator[Block]:
    """A part's rows stratum by stratum."""
    own = np.zeros(len(whole.rows), np.intp) if strata is None else strata[whole.rows]
    for stratum in np.unique(own):
        at = own == stratum
        yield Block(whole.rows[at], whole.n[at], whole.u[at], whole.left[at], whole.right[at], number)


def _weigh_part(tally: Tally, part: Part) -> tuple[Block | None, Outcome]:
    inside = part.inside & (tally.n > 0)
    kept = inside.copy()
    if part.missing == "exclude":
        for margin in part.margins:
            kept &= margin.level >= 0
    rows = np.flatnonzero(kept)
    n = tally.n[rows]
    excluded = int(tally.n[inside].sum() - n.sum())
    if not len(rows):
        return None, Outcome(part.key, part.group, part.method, 0, excluded=excluded)
    d = tally.base[rows] if part.use_base else np.ones(len(rows))
    total = part.total or float(n @ d if part.method == "none" else n.sum())
    margins, collapsed, missing, dropped = _settled(part, rows, n, d, total)
    if not margins:
        d = d * (total / float(n @ d))
    made = calibrate(part.method, n, d, margins)
    w = d * made.g
    u = trim(w, n, part.trim) if part.trim else w
    block = Block(rows, n, u, made.left, made.right)
    outcome = Outcome(
        part.key,
        part.group,
        part.method,
        block.size,
        total=float(u @ n),
        lowest=float(u.min()),
        highest=float(u.max()),
        effective_n=float((u @ n) ** 2 / (u**2 @ n)),
        sweeps=made.sweeps,
        off=made.off,
        converged=made.converged,
        worst=None if made.converged else made.worst,
        trimmed=_cut(w, u, n, part.trim),
        excluded=excluded,
        missing=missing,
        collapsed=collapsed,
        dropped=(*part.unknown, *dropped),
    )
    return block, outcome


_Settled = tuple[list[Margin], tuple[Collapsed, ...], tuple[tuple[str, int], ...], tuple[str, ...]]


def _settled(part: Part, rows: Rows, n: Counts, d: Floats, total: float) -> _Settled:
    """The margins that can be met, the levels put together, who has no level, and the margins given up."""
    margins: list[Margin] = []
    collapsed: list[Collapsed] = []
    missing: list[tuple[str, int]] = []
    dropped: list[str] = []
    for wanted in part.margins:
        of_rows = Wanted(wanted.name, wanted.levels, wanted.shares, wanted.level[rows], wanted.into)
        margin, found, without = settle(of_rows, n, d, total, part.rule)
        collapsed += found
        missing += [(wanted.name, without)] if without else []
        if margin is None:
            dropped.append(wanted.name)
        else:
            margins.append(margin)
    return margins, tuple(collapsed), tuple(missing), tuple(dropped)


def _cut(w: Floats, u: Floats, n: Counts, limits: Trim | None) -> int:
    """Respondents whose weight the limits changed; the others' weights moved by the same amount each."""
    if limits is None or np.array_equal(w, u):
        return 0
    mean = float(w @ n) / int(n.sum()) if limits.unit == "mean" else 1.0
    low = -np.inf if limits.lower is None else limits.lower * mean
    high = np.inf if limits.upper is None else limits.upper * mean
    return int(n[(w < low) | (w > high)].sum())


def one_sample(weights: Weights) -> Weights:
    """The same weights with all blocks, each calibrated by itself, as one stratum: a design without strata."""
    blocks = weights.blocks
    rows, n, u = (np.concatenate([getattr(block, name) for block in blocks]) for name in ("rows", "n", "u"))
    ends = np.cumsum([0, *(block.left.shape[1] for block in blocks)]).tolist()
    left, right = np.zeros((len(rows), ends[-1])), np.zeros((len(rows), ends[-1]))
    top = 0
    for block, low, high in zip(blocks, ends, ends[1:], strict=False):
        left[top : top + len(block.rows), low:high] = block.left
        right[top : top + len(block.rows), low:high] = block.right
        top += len(block.rows)
    return Weights(weights.u, (Block(rows, n, u, left, right),), weights.outcomes)
