"""Which conditions can never hold: tried with all answers there can be, where these are few.

What is not tried is NOT_YET, and whatever an expression says in spite of that it says of all answers.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .compiler import truth
from .expression import Expression
from .function import Type
from .tree import Comparison, Name, Node, Number, Own, Text, walk
from .types import Declared, Scope
from .values import LARGEST, NOT_YET, TODAY, Answer, Context, Unknown, text_of, written_number

MOST_TRIALS = 512
OWN = "."
"""The answer itself, beside names of variables."""


@dataclass
class Effort:
    """How many parts may still be evaluated: enough for any real questionnaire, and a second at most."""

    left: int = 2_000_000


def never_holds(expression: Expression, scope: Scope, effort: Effort, choice: Mapping[str, str] | None = None) -> bool:
    """Whether a condition is false whatever is answered. `choice`: the attributes of the choice that it is about."""
    nodes = list(walk(expression.tree))
    domains = _domains(nodes, scope)
    parts = len(nodes)
    tried = _few(domains)
    # Others may still be anything.
    rest: dict[str, Answer | Unknown] = dict.fromkeys((*expression.names, TODAY), NOT_YET)
    context = Context(own=NOT_YET, choice=choice)
    for answers in itertools.product(*(domains[name] for name in tried)):
        effort.left -= parts
        given = dict(zip(tried, answers, strict=True))
        here = replace(context, own=given.pop(OWN)) if OWN in given else context
        if effort.left < 0 or truth(expression.value({**rest, **given}, here)) is not False:
            return False
    return True


def _few(domains: Mapping[str, list[Answer]]) -> list[str]:
    """The variables with the fewest answers, as many as can be tried together."""
    found: list[str] = []
    trials = 1
    for name in sorted(domains, key=lambda name: len(domains[name])):
        trials *= len(domains[name])
        if trials > MOST_TRIALS:
            break
        found.append(name)
    return found


def _domains(nodes: list[Node], scope: Scope) -> dict[str, list[Answer]]:
    """The answers to try for each variable of which all are known."""
    found: dict[str, list[Answer]] = {}
    uses = Counter(node for node in nodes if isinstance(node, Name | Own))
    compared = _compared(nodes)
    for node in uses:
        declared = scope.declared(node)
        name = node.name if isinstance(node, Name) else OWN
        if declared is None or declared.codes is None or name in found:
            continue
        nothing: list[Answer] = [] if name == OWN else [None]
        if declared.type is Type.CODE:
            found[name] = [*nothing, *declared.codes]
        elif declared.type is Type.NUMBER and len(compared[node]) == uses[node]:
            # Nothing else is done with it than comparing it; with numbers only, all its answers are known.
            others = [other.value for other in compared[node] if isinstance(other, Text | Number)]
            bounds = [number for number in map(written_number, others) if number is not None]
            if len(others) == uses[node]:
                found[name] = [*nothing, *declared.codes, *_numbers(declared, bounds)]
    return found


def _compared(nodes: list[Node]) -> dict[Name | Own, list[Node]]:
    """What each variable is compared with, once for each comparison."""
    found: dict[Name | Own, list[Node]] = defaultdict(list)
    for node in nodes:
        if isinstance(node, Comparison):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, Name | Own):
                    found[one].append(other)
    return found


def _numbers(declared: Declared, bounds: list[float]) -> Iterator[Answer]:
    """One number of every stretch that the bounds divide the possible ones into, and the bounds."""
    low = -LARGEST if declared.start is None else declared.start
    high = LARGEST if declared.end is None else declared.end
    points = sorted({low, high, *(bound for bound in bounds if low <= bound <= high)})
    if declared.whole:
        near = {number for point in points for number in (math.floor(point), math.ceil(point))}
        tried: set[float] = near | {number + step for number in near for step in (-1, 1)}
    else:
        tried = {*points, *((one + other) / 2 for one, other in itertools.pairwise(points))}
    for number in sorted(tried):
        if low <= number <= high:
            yield text_of(number)
