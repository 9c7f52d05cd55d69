"""An expression that was read: what it names, whether it holds, what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from .compiler import Run, compiled, truth
from .parser import parse_tree
from .tree import Attribute, Call, Comparison, Name, Node, Number, Text, walk
from .values import NOT_YET, Context, Given, Unknown, Value, text_of

NOTHING = Context()


@dataclass(frozen=True)
class Expression:
    """A parsed expression. Absent answers and None are unanswered; NOT_YET ones may still be given."""

    source: str
    tree: Node
    run: Run = field(repr=False, compare=False)

    def value(self, answers: Given, context: Context = NOTHING) -> Value:
        """The value: a text, number, truth or list of codes; NOT_YET while it hangs on what is. Never raises."""
        return self.run(answers, context)

    def holds(self, answers: Given, context: Context = NOTHING) -> bool:
        """Whether it is true; what is not known yet does not hold yet. Never raises."""
        return truth(self.run(answers, context)) is True

    def may_hold(self, answers: Given, context: Context = NOTHING) -> bool:
        """Whether it is not known to be false. Never raises."""
        return truth(self.run(answers, context)) is not False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The variables named, each once, in the order written."""
        return tuple(dict.fromkeys(node.name for node in walk(self.tree) if isinstance(node, Name)))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of choices named."""
        return tuple(dict.fromkeys(node.name for node in walk(self.tree) if isinstance(node, Attribute)))

    @cached_property
    def compared(self) -> tuple[tuple[str, str], ...]:
        """(variable, code) pairs that are compared by `=`, `!=` or selected()."""
        pairs = (pair for node in walk(self.tree) if (pair := compared_in(node)))
        return tuple(dict.fromkeys((left.name, text_of(code.value)) for left, code in pairs if isinstance(left, Name)))

    @cached_property
    def selected(self) -> tuple[str, ...]:
        """The variables that selected() asks about."""
        asked = (
            node.arguments[0] for node in walk(self.tree) if isinstance(node, Call) and node.function == "selected"
        )
        return tuple(dict.fromkeys(node.name for node in asked if isinstance(node, Name)))


def compared_in(node: Node) -> tuple[Node, Text | Number] | None:
    """What a node compares for equality with what is written there, if it does; the empty text is no code."""
    if isinstance(node, Call) and node.function == "selected":
        asked, code = node.arguments
        return (asked, code) if isinstance(code, Text | Number) else None
    if not isinstance(node, Comparison) or node.operator not in ("=", "!="):
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(other, Text | Number) and other.value != "":
            return one, other
    return None


@lru_cache(maxsize=4096)
def parse(source: str, dot: bool = False, attributes: bool = False) -> Expression:
    """The expression in `source`. Raises ExpressionError.

    `dot`: a full stop may stand for the answer (Context.own), as in a constraint. `attributes`: bare words may stand
    for attributes of a choice (Context.choice), as in a choice filter.
    """
    tree = parse_tree(source, dot, attributes)
    return Expression(source, tree, compiled(tree))


def holds(source: str | None, answers: Given, context: Context = NOTHING) -> bool:
    """Whether a condition is met; no condition is always met."""
    return source is None or parse(source).holds(answers, context)


def all_hold(sources: Iterable[str | None], answers: Given, context: Context = NOTHING) -> bool | Unknown:
    """Whether all conditions are met; NOT_YET while that hangs on what is not known."""
    found: bool | Unknown = True
    for source in sources:
        known = True if source is None else truth(parse(source).run(answers, context))
        if known is False:
            return False
        found = NOT_YET if known is NOT_YET else found
    return found
