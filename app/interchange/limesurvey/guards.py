"""Names without .NAOK: in LimeSurvey, nothing holds where their question was not asked.

With us such a question is unanswered. Where a condition can only hold of answers that is the same; elsewhere the
condition under which the question is asked is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.interchange.formulas.tree import Call, Name, Node, Number, Operation, Text, children

if TYPE_CHECKING:
    from .translation import Translator

ORDER = ("<", "<=", ">", ">=")


def guarded(to: Translator, node: Node) -> list[str]:
    """The questions whose names stand without .NAOK: where one was not asked, nothing holds."""
    if isinstance(node, Name) and not to.is_this(node):
        found = to.variables.find(node.name, to.own)
        return [v.question for v in found.variables if found.guarded and v.question != to.own]
    return list(dict.fromkeys(qid for child in children(node) for qid in guarded(to, child)))


def implies(to: Translator, node: Node, qid: str, holds: bool = True) -> bool:
    """Whether the question was answered for sure where a node holds, or where it does not: then it was asked."""
    if isinstance(node, Operation) and node.operator == "!":
        return implies(to, node.operands[0], qid, not holds)
    if isinstance(node, Operation) and node.operator in ("and", "or"):
        each = (implies(to, operand, qid, holds) for operand in node.operands)
        return any(each) if (node.operator == "and") is holds else all(each)
    if isinstance(node, Operation) and node.operator in ORDER:
        return holds and any(_is_of(to, operand, qid) for operand in node.operands)
    if isinstance(node, Operation) and node.operator in ("=", "!="):
        is_empty = any(isinstance(o, Text) and not o.value.strip() for o in node.operands)
        is_literal = any(isinstance(o, Text | Number) for o in node.operands)
        asks = (node.operator == "=") is not is_empty
        return is_literal and asks is holds and any(_is_of(to, operand, qid) for operand in node.operands)
    if isinstance(node, Call) and node.function.lower() == "is_empty":
        return not holds and any(_is_of(to, argument, qid) for argument in node.arguments)
    return holds and _is_of(to, node, qid)


def _is_of(to: Translator, node: Node, qid: str) -> bool:
    """Whether a node is an answer to the question."""
    if not isinstance(node, Name) or to.is_this(node):
        return False
    return any(v.question == qid for v in to.variables.find(node.name, to.own).variables)
