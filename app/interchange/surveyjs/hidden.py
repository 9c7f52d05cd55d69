"""Elements that are never shown: of those with one value, the value stays, as conditions may ask for it."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, empty_value
from app.interchange.formulas import phrase
from app.questionnaire.problems import Message

from .choices import items_of
from .conversion import Conversion
from .element import Element, as_word
from .properties import rest_of_properties
from .variables import Scope, Sort, Variable

HIDDEN = "It was hidden: it is asked of nobody, and worth what it was set to, or nothing."
HIDDEN_LOST = "It was hidden: it is asked of nobody."
_SORTS: dict[str, Sort] = {
    **dict.fromkeys(("text", "comment", "expression"), "text"),
    **dict.fromkeys(("radiogroup", "dropdown", "buttongroup", "rating", "boolean"), "code"),
}


def is_hidden(element: Element) -> bool:
    return element.data.get("visible") is False and not element.data.get("visibleIf")


def hidden(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """The value that a hidden element was set to."""
    sort = _SORTS.get(element.type)
    conversion.property(element, "visible", "changed", HIDDEN if sort else HIDDEN_LOST)
    if sort is None:
        conversion.tell(element, "dropped", HIDDEN_LOST)
        conversion.answered(element, scope, Variable("lost", reason=Message(HIDDEN_LOST)))
        rest_of_properties(conversion, element)
        return []
    draft = conversion.draft(element, scope, "calculate")
    draft["_done"] = True
    key = "expression" if element.type == "expression" else "defaultValueExpression"
    if element.word(key):
        draft["_computes"] = (element, key)
        conversion.told.add((element.where, key))
    else:
        empty_value(draft, phrase.text(as_word(element.take("defaultValue"))[:500]).text)
        if "defaultValue" in element:
            conversion.property(element, "defaultValue", "changed", HIDDEN)
    items = items_of(element.items("choices", "rateValues"), element.where, element.base)
    codes = {item.value: item.value for item in items} | ({"true": "true", "false": "false"} if sort == "code" else {})
    conversion.tell(element, "changed", HIDDEN, at=draft)
    conversion.answered(element, scope, Variable(sort, draft["name"], codes if items or sort == "code" else {}))
    rest_of_properties(conversion, element)
    return [draft]
