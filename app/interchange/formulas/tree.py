"""The tree that an expression of another program is read into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from app.questionnaire.problems import Message

DEEPEST = 60
LONGEST = 20_000


class FormulaError(ValueError):
    """An expression that cannot be read, or not be said in our language. `message` is a template in English."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params

    @property
    def told(self) -> Message:
        """What is wrong, as a part of another sentence."""
        return Message(self.message, self.params)


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Number:
    """`value` as written: digits, perhaps with a point."""

    value: str


@dataclass(frozen=True)
class Truth:
    value: bool


@dataclass(frozen=True)
class Name:
    """A variable of the other program, as written there."""

    name: str


@dataclass(frozen=True)
class Operation:
    """An operator and its operands: `and` and `or` have two or more, the others one or two."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Items:
    """A list of values."""

    items: tuple[Node, ...]


Node: TypeAlias = Text | Number | Truth | Name | Operation | Call | Items


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Operation):
        return node.operands
    if isinstance(node, Call):
        return node.arguments
    return node.items if isinstance(node, Items) else ()
