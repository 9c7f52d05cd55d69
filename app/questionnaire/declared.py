"""What the variables of a document can be, for checking the expressions that name them."""

from __future__ import annotations

from .expressions import Expression
from .expressions.types import Declared, Scope, Type, type_of
from .kinds.acknowledge import TICKED
from .kinds.base import DONT_KNOW, REFUSED
from .kinds.choices import OTHER
from .kinds.typed import LARGEST
from .outline import Asked, word, words

_OFFERED = (("dont_know", DONT_KNOW), ("refused", REFUSED))
# A calculated value is kept in writing: a code is a text like others then, and codes are one text.
_WRITTEN = {Type.CODE: Type.MADE, Type.CODES: Type.MADE, Type.EMPTY: Type.MADE}


def declared_of(question: Asked) -> dict[str, Declared]:
    """What each variable of a question can be, by its name; a calculated one: anything."""
    found = _declared(question)
    other = question.name + OTHER
    return {name: Declared(Type.TEXT) if name == other else found for name in variables_of(question)}


def variables_of(question: Asked) -> list[str]:
    """The names of a question that expressions can name: the words beside an option are one of them."""
    asks_for_words = any(choice.get("specify") is True for _, choice in question.choices or ())
    own = question.variables()
    return [*own, question.name + OTHER] if asks_for_words and own else own


def calculated(expression: Expression, scope: Scope) -> Declared:
    """What a calculation gives."""
    found = type_of(expression.tree, scope)
    return Declared(_WRITTEN.get(found, found), made=True)


def attributes_of(question: Asked) -> list[tuple[str, dict[str, str]]] | None:
    """Each choice's code, and what a choice filter reads of it; None where the choices cannot be read."""
    if question.choices is None:
        return None
    found = []
    for _, choice in question.choices:
        code, given = word(choice, "code"), choice.get("attributes")
        attributes = {str(name): word(given, name) for name in given} if isinstance(given, dict) else {}
        found.append((code, {"name": code, **attributes}))
    return found


def _declared(question: Asked) -> Declared:
    kind = word(question.data, "kind")
    apart = tuple(code for key, code in _OFFERED if question.data.get(key))
    if kind in ("integer", "range", "allocate", "decimal"):
        return _number(question, kind, apart)
    if kind == "scale" and question.choices is None:
        return Declared(Type.CODE, _points(question, apart))
    if kind in ("select_one", "scale", "matrix", "arm"):
        return Declared(Type.CODE, _codes(question))
    if kind in ("select_multiple", "rank"):
        return Declared(Type.CODES, _codes(question))
    if kind == "sample":
        return Declared(Type.CODES, tuple(words(question.data, "of")))
    if kind == "date":
        return Declared(Type.DATE, apart)
    if kind == "acknowledge":
        return Declared(Type.CODE, (TICKED,))
    return Declared(Type.TEXT if kind in ("text", "email") else Type.ANY)


def _codes(question: Asked) -> tuple[str, ...] | None:
    codes = question.codes()
    return None if codes is None else tuple(codes)


def _bound(question: Asked, key: str, default: float) -> float | None:
    given = question.parameters.get(key, default)
    return given if isinstance(given, int | float) and not isinstance(given, bool) else None


def _number(question: Asked, kind: str, apart: tuple[str, ...]) -> Declared:
    if kind == "allocate":
        return Declared(Type.NUMBER, (), 0, _bound(question, "total", 100), whole=True)
    start, end = _bound(question, "start", 0), _bound(question, "end", 100 if kind == "range" else LARGEST)
    if start is None or end is None or start > end:
        return Declared(Type.NUMBER)
    return Declared(Type.NUMBER, apart, start, end, whole=kind != "decimal")


def _points(question: Asked, apart: tuple[str, ...]) -> tuple[str, ...] | None:
    start, end = question.parameters.get("start"), question.parameters.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= end - start <= 1000:
        return None
    return (*map(str, range(start, end + 1)), *apart)
