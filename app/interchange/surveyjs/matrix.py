"""Tables: one scale for all rows (matrix), and cells that are questions (matrixdropdown, matrixdynamic)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.interchange.drafts.draft import Draft, Say, Term, all_terms
from app.interchange.formulas.phrase import Phrase
from app.interchange.naming import as_name
from app.questionnaire.kinds.scale import MOST_POINTS

from .choices import Item, items_of, scored, written
from .conversion import Conversion
from .element import Element, as_word
from .grammar import read_expression
from .repeating import Copies, copies_of, joined, told
from .simple import stand_in, words_alone
from .translation import Translator
from .variables import Scope, Variable

MOST_ROWS = 100
ONE = "It has no rows: its columns are the answers to one question."
NO_ROWS = "It has no rows, or no columns."
CELLS = "Each of its cells is a question of its own; its words stand in a note before them."
TICKS = "Each of its rows is a question with several answers."
BOXES = "It has a single column, so its rows became boxes to tick."
ONE_ROW = "One row was enough; here rows may be left open."


def matrix(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """One of the columns for each row."""
    rows = items_of(element.items("rows"), f"{element.where}.rows", element.base)
    columns = items_of(element.items("columns"), f"{element.where}.columns", element.base)
    columns = [item for item in columns if item.value]
    if not columns:
        return without(conversion, element, scope, rows)
    if not rows:
        return _only_row(conversion, element, scope, columns)
    if element.word("cellType") == "checkbox" or len(columns) == 1:
        return _each_row(conversion, element, scope, rows, columns)
    choices, codes = scored(conversion, columns, "column")
    found, members = [], []
    for start in range(0, len(rows), MOST_ROWS):
        draft = conversion.draft(element, scope, "matrix")
        draft |= {"choices": choices, "rows": []}
        for item in rows[start : start + MOST_ROWS]:
            row = _row(conversion, element, item, draft["name"])
            draft["rows"].append(row)
            members.append(Variable("code", row["name"], codes))
            conversion.answered(element, scope, members[-1], f".{item.value}")
        if element.word("rowsOrder", "rowOrder").lower() == "random":
            draft["parameters"] = {"randomize": True}
        if element.flag("eachRowRequired", "isAllRowRequired"):
            draft["required"] = True
        found.append(draft)
    if element.flag("isRequired") and not element.flag("eachRowRequired", "isAllRowRequired"):
        conversion.property(element, "isRequired", "changed", ONE_ROW)
    conversion.tell(element, at=found[0])
    conversion.answered(element, scope, Variable("several", found[0]["name"], members=tuple(members)))
    return found


def without(conversion: Conversion, element: Element, scope: Scope, parts: Sequence[object]) -> list[Draft]:
    """A table that lacks rows or columns; what it has of the other has no use."""
    if not parts:
        return words_alone(conversion, element, scope)
    conversion.property(element, "rows", "dropped", NO_ROWS)
    return stand_in(conversion, element, scope)


def _only_row(conversion: Conversion, element: Element, scope: Scope, columns: Sequence[Item]) -> list[Draft]:
    """Columns without rows are asked once."""
    is_scale = 2 <= len(columns) <= MOST_POINTS
    if len(columns) == 1:
        return without(conversion, element, scope, columns)
    draft = conversion.draft(element, scope, "scale" if is_scale else "select_one")
    write = scored if is_scale else written
    draft["choices"], codes = write(conversion, columns, sort="column")
    conversion.tell(element, "changed", ONE, at=draft)
    conversion.answered(element, scope, Variable("code", draft["name"], codes))
    return [draft]


def _row(conversion: Conversion, element: Element, item: Item, stem: str) -> Draft:
    name = conversion.names.free(as_name(f"{stem}_{item.value}"), lambda name: {name.lower()})
    row: Draft = {"name": name, "label": _words(conversion, item)}
    conversion.report.add(item.where, "row", item.value, at=row)
    return row | all_terms(row_terms(conversion, element, item))


def _words(conversion: Conversion, item: Item) -> Say:
    return Say((item.words or dict.fromkeys(conversion.languages, item.value),), item.where, "text")


def row_terms(conversion: Conversion, element: Element, item: Item) -> Iterable[Term]:
    """Under which conditions a row is shown."""
    if "rowsVisibleIf" in element:
        yield conversion.term(element, "rowsVisibleIf", _About(element.word("rowsVisibleIf"), item.value))
    if item.data and (source := as_word(item.data.get("visibleIf"))):
        yield Term(_About(source, item.value), (item.where, "property", "visibleIf"), original=source)


class _About:
    """A condition about each row or column, which it calls {item}."""

    def __init__(self, source: str, value: str) -> None:
        self.source = source
        self.value = value

    def __call__(self, to: Translator) -> Phrase:
        to.constants = {"item": self.value, "rowName": self.value, "rowValue": self.value}
        return to.truth(read_expression(self.source))


def _each_row(
    conversion: Conversion, element: Element, scope: Scope, rows: Sequence[Item], columns: Sequence[Item]
) -> list[Draft]:
    """Several columns for each row, or the only one."""
    found = [_stem(conversion, element, scope)]
    for item in rows:
        kind = "select_multiple" if len(columns) > 1 else "acknowledge"
        draft = conversion.draft(element, scope, kind, *(f"_{c.value}" for c in columns), suffix=f"_{item.value}")
        draft["label"] = _words(conversion, item)
        conversion.report.add(item.where, "row", item.value)
        codes = {columns[0].value: "yes"}
        if kind == "select_multiple":
            draft["choices"], codes = written(conversion, columns, "other", "order", sort="column")
        else:
            conversion.report.add(columns[0].where, "column", columns[0].value)
        draft |= all_terms(row_terms(conversion, element, item))
        variable = Variable("codes" if kind == "select_multiple" else "code", draft["name"], codes)
        conversion.answered(element, scope, variable, f".{item.value}")
        found.append(draft)
    conversion.tell(element, "changed", TICKS if len(columns) > 1 else BOXES, at=found[0])
    return found


def _stem(conversion: Conversion, element: Element, scope: Scope) -> Draft:
    return conversion.draft(element, scope, "note")


def cells(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """matrixdropdown: named rows."""
    rows = items_of(element.items("rows"), f"{element.where}.rows", element.base)
    columns = list(_columns(element))
    if not rows or not columns:
        return without(conversion, element, scope, rows or columns)
    found = [_stem(conversion, element, scope)]
    _totals(conversion, element, columns, scope)
    for number, item in enumerate(rows, 1):
        conversion.report.add(item.where, "row", item.value)
        words = item.words or dict.fromkeys(conversion.languages, item.value)
        constants = {"rowName": item.value, "rowValue": item.value, "rowIndex": str(number)}
        stem, path = f"{found[0]['name']}_{item.value}", f"{scope.path}{element.name}.{item.value}"
        inner = scope.inside("row", stem, path, joined(scope.label, words), constants)
        conversion.variables.copies.setdefault(f"{scope.path}{element.name}", []).append(path)
        terms = list(row_terms(conversion, element, item))
        found += _cells(conversion, element, columns, inner, terms, element.flag("eachRowRequired"))
    conversion.tell(element, "changed", CELLS, at=found[0])
    return found


def growing(conversion: Conversion, element: Element, scope: Scope) -> list[Draft]:
    """matrixdynamic: rows that respondents add."""
    columns = list(_columns(element))
    if not columns and not element.items("detailElements"):
        return words_alone(conversion, element, scope)
    found = [_stem(conversion, element, scope)]
    copies = Copies(conversion, element, scope, "row", found[0]["name"])
    _totals(conversion, element, columns, scope)
    for inner, terms in copies_of(copies, "rowCount", "minRowCount", "maxRowCount", 2):
        drafts = _cells(conversion, element, columns, inner, terms, False)
        copies.made(drafts)
        found += drafts
    message, params = told(copies)
    conversion.tell(element, "changed", message, at=found[0], **params)
    return found


def _columns(element: Element) -> Iterable[Element]:
    """The columns as elements: each has its cell's type, and the table's choices where it has none."""
    shared = element.items("choices")
    default = element.word("cellType")
    default = default if default and default != "default" else "dropdown"
    for column in element.elements("columns", are_names=True):
        kind = as_word(column.data.get("cellType"))
        made = {**column.data, "type": kind if kind and kind != "default" else default}
        if not column.data.get("choices") and shared and "choicesByUrl" not in column:
            made["choices"] = shared
        found = Element(made, column.where, column.base, "column")
        yield found


def _totals(conversion: Conversion, element: Element, columns: Sequence[Element], scope: Scope) -> None:
    """The totals under columns, which expressions can name."""
    for column in columns:
        if kind := as_word(column.data.get("totalType")):
            conversion.variables.totals[f"{scope.path}{element.name}-total.{column.name}"] = kind


def _column_terms(conversion: Conversion, element: Element, column: Element) -> Iterable[Term]:
    if "columnsVisibleIf" in element:
        yield conversion.term(element, "columnsVisibleIf", _About(element.word("columnsVisibleIf"), column.name))


def _cells(
    conversion: Conversion,
    element: Element,
    columns: Sequence[Element],
    scope: Scope,
    terms: Sequence[Term],
    is_required: bool,
) -> list[Draft]:
    """The questions of one row, the details under it among them."""
    found: list[Draft] = []
    for column in columns:
        data = {**column.data, **({"isRequired": True} if is_required else {})}
        cell = Element(data, column.where, column.base, "column")
        cell.used |= {"cellType", "totalType"}
        drafts = conversion.convert(cell, scope)
        for draft in drafts:
            shown = draft.pop("relevant", None)
            draft |= all_terms(terms, _column_terms(conversion, element, column), shown.terms if shown else ())
        found += drafts
    if "detailElements" in element:
        found += conversion.flatten(list(element.elements("detailElements")), scope, list(terms))
    return found
