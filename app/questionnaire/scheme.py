"""Weighting schemes and the population figures that they weight to, as they are written in files.

`app.interchange.scheme_file` reads them; what they may not say is in `scheme_check`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from app.estimation.terms import Empty, Method, Missing

from .expressions import parse
from .kinds.base import Flag, Line, Model, Source, Text
from .model import Questionnaire

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Above = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Step = Literal["day", "week", "month", "wave"]
UNWEIGHTED = "unweighted"
CROSS = "*"


class Origin(Model):
    """Where figures are from, and how they were read."""

    title: Line
    publisher: Line | None = None
    url: Line | None = None
    table: Line | None = None
    read: Line | None = None


class Targets(Model):
    """One population: its size, and how it divides. A margin is of one variable, or of several crossed (`a*b`)."""

    key: Key | None = None
    title: Text = Field(default_factory=dict)
    population: Above | None = None
    date: Line | None = None
    source: Origin | None = None
    notes: Line | None = None
    margins: dict[str, dict[str, Amount]] = Field(min_length=1)


class TrimRule(Model):
    """Limits of the weights: multiples of the mean weight, or weights. strict: again until none lies outside."""

    lower: Amount | None = None
    upper: Above | None = None
    unit: Literal["mean", "weight"] = "mean"
    strict: Flag = False


class CollapseRule(Model):
    """Levels of fewer than `minimum` respondents join the level named in `into`, or the next one of the margin."""

    minimum: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    empty: Empty = "join"
    into: dict[str, dict[str, str]] = Field(default_factory=dict)


class Weighing(Model):
    """How a group of respondents is weighted; a part says only what is other than in its scheme.

    strata: the variable whose codes are the strata of the sample, or several joined by CROSS.
    """

    targets: str | None = None
    margins: tuple[str, ...] | None = None
    method: Method | None = None
    base_weights: Flag | None = None
    total: Literal["population", "respondents"] | None = None
    missing: Missing | None = None
    collapse: CollapseRule | None = None
    trim: TrimRule | None = None
    strata: Line | None = None


class SchemePart(Weighing):
    """Respondents who are weighted together: a stratum, or several. weighted: false: they count as they are."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$", max_length=60)]
    label: Text | None = None
    where: Source | None = None
    weighted: Flag = True


class Scheme(Weighing):
    """A way of weighting a survey. Without parts everybody is weighted together."""

    key: Key
    label: Text = Field(default_factory=dict)
    period: Step | None = None
    parts: tuple[SchemePart, ...] = Field(default=(), max_length=100)

    @cached_property
    def whole(self) -> tuple[SchemePart, ...]:
        """The parts, each with what the scheme says for all."""
        shared = {name: getattr(self, name) for name in Weighing.model_fields if getattr(self, name) is not None}
        listed = self.parts or (SchemePart(key="all"),)
        return tuple(
            part.model_copy(update={name: value for name, value in shared.items() if getattr(part, name) is None})
            for part in listed
        )


class SchemeFile(Model):
    """The schemes of a survey; the first is the one that pages show."""

    survey: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)] | None = None
    schemes: tuple[Scheme, ...] = Field(min_length=1, max_length=50)


class FrozenScheme(Model):
    """A scheme with the figures that it weights to: what is published, and named by its hash."""

    survey: str
    scheme: Scheme
    targets: dict[str, Targets] = Field(default_factory=dict)

    @cached_property
    def document(self) -> str:
        """As JSON, from which it is read again."""
        return self.model_dump_json(exclude_defaults=True)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of canonical JSON: sorted keys, no defaults; levels, which have an order, in pairs."""
        document = self.model_dump(mode="json", exclude_defaults=True)
        for targets in document.get("targets", {}).values():
            targets["margins"] = {name: list(levels.items()) for name, levels in targets["margins"].items()}
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def variables_of(margin: str) -> tuple[str, ...]:
    """The variables that a margin is of."""
    return tuple(part.strip() for part in margin.split(CROSS))


def unknown_to(questionnaire: Questionnaire, frozen: FrozenScheme) -> tuple[str, ...]:
    """The variables of a scheme that a version does not weight by: its tallies hold nobody's answer to them."""
    return tuple(
        dict.fromkeys(
            name
            for part in frozen.scheme.whole
            for name in _used(part, frozen.targets)
            if name not in questionnaire.cell
        )
    )


def margins_of(part: SchemePart, targets: Mapping[str, Targets]) -> tuple[str, ...]:
    """The margins that a part is weighted to, in their order."""
    known = targets.get(part.targets or "")
    if known is None or not part.weighted or part.method == "none":
        return ()
    return part.margins or tuple(known.margins)


def _used(part: SchemePart, targets: Mapping[str, Targets]) -> Iterator[str]:
    """The variables that say who is in a part and in which stratum, and those of its margins."""
    yield from parse(part.where).names if part.where else ()
    yield from variables_of(part.strata) if part.strata else ()
    for margin in margins_of(part, targets):
        yield from variables_of(margin)


def level_of(written: str) -> str:
    """A level of a margin as it is compared: codes joined by *, without spaces."""
    return CROSS.join(part.strip() for part in written.split(CROSS))


def shares_of(levels: dict[str, float]) -> dict[str, float]:
    """The levels of a margin that have people, with their shares of the whole."""
    total = sum(levels.values())
    return {level_of(level): amount / total for level, amount in levels.items() if amount > 0}


def population_of(targets: Targets) -> float | None:
    """How many people the targets are of: as said, or by the sum of a margin given in counts."""
    if targets.population is not None:
        return targets.population
    sums = [sum(levels.values()) for levels in targets.margins.values()]
    counted = [total for total in sums if not is_share(total)]
    return counted[0] if counted else None


def is_share(total: float) -> bool:
    """Whether amounts of this sum are fractions of 1 or per cents."""
    return abs(total - 1) <= SHARE_TOLERANCE or abs(total - 100) <= 100 * SHARE_TOLERANCE


SHARE_TOLERANCE = 0.01
