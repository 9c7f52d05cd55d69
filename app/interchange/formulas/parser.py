"""Reads tokens into a tree by the strength of operators; each program brings its own tokens and operators.

Bounded: by the length of the text, and by depth, as what comes after walks the tree by recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .tree import DEEPEST, Call, FormulaError, Items, Name, Node, Number, Operation, Text, Truth

FLAT = ("and", "or")


@dataclass(frozen=True)
class Token:
    """`kind`: text, number, truth, name, word (a function's name), operator, or bracket for ( ) [ ] and the comma."""

    kind: str
    value: str


@dataclass(frozen=True)
class Grammar:
    """The operators, each with its strength: the higher bind first."""

    binary: Mapping[str, int]
    prefix: Mapping[str, int]
    postfix: Mapping[str, int] = field(default_factory=dict)


def parse(tokens: list[Token], grammar: Grammar) -> Node:
    """The tree of one expression. Raises FormulaError."""
    parser = _Parser(tokens, grammar)
    node = parser.expression(0, 0)
    if parser.at < len(tokens):
        raise FormulaError("“%(found)s” is not expected here.", found=tokens[parser.at].value)
    return node


@dataclass
class _Parser:
    tokens: list[Token]
    grammar: Grammar
    at: int = 0

    def peek(self, kind: str) -> str | None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token.value if token and token.kind == kind else None

    def take(self) -> Token:
        if self.at >= len(self.tokens):
            raise FormulaError("The expression ends too early.")
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, bracket: str) -> None:
        if self.peek("bracket") != bracket:
            raise FormulaError("“%(expected)s” is missing.", expected=bracket)
        self.at += 1

    def expression(self, strength: int, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError("The expression is nested too deeply.")
        left = self.operand(depth)
        chain = 0
        while (operator := self.peek("operator")) is not None:
            levels = self.grammar.postfix if operator in self.grammar.postfix else self.grammar.binary
            if levels.get(operator, -1) < strength:
                break
            self.at += 1
            if levels is self.grammar.postfix:
                left = Operation(operator, (left,))
            else:
                left = _joined(operator, left, self.expression(levels[operator] + 1, depth + 1))
            chain += operator not in FLAT
            if chain + depth > DEEPEST:
                raise FormulaError("The expression is nested too deeply.")
        return left

    def operand(self, depth: int) -> Node:
        token = self.take()
        if token.kind in _LITERALS:
            return _LITERALS[token.kind](token.value)
        if token.kind == "word":
            self.expect("(")
            return Call(token.value, self.items(")", depth))
        if token.kind == "operator" and token.value in self.grammar.prefix:
            return Operation(token.value, (self.expression(self.grammar.prefix[token.value], depth + 1),))
        if token.value == "(":
            inner = self.expression(0, depth + 1)
            self.expect(")")
            return inner
        if token.value == "[":
            return Items(self.items("]", depth))
        raise FormulaError("“%(found)s” is not expected here.", found=token.value)

    def items(self, end: str, depth: int) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.peek("bracket") != end:
            if found:
                self.expect(",")
            found.append(self.expression(0, depth + 1))
        self.at += 1
        return tuple(found)


_LITERALS: dict[str, Callable[[str], Node]] = {
    "text": Text,
    "number": Number,
    "truth": lambda value: Truth(value == "true"),
    "name": Name,
}


def _joined(operator: str, left: Node, right: Node) -> Node:
    """Long conditions stay flat: a and b and c is one operation."""
    if operator in FLAT and isinstance(left, Operation) and left.operator == operator:
        return Operation(operator, (*left.operands, right))
    return Operation(operator, (left, right))
