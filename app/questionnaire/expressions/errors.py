"""What is wrong with an expression, in words that can be translated."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be read. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params
