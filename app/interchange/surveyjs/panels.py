"""Questions within questions: multipletext, whose items are fields, and paneldynamic, whose panel is repeated."""

from __future__ import annotations

from app.interchange.drafts.draft import Draft, Holds, Say

from .conversion import Conversion
from .element import Element
from .repeating import Copies, copies_of, told
from .simple import words_alone
from .variables import Scope, Variable

APART = "Each of its fields is a question of its own; its words stand in a note before them."
MOST_ITEMS = 200


def fields(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """multipletext."""
    items = list(element.elements("items"))[:MOST_ITEMS]
    if not items:
        return words_alone(conversion, element, scope)
    found = [conversion.draft(element, scope, "note")]
    path = f"{scope.path}{element.name}"
    inner = scope.inside("item", found[0]["name"], path, scope.label, {})
    for item in items:
        found += conversion.convert(Element({**item.data, "type": "text"}, item.where, item.base, "item"), inner)
    conversion.tell(element, "changed", APART, at=found[0])
    members = [conversion.variables.find(f"{path}.{item.name}", scope) for item in items]
    conversion.answered(element, scope, Variable("several", found[0]["name"], members=tuple(members)))
    return found


def repeated(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """paneldynamic."""
    elements = list(element.elements("templateElements", "elements"))
    if not elements:
        return words_alone(conversion, element, scope)
    found = [conversion.draft(element, scope, "note")]
    copies = Copies(conversion, element, scope, "panel", found[0]["name"])
    title = element.words("templateTitle")
    for inner, terms in copies_of(copies, "panelCount", "minPanelCount", "maxPanelCount", 0):
        drafts = conversion.flatten([Element(e.data, e.where, e.base, e.item) for e in elements], inner, terms)
        if "templateVisibleIf" in element:
            shown = conversion.term(element, "templateVisibleIf")
            for draft in drafts:
                own = draft.get("relevant")
                draft["relevant"] = Holds((shown, *(own.terms if own else ())))
        copies.made(drafts)
        if title and drafts:
            note = conversion.draft(element, inner, "note", suffix="_title")
            note["label"] = Say((scope.label, title), element.where, "templateTitle")
            note |= {"relevant": Holds(tuple(terms))} if terms else {}
            note["_done"] = True
            found.append(note)
        found += drafts
    message, params = told(copies)
    conversion.tell(element, "changed", message, at=found[0], **params)
    return found
