"""What targets and schemes may not say. Rules as in `check`: findings by their place in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .expressions import ExpressionError, parse
from .model import Questionnaire
from .problems import Finding, Path
from .scheme import (
    SHARE_TOLERANCE,
    UNWEIGHTED,
    Scheme,
    SchemePart,
    Step,
    Targets,
    is_share,
    level_of,
    variables_of,
)

_COARSER: dict[str, tuple[Step, ...]] = {
    "day": ("day", "week", "month", "wave"),
    "week": ("week", "wave"),
    "month": ("month", "wave"),
    "wave": ("wave",),
}


def coarser_steps(step: Step) -> tuple[Step, ...]:
    """The periods that tallies kept by a step can be added up to."""
    return _COARSER[step]


def check_targets(targets: Targets) -> Iterator[Finding]:
    """Sums that are no whole, levels that do not fit their margin, margins of different populations."""
    counted: list[float] = []
    for name, levels in targets.margins.items():
        path: Path = ("margins", name)
        total = sum(levels.values())
        if len(levels) < 2:
            yield path, "A margin needs two levels or more.", {}
        if total <= 0:
            yield path, "The margin sums to nothing.", {}
        elif max(levels.values()) <= 1 and abs(total - 1) > SHARE_TOLERANCE:
            yield path, "The shares sum to %(total)s, not to 1.", {"total": f"{total:.6g}"}
        elif not is_share(total):
            counted.append(total)
            if targets.population and abs(total / targets.population - 1) > SHARE_TOLERANCE:
                message = "The counts sum to %(total)s; the population is %(population)s."
                yield path, message, {"total": f"{total:.10g}", "population": f"{targets.population:.10g}"}
        yield from _check_levels(path, name, levels)
    if counted and max(counted) / min(counted) > 1 + SHARE_TOLERANCE:
        message = "The margins are of populations of different sizes: from %(low)s to %(high)s."
        yield ("margins",), message, {"low": f"{min(counted):.10g}", "high": f"{max(counted):.10g}"}


def _check_levels(path: Path, name: str, levels: Mapping[str, float]) -> Iterator[Finding]:
    width = len(variables_of(name))
    seen: set[str] = set()
    for level in levels:
        codes = level_of(level).split("*")
        if len(codes) != width or not all(codes):
            message = "“%(level)s” does not fit “%(name)s”: a code for each variable is expected, joined by *."
            yield (*path, level), message, {"level": level, "name": name}
        if level_of(level) in seen:
            yield (*path, level), "The level “%(level)s” stands here twice.", {"level": level}
        seen.add(level_of(level))


def check_scheme(
    scheme: Scheme, targets: Mapping[str, Targets], questionnaire: Questionnaire | None
) -> Iterator[Finding]:
    """What does not go together in a scheme, its targets, and the questionnaire of its survey."""
    if scheme.key == UNWEIGHTED:
        yield ("key",), "“%(key)s” is the name of the figures without weights.", {"key": UNWEIGHTED}
    if questionnaire and scheme.period and scheme.period not in coarser_steps(questionnaire.period):
        message = "The survey's tallies are kept by %(kept)s: weights by %(period)s cannot be made from them."
        yield ("period",), message, {"kept": questionnaire.period, "period": scheme.period}
    seen: set[str] = set()
    for number, part in enumerate(scheme.whole):
        path: Path = ("parts", number) if scheme.parts else ()
        if part.key in seen:
            yield (*path, "key"), "Two parts have the key “%(key)s”.", {"key": part.key}
        seen.add(part.key)
        yield from _check_where(path, part, questionnaire)
        yield from _check_strata(path, part, questionnaire)
        yield from _check_part(path, part, targets, questionnaire)


def _check_where(path: Path, part: SchemePart, questionnaire: Questionnaire | None) -> Iterator[Finding]:
    if part.where is None:
        return
    try:
        expression = parse(part.where)
    except ExpressionError as error:
        yield (*path, "where"), error.message, error.params
        return
    if questionnaire is None:
        return
    for name in expression.names:
        if name not in questionnaire.cell:
            yield (*path, "where"), NOT_WEIGHTING, {"name": name, "known": ", ".join(questionnaire.cell)}
    for name, code in expression.compared:
        if name in questionnaire.cell and code not in _codes(questionnaire, name):
            yield (*path, "where"), NO_CODE, {"name": name, "code": code}


def _check_strata(path: Path, part: SchemePart, questionnaire: Questionnaire | None) -> Iterator[Finding]:
    for name in variables_of(part.strata) if part.strata and questionnaire else ():
        if questionnaire and name not in questionnaire.cell:
            yield (*path, "strata"), NOT_WEIGHTING, {"name": name, "known": ", ".join(questionnaire.cell)}


NOT_WEIGHTING = (
    "“%(name)s” is no weighting variable of the survey, so the tallies do not know it; they know: %(known)s."
    " Add it to `weighting:` of the questionnaire."
)
NO_CODE = "“%(code)s” is no code of “%(name)s”."


def _check_part(
    path: Path, part: SchemePart, targets: Mapping[str, Targets], questionnaire: Questionnaire | None
) -> Iterator[Finding]:
    method = part.method or "rake"
    if not part.weighted or method == "none":
        return
    if part.targets is None:
        yield (*path, "targets"), "Which targets? Name a file of targets, or say `method: none`.", {}
        return
    known = targets.get(part.targets)
    if known is None:  # Whoever looked for the file tells it.
        return
    margins = part.margins or tuple(known.margins)
    for name in margins:
        if name not in known.margins:
            message = "The targets “%(targets)s” have no margin “%(name)s”; they have: %(known)s."
            yield (
                (*path, "margins"),
                message,
                {"targets": part.targets, "name": name, "known": ", ".join(known.margins)},
            )
        elif questionnaire:
            yield from _check_margin((*path, "targets", "margins", name), name, known.margins[name], questionnaire)
    if method == "poststratify" and len(margins) != 1:
        message = (
            "Poststratification takes one margin, crossed if need be (`gender*age`); these are %(count)s: %(names)s."
        )
        yield (*path, "margins"), message, {"count": len(margins), "names": ", ".join(margins)}
    yield from _check_rules(path, part, known)


def _check_margin(
    path: Path, name: str, levels: Mapping[str, float], questionnaire: Questionnaire
) -> Iterator[Finding]:
    variables = variables_of(name)
    for variable in variables:
        if variable not in questionnaire.cell:
            yield path, NOT_WEIGHTING, {"name": variable, "known": ", ".join(questionnaire.cell)}
            return
    for level in levels:
        for variable, code in zip(variables, level_of(level).split("*"), strict=False):
            if code not in _codes(questionnaire, variable):
                yield (*path, level), NO_CODE, {"name": variable, "code": code}


def _check_rules(path: Path, part: SchemePart, targets: Targets) -> Iterator[Finding]:
    trim, collapse = part.trim, part.collapse
    if trim and trim.lower is None and trim.upper is None:
        yield (*path, "trim"), "Trimming needs `lower` or `upper`.", {}
    if trim and trim.lower is not None and trim.upper is not None and trim.lower >= trim.upper:
        yield (*path, "trim"), "`lower` must lie below `upper`.", {}
    if trim and trim.unit == "mean" and ((trim.lower or 0) > 1 or (trim.upper is not None and trim.upper < 1)):
        yield (*path, "trim"), "The mean weight itself lies outside these limits.", {}
    for margin, pairs in (collapse.into if collapse else {}).items():
        if margin not in targets.margins:
            yield (*path, "collapse"), "There is no margin “%(name)s” to put levels of together.", {"name": margin}
            continue
        known = {level_of(level) for level in targets.margins[margin]}
        for level in (one for pair in pairs.items() for one in pair):
            if level_of(level) not in known:
                message = "The margin “%(margin)s” has no level “%(level)s”."
                yield (*path, "collapse"), message, {"margin": margin, "level": level}


def _codes(questionnaire: Questionnaire, name: str) -> set[str]:
    variable = questionnaire.variables.get(name)
    return {option.code for option in variable.options if not option.apart} if variable else set()
