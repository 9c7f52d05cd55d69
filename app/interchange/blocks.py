"""Blocks: pages and lists of choices in files of their own, written into every questionnaire that includes them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from app.questionnaire.check import TEXTS
from app.questionnaire.problems import FileError, Path, Problem

from .yaml_tree import Lines, dotted, line_of, read_tree

Blocks = Mapping[str, bytes]
"""The blocks that can be included: the YAML of each by its name."""

_KEYS = {"choices", "pages"}


@dataclass
class _Block:
    name: str
    data: dict[str, Any]
    lines: Lines


@dataclass
class Places:
    """Where the parts of a document come from: the survey's own file, or a block."""

    lines: Lines
    # Of each included part: the block, the part's path in it, and the line of the survey that includes it.
    included: dict[Path, tuple[_Block, Path, int]] = field(default_factory=dict)
    # The survey's own pages by their number in the whole document.
    own_pages: dict[int, int] = field(default_factory=dict)

    def problem(self, path: Path, message: str, params: dict[str, object]) -> Problem:
        """A problem with the line of the survey's file, and for a part of a block where it is there."""
        found = self.included.get(path[:2])
        if found:
            block, inside, line = found
            there = (*inside, *path[2:])
            return Problem(line, f"{block.name}.yaml:{line_of(block.lines, there)} {dotted(there)}", message, params)
        if path[:1] == ("pages",) and len(path) > 1 and path[1] in self.own_pages:
            path = ("pages", self.own_pages[path[1]], *path[2:])
        return Problem(line_of(self.lines, path), dotted(path), message, params)


def include(document: dict[str, Any], lines: Lines, blocks: Blocks, problems: list[Problem]) -> Places:
    """Writes the blocks that a document includes into it. Blocks that cannot be had are added to the problems."""
    places = Places(lines)
    known: dict[str, _Block | None] = {}

    def block(name: object, path: Path) -> _Block | None:
        if not isinstance(name, str) or name not in blocks:
            shown = str(name)[:60]
            problems.append(places.problem(path, "There is no block “%(name)s” in surveys/blocks.", {"name": shown}))
            return None
        if name not in known:
            known[name] = _read(name, blocks[name], document.get("languages"), places.problem(path, "", {}), problems)
        return known[name]

    named = document.pop("include", [])
    if not isinstance(named, list):
        problems.append(places.problem(("include",), "A list is expected here.", {}))
        named = []
    for number, name in enumerate(named):
        path: Path = ("include", number)
        found = block(name, path)
        if found:
            _take_lists(document, found, line_of(lines, path), places, problems)
    _take_pages(document, block, places, problems)
    return places


def _read(name: str, source: bytes, languages: object, at: Problem, problems: list[Problem]) -> _Block | None:
    try:
        data, lines = read_tree(source)
    except FileError as error:
        for found in error.problems:
            where = f"{name}.yaml:{found.line} {found.where}".strip()
            problems.append(Problem(at.line, where, found.message, found.params))
        return None
    if not isinstance(data, dict) or not data or not set(data) <= _KEYS:
        problems.append(Problem(at.line, f"{name}.yaml", "A block holds `choices`, `pages` or both, and no other key."))
        return None
    spoken = [language for language in languages if isinstance(language, str)] if isinstance(languages, list) else []
    return _Block(name, _without_other_languages(data, spoken), lines)


def _without_other_languages(value: Any, languages: list[str]) -> Any:
    """A block's texts in the survey's languages only."""
    if isinstance(value, list):
        return [_without_other_languages(item, languages) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {code: line for code, line in inner.items() if code in languages}
        if key in TEXTS and isinstance(inner, dict)
        else _without_other_languages(inner, languages)
        for key, inner in value.items()
    }


def _take_lists(document: dict[str, Any], block: _Block, line: int, places: Places, problems: list[Problem]) -> None:
    """Adds a block's lists of choices to the document's own."""
    offered, own = block.data.get("choices", {}), document.setdefault("choices", {})
    if not isinstance(offered, dict) or not isinstance(own, dict):
        return
    for name, choices in offered.items():
        path: Path = ("choices", name)
        if name in own and path not in places.included:
            message = "The list “%(name)s” is the survey's own and the block's too."
            problems.append(Problem(line, f"{block.name}.yaml", message, {"name": name}))
        own[name] = deepcopy(choices)
        places.included[path] = (block, path, line)


def _take_pages(document: dict[str, Any], block: Any, places: Places, problems: list[Problem]) -> None:
    """Puts a block's pages in the place of `- include: NAME`."""
    pages = document.get("pages")
    if not isinstance(pages, list):
        return
    whole: list[Any] = []
    for number, page in enumerate(pages):
        path: Path = ("pages", number)
        if not (isinstance(page, dict) and "include" in page):
            places.own_pages[len(whole)] = number
            whole.append(page)
            continue
        line = line_of(places.lines, path)
        if set(page) != {"include"}:
            problems.append(Problem(line, dotted(path), "Beside `include` no other key can stand.", {}))
        found = block(page["include"], (*path, "include"))
        offered = found.data.get("pages") if found else None
        if found and not isinstance(offered, list):
            message = "The block “%(name)s” has no pages."
            problems.append(Problem(line, dotted(path), message, {"name": found.name}))
        if found and isinstance(offered, list):
            _take_lists(document, found, line, places, problems)
            for inside, item in enumerate(offered):
                places.included["pages", len(whole)] = (found, ("pages", inside), line)
                whole.append(deepcopy(item))
    document["pages"] = whole
