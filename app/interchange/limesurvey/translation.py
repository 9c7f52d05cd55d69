"""ExpressionScript in our words: conditions, and values for calculations.

Both languages take an unanswered question for the empty text. Where they part (an order that an empty answer takes part
in, a question not asked whose name stands without `.NAOK`) the difference is written out, or noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import Call, FormulaError, Name, Node, Number, Operation, Text, Truth

from .functions import CONDITIONS, VALUES
from .guards import ORDER as _ORDER
from .guards import guarded, implies
from .variables import SEVERAL, Reference, Variable, Variables

_ARITHMETIC = {"+": "+", "-": "-", "*": "*", "/": "div", "%": "mod"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

NEVER = "“%(name)s” has no answer “%(code)s”, so the comparison never holds."
LESS = "LimeSurvey takes an unanswered “%(name)s” for less than any number; here such a comparison does not hold."

Note = tuple[str, dict[str, Any]]
"""A message, a template in English, and its parameters."""


@dataclass
class Translator:
    """Translates the expressions of one question: `own` is its id. `notes` collects what is not quite the same."""

    variables: Variables
    own: str
    this: Phrase | None = None
    """What `this` stands for, and `self` where the question `is_single`: the answer that is checked."""
    is_single: bool = True
    notes: list[Note] = field(default_factory=list)
    asked: Callable[[str], Phrase | None] = lambda qid: None
    """The condition under which a question is asked; None where it always is."""

    def condition(self, node: Node) -> Phrase:
        """The whole of a condition. Raises FormulaError."""
        truth = self.truth(node)
        guards = [self.asked(qid) for qid in guarded(self, node) if not implies(self, node, qid)]
        return phrase.all_of([*(guard for guard in guards if guard), truth])

    def truth(self, node: Node) -> Phrase:
        """A node where a condition is expected: what is not empty, and not zero, holds."""
        if isinstance(node, Operation) and node.operator in ("and", "or"):
            join = phrase.all_of if node.operator == "and" else phrase.any_of
            return join([self.truth(operand) for operand in node.operands])
        if isinstance(node, Operation) and node.operator == "!":
            return self._denied(node.operands[0])
        if isinstance(node, Operation) and node.operator in ("=", "!=", *_ORDER):
            return self.comparison(node.operator, *node.operands)
        if isinstance(node, Text | Number):
            return phrase.NO if node.value.strip() in ("", "0") else phrase.YES
        if isinstance(node, Truth):
            return phrase.YES if node.value else phrase.NO
        if isinstance(node, Name) and not self.is_this(node):
            return self._is_true(self.variable(node.name))
        if isinstance(node, Call) and node.function.lower() in CONDITIONS:
            return CONDITIONS[node.function.lower()](self, node.arguments)
        if isinstance(node, Call) and node.function.lower() == "if":
            return self._if_truth(node.arguments)
        value = self.value(node)
        if isinstance(node, Name):
            return phrase.comparison("!=", value, phrase.NOTHING)
        zero = phrase.number("0")
        return phrase.any_of([phrase.comparison(">", value, zero), phrase.comparison("<", value, zero)])

    def _denied(self, node: Node) -> Phrase:
        if isinstance(node, Operation) and node.operator in ("=", "!="):
            return self.comparison("!=" if node.operator == "=" else "=", *node.operands)
        if isinstance(node, Call) and node.function.lower() == "is_empty" and len(node.arguments) == 1:
            argument = node.arguments[0]
            if isinstance(argument, Name) and not self.is_this(argument):
                return self.comparison("!=", argument, Text(""))
        return phrase.negation(self.truth(node))

    def _if_truth(self, arguments: Sequence[Node]) -> Phrase:
        if len(arguments) not in (2, 3):
            raise FormulaError("“%(name)s” has another number of values.", name="if")
        test, then = self.truth(arguments[0]), self.truth(arguments[1])
        other = self.truth(arguments[2]) if len(arguments) == 3 else phrase.NO
        return phrase.any_of([phrase.all_of([test, then]), phrase.all_of([phrase.negation(test), other])])

    def _is_true(self, variable: Variable) -> Phrase:
        answered = variable.answered()
        if variable.sort == "number":
            return phrase.all_of([answered, phrase.comparison("!=", variable.value(), phrase.number("0"))])
        if variable.sort == "code" and "0" in variable.codes:
            return phrase.all_of([answered, self._is_code("!=", variable, "0")])
        return answered

    def comparison(self, operator: str, left: Node, right: Node) -> Phrase:
        if isinstance(left, Text | Number) and isinstance(right, Name):
            left, right, operator = right, left, _FLIPPED.get(operator, operator)
        if isinstance(left, Name) and isinstance(right, Text | Number) and not self.is_this(left):
            return self.with_literal(operator, self.variable(left.name), right)
        if isinstance(left, Name) and isinstance(right, Name) and self._have_same_codes(left, right):
            return phrase.comparison(operator, self.variable(left.name).value(), self.variable(right.name).value())
        if _is_condition(left) or _is_condition(right):
            return self._of_conditions(operator, left, right)
        read = self.figure if operator in _ORDER else self.value
        return phrase.comparison(operator, read(left), read(right))

    def _of_conditions(self, operator: str, left: Node, right: Node) -> Phrase:
        """`is_empty(x) == 1`: two truths are compared."""
        if operator not in ("=", "!="):
            raise FormulaError("Conditions are compared by their order.")
        a, b = self.truth(left), self.truth(right)
        if b in (phrase.YES, phrase.NO):
            same = a if b == phrase.YES else phrase.negation(a)
        else:
            nots = phrase.all_of([phrase.negation(a), phrase.negation(b)])
            same = phrase.any_of([phrase.all_of([a, b]), nots])
        return same if operator == "=" else phrase.negation(same)

    def with_literal(self, operator: str, variable: Variable, literal: Text | Number) -> Phrase:
        words = literal.value.strip()
        if operator in ("=", "!="):
            if words == "":
                return variable.answered() if operator == "!=" else _unanswered(variable)
            if variable.sort == "ticked":
                is_tick = words == variable.tick
                same = variable.answered() if is_tick else phrase.NO
                return same if operator == "=" else phrase.negation(same)
            return self._is_code(operator, variable, words)
        return self._ordered(operator, variable, words)

    def _is_code(self, operator: str, variable: Variable, words: str) -> Phrase:
        value = variable.value()
        if variable.sort in ("code", "place"):
            code = variable.codes.get(words)
            if code is None:
                self.notes.append((NEVER, {"name": variable.name, "code": words}))
                return phrase.NO if operator == "=" else phrase.YES
            return phrase.comparison(operator, value, phrase.text(code))
        if _is_number(words):
            return phrase.comparison(operator, value, phrase.number(words))
        return phrase.comparison(operator, value, phrase.text(words))

    def _ordered(self, operator: str, variable: Variable, words: str) -> Phrase:
        if not _is_number(words):
            raise FormulaError("Words are compared by the alphabet, which our conditions cannot.")
        value = variable.figure()
        if variable.sort == "code":
            words = self._among_codes(variable, words)
        if operator in ("<", "<=") and float(words) > 0:
            self.notes.append((LESS, {"name": variable.name}))
        return phrase.comparison(operator, value, phrase.number(words))

    def _among_codes(self, variable: Variable, words: str) -> str:
        """A number that codes are compared with; where codes have become others, the number has too."""
        if all(code == ours for code, ours in variable.codes.items()):
            return words
        if words in variable.codes:
            order = [float(code) for code in variable.codes if _is_number(code)]
            ours = [float(code) for theirs, code in variable.codes.items() if _is_number(theirs)]
            if len(order) == len(variable.codes) and sorted(order) == order and sorted(ours) == ours:
                return variable.codes[words]
        raise FormulaError("It compares codes by their order, and the codes have become others.")

    def _have_same_codes(self, left: Name, right: Name) -> bool:
        """Whether two answers have codes that have become the same others."""
        if self.is_this(left) or self.is_this(right):
            return False
        a, b = self.variable(left.name).codes, self.variable(right.name).codes
        return bool(a) and dict(a) == dict(b)

    def value(self, node: Node) -> Phrase:
        """A node where a value is expected. Raises FormulaError."""
        if isinstance(node, Text):
            return phrase.text(node.value)
        if isinstance(node, Number):
            return phrase.number(node.value)
        if isinstance(node, Name):
            return self.this if self.this and self.is_this(node) else self._plain(node.name)
        if isinstance(node, Operation) and node.operator in _ARITHMETIC:
            return self._arithmetic(node)
        if isinstance(node, Call) and node.function.lower() in VALUES:
            return VALUES[node.function.lower()](self, node.arguments)
        if _is_condition(node):
            return phrase.call("if", [self.truth(node), phrase.number("1"), phrase.number("0")])
        if isinstance(node, Call):
            raise FormulaError("The function “%(name)s” has no counterpart.", name=node.function)
        raise FormulaError("A list of values stands where one is expected.")

    def figure(self, node: Node) -> Phrase:
        """A node where a number or a date is expected. Raises FormulaError."""
        if isinstance(node, Name) and self.this and self.is_this(node):
            own = [variable for _, variable in self.variables.of(self.own)]
            is_text = bool(own) and own[0].sort == "text"
            return phrase.call("number", [self.this]) if is_text else self.this
        if isinstance(node, Name):
            self._plain(node.name)
            return self.variable(node.name).figure()
        return self.value(node)

    def _plain(self, name: str) -> Phrase:
        """A variable's value, where its codes are what they were."""
        variable = self.variable(name)
        if any(code != ours for code, ours in variable.codes.items()):
            raise FormulaError("It reads the codes of “%(name)s”, which have become others.", name=name)
        return variable.value()

    def _arithmetic(self, node: Operation) -> Phrase:
        if node.operator == "+" and any(isinstance(o, Text) and not _is_number(o.value) for o in node.operands):
            return phrase.call("concat", [self.value(operand) for operand in node.operands])
        values = [self.figure(operand) for operand in node.operands]
        if len(values) == 1:
            return values[0] if node.operator == "+" else phrase.operation("-", phrase.number("0"), values[0])
        return phrase.operation(_ARITHMETIC[node.operator], values[0], values[1])

    def variable(self, name: str) -> Variable:
        """The one variable that a name stands for. Raises FormulaError."""
        found = self.reference(name)
        if len(found.variables) != 1:
            raise FormulaError(SEVERAL, name=name)
        return found.variables[0]

    def reference(self, name: str) -> Reference:
        found = self.variables.find(name, self.own)
        known = ("", "NAOK", "shown", "code", "value", "valueNAOK")
        scored = found.attribute in ("shown", "value", "valueNAOK") and any(v.codes for v in found.variables)
        if found.attribute not in known or scored:
            message = "Our conditions cannot ask for “%(attribute)s” of a question."
            raise FormulaError(message, attribute=found.attribute)
        return found

    def is_this(self, node: Node) -> bool:
        """Whether a name stands for the answer that is checked."""
        if self.this is None or not isinstance(node, Name):
            return False
        word, _, attribute = node.name.partition(".")
        return (word == "this" or (word == "self" and self.is_single)) and attribute in (
            "",
            "NAOK",
            "value",
            "valueNAOK",
            "shown",
        )

    def each(self, arguments: Sequence[Node]) -> list[Node | Variable]:
        """The arguments of a function that takes any number: a name that stands for several answers is each of them."""
        found: list[Node | Variable] = []
        for argument in arguments:
            if isinstance(argument, Name) and not self.is_this(argument):
                found += self.reference(argument.name).variables
            else:
                found.append(argument)
        return found


def _unanswered(variable: Variable) -> Phrase:
    if variable.sort in ("ticked", "place"):
        return phrase.negation(variable.answered())
    return phrase.comparison("=", variable.value(), phrase.NOTHING)


def _is_condition(node: Node) -> bool:
    if isinstance(node, Operation):
        return node.operator in ("and", "or", "!", "=", "!=", *_ORDER)
    return (isinstance(node, Call) and node.function.lower() in CONDITIONS) or isinstance(node, Truth)


def _is_number(words: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", words) is not None
