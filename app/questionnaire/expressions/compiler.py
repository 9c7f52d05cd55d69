"""A syntax tree as closures: evaluation walks no tree and looks nothing up but answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from .functions import FUNCTIONS
from .operators import ARITHMETIC, COMPARISONS, negative
from .tree import Attribute, Call, Chain, Comparison, Logical, Name, Negative, Node, Number, Own, Text
from .values import NOT_YET, TODAY, Context, Given, Known, Unknown, Value, truth_of

Run = Callable[[Given, Context], Value]


def compiled(node: Node) -> Run:
    """What a node's value is, as a function of answers and context. It never raises."""
    match node:
        case Text() | Number():
            value = node.value
            return lambda answers, context: value
        case Name():
            return _name(node.name)
        case Own():
            return _own
        case Attribute():
            return _attribute(node.name)
        case Negative():
            return _strict(negative, (compiled(node.part),))
        case Chain():
            return _chain(compiled(node.first), [(ARITHMETIC[sign], compiled(part)) for sign, part in node.rest])
        case Comparison():
            return _comparison(node)
        case Logical():
            return _logical(node.operator == "or", [compiled(part) for part in node.parts])
        case Call():
            return _call(node)


def truth(value: Value) -> bool | Unknown:
    """Whether a value counts as true; NOT_YET where that is not known."""
    if isinstance(value, bool):
        return value
    return NOT_YET if isinstance(value, Unknown) else truth_of(value)


def _name(name: str) -> Run:
    def read(answers: Given, context: Context) -> Value:
        answer = answers.get(name)
        return "" if answer is None else answer

    return read


def _own(answers: Given, context: Context) -> Value:
    return "" if context.own is None else context.own


def _attribute(name: str) -> Run:
    return lambda answers, context: (context.choice or {}).get(name, "")


def _comparison(node: Comparison) -> Run:
    if isinstance(node.left, Name) and isinstance(node.right, Text) and node.operator in ("=", "!="):
        return _is_code(node.left.name, node.right.value, node.operator == "=")
    compare = COMPARISONS[node.operator]
    left, right = compiled(node.left), compiled(node.right)

    def compared(answers: Given, context: Context) -> Value:
        a, b = left(answers, context), right(answers, context)
        return NOT_YET if isinstance(a, Unknown) or isinstance(b, Unknown) else compare(a, b)

    return compared


def _is_code(name: str, code: str, wanted: bool) -> Run:
    """The comparison that most conditions consist of, in one step where the answer is a text."""
    equal = COMPARISONS["="]

    def compared(answers: Given, context: Context) -> Value:
        answer = answers.get(name)
        if isinstance(answer, str):
            return (answer == code) is wanted
        if isinstance(answer, Unknown):
            return NOT_YET
        return equal("" if answer is None else answer, code) is wanted

    return compared


def _logical(decisive: bool, parts: Sequence[Run]) -> Run:
    """`or` is true as soon as one part is, `and` false as soon as one is, whatever is not known yet."""

    def joined(answers: Given, context: Context) -> Value:
        found: Value = not decisive
        for part in parts:
            known = truth(part(answers, context))
            if known is decisive:
                return decisive
            if known is NOT_YET:
                found = NOT_YET
        return found

    return joined


def _chain(first: Run, rest: Sequence[tuple[Callable[[Known, Known], Known], Run]]) -> Run:
    def calculated(answers: Given, context: Context) -> Value:
        result = first(answers, context)
        for calculate, part in rest:
            value = part(answers, context)
            if isinstance(result, Unknown) or isinstance(value, Unknown):
                return NOT_YET
            result = calculate(result, value)
        return result

    return calculated


def _call(node: Call) -> Run:
    arguments = [compiled(argument) for argument in node.arguments]
    function = FUNCTIONS[node.function]
    run = function.run
    if run is None:
        return _SPECIAL[node.function](*arguments)
    if function.prepare and isinstance(node.arguments[1], Text):
        return _strict(partial(_with_second, run, function.prepare(node.arguments[1].value)), arguments[:1])
    return _strict(run, arguments)


def _with_second(run: Callable[..., Known], second: object, first: Known) -> Known:
    return run(first, second)


def _strict(run: Callable[..., Known], arguments: Sequence[Run]) -> Run:
    """A function of known values: it waits for all of them."""

    def called(answers: Given, context: Context) -> Value:
        values = []
        for argument in arguments:
            value = argument(answers, context)
            if isinstance(value, Unknown):
                return NOT_YET
            values.append(value)
        return run(*values)

    return called


def _if(condition: Run, then: Run, otherwise: Run) -> Run:
    def chosen(answers: Given, context: Context) -> Value:
        holds = truth(condition(answers, context))
        if holds is True:
            return then(answers, context)
        if holds is False:
            return otherwise(answers, context)
        one, other = then(answers, context), otherwise(answers, context)
        return one if type(one) is type(other) and one == other else NOT_YET

    return chosen


def _coalesce(*parts: Run) -> Run:
    """The first value that is not empty."""

    def found(answers: Given, context: Context) -> Value:
        for part in parts:
            value = part(answers, context)
            if value not in ("", []):
                return value
        return ""

    return found


def _today() -> Run:
    kept = _name(TODAY)
    return lambda answers, context: context.today.isoformat() if context.today else kept(answers, context)


_SPECIAL: dict[str, Callable[..., Run]] = {"if": _if, "coalesce": _coalesce, "today": _today}
