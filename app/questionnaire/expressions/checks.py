"""What can be known to be wrong with an expression before there are answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from .expression import Expression, compared_in
from .function import Type, Want
from .functions import FUNCTIONS
from .operators import COMPARISONS
from .tree import Attribute, Call, Chain, Comparison, Logical, Name, Negative, Node, Number, Text, parts_of, walk
from .types import Declared, Scope, fits, type_of
from .values import NO_ANSWERS, date_of, text_of, written_number

Mistake: TypeAlias = tuple[str, dict[str, object]]
"""A message template in English, and its parameters."""

NO_CODE = "“%(name)s” has no option with the code “%(code)s”."
NO_ATTRIBUTE = "No choice of this list has the attribute “%(name)s”."
NO_SUCH_VALUE = "No choice of this list has “%(value)s” as its “%(name)s”."
NO_OPTIONS = "“%(function)s” asks about “%(name)s”, which has no options."
NO_CONDITION = "A condition is expected here: “%(part)s” is to be compared with something."
NO_NUMBER = "“%(operator)s” calculates with numbers, and “%(part)s” is none."
NO_ORDER = "“%(operator)s” compares numbers or dates, and “%(part)s” is neither."
NO_NUMBER_GIVEN = "“%(function)s” takes a number here, and “%(part)s” is none."
NO_DATE_GIVEN = "“%(function)s” takes a date here, and “%(part)s” is none."
NOT_ALIKE = "“%(one)s” is a date and “%(other)s” a number: they cannot be compared."
NEVER_A_NUMBER = "“%(name)s” is a number, which “%(code)s” is not."
NEVER_A_DATE = "“%(name)s” is a date, which “%(code)s” is not: write it as 2026-01-31."

_SHOWN = 40


def mistakes(expression: Expression, scope: Scope, condition: bool = True) -> Iterator[Mistake]:
    """Types that do not go together, and codes and attributes that do not exist. Unknown variables are passed over.

    `condition`: whether the whole must be true or false, as in `relevant`, or may be anything, as in a calculation.
    """
    check = _Check(expression.source, scope)
    if condition:
        yield from check.condition(expression.tree)
    for node in walk(expression.tree):
        yield from check.node(node)


class _Check:
    def __init__(self, source: str, scope: Scope) -> None:
        self.source = source
        self.scope = scope

    def part(self, node: Node) -> str:
        text = self.source[slice(*node.span)]
        return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"

    def condition(self, node: Node) -> Iterator[Mistake]:
        if not fits(node, Want.CONDITION, self.scope):
            yield NO_CONDITION, {"part": self.part(node)}

    def node(self, node: Node) -> Iterator[Mistake]:
        match node:
            case Attribute() if node.name not in self.scope.attributes:
                yield NO_ATTRIBUTE, {"name": node.name}
            case Logical():
                for part in node.parts:
                    yield from self.condition(part)
            case Negative():
                yield from self.calculated("-", node.part, Want.NUMBER)
            case Chain():
                signs = [sign for sign, _ in node.rest]
                for sign, part in zip([signs[0], *signs], parts_of(node), strict=True):
                    yield from self.calculated(sign, part, Want.ORDERED if sign in "+-" else Want.NUMBER)
            case Comparison():
                yield from self.comparison(node)
            case Call():
                yield from self.call(node)
        if compared := compared_in(node):
            yield from self.code(*compared)

    def calculated(self, sign: str, part: Node, want: Want) -> Iterator[Mistake]:
        if not fits(part, want, self.scope):
            yield NO_NUMBER, {"operator": sign, "part": self.part(part)}

    def comparison(self, node: Comparison) -> Iterator[Mistake]:
        sides = (node.left, node.right)
        if node.operator not in ("=", "!="):
            for side in sides:
                if not fits(side, Want.ORDERED, self.scope):
                    yield NO_ORDER, {"operator": node.operator, "part": self.part(side)}
        types = [type_of(side, self.scope) for side in sides]
        if set(types) == {Type.DATE, Type.NUMBER} and not self.is_told_as_code(node):
            one, other = sides if types[0] is Type.DATE else sides[::-1]
            yield NOT_ALIKE, {"one": self.part(one), "other": self.part(other)}

    def is_told_as_code(self, node: Comparison) -> bool:
        compared = compared_in(node)
        return compared is not None and self.scope.declared(compared[0]) is not None

    def call(self, node: Call) -> Iterator[Mistake]:
        function = FUNCTIONS[node.function]
        for number, argument in enumerate(node.arguments):
            want = function.want(number)
            if fits(argument, want, self.scope):
                continue
            called, part = f"{node.function}()", self.part(argument)
            if want is Want.CONDITION:
                yield NO_CONDITION, {"part": part}
            elif want is Want.OPTIONS:
                yield NO_OPTIONS, {"function": called, "name": argument.name if isinstance(argument, Name) else part}
            else:
                yield NO_DATE_GIVEN if want is Want.DATE else NO_NUMBER_GIVEN, {"function": called, "part": part}

    def code(self, subject: Node, written: Text | Number) -> Iterator[Mistake]:
        """What can never be an answer: comparing with it is always false, or always true."""
        code = text_of(written.value)
        if isinstance(subject, Attribute):
            values = self.scope.attributes.get(subject.name)
            if values is not None and code not in values:
                yield NO_SUCH_VALUE, {"name": subject.name, "value": code}
        declared = self.scope.declared(subject)
        if declared and declared.codes is not None and not _can_be(declared, written):
            message = {Type.NUMBER: NEVER_A_NUMBER, Type.DATE: NEVER_A_DATE}.get(declared.type, NO_CODE)
            name = subject.name if isinstance(subject, Name) else "."
            yield NO_CODE if code in NO_ANSWERS else message, {"name": name, "code": code}


def _can_be(declared: Declared, written: Text | Number) -> bool:
    codes = declared.codes or ()
    code = text_of(written.value)
    if code in codes:
        return True
    if declared.type is Type.NUMBER:
        return code not in NO_ANSWERS and written_number(code) is not None
    if declared.type is Type.DATE:
        return date_of(code) is not None
    return isinstance(written, Number) and any(COMPARISONS["="](code, written.value) for code in codes)
