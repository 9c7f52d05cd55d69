"""SurveyJS's functions in our words. What calls another one is dropped, and the report says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError, Items, Name, Node, Operation, Text

if TYPE_CHECKING:
    from .translation import Translator

Function = Callable[["Translator", Sequence[Node]], Phrase]

DAYS = "Our dates are counted in days only."
ARGUMENTS = "“%(name)s” has another number of values."
ZERO, ONE = phrase.number("0"), phrase.number("1")
TODAY = phrase.call("today", [])


def _several(to: Translator, arguments: Sequence[Node]) -> list[Phrase]:
    """The arguments as numbers; a list, and a question that repeats, is all that is in it."""
    found: list[Phrase] = []
    for argument in arguments:
        if isinstance(argument, Items):
            found += _several(to, argument.items)
        elif isinstance(argument, Name) and to.constant(argument) is argument and to.variable(argument).members:
            found += [member.figure() for member in to.variable(argument).members]
        else:
            found.append(to.figure(argument))
    return found


def _sum(to: Translator, arguments: Sequence[Node]) -> Phrase:
    return phrase.call("sum", [ZERO, *_several(to, arguments)])


def _of_all(name: str) -> Function:
    def function(to: Translator, arguments: Sequence[Node]) -> Phrase:
        values = _several(to, arguments)
        if not values:
            raise FormulaError(ARGUMENTS, name=name)
        return phrase.call(name, values)

    return function


def _average(to: Translator, arguments: Sequence[Node]) -> Phrase:
    values = _several(to, arguments)
    return phrase.operation("div", phrase.call("sum", [ZERO, *values]), phrase.call("count", values))


def _cells(to: Translator, arguments: Sequence[Node], name: str) -> list[Phrase]:
    """The answers in one column of a question that repeats."""
    if len(arguments) < 2 or not isinstance(arguments[0], Name | Text) or not isinstance(arguments[1], Text):
        raise FormulaError(ARGUMENTS, name=name)
    if len(arguments) > 2:
        raise FormulaError("It chooses among the rows, which our functions cannot.")
    question = arguments[0].name if isinstance(arguments[0], Name) else arguments[0].value
    return cells_of(to, to.variables.path(question, to.scope), arguments[1].value)


def cells_of(to: Translator, path: str, column: str) -> list[Phrase]:
    """The answers in one column of the question at a path. Raises FormulaError."""
    found = [f"{copy}.{column}" for copy in to.variables.copies.get(path, [])]
    if not found:
        raise FormulaError("There is no question “%(name)s”.", name=path[:100])
    return [to.variables.find(cell, to.scope).figure() for cell in found]


def total(to: Translator, path: str) -> Phrase | None:
    """What stands under a column: `{table-total.column}`; None where nothing does."""
    kind = to.variables.totals.get(path)
    if kind is None:
        return None
    question, column = path.split("-total.", 1)
    cells = cells_of(to, question, column)
    if kind == "avg":
        return phrase.operation("div", phrase.call("sum", [ZERO, *cells]), phrase.call("count", cells))
    if kind not in ("sum", "min", "max", "count"):
        raise FormulaError("The function “%(name)s” has no counterpart.", name=kind[:60])
    return phrase.call(kind, [ZERO, *cells] if kind == "sum" else cells)


def _in_rows(name: str, ours: str) -> Function:
    def function(to: Translator, arguments: Sequence[Node]) -> Phrase:
        cells = _cells(to, arguments, name)
        return phrase.call(ours, [ZERO, *cells] if ours == "sum" else cells)

    return function


def _average_in_rows(to: Translator, arguments: Sequence[Node]) -> Phrase:
    cells = _cells(to, arguments, "avgInArray")
    return phrase.operation("div", phrase.call("sum", [ZERO, *cells]), phrase.call("count", cells))


def _iif(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) not in (2, 3):
        raise FormulaError(ARGUMENTS, name="iif")
    values = [to.value(argument) for argument in arguments[1:]]
    return phrase.call("if", [to.truth(arguments[0]), *values, *([phrase.NOTHING] * (3 - len(arguments)))])


def _today(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """Today, or so many days from it; our day is that on which the response was begun."""
    if not arguments:
        return TODAY
    return phrase.operation("+", TODAY, to.figure(arguments[0]))


def _part(form: str) -> Function:
    """A part of a date, as a number."""

    def function(to: Translator, arguments: Sequence[Node]) -> Phrase:
        day = to.value(arguments[0]) if arguments else TODAY
        return phrase.call("number", [phrase.call("format-date", [day, phrase.text(form)])])

    return function


def _age(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """Whole years since a day: the difference of both days written as numbers, without month and day."""
    if len(arguments) != 1:
        raise FormulaError(ARGUMENTS, name="age")
    now, then = (
        phrase.call("number", [phrase.call("format-date", [day, phrase.text("%Y%m%d")])])
        for day in (TODAY, to.value(arguments[0]))
    )
    years = phrase.operation("div", phrase.operation("-", now, then), phrase.number("10000"))
    return phrase.call("int", [years])


def _days(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) == 3 and (not isinstance(arguments[2], Text) or arguments[2].value != "days"):
        raise FormulaError(DAYS)
    if len(arguments) not in (2, 3):
        raise FormulaError(ARGUMENTS, name="diffDays")
    first, last = (to.value(argument) for argument in arguments[:2])
    return phrase.call("abs", [phrase.operation("-", last, first)])


def _later(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """A day so many days after another."""
    unit = arguments[2] if len(arguments) == 3 else Text("days")
    if not isinstance(unit, Text) or unit.value != "days":
        raise FormulaError(DAYS)
    if len(arguments) not in (2, 3):
        raise FormulaError(ARGUMENTS, name="dateAdd")
    return phrase.operation("+", to.value(arguments[0]), to.figure(arguments[1]))


def _comment(to: Translator, arguments: Sequence[Node]) -> Phrase:
    """The words beside the answer to a question, which names it as a text."""
    if len(arguments) != 1 or not isinstance(arguments[0], Text):
        raise FormulaError(ARGUMENTS, name="getComment")
    return to.value(Name(f"{arguments[0].value}-Comment"))


def _never(to: Translator, arguments: Sequence[Node]) -> Phrase:
    return phrase.NO


def _substring(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) not in (2, 3):
        raise FormulaError(ARGUMENTS, name="substring")
    return phrase.call("substr", [to.value(arguments[0]), *(to.figure(place) for place in arguments[1:])])


def _named(ours: str, most: int = 1) -> Function:
    def function(to: Translator, arguments: Sequence[Node]) -> Phrase:
        if not 1 <= len(arguments) <= most:
            raise FormulaError(ARGUMENTS, name=ours)
        return phrase.call(ours, [to.figure(argument) for argument in arguments])

    return function


def _itself(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if not arguments:
        raise FormulaError(ARGUMENTS, name="getDate")
    return to.value(arguments[0])


def _is_empty(to: Translator, arguments: Sequence[Node]) -> Phrase:
    if len(arguments) != 1:
        raise FormulaError(ARGUMENTS, name="isEmpty")
    return to.truth(Operation("empty", (arguments[0],)))


CONDITIONS: dict[str, Function] = {"isempty": _is_empty, "isdisplaymode": _never}

VALUES: dict[str, Function] = {
    "age": _age,
    "avg": _average,
    "avginarray": _average_in_rows,
    "count": _of_all("count"),
    "countinarray": _in_rows("countInArray", "count"),
    "currentdate": _today,
    "currentyear": _part("%Y"),
    "dateadd": _later,
    "datediff": _days,
    "day": _part("%e"),
    "diffdays": _days,
    "getcomment": _comment,
    "getdate": _itself,
    "getyear": _part("%Y"),
    "iif": _iif,
    "max": _of_all("max"),
    "maxinarray": _in_rows("maxInArray", "max"),
    "min": _of_all("min"),
    "mininarray": _in_rows("minInArray", "min"),
    "month": _part("%n"),
    "round": _named("round", 2),
    "substring": _substring,
    "sum": _sum,
    "suminarray": _in_rows("sumInArray", "sum"),
    "today": _today,
    "trunc": _named("int"),
    "year": _part("%Y"),
}
