"""The syntax tree of an expression. `span` is where a node stands in its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Text:
    value: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Number:
    value: int | float
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Name:
    """The answer to a question: `${name}`."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Own:
    """The answer that a constraint is about: a full stop."""

    span: Span = field(compare=False)


@dataclass(frozen=True)
class Attribute:
    """An attribute of the choice that a filter is about: a bare word."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Negative:
    part: Node
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Chain:
    """Additions and subtractions, or multiplications and divisions, from the left."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Comparison:
    operator: str
    left: Node
    right: Node
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Logical:
    """Two or more parts joined by one operator, `and` or `or`."""

    operator: str
    parts: tuple[Node, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    span: Span = field(compare=False)


Node: TypeAlias = Text | Number | Name | Own | Attribute | Negative | Chain | Comparison | Logical | Call


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside another, in the order written."""
    match node:
        case Negative():
            return (node.part,)
        case Chain():
            return (node.first, *(part for _, part in node.rest))
        case Comparison():
            return (node.left, node.right)
        case Logical():
            return node.parts
        case Call():
            return node.arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all inside it, in the order written."""
    yield node
    for part in parts_of(node):
        yield from walk(part)
