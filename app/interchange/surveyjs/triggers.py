"""Triggers and calculated values: what ends or shortens a survey becomes conditions, what computes a calculation."""

from __future__ import annotations

import re
from typing import Any

from app.interchange.drafts.draft import Draft, Holds, Term
from app.interchange.drafts.settling import NOT_SAID
from app.interchange.formulas import phrase
from app.interchange.formulas.phrase import Phrase
from app.interchange.formulas.tree import FormulaError, Name, Node, Operation, Text
from app.interchange.naming import as_name
from app.interchange.report import Entry

from .conversion import Conversion
from .element import Element
from .grammar import read_expression
from .settling import JsonSettling
from .translation import Translator
from .variables import Scope, Variable

ENDS = "The pages after it are shown only where it does not hold."
SKIPS = "What it skips is shown only where it does not hold."
NO_TRIGGER = "No answer sets another, and nothing is run."
TOO_MANY = "There are more than %(limit)s triggers."
MOST_TRIGGERS = 50
_OPERATORS = {"equal": "=", "notequal": "!=", "greater": ">", "less": "<", "greaterorequal": ">=", "lessorequal": "<="}
_NAMES = re.compile(r"\$\{([A-Za-z0-9_]+)\}")

Pages = list[Draft]


def calculated_values(conversion: Conversion, survey: Element) -> list[tuple[Element, Draft]]:
    """The survey's calculated values, whose places are still to be found."""
    found = []
    for value in survey.elements("calculatedValues"):
        name = conversion.names.free(as_name(value.name or "value"), lambda name: {name.lower()})
        label = dict.fromkeys(conversion.languages, value.name or name)
        draft: Draft = {"name": name, "kind": "calculate", "label": label, "_done": True}
        conversion.report.add(value.where, "calculated value", value.name, at=draft)
        conversion.variables.add(value.name, Variable("text", name))
        found.append((value, draft))
    return found


def place(settling: JsonSettling, values: list[tuple[Element, Draft]], pages: Pages) -> None:
    """Puts each calculated value behind what it is computed from."""
    for value, draft in values:
        source = value.word("expression")
        try:
            said = settling.translator("").value(read_expression(source))
        except FormulaError as error:
            params: dict[str, Any] = {"original": source[:1_000], "reason": error.told}
            settling.report.add(value.where, "calculated value", value.name, "dropped", NOT_SAID, **params)
            continue
        draft["calculation"] = said.text
        page, position = _after(pages, set(_NAMES.findall(said.text)))
        pages[page]["questions"].insert(position, draft)


def _after(pages: Pages, names: set[str]) -> tuple[int, int]:
    """The place behind the last question of these names: page, position. The first where there is none."""
    found = (0, 0)
    for number, page in enumerate(pages):
        for position, draft in enumerate(page["questions"], 1):
            rows = {row["name"] for row in draft.get("rows", ())}
            if names & ({draft["name"], f"{draft['name']}_other"} | rows):
                found = number, position
    return found


def triggers(conversion: Conversion, survey: Element, pages: Pages) -> None:
    """What a trigger ends or skips gets the opposite of its condition."""
    for number, trigger in enumerate(survey.elements("triggers")):
        kind = trigger.word("type").lower().removesuffix("trigger")
        thing = trigger.where, "trigger", kind
        if kind not in ("complete", "skip") or number >= MOST_TRIGGERS:
            message = TOO_MANY if number >= MOST_TRIGGERS else NO_TRIGGER
            conversion.report.add(*thing, "dropped", message, limit=MOST_TRIGGERS)
            continue
        try:
            node = _condition(trigger)
            translator = Translator(conversion.variables, Scope())
            names = set(_NAMES.findall(translator.truth(node).text))
        except FormulaError as error:
            params: dict[str, Any] = {
                "original": trigger.word("expression")[:1_000] or kind,
                "reason": error.told,
            }
            conversion.report.add(*thing, "dropped", NOT_SAID, **params)
            continue
        term = Term(_Not(node), thing)
        page, position = _after(pages, names)
        if kind == "complete":
            conversion.report.add(*thing, "changed", ENDS)
            for later in pages[page + 1 :]:
                _add(later, term)
        else:
            _skip(conversion, trigger, term, pages, (page, position))


def _skip(conversion: Conversion, trigger: Element, term: Term, pages: Pages, start: tuple[int, int]) -> None:
    """Everything between the question and the one that is gone to."""
    goal = trigger.word("gotoName")
    try:
        names = {conversion.variables.find(goal, Scope()).name}
    except FormulaError as error:
        conversion.report.entries.append(Entry(*term.thing, "dropped", error.message, error.params))
        return
    conversion.report.add(*term.thing, "changed", SKIPS)
    end = _after(pages, names)
    for number, page in enumerate(pages):
        for position, draft in enumerate(page["questions"]):
            if start <= (number, position) and (number, position + 1) < end:
                _add(draft, term)


def _add(draft: Draft, term: Term) -> None:
    shown = draft.get("relevant")
    draft["relevant"] = Holds((*(shown.terms if isinstance(shown, Holds) else ()), term))


def _condition(trigger: Element) -> Node:
    """The condition of a trigger: an expression, or a question compared with a value. Raises FormulaError."""
    if source := trigger.word("expression"):
        return read_expression(source)
    operator = trigger.word("operator").lower() or "equal"
    name = Name(trigger.name)
    if operator in ("empty", "notempty"):
        return Operation(operator, (name,))
    if operator not in _OPERATORS:
        raise FormulaError("The comparison “%(method)s” has no counterpart.", method=operator[:20])
    return Operation(_OPERATORS[operator], (name, Text(trigger.word("value"))))


class _Not:
    """The opposite of a condition."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __call__(self, to: Translator) -> Phrase:
        return phrase.negation(to.truth(self.node))
