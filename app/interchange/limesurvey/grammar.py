"""Reads ExpressionScript, LimeSurvey's language of conditions: `((Q1.NAOK == "A1")) and !is_empty(Q2)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.interchange.formulas.parser import Grammar, Token, parse
from app.interchange.formulas.tree import LONGEST, FormulaError, Node

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<bracket>[(),])
    | (?P<operator>&&|\|\||[<>=!]=|[<>!]|[+*/%-]|\b(?:and|or|le|lt|ge|gt|eq|ne)\b)
    | (?P<assign>=)
    | (?P<name>(?:INSERTANS:)?[0-9]+X[0-9]+X[0-9]+[A-Z0-9_]*(?:\#[01])?(?:\.[A-Z][A-Z0-9_]*)*
             | (?:TOKEN:)?[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)
    | (?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SAME = {
    "&&": "and",
    "||": "or",
    "==": "=",
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}
_LEVELS = [("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%")]
_GRAMMAR = Grammar({operator: level for level, row in enumerate(_LEVELS) for operator in row}, {"!": 6, "-": 6, "+": 6})


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
        if kind == "assign":
            raise FormulaError("It sets a variable with “=”; conditions only compare (“==”).")
        if kind == "name" and re.match(r"\s*\(", source[position:]):
            yield Token("word", value)
        elif kind == "text":
            yield Token("text", re.sub(r"\\(.)", r"\1", value[1:-1]))
        elif kind == "number":
            yield Token("number", value.rstrip(".") if not value.startswith(".") else "0" + value)
        else:
            yield Token(kind, _SAME.get(value.lower(), value.lower()) if kind == "operator" else value)
