"""What conditions may say, and by whom results may be shown. Rules as in `check`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.estimation.suppression import WHOLE

from .kinds.base import RESERVED
from .kinds.select_multiple import SelectMultiple
from .kinds.select_one import Chosen, SelectOne
from .logic import Expression, ExpressionError, parse
from .outline import Asked, parts, word, words
from .problems import Finding, Path

LATER = "It names “%(name)s”, which comes later."
NOTHING = "It names “%(name)s”, which is no question."
UNANSWERED = "It names “%(name)s”, which takes no answer itself."
NOT_WEIGHTING = "It names “%(name)s”, which is no weighting variable."
NO_OPTIONS = "selected() asks about “%(name)s”, which has no options."
NO_CODE = "“%(name)s” has no option with the code “%(code)s”."


@dataclass
class _Scope:
    """What a condition may name, and what is told of other names."""

    known: dict[str, Asked] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    unknown: str = NOTHING
    reserved: bool = True  # Whether the ways of not answering can be compared with.


def check_conditions(document: dict[str, Any], pages: list[list[Asked]]) -> Iterator[Finding]:
    """Conditions can be read, and name earlier questions and codes that those have."""
    every = [question for page in pages for question in page]
    scope = _Scope(told={name: UNANSWERED for question in every for _, name in question.named()})
    scope.told |= {name: LATER for question in every for name in question.variables()}
    for (path, page), asked in zip(parts(document, (), "pages"), pages, strict=True):
        yield from _condition((*path, "relevant"), page, scope)
        for question in asked:
            yield from _condition((*question.path, "relevant"), question.data, scope)
            scope.known |= dict.fromkeys(question.variables(), question)
    for path, end in parts(document, (), "ends"):
        yield from _condition((*path, "when"), end, scope)


def check_breakdowns(document: dict[str, Any], asked: list[Asked]) -> Iterator[Finding]:
    """Weighting variables are select_one questions; breakdowns are by them."""
    variables = {name: question for question in asked for name in question.variables()}
    weighting = words(document, "weighting")
    for index, name in enumerate(weighting):
        question = variables.get(name)
        if name and (question is None or (question.cls is not None and not question.of(SelectOne))):
            yield ("weighting", index), "“%(name)s” is no select_one question of this questionnaire.", {"name": name}
        if name and name in weighting[:index]:
            yield ("weighting", index), "The weighting variable “%(name)s” is named twice.", {"name": name}
    scope = _Scope({name: variables[name] for name in weighting if name in variables}, {}, NOT_WEIGHTING, False)
    seen: set[str] = set()
    for path, breakdown in parts(document, (), "breakdowns"):
        name = word(breakdown, "name")
        if name and name in seen:
            yield (*path, "name"), "Two breakdowns have the name “%(name)s”.", {"name": name}
        seen.add(name)
        yield from _breakdown(path, breakdown, weighting, scope)


def _breakdown(path: Path, breakdown: dict[str, Any], weighting: list[str], scope: _Scope) -> Iterator[Finding]:
    name, groups = word(breakdown, "name"), parts(breakdown, path, "groups")
    if name == WHOLE:
        yield (*path, "name"), "“%(name)s” stands for everybody; choose another name.", {"name": name}
    if not breakdown.get("groups") and name and name not in weighting:
        yield path, "“%(name)s” is no weighting variable, and no groups are declared.", {"name": name}
    if groups and "label" not in breakdown:
        yield path, "A breakdown with groups of its own needs a label.", {}
    seen: set[str] = set()
    for group_path, group in groups:
        code = word(group, "code")
        if code and code in seen:
            yield (*group_path, "code"), "Two groups have the code “%(code)s”.", {"code": code}
        seen.add(code)
        yield from _condition((*group_path, "where"), group, scope)


def _condition(path: Path, data: dict[str, Any], scope: _Scope) -> Iterator[Finding]:
    source = data.get(str(path[-1]))
    if not isinstance(source, str):
        return
    try:
        expression = parse(source.strip())
    except ExpressionError as error:
        yield path, error.message, dict(error.params)
        return
    for name in dict.fromkeys(expression.names):
        question = scope.known.get(name)
        if question is None:
            yield path, scope.told.get(name, scope.unknown), {"name": name}
        elif name in expression.selected and question.cls and not question.of(SelectMultiple, Chosen):
            yield path, NO_OPTIONS, {"name": name}
    yield from _compared(path, expression, scope)


def _compared(path: Path, expression: Expression, scope: _Scope) -> Iterator[Finding]:
    """Codes that a question does not have never come: the condition would be dead, or always met."""
    for name, code in dict.fromkeys(expression.compared):
        codes = scope.known[name].codes() if name in scope.known else None
        if codes is not None and (code not in codes or (code in RESERVED and not scope.reserved)):
            yield path, NO_CODE, {"name": name, "code": code}
