"""The texts of a draft one by one, under names that stay when pages and questions move: what translators work on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from app.questionnaire.check import TEXTS
from app.questionnaire.expressions.lexer import VARIABLE

from .tree import Tree, languages, pages, questions

_WHOLE = ""
_LISTS = {"choices": "code", "rows": "name", "breakdowns": "name", "groups": "code"}


@dataclass(frozen=True)
class Item:
    """A text. name: what it is known by, as in `view.choices.3.label`; part: the page it is on, "" for the whole."""

    name: str
    part: str
    text: Mapping[str, str]


def items(tree: Tree) -> list[Item]:
    """Every text, in order."""
    return [Item(name, part, text) for name, part, text in _walk(tree)]


def missing(tree: Tree) -> dict[str, int]:
    """How many texts have no words yet in each language."""
    found = items(tree)
    return {language: sum(not item.text.get(language) for item in found) for language in languages(tree)}


def put_lines(tree: Tree, language: str, lines: Mapping[str, str]) -> Tree:
    """With other words in a language, by the names of their texts; an empty line takes them away."""
    made = deepcopy(tree)
    for name, _part, text in _walk(made):
        if name in lines:
            if lines[name]:
                text[language] = lines[name]
            else:
                text.pop(language, None)
    return made


def answers_shown(line: str) -> list[str]:
    """The answers that stand in a line, as in `${country}`: those that its translation has to show too."""
    return sorted(set(VARIABLE.findall(line)))


def _walk(tree: Tree) -> Iterator[tuple[str, str, dict[str, str]]]:
    whole = {key: value for key, value in tree.items() if key != "pages"}
    yield from _texts("", _WHOLE, whole)
    for page in pages(tree):
        name = page["name"]
        yield from _texts(f"page:{name}", name, {key: value for key, value in page.items() if key != "questions"})
        for question in questions(page):
            yield from _texts(question["name"], name, question)


def _texts(prefix: str, part: str, data: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    for key, value in data.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict) and key in TEXTS:
            yield name, part, value
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    known = _known_by(key, item)
                    yield from _texts(f"{name}.{known or number}", part, item)


def _known_by(key: str, item: dict[str, Any]) -> str:
    if key == "variants":
        return f"{item.get('experiment')}-{item.get('arm')}"
    found = item.get(_LISTS.get(key, ""))
    return str(found) if isinstance(found, str | int) else ""
