"""Pages and panels: the questions of a page in their order, under the conditions of the panels they are in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.interchange.drafts.draft import Draft, Holds, Say, Term, all_terms

from . import choice, matrix, panels, simple
from .common import complete, shown_where
from .conversion import Conversion
from .element import Element
from .hidden import hidden, is_hidden
from .properties import rest_of_properties
from .variables import Scope

NOT_ALONE = "Only a whole page comes in random order."
EMPTY = "It has no questions."
MOST_QUESTIONS = 500

Build = Callable[[Conversion, Element, Scope], list[Draft]]

TYPES: dict[str, Build] = {
    **dict.fromkeys(("text", "comment"), simple.text),
    **dict.fromkeys(("radiogroup", "dropdown", "buttongroup", "checkbox", "tagbox"), choice.chosen),
    **dict.fromkeys(("imagepicker", "imagemap"), choice.chosen),
    "rating": choice.rating,
    "ranking": choice.ranking,
    "boolean": simple.boolean,
    "slider": simple.slider,
    "expression": simple.expression,
    "html": simple.html,
    "image": simple.image,
    "matrix": matrix.matrix,
    "matrixdropdown": matrix.cells,
    "matrixdynamic": matrix.growing,
    "multipletext": panels.fields,
    "paneldynamic": panels.repeated,
}
"""How each type of element becomes questions of ours."""


class Pages:
    """Turns elements into drafts."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        conversion.converts = self

    def element(self, element: Element, scope: Scope) -> list[Draft]:
        """The questions that one element becomes."""
        if is_hidden(element):
            return hidden(self.conversion, element, scope)
        build = TYPES.get(element.type)
        if build is None:  # Of a program that adds types of its own: with choices, it is a list.
            build = choice.chosen if element.items("choices") else simple.stand_in
        drafts = build(self.conversion, element, scope)
        complete(self.conversion, element, scope, drafts)
        return drafts

    def elements(self, elements: Sequence[Element], scope: Scope, terms: Sequence[Term]) -> list[Draft]:
        """The questions of several elements, all under some terms."""
        found: list[Draft] = []
        for element in elements:
            if element.type in ("panel", "flowpanel"):
                found += self._panel(element, scope, terms)
                continue
            for draft in self.element(element, scope):
                shown = draft.get("relevant")
                draft |= all_terms(terms, shown.terms if isinstance(shown, Holds) else ())
                found.append(draft)
        return found

    def _panel(self, panel: Element, scope: Scope, terms: Sequence[Term]) -> list[Draft]:
        """What a panel holds, after a note with its words."""
        report = self.conversion.report
        report.add(panel.where, "panel", panel.name)
        inner = list(panel.elements("elements", "questions"))
        if panel.data.get("visible") is False and not panel.data.get("visibleIf"):
            inner = [_hidden(element) for element in inner]
        both = [*terms, *shown_where(self.conversion, panel)]
        found = []
        if panel.words("title") or panel.words("description"):
            note = self.conversion.draft(panel, scope, "note")
            note["label"] = Say((scope.label, panel.words("title")), panel.where, "title")
            note |= {"_done": True, **all_terms(both)}
            if panel.words("description"):
                note["hint"] = self.conversion.say(panel, "description")
                if not panel.words("title"):
                    note["label"] = note.pop("hint")
            found.append(note)
        if _is_random(panel):
            self.conversion.property(panel, "questionsOrder", "dropped", NOT_ALONE)
        rest_of_properties(self.conversion, panel)
        return found + self.elements(inner, scope, both)

    def page(self, page: Element, number: int) -> Draft:
        """A page; its condition is still to be written."""
        self.conversion.report.add(page.where, "page", page.name)
        draft: Draft = {"name": f"page{number}", "title": self.conversion.say(page, "title"), "questions": []}
        self.conversion.report.stands(page.where, "page", page.name, draft)
        draft |= all_terms(shown_where(self.conversion, page))
        inner = list(page.elements("elements", "questions"))
        if page.data.get("visible") is False and not page.data.get("visibleIf"):
            inner = [_hidden(element) for element in inner]
        if page.words("description"):
            note = self.conversion.draft(page, Scope(), "note", suffix="_description")
            note |= {"label": self.conversion.say(page, "description"), "_done": True}
            draft["questions"].append(note)
        draft["questions"] += self.elements(inner, Scope(), [])
        if _is_random(page):
            draft["randomize"] = True
        rest_of_properties(self.conversion, page)
        return draft


def _is_random(element: Element) -> bool:
    return element.word("questionOrder", "questionsOrder").lower() == "random"


def _hidden(element: Element) -> Element:
    """An element in a panel that is never shown."""
    data = {key: value for key, value in element.data.items() if key != "visibleIf"}
    return Element({**data, "visible": False}, element.where, element.base, element.item)


def divided(page: Draft) -> list[Draft]:
    """A page, or several where it has too many questions."""
    questions = page["questions"]
    if len(questions) <= MOST_QUESTIONS:
        return [page]
    parts = [questions[start : start + MOST_QUESTIONS] for start in range(0, len(questions), MOST_QUESTIONS)]
    name = page["name"]
    return [{**page, "name": f"{name}part{number}", "questions": part} for number, part in enumerate(parts, 1)]
