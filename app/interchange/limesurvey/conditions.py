"""The table of conditions, from before conditions were expressions: rows that together are one.

Rows of one scenario hold together, those on the same answer one or the other; of the scenarios one is enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.interchange.formulas.tree import Call, FormulaError, Name, Node, Number, Operation, Text

from .survey import Survey
from .tables import Row

_METHODS = {"==": "=", "": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def rows_of(survey: Survey) -> dict[str, list[Row]]:
    """The rows of each question that has some, by its id."""
    found: dict[str, list[Row]] = {}
    for row in survey.tables.get("conditions", []):
        found.setdefault(row.get("qid", ""), []).append(row)
    return found


def as_tree(rows: Sequence[Row], letters: dict[str, str]) -> Node:
    """The one condition that rows are together. `letters`: question types by id. Raises FormulaError."""
    scenarios: dict[str, dict[tuple[str, str], list[Node]]] = {}
    for row in sorted(rows, key=_place):
        field, node = _comparison(row, letters.get(row.get("cqid", ""), ""))
        scenarios.setdefault(row.get("scenario", "1"), {}).setdefault((row.get("cqid", ""), field), []).append(node)
    return _joined("or", [_joined("and", [_joined("or", same) for same in s.values()]) for s in scenarios.values()])


def _place(row: Row) -> tuple[str, ...]:
    return tuple(row.get(key, "").rjust(12) for key in ("scenario", "cqid", "cfieldname", "cid"))


def _joined(operator: str, nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Operation(operator, tuple(nodes))


def _comparison(row: Row, letter: str) -> tuple[str, Node]:
    """The field that a row is about, and what it asks of it."""
    field, method, value = row.get("cfieldname", ""), row.get("method", "").strip(), row.get("value", "")
    if letter in ("M", "P") and not field.startswith("+"):
        same = Operation("=" if method != "!=" else "!=", (Name(f"{field}{value}.NAOK"), Text("Y")))
        return field, same
    found = Name(f"{field.removeprefix('+')}.NAOK" if not field.startswith("{") else field.strip("{}"))
    if method == "RX":
        pattern = value if re.fullmatch("/.*/[a-z]*", value, re.DOTALL) else f"/{value}/"
        return field, Call("regexMatch", (Text(pattern), found))
    if method not in _METHODS:
        raise FormulaError("The comparison “%(method)s” has no counterpart.", method=method[:20])
    return field, Operation(_METHODS[method], (found, _operand(value)))


def _operand(value: str) -> Node:
    if re.fullmatch("@[0-9]+X[0-9]+X[0-9]+.*@", value):
        return Name(f"{value[1:-1]}.NAOK")
    if re.fullmatch(r"\{.+\}", value):
        return Name(value[1:-1])
    if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", value):
        return Number(value)
    return Text(value.strip())
