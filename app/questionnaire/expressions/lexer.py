"""An expression's source as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import ExpressionError

LONGEST_SOURCE = 10_000
MOST_DIGITS = 15

VARIABLE = re.compile(r"\$\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}")
"""A variable as it is written in expressions, and in texts that show its answer."""

_TOKEN = re.compile(
    rf"\s*(?:(?P<name>{VARIABLE.pattern})"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"|(?P<sign><=|>=|!=|[=<>(),+*-]|\.(?!\.))"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:[-:][A-Za-z_][A-Za-z0-9_]*)*))"
)

_PATH = re.compile(r"\s*((?:\.{1,2}/|/(?=[A-Za-z*.@]))[A-Za-z0-9_./*@:-]*)")
PATH = "“%(found)s” is a path, which is not followed here: name a question, as in ${name}."

# What other languages, word processors and Japanese keyboards write, and what is meant.
_MEANT = (
    {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≦": "<=", "≥": ">=", "≧": ">=", "&&": "and", "||": "or"}
    | {"/": "div", "÷": "div", "×": "*", "%": "mod"}
    | dict.fromkeys("“”‘’＇＂「」", "'")
    | {wide: chr(ord(wide) - 0xFEE0) for wide in "＝＜＞（），．＋－＊＄｛｝０１２３４５６７８９"}
)
_OTHER = re.compile(r"\s*(" + "|".join(re.escape(sign) for sign in _MEANT) + ")")
NOT_OURS = "“%(found)s” is not known here: write %(meant)s."


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: name, text, number, sign or word; `text` as written."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(source: str) -> list[Token]:
    """The tokens of an expression. Raises ExpressionError."""
    if len(source) > LONGEST_SOURCE:
        raise ExpressionError("The expression is longer than %(limit)s characters.", limit=LONGEST_SOURCE)
    whole = source.rstrip()
    found: list[Token] = []
    position = 0
    while position < len(whole):
        if path := _PATH.match(whole, position):
            raise ExpressionError(PATH, found=path[1][:40])
        if other := _OTHER.match(whole, position):
            raise ExpressionError(NOT_OURS, found=other[1], meant=_MEANT[other[1]])
        match = _TOKEN.match(whole, position)
        if not match:
            raise ExpressionError("“%(found)s” cannot be read.", found=whole[position : position + 20].strip())
        kind = str(match.lastgroup)
        token = Token(kind, match.group(kind), match.start(kind), match.end(kind))
        if kind == "number" and any(len(digits) > MOST_DIGITS for digits in token.text.split(".")):
            message = "The number “%(number)s” has more than %(limit)s digits."
            raise ExpressionError(message, number=token.text[:40], limit=MOST_DIGITS)
        found.append(token)
        position = match.end()
    if not found:
        raise ExpressionError("The expression is empty.")
    return found
