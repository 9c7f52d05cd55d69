"""SurveyJS's expressions in our words: conditions, and values for calculations."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt, ne

from app.interchange.drafts.settling import Note
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import Call, FormulaError, Items, Name, Node, Number, Operation, Text, Truth

from .functions import CONDITIONS, VALUES, total
from .sets import CASE, LISTS, NEVER, Known, Literal, of_set, with_items
from .variables import Scope, Variable, Variables

_ORDER = ("<", "<=", ">", ">=")
_SETS = ("contains", "notcontains", "anyof", "allof", "noneof")
_ARITHMETIC = {"+": "+", "-": "-", "*": "*", "/": "div", "%": "mod"}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass
class Translator:
    """Translates the expressions of one question. `own` is its name with us, whose answer a check calls “.”."""

    variables: Variables
    scope: Scope
    own: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def truth(self, node: Node) -> Phrase:
        """A node where a condition is expected. Raises FormulaError."""
        node = self.constant(node)
        if isinstance(node, Operation):
            return self._operation(node)
        if isinstance(node, Truth):
            return phrase.YES if node.value else phrase.NO
        if isinstance(node, Text | Number):
            return phrase.NO if node.value in ("", "0") else phrase.YES
        if isinstance(node, Name) and self._computed(node) is None:
            return self._is_true(self.variable(node))
        if isinstance(node, Call) and node.function.lower() in CONDITIONS:
            return CONDITIONS[node.function.lower()](self, node.arguments)
        if isinstance(node, Call) and node.function.lower() == "iif" and len(node.arguments) == 3:
            test, then, other = (self.truth(argument) for argument in node.arguments)
            return phrase.any_of([phrase.all_of([test, then]), phrase.all_of([phrase.negation(test), other])])
        return self._not_zero(self.value(node))

    def _not_zero(self, value: Phrase) -> Phrase:
        zero = phrase.number("0")
        return phrase.any_of([phrase.comparison(">", value, zero), phrase.comparison("<", value, zero)])

    def _operation(self, node: Operation) -> Phrase:
        operator, operands = node.operator, [self.constant(operand) for operand in node.operands]
        if operator in ("and", "or"):
            join = phrase.all_of if operator == "and" else phrase.any_of
            return join([self.truth(operand) for operand in operands])
        if operator == "!":
            return self._denied(operands[0])
        if operator in ("empty", "notempty"):
            answered = self._answered(operands[0])
            return answered if operator == "notempty" else _opposite(answered)
        if operator in _SETS:
            return of_set(self, operator, operands[0], operands[1])
        if operator in ("=", "!=", *_ORDER):
            return self.comparison(operator, operands[0], operands[1])
        return self._not_zero(self.value(node))

    def _denied(self, node: Node) -> Phrase:
        opposites = {"=": "!=", "!=": "=", "empty": "notempty", "notempty": "empty"}
        if isinstance(node, Operation) and node.operator in opposites:
            return self._operation(Operation(opposites[node.operator], node.operands))
        return phrase.negation(self.truth(node))

    def _answered(self, node: Node) -> Phrase:
        if isinstance(node, Name):
            return self.variable(node).answered()
        if isinstance(node, Text | Number | Truth):
            return phrase.NO if isinstance(node, Text) and not node.value else phrase.YES
        return phrase.comparison("!=", self.value(node), phrase.NOTHING)

    def _is_true(self, variable: Variable) -> Phrase:
        answered = variable.answered()
        if variable.sort == "number":
            return phrase.all_of([answered, phrase.comparison("!=", variable.value(), phrase.number("0"))])
        if variable.sort == "code" and "true" in variable.codes:
            return phrase.comparison("=", variable.value(), phrase.text(variable.codes["true"]))
        return answered

    def comparison(self, operator: str, left: Node, right: Node) -> Phrase:
        if isinstance(left, Literal | Items) and isinstance(right, Name):
            left, right, operator = right, left, _FLIPPED.get(operator, operator)
        if isinstance(left, Literal) and isinstance(right, Literal):
            return phrase.YES if _compare(operator, left, right) else phrase.NO
        if isinstance(left, Name) and isinstance(right, Literal) and self._computed(left) is None:
            return self.with_literal(operator, self.variable(left), right)
        if isinstance(left, Name) and isinstance(right, Items):
            return with_items(self, operator, self.variable(left), right.items)
        if _is_condition(left) or _is_condition(right):
            return self._of_conditions(operator, left, right)
        read = self.figure if operator in _ORDER else self.value
        return phrase.comparison(operator, read(left), read(right))

    def _of_conditions(self, operator: str, left: Node, right: Node) -> Phrase:
        if operator not in ("=", "!="):
            raise FormulaError("Conditions are compared by their order.")
        a, b = self.truth(left), self.truth(right)
        if b not in (phrase.YES, phrase.NO):
            both = phrase.all_of([a, b]), phrase.all_of([phrase.negation(a), phrase.negation(b)])
            same = phrase.any_of(both)
        else:
            same = a if b == phrase.YES else phrase.negation(a)
        return same if operator == "=" else phrase.negation(same)

    def with_literal(self, operator: str, variable: Variable, literal: Literal) -> Phrase:
        """An answer compared with what is written in the expression. Raises FormulaError."""
        words = str(literal.value).lower() if isinstance(literal, Truth) else literal.value.strip()
        if operator in _ORDER:
            return self._ordered(operator, variable, words)
        if words == "":
            return variable.answered() if operator == "!=" else _opposite(variable.answered())
        if variable.sort in ("codes", "rank"):
            return with_items(self, operator, variable, (literal,))
        value = variable.value()
        if variable.sort == "code":
            code = variable.code(words)
            if code is None:
                self.notes.append((NEVER, {"name": variable.name, "code": words}))
                return phrase.NO if operator == "=" else phrase.YES
            return phrase.comparison(operator, value, phrase.text(code))
        if _is_number(words):
            return phrase.comparison(operator, value, phrase.number(words))
        if variable.sort == "text" and re.search("[A-Za-z]", words):
            self.notes.append((CASE, {}))
        return phrase.comparison(operator, value, phrase.text(words))

    def _ordered(self, operator: str, variable: Variable, words: str) -> Phrase:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words) and variable.sort == "date":
            return phrase.comparison(operator, variable.value(), phrase.text(words))
        if not _is_number(words):
            raise FormulaError("Words are compared by the alphabet, which our conditions cannot.")
        if variable.sort == "code" and variable.is_recoded and variable.codes.get(words) != words:
            raise FormulaError("It compares codes by their order, and the codes have become others.")
        if variable.sort in ("codes", "rank"):
            raise FormulaError(LISTS)
        return phrase.comparison(operator, variable.figure(), phrase.number(words))

    def value(self, node: Node) -> Phrase:
        """A node where a value is expected. Raises FormulaError."""
        node = self.constant(node)
        if isinstance(node, Text):
            return phrase.text(node.value)
        if isinstance(node, Number):
            return phrase.number(node.value)
        if isinstance(node, Name):
            if (computed := self._computed(node)) is not None:
                return computed
            variable = self.variable(node)
            if variable.is_recoded:
                raise FormulaError("It reads the codes of “%(name)s”, which have become others.", name=variable.name)
            return variable.value()
        if isinstance(node, Operation) and (node.operator in _ARITHMETIC or node.operator == "^"):
            return self._arithmetic(node)
        if isinstance(node, Call) and node.function.lower() in VALUES:
            return VALUES[node.function.lower()](self, node.arguments)
        if _is_condition(node):
            return phrase.call("if", [self.truth(node), phrase.text("true"), phrase.text("false")])
        if isinstance(node, Call):
            raise FormulaError("The function “%(name)s” has no counterpart.", name=node.function[:60])
        raise FormulaError(LISTS)

    def figure(self, node: Node) -> Phrase:
        """A node where a number or a date is expected. Raises FormulaError."""
        node = self.constant(node)
        if isinstance(node, Name) and self._computed(node) is None:
            self.value(node)
            return self.variable(node).figure()
        return self.value(node)

    def _computed(self, node: Name) -> Phrase | None:
        """A name that stands for what is computed of answers: a total, or how many were chosen."""
        path = self.variables.path(node.name, self.scope)
        question = path.removesuffix(".length")
        if question != path and question in self.variables:
            variable = self.variables.find(question, Scope())
            if variable.sort in ("codes", "rank"):
                return phrase.call("count-selected", [variable.value()])
        return total(self, path)

    def _arithmetic(self, node: Operation) -> Phrase:
        operands = [self.constant(operand) for operand in node.operands]
        if node.operator == "+" and any(self._is_words(operand) for operand in operands):
            return phrase.call("concat", [self.value(operand) for operand in operands])
        values = [self.figure(operand) for operand in operands]
        if len(values) == 1:
            return phrase.operation("-", phrase.number("0"), values[0])
        if node.operator == "^":
            return phrase.call("pow", values)
        return phrase.operation(_ARITHMETIC[node.operator], values[0], values[1])

    def _is_words(self, node: Node) -> bool:
        """Whether “+” joins here, instead of adding."""
        if isinstance(node, Operation) and node.operator == "+":
            return any(self._is_words(self.constant(operand)) for operand in node.operands)
        if isinstance(node, Name):
            return self._computed(node) is None and self.variable(node).sort == "text"
        return isinstance(node, Text) and not _is_number(node.value)

    def variable(self, node: Name) -> Variable:
        """What a name stands for. Raises FormulaError."""
        return node.variable if isinstance(node, Known) else self.variables.find(node.name, self.scope)

    def constant(self, node: Node) -> Node:
        """A name that stands for a value known here: the item that a condition is about, the number of a panel."""
        if isinstance(node, Name) and not isinstance(node, Known):
            value = self.constants.get(node.name, self.scope.constants.get(node.name))
            if value is not None:
                return Number(value) if re.fullmatch("[0-9]{1,9}", value) else Text(value)
        return node


def _compare(operator: str, left: Literal, right: Literal) -> bool:
    """Two values that are both known: such as the item that a condition is about."""
    a, b = (str(literal.value).lower() for literal in (left, right))
    if _is_number(a) and _is_number(b):
        return _COMPARE[operator](float(a), float(b))
    return (a == b) is (operator == "=") if operator in ("=", "!=") else False


def _opposite(answered: Phrase) -> Phrase:
    """`${x} != ''` the other way round."""
    if answered.strength == phrase.COMPARISON and answered.text.endswith(" != ''"):
        return Phrase(answered.text.removesuffix(" != ''") + " = ''", phrase.COMPARISON)
    return phrase.negation(answered)


def _is_condition(node: Node) -> bool:
    if isinstance(node, Operation):
        return node.operator in ("and", "or", "!", "=", "!=", "empty", "notempty", *_ORDER, *_SETS)
    return (isinstance(node, Call) and node.function.lower() in CONDITIONS) or isinstance(node, Truth)


def _is_number(words: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", words) is not None
