"""ExpressionScript's functions in our words: those that hold or not, and those that have a value.

A function without a counterpart is not in these tables; what calls it is dropped, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.interchange.formulas import phrase
from app.interchange.formulas.patterns import whole
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError, Node, Number, Text
from app.questionnaire.kinds.choices import OTHER

from .variables import Variable

if TYPE_CHECKING:
    from .translation import Translator

Function = Callable[["Translator", Sequence[Node]], Phrase]

ARGUMENTS = "“%(name)s” has another number of values."
_MOST_PAIRS = 8
_OPERATORS = {"==": "=", "eq": "=", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<="}
_OPERATORS |= {">": ">", "gt": ">", ">=": ">=", "ge": ">="}
_DATES = {"Y": "%Y", "m": "%m", "d": "%d", "n": "%n", "j": "%e", "y": "%y"}
_CAPITALS, _SMALLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
ZERO, ONE = phrase.number("0"), phrase.number("1")


def _only(arguments: Sequence[Node], name: str) -> Node:
    if len(arguments) != 1:
        raise FormulaError(ARGUMENTS, name=name)
    return arguments[0]


def _is_empty(to: Translator, arguments: Sequence[Node]) -> Phrase:
    argument = _only(arguments, "is_empty")
    each = to.each([argument])
    if len(each) == 1 and isinstance(each[0], Variable):
        return to.comparison("=", argument, Text(""))
    if len(each) > 1:  # LimeSurvey looks at the last of a list.
        raise FormulaError("“%(name)s” has another number of values.", name="is_empty")
    return phrase.comparison("=", to.value(argument), phrase.NOTHING)


def _matches(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) != 2 or not isinstance(arguments[0], Text):
        raise FormulaError("Our regex() takes a pattern in quotes.")
    return phrase.call("regex", [to.value(arguments[1]), phrase.text(pattern(arguments[0].value))])


def pattern(source: str) -> str:
    """A pattern between slashes as ours are written, which match the whole of a text. Raises FormulaError."""
    found = re.fullmatch(r"\s*([/#~])(.*)\1([a-zA-Z]*)\s*", source, re.DOTALL)
    words, flags = (found[2], found[3]) if found else (source.strip(), "")
    if set(flags) - {"u", "i"}:
        raise FormulaError("The pattern has the sign “%(sign)s” behind it, which ours do not.", sign=flags)
    return whole(words.replace("\\/", "/"), "i" in flags)


def _is_numeric(to: Translator, arguments: Sequence[Node]) -> Phrase:
    value = phrase.call("string", [to.value(_only(arguments, "is_numeric"))])
    return phrase.call("regex", [value, phrase.text(r"^-?[0-9]*\.?[0-9]+$")])


def _is_whole(to: Translator, arguments: Sequence[Node]) -> Phrase:
    value = phrase.call("string", [to.value(_only(arguments, "is_int"))])
    return phrase.call("regex", [value, phrase.text(r"^-?[0-9]+$")])


def _unique(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """No two answers are the same, but for those not given."""
    values = [_value(to, one) for one in to.each(arguments)]
    if len(values) > _MOST_PAIRS:
        raise FormulaError("It compares more than %(limit)s answers with one another.", limit=_MOST_PAIRS)
    pairs = [(a, b) for number, a in enumerate(values) for b in values[number + 1 :]]
    return phrase.all_of(
        phrase.any_of([phrase.comparison("!=", a, b), phrase.comparison("=", a, phrase.NOTHING)]) for a, b in pairs
    )


def _value(to: Translator, one: Node | Variable) -> Phrase:
    return one.value() if isinstance(one, Variable) else to.value(one)


def _figure(to: Translator, one: Node | Variable) -> Phrase:
    return one.figure() if isinstance(one, Variable) else to.figure(one)


def _total(phrases: Sequence[Phrase]) -> Phrase:
    found = phrases[0] if phrases else ZERO
    for one in phrases[1:]:
        found = phrase.operation("+", found, one)
    return found


def _counted(condition: Phrase) -> Phrase:
    return phrase.call("if", [condition, ONE, ZERO])


def _count(to: Translator, arguments: Sequence[Node]) -> Phrase:
    each = to.each(arguments)
    ticked = [one for one in each if isinstance(one, Variable) and one.sort == "ticked"]
    names = {one.name for one in ticked}
    # The words beside "other" are chosen with it, which is an option of its own with us.
    beside = [one for one in each if isinstance(one, Variable) and one.name.removesuffix(OTHER) in names]
    if len(names) == 1 and len(beside) == len(each):
        name = names.pop()
        if len(set(beside)) == to.variables.options_of(ticked[0].question, name):
            return phrase.call("count-selected", [phrase.variable(name)])
    if all(isinstance(one, Variable) and one.sort in ("code", "number", "text") for one in each):
        return phrase.call("count", [_value(to, one) for one in each])
    return _total([_counted(_is_given(to, one)) for one in each])


def _is_given(to: Translator, one: Node | Variable) -> Phrase:
    if isinstance(one, Variable):
        return one.answered()
    return phrase.comparison("!=", to.value(one), phrase.NOTHING)


def _sum(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """Answers not given count as nothing, as they do there."""
    return phrase.call("sum", [ZERO, *(_figure(to, one) for one in to.each(arguments))])


def _tests(to: Translator, operator: str, wanted: Node, arguments: Sequence[Node]) -> list[tuple[Phrase, Phrase]]:
    """For each answer: whether it compares so with a value, and the answer as a number."""
    found = []
    for one in to.each(arguments):
        if isinstance(one, Variable) and isinstance(wanted, Text | Number):
            found.append((to.with_literal(operator, one, wanted), _number_of(to, one)))
        else:
            found.append((phrase.comparison(operator, _value(to, one), to.value(wanted)), _number_of(to, one)))
    return found


def _number_of(to: Translator, one: Node | Variable) -> Phrase:
    return ONE if isinstance(one, Variable) and one.sort in ("ticked", "place") else _figure(to, one)


def _operator(arguments: Sequence[Node], name: str) -> str:
    operator = arguments[0].value if len(arguments) > 2 and isinstance(arguments[0], Text) else ""
    if operator not in _OPERATORS:
        raise FormulaError(ARGUMENTS, name=name)
    return _OPERATORS[operator]


def _countif(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) < 2:
        raise FormulaError(ARGUMENTS, name="countif")
    return _total([_counted(test) for test, _ in _tests(to, "=", arguments[0], arguments[1:])])


def _countifop(to: Translator, arguments: Sequence[Node]) -> Phrase:
    operator = _operator(arguments, "countifop")
    return _total([_counted(test) for test, _ in _tests(to, operator, arguments[1], arguments[2:])])


def _sumifop(to: Translator, arguments: Sequence[Node]) -> Phrase:
    operator = _operator(arguments, "sumifop")
    tests = _tests(to, operator, arguments[1], arguments[2:])
    return _total([phrase.call("if", [test, value, ZERO]) for test, value in tests])


def _if(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) not in (2, 3):
        raise FormulaError(ARGUMENTS, name="if")
    values = [to.value(argument) for argument in arguments[1:]]
    return phrase.call("if", [to.truth(arguments[0]), *values, *([phrase.NOTHING] * (3 - len(arguments)))])


def _substr(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """Theirs takes a start and a length, ours a start and an end; both count from 0."""
    numbers = [int(one.value) for one in arguments[1:] if isinstance(one, Number) and one.value.isdecimal()]
    if len(arguments) not in (2, 3) or len(numbers) != len(arguments) - 1:
        raise FormulaError("Our substr() takes a start and a length in figures.")
    places = numbers if len(numbers) == 1 else [numbers[0], numbers[0] + numbers[1]]
    return phrase.call("substr", [to.value(arguments[0]), *(phrase.number(str(place)) for place in places)])


def _join(to: Translator, arguments: Sequence[Node]) -> Phrase:
    return phrase.call("concat", [_value(to, one) for one in to.each(arguments)])


def _implode(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) < 2:
        raise FormulaError(ARGUMENTS, name="implode")
    glue = to.value(arguments[0])
    parts = [piece for one in to.each(arguments[1:]) for piece in (glue, _value(to, one))]
    return phrase.call("concat", parts[1:])


def _round_up(to: Translator, arguments: Sequence[Node]) -> Phrase:
    value = to.figure(_only(arguments, "ceil"))
    whole = phrase.call("int", [value])
    return phrase.operation("+", whole, phrase.call("if", [phrase.comparison(">", value, whole), ONE, ZERO]))


def _date(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """The date of today in parts; our day is that on which the response was begun."""
    words = arguments[0].value if len(arguments) == 1 and isinstance(arguments[0], Text) else ""
    if not words or re.search("[A-Za-z]", re.sub("[YmdnjyG]", "", words)) or "G" in words:
        raise FormulaError("Our dates know days, months and years only.")
    if words in ("Y-m-d", "y-m-d"):
        return phrase.call("today", [])
    form = "".join(_DATES.get(letter, letter) for letter in words)
    return phrase.call("format-date", [phrase.call("today", []), phrase.text(form)])


def _same_letters(before: str, after: str) -> Function:
    def function(to: Translator, arguments: Sequence[Node]) -> Phrase:
        return phrase.call("translate", [to.value(_only(arguments, "")), phrase.text(before), phrase.text(after)])

    return function


def _named(ours: str, fewest: int = 1, most: int = 1) -> Function:
    """A function of numbers that only has another name."""

    def function(to: Translator, arguments: Sequence[Node]) -> Phrase:
        values = [_figure(to, one) for one in to.each(arguments)]
        if not fewest <= len(values) <= most:
            raise FormulaError(ARGUMENTS, name=ours)
        return phrase.call(ours, values)

    return function


def _itself(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """What only concerns how a value is shown in HTML."""
    if not arguments:
        raise FormulaError(ARGUMENTS, name="trim")
    return to.value(arguments[0])


def _length(to: Translator, arguments: Sequence[Node]) -> Phrase:
    return phrase.call("string-length", [to.value(_only(arguments, "strlen"))])


def _contains(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) != 2:
        raise FormulaError(ARGUMENTS, name="strstr")
    return phrase.call("contains", [to.value(arguments[0]), to.value(arguments[1])])


CONDITIONS: dict[str, Function] = {
    "is_empty": _is_empty,
    "is_null": _is_empty,
    "is_numeric": _is_numeric,
    "is_int": _is_whole,
    "regexmatch": _matches,
    "unique": _unique,
    "strstr": _contains,
}

VALUES: dict[str, Function] = {
    "abs": _named("abs"),
    "ceil": _round_up,
    "count": _count,
    "countif": _countif,
    "countifop": _countifop,
    "date": _date,
    "fixnum": _itself,
    "floatval": _named("number"),
    "floor": _named("int"),
    "html_entity_decode": _itself,
    "htmlentities": _itself,
    "htmlspecialchars": _itself,
    "if": _if,
    "implode": _implode,
    "intval": _named("int"),
    "join": _join,
    "max": _named("max", 1, 1000),
    "min": _named("min", 1, 1000),
    "nl2br": _itself,
    "pi": lambda to, arguments: phrase.number("3.141592653589793"),
    "pow": _named("pow", 2, 2),
    "round": _named("round", 1, 2),
    "rtrim": _itself,
    "ltrim": _itself,
    "trim": _itself,
    "sqrt": _named("sqrt"),
    "strip_tags": _itself,
    "strlen": _length,
    "strtolower": _same_letters(_CAPITALS, _SMALLS),
    "strtoupper": _same_letters(_SMALLS, _CAPITALS),
    "substr": _substr,
    "sum": _sum,
    "sumifop": _sumifop,
}
