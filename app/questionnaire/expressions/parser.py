"""From tokens to the syntax tree, by the strength of operators."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from .errors import ExpressionError
from .functions import FUNCTIONS
from .lexer import Token, tokens_of
from .tree import Attribute, Call, Chain, Comparison, Logical, Name, Negative, Node, Number, Own, Text

DEEPEST = 50
MOST_PARTS = 5_000
MOST_PATTERNS = 10

_COMPARING = 2
_CLOSE = 0.8
"""How alike two names are of which one may be meant for the other, from 0 to 1."""
# The weakest first; those of one level are taken from the left.
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset(("or",)),
    frozenset(("and",)),
    frozenset(("=", "!=", "<", "<=", ">", ">=")),
    frozenset("+-"),
    frozenset(("*", "div", "mod")),
)
_WORDS = frozenset(("and", "or", "div", "mod"))


def parse_tree(source: str, dot: bool = False, attributes: bool = False) -> Node:
    """The syntax tree of an expression. Raises ExpressionError.

    `dot`: a full stop may stand for the answer, as in a constraint. `attributes`: bare words may stand for attributes
    of a choice, as in a choice filter.
    """
    parser = _Parser(tokens_of(source), dot, attributes)
    tree = parser.level(0, 0)
    rest = parser.peek()
    if rest is not None:
        raise _unexpected(rest.text)
    return tree


def _unexpected(found: str) -> ExpressionError:
    return ExpressionError("“%(found)s” is not expected here.", found=found[:40])


@dataclass
class _Parser:
    tokens: list[Token]
    dot: bool
    attributes: bool
    at: int = 0
    parts: int = 0
    patterns: int = 0
    end: int = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next_is(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text == text

    def take(self) -> Token:
        token = self.peek()
        if token is None:
            raise ExpressionError("The expression ends too early.")
        self.at += 1
        self.end = token.end
        return token

    def expect(self, text: str) -> None:
        if not self.next_is(text):
            raise ExpressionError("“%(expected)s” is missing.", expected=text)
        self.take()

    def level(self, number: int, depth: int) -> Node:
        """Operators of one strength, and all that bind more strongly."""
        if number == len(_LEVELS):
            return self.operand(depth)
        first = self.level(number + 1, depth)
        rest: list[tuple[str, Node]] = []
        while (token := self.peek()) and token.text in _LEVELS[number]:
            self.take()
            rest.append((token.text, self.level(number + 1, depth)))
            if number == _COMPARING:
                break
        return self.joined(number, first, rest) if rest else first

    def joined(self, number: int, first: Node, rest: list[tuple[str, Node]]) -> Node:
        span = (first.span[0], self.end)
        if number < _COMPARING:
            return Logical(rest[0][0], (first, *(part for _, part in rest)), span)
        if number == _COMPARING:
            return Comparison(rest[0][0], first, rest[0][1], span)
        return Chain(first, tuple(rest), span)

    def operand(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise ExpressionError("The expression is nested too deeply.")
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise ExpressionError("The expression has more than %(limit)s parts.", limit=MOST_PARTS)
        token = self.take()
        span = (token.start, token.end)
        if token.kind == "name":
            return Name(token.text[2:-1].strip(), span)
        if token.kind == "text":
            return Text(token.text[1:-1], span)
        if token.kind == "number":
            return Number(float(token.text) if "." in token.text else int(token.text), span)
        return self.word(token, depth) if token.kind == "word" else self.sign(token, depth)

    def sign(self, token: Token, depth: int) -> Node:
        if token.text == "(":
            inner = self.level(0, depth + 1)
            self.expect(")")
            return inner
        if token.text == "-":
            part = self.operand(depth + 1)
            span = (token.start, self.end)
            return Number(-part.value, span) if isinstance(part, Number) else Negative(part, span)
        if token.text != ".":
            raise _unexpected(token.text)
        if not self.dot:
            raise ExpressionError("“.” stands for the answer in a constraint, and nowhere else.")
        return Own((token.start, token.end))

    def word(self, token: Token, depth: int) -> Node:
        if token.text in _WORDS:
            raise _unexpected(token.text)
        if self.next_is("(") or (token.text in FUNCTIONS and not self.attributes):
            return self.call(token, depth)
        if not self.attributes:
            raise ExpressionError("“%(found)s” stands without quotes or ${}.", found=token.text[:40])
        return Attribute(token.text, (token.start, token.end))

    def call(self, token: Token, depth: int) -> Node:
        self.expect("(")
        function = FUNCTIONS.get(token.text)
        if function is None:
            raise _no_function(token.text)
        arguments: list[Node] = []
        while not self.next_is(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.level(0, depth + 1))
        self.expect(")")
        if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
            raise ExpressionError(
                "“%(function)s” takes another number of values: %(count)s.",
                function=f"{token.text}()",
                count=function.count,
            )
        if function.prepare:
            self.prepared(token.text, arguments[1])
        return Call(token.text, tuple(arguments), (token.start, self.end))

    def prepared(self, name: str, argument: Node) -> None:
        """Checks what must be known before there are answers."""
        if not isinstance(argument, Text):
            raise ExpressionError("“%(function)s” takes its second value in quotes.", function=f"{name}()")
        self.patterns += name == "regex"
        if self.patterns > MOST_PATTERNS:
            raise ExpressionError("The expression has more than %(limit)s patterns.", limit=MOST_PATTERNS)
        prepare = FUNCTIONS[name].prepare
        if prepare:
            prepare(argument.value)


def _no_function(name: str) -> ExpressionError:
    close = difflib.get_close_matches(name[:40].lower(), FUNCTIONS, 1, _CLOSE)
    if close:
        message = "There is no function “%(name)s”; perhaps you mean “%(other)s”."
        return ExpressionError(message, name=name[:40], other=close[0])
    return ExpressionError("There is no function “%(name)s”.", name=name[:40])
