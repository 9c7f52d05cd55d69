"""Reads SurveyJS's expressions: `{q1} = 'a' and ({q2} notempty or {q3} anyof ['x', 'y'])`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.interchange.formulas.parser import Grammar, Token, parse
from app.interchange.formulas.tree import LONGEST, FormulaError, Node

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<name>\{[^{}]{1,500}\})
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<bracket>[()\[\],])
    | (?P<number>0x[0-9a-fA-F]{1,8}\b|[0-9]+(?:\.[0-9]+)?)
    | (?P<operator>&&|\|\||[<>=!]=|<>|\*=|[<>=!+*/%^-])
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    )""",
    re.VERBOSE,
)
_SAME = {
    "&&": "and",
    "||": "or",
    "==": "=",
    "equal": "=",
    "<>": "!=",
    "notequal": "!=",
    "less": "<",
    "greater": ">",
    "lessorequal": "<=",
    "greaterorequal": ">=",
    "power": "^",
    "negate": "!",
    "*=": "contains",
    "contain": "contains",
    "notcontain": "notcontains",
}
_LEVELS = [
    ("or",),
    ("and",),
    ("=", "!=", "<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "/", "%"),
    ("^",),
    ("contains", "notcontains", "anyof", "allof", "noneof"),
]
_POSTFIX = {"empty": 7, "notempty": 7}
_BINARY = {operator: level for level, row in enumerate(_LEVELS) for operator in row}
_GRAMMAR = Grammar(_BINARY, {"!": 7, "-": 7}, _POSTFIX)
_OPERATORS = {*_BINARY, *_POSTFIX, *_SAME}


def read_expression(source: str) -> Node:
    """The tree of an expression. Raises FormulaError."""
    if len(source) > LONGEST:
        raise FormulaError("The expression is longer than %(limit)s characters.", limit=LONGEST)
    tokens = list(_tokens(source))
    if not tokens:
        raise FormulaError("The expression is empty.")
    return parse(tokens, _GRAMMAR)


def _tokens(source: str) -> Iterator[Token]:
    source = source.strip()
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise FormulaError("“%(found)s” cannot be read.", found=source[position : position + 20].strip())
        kind, value = str(match.lastgroup), match[str(match.lastgroup)]
        position = match.end()
        if kind == "name":
            yield Token("name", value[1:-1].strip())
        elif kind == "text":
            yield Token("text", re.sub(r"\\(.)", r"\1", value[1:-1]))
        elif kind == "number":
            yield Token("number", str(int(value, 16)) if value.startswith("0x") else value)
        elif kind == "word":
            yield _word(value, _CALLED.match(source, position) is not None)
        else:
            yield Token(kind, _SAME.get(value, value))


_CALLED = re.compile(r"\s*\(")


def _word(value: str, is_called: bool) -> Token:
    """A function, an operator, a truth, nothing, or a text without quotes."""
    small = value.lower()
    if small in _OPERATORS:
        return Token("operator", _SAME.get(small, small))
    if is_called:
        return Token("word", value)
    if small in ("true", "false"):
        return Token("truth", small)
    return Token("text", "" if small in ("null", "undefined") else value)
