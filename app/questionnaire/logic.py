"""The expression language of `relevant`, `when` and `where`: XLSForm's words, never Python's `eval`.

    ${country} = 'jp' and not(selected(${contact}, 'none'))

An unanswered variable is the empty text, as in XLSForm: `${x} = ''` holds, and ordering comparisons
(`<`, `<=`, `>`, `>=`) with it, or with a way of not answering, are false. A variable that may still be
answered is NOT_YET: what depends on it is not known, and does not hold yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from .kinds.base import Answer


class Unknown(Enum):
    """What an answer is that may still be given."""

    NOT_YET = "not yet"


NOT_YET = Unknown.NOT_YET

Given = Mapping[str, Answer | Unknown]
Value = str | float | bool | list[str] | Unknown
Node = Callable[[Given], Value]
Compare = Callable[[Value, Value], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[A-Za-z][A-Za-z0-9_]*\s*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<op><=|>=|!=|[=<>(),])|(?P<word>[A-Za-z][A-Za-z-]*))"
)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_DEEPEST = 50
_LONGEST = 10_000


class ExpressionError(ValueError):
    """An expression that cannot be read. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


@dataclass
class Expression:
    """A parsed expression: call `holds` with the answers so far (absent or None = unanswered)."""

    source: str
    node: Node
    names: tuple[str, ...]
    # (variable, code) pairs that the expression compares, so that checks can find codes that do not exist.
    compared: tuple[tuple[str, str], ...]
    selected: tuple[str, ...]

    def holds(self, answers: Given) -> bool:
        return _truth(self.node(answers)) is True


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The expression in `source`. Raises ExpressionError."""
    parser = _Parser(source)
    node = parser.disjunction(0)
    if parser.peek() is not None:
        raise ExpressionError("“%(found)s” is not expected here.", found=parser.peek())
    return Expression(source, node, tuple(parser.names), tuple(parser.compared), tuple(parser.selections))


def holds(source: str | None, answers: Given) -> bool:
    """Whether a condition is met; no condition is always met."""
    return source is None or parse(source).holds(answers)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    position = 0
    source = source.rstrip()
    while position < len(source):
        match = _TOKEN.match(source, position)
        if not match:
            raise ExpressionError("“%(found)s” cannot be read.", found=source[position : position + 20].strip())
        kind = str(match.lastgroup)
        yield kind, match.group(kind)
        position = match.end()


@dataclass
class _Parser:
    """Recursive descent over the tokens; each rule returns a closure."""

    source: str
    names: list[str] = field(default_factory=list)
    compared: list[tuple[str, str]] = field(default_factory=list)
    selections: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.source) > _LONGEST:
            raise ExpressionError("The expression is longer than %(limit)s characters.", limit=_LONGEST)
        self._tokens = list(_tokens(self.source))
        self._at = 0
        if not self._tokens:
            raise ExpressionError("The expression is empty.")

    def peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ExpressionError("The expression ends too early.")
        self._at += 1
        return self._tokens[self._at - 1]

    def expect(self, text: str) -> None:
        if self.peek() != text:
            raise ExpressionError("“%(expected)s” is missing.", expected=text)
        self.take()

    def disjunction(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise ExpressionError("The expression is nested too deeply.")
        parts = [self.conjunction(depth)]
        while self.peek() == "or":
            self.take()
            parts.append(self.conjunction(depth))
        return parts[0] if len(parts) == 1 else _any(parts)

    def conjunction(self, depth: int) -> Node:
        parts = [self.comparison(depth)]
        while self.peek() == "and":
            self.take()
            parts.append(self.comparison(depth))
        return parts[0] if len(parts) == 1 else _all(parts)

    def comparison(self, depth: int) -> Node:
        start = self._at
        left = self.operand(depth)
        operator = self.peek()
        if operator not in _COMPARE:
            return left
        self.take()
        right = self.operand(depth)
        self._note_comparison(self._tokens[start : self._at])
        return _comparison(_COMPARE[operator], left, right)

    def operand(self, depth: int) -> Node:
        kind, found = self.take()
        if kind == "name":
            return self._variable(found)
        if kind == "text":
            text = found[1:-1]
            return lambda a: text
        if kind == "number":
            number = float(found)
            return lambda a: number
        if found == "(":
            inner = self.disjunction(depth + 1)
            self.expect(")")
            return inner
        if found == "not":
            self.expect("(")
            negated = self.disjunction(depth + 1)
            self.expect(")")
            return lambda a: NOT_YET if (truth := _truth(negated(a))) is NOT_YET else not truth
        if found == "selected":
            return self._selected()
        if kind == "word" and self.peek() == "(":
            raise ExpressionError("There is no function “%(name)s”; there are not() and selected().", name=found)
        if kind == "word" and found not in ("and", "or"):
            raise ExpressionError("“%(found)s” stands without quotes or ${}.", found=found)
        raise ExpressionError("“%(found)s” is not expected here.", found=found)

    def _variable(self, token: str) -> Node:
        name = token[2:-1].strip()
        self.names.append(name)

        def read(answers: Given) -> Value:
            answer = answers.get(name)
            return "" if answer is None else answer

        return read

    def _selected(self) -> Node:
        self.expect("(")
        kind, token = self.take()
        if kind != "name":
            raise ExpressionError("selected() takes a variable first, as in selected(${name}, 'code').")
        read = self._variable(token)
        self.expect(",")
        kind, text = self.take()
        if kind != "text":
            raise ExpressionError("selected() takes a code in quotes second, as in selected(${name}, 'code').")
        self.expect(")")
        code = text[1:-1]
        name = self.names[-1]
        self.compared.append((name, code))
        self.selections.append(name)

        def chosen(answers: Given) -> Value:
            value = read(answers)
            if value is NOT_YET:
                return NOT_YET
            return code in value if isinstance(value, list) else value == code

        return chosen

    def _note_comparison(self, tokens: list[tuple[str, str]]) -> None:
        if len(tokens) != 3:
            return
        operands = (tokens[0], tokens[2])
        names = [text[2:-1].strip() for kind, text in operands if kind == "name"]
        codes = [text[1:-1] if kind == "text" else text for kind, text in operands if kind in ("text", "number")]
        if len(names) == 1 and len(codes) == 1 and codes[0] != "" and tokens[1][1] in ("=", "!="):
            self.compared.append((names[0], codes[0]))


def _truth(value: Value) -> bool | Unknown:
    return NOT_YET if value is NOT_YET else bool(value)


def _any(parts: list[Node]) -> Node:
    def node(answers: Given) -> Value:
        found: Value = False
        for part in parts:
            truth = _truth(part(answers))
            if truth is True:
                return True
            found = truth or found
        return found

    return node


def _all(parts: list[Node]) -> Node:
    def node(answers: Given) -> Value:
        found: Value = True
        for part in parts:
            truth = _truth(part(answers))
            if truth is False:
                return False
            found = truth if truth is NOT_YET else found
        return found

    return node


def _comparison(compare: Compare, left: Node, right: Node) -> Node:
    def node(answers: Given) -> Value:
        a, b = left(answers), right(answers)
        return NOT_YET if a is NOT_YET or b is NOT_YET else compare(a, b)

    return node


def _number(value: Value) -> float | None:
    """The number that a value is or writes, as codes and numbers in files do: no sign, no exponent, no "nan"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return _truth(left) == _truth(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        numbers = (_number(left), _number(right))
        return numbers[0] is not None and numbers[0] == numbers[1]
    if isinstance(left, list) or isinstance(right, list):
        return (left if isinstance(left, list) else [left]) == (right if isinstance(right, list) else [right])
    return left == right


def _ordered(holds_for: Callable[[float, float], bool]) -> Compare:
    def compare(left: Value, right: Value) -> bool:
        a, b = _number(left), _number(right)
        return a is not None and b is not None and holds_for(a, b)

    return compare


_COMPARE: dict[str | None, Compare] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
}
