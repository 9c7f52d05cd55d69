"""The expression language of `relevant`, `when`, `where` and their like, as the questionnaire uses it.

    ${country} = 'jp' and not(selected(${contact}, 'none'))

The language itself is in `expressions`.
"""

from .expressions import (
    NOT_YET,
    Answer,
    Context,
    Expression,
    ExpressionError,
    Given,
    Unknown,
    Value,
    all_hold,
    holds,
    parse,
    text_of,
)

__all__ = [
    "NOT_YET",
    "Answer",
    "Context",
    "Expression",
    "ExpressionError",
    "Given",
    "Unknown",
    "Value",
    "all_hold",
    "holds",
    "parse",
    "text_of",
]
