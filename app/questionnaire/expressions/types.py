"""What each part of an expression gives, as far as that follows from what the variables are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .function import Type, Want
from .functions import FUNCTIONS
from .tree import Attribute, Call, Chain, Comparison, Logical, Name, Negative, Node, Number, Own, Text, parts_of
from .values import NO_ANSWERS, date_of, written_number

__all__ = ["Declared", "Scope", "Type", "fits", "type_of"]


@dataclass(frozen=True)
class Declared:
    """What a variable can be. `codes`: all that it can be answered with, or for a number or date the ways of not
    answering that are offered; None where that is not known. `start`, `end`: the bounds of a number; `whole`: whether
    it has no digits after the point; `made`: whether it is calculated, so that it may be a code."""

    type: Type
    codes: tuple[str, ...] | None = None
    start: float | None = None
    end: float | None = None
    whole: bool = False
    made: bool = False


@dataclass(frozen=True)
class Scope:
    """What an expression can name: variables, the answer itself, attributes with the values that choices have."""

    variables: Mapping[str, Declared] = field(default_factory=dict)
    own: Declared | None = None
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def declared(self, node: Node) -> Declared | None:
        """What a variable or the answer itself can be; None for all else, and for what is not known."""
        if isinstance(node, Name):
            return self.variables.get(node.name)
        return self.own if isinstance(node, Own) else None


def type_of(node: Node, scope: Scope) -> Type:
    """What a part gives."""
    match node:
        case Text():
            return _written(node.value)
        case Number() | Negative():
            return Type.NUMBER
        case Name() | Own():
            declared = scope.declared(node)
            return declared.type if declared else Type.ANY
        case Attribute():
            return Type.ANY
        case Comparison() | Logical():
            return Type.TRUTH
        case Chain():
            return _of_chain(node, scope)
        case Call():
            gives = FUNCTIONS[node.function].gives
            return gives or _common(type_of(part, scope) for part in _results(node))


def _written(text: str) -> Type:
    if text == "":
        return Type.EMPTY
    if written_number(text) is not None:
        return Type.NUMBER
    return Type.DATE if date_of(text) else Type.TEXT


def _results(call: Call) -> tuple[Node, ...]:
    """The arguments of which one is what a call gives."""
    return call.arguments[1:] if call.function == "if" else call.arguments


def _common(types: Iterable[Type]) -> Type:
    """What is one of several; the empty text goes with each."""
    found = set(types) - {Type.EMPTY}
    return found.pop() if len(found) == 1 else Type.ANY if found else Type.EMPTY


def _of_chain(chain: Chain, scope: Scope) -> Type:
    types = [type_of(part, scope) for part in parts_of(chain)]
    if chain.rest[0][0] not in "+-" or not {Type.DATE, Type.ANY} & set(types):
        return Type.NUMBER
    if Type.ANY in types:
        return Type.ANY
    taken = [sign for (sign, _), found in zip(chain.rest, types[1:], strict=True) if found is Type.DATE]
    return Type.DATE if types.count(Type.DATE) == 1 and taken != ["-"] else Type.NUMBER


def fits(node: Node, want: Want, scope: Scope) -> bool:
    """Whether a part gives what its place takes. What is not known fits."""
    found = type_of(node, scope)
    if want is Want.VALUE or found is Type.ANY:
        return True
    if want is Want.CONDITION:
        return found in (Type.TRUTH, Type.NUMBER, Type.EMPTY)
    if want is Want.OPTIONS:
        declared = scope.declared(node)
        is_made = declared is not None and declared.made
        return found in (Type.CODE, Type.CODES, Type.MADE, Type.EMPTY) or isinstance(node, Text) or is_made
    if want is Want.DATE:
        return found in (Type.DATE, Type.MADE, Type.EMPTY)
    return _is_number(node, found, scope) or (want is Want.ORDERED and found is Type.DATE)


def _is_number(node: Node, found: Type, scope: Scope) -> bool:
    if found is Type.TRUTH:
        return not isinstance(node, Name)  # One that was calculated is kept as a word.
    if found is Type.CODE:
        declared = scope.declared(node)
        return declared is None or has_scores(declared)
    return found in (Type.NUMBER, Type.MADE, Type.EMPTY)


def has_scores(declared: Declared) -> bool:
    """Whether the codes of a question are numbers, as those of a scale."""
    return declared.codes is None or all(
        code in NO_ANSWERS or written_number(code) is not None for code in declared.codes
    )
