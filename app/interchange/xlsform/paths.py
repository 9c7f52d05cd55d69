"""Paths in expressions, as XPath has them: “../age” or “/data/person/age” is the question age, if only one is there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from .sheets import Row
from .types import type_of

_NAME = r"[A-Za-z_][\w.-]*"
_PATH = re.compile(rf"(?<![\w.}})\]/])(?:\.{{0,2}}/)(?:\.\./)*({_NAME}(?:/{_NAME})*)(?![\w./*@:\[(-])")
_PARTS = re.compile(r"('[^']*'|\"[^\"]*\")")


class Paths:
    """The questions of a sheet by name, each with the groups that it is in, from outside in."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups: dict[str, list[list[str]]] = defaultdict(list)
        inside: list[str] = []
        for row in rows:
            sort = type_of(row.get("type"))
            if sort.begins:
                inside.append(row.get("name"))
            elif sort.ends:
                del inside[-1:]
            elif row.get("name"):
                self._groups[row.get("name")].append(list(inside))

    def named(self, source: str) -> str:
        """An expression with ${name} in the place of each path to a question. Texts in it stay as they are."""
        parts = _PARTS.split(source)
        return "".join(part if number % 2 else _PATH.sub(self._name, part) for number, part in enumerate(parts))

    def _name(self, path: re.Match[str]) -> str:
        *groups, name = path[1].split("/")
        found = self._groups.get(name, [])
        if len(found) != 1:
            return path[0]
        if path[0].startswith("/"):
            groups = groups[1:]  # The first one is the form.
        ends_so = not groups or found[0][-len(groups) :] == groups
        return f"${{{name}}}" if ends_so else path[0]
