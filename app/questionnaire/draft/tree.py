"""The document of a draft: pages and questions by name. Every page and question of a draft has a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Tree = dict[str, Any]
"""The document, or a mapping in it. Functions here never change one that they are given."""

RULES = ("ends", "contradictions")
"""What is said of the whole by conditions on answers: it has an editor of its own beside the settings."""


def pages(tree: Tree) -> list[Tree]:
    """The pages, in order."""
    found: list[Tree] = tree["pages"]
    return found


def questions(page: Tree) -> list[Tree]:
    """The questions of a page, in order."""
    found: list[Tree] = page["questions"]
    return found


def page_named(tree: Tree, name: str) -> Tree | None:
    """The page of a name, the first where several have it."""
    return next((page for page in pages(tree) if page["name"] == name), None)


def place_of(tree: Tree, name: str) -> tuple[int, int] | None:
    """Number of the page and number on it of the question of a name, the first where several have it."""
    for at, page in enumerate(pages(tree)):
        for number, question in enumerate(questions(page)):
            if question["name"] == name:
                return at, number
    return None


def question_named(tree: Tree, name: str) -> Tree | None:
    """The question of a name."""
    place = place_of(tree, name)
    return questions(pages(tree)[place[0]])[place[1]] if place else None


def page_of(tree: Tree, name: str) -> Tree | None:
    """The page on which a question stands."""
    place = place_of(tree, name)
    return pages(tree)[place[0]] if place else None


def settings(tree: Tree) -> Tree:
    """All that is said of the whole: the document without its pages and rules."""
    return {key: value for key, value in tree.items() if key not in ("pages", *RULES)}


def rules(tree: Tree) -> Tree:
    """The rules, by their lists."""
    return {key: tree[key] for key in RULES if key in tree}


def head_of(page: Tree) -> Tree:
    """All that is said of a page itself: without its questions."""
    return {key: value for key, value in page.items() if key != "questions"}


def names(tree: Tree) -> set[str]:
    """Every name that a question or a row has."""
    return {name for page in pages(tree) for question in questions(page) for name in names_of(question)}


def names_of(question: Tree) -> Iterator[str]:
    """The names that a question takes: its own, and those of its rows."""
    rows = question.get("rows")
    for part in (question, *(rows if isinstance(rows, list) else ())):
        if isinstance(part, dict) and isinstance(part.get("name"), str):
            yield part["name"]


def languages(tree: Tree) -> list[str]:
    """The languages in which texts are wanted."""
    given = tree.get("languages")
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def free_name(taken: set[str], wanted: str) -> str:
    """The wanted name, with the next number behind it where it is taken."""
    stem, number = wanted, 2
    while wanted in taken:
        wanted = f"{stem}_{number}"
        number += 1
    return wanted


def begun(survey: str, title: dict[str, str], spoken: list[str]) -> Tree:
    """A draft of nothing: one page without questions."""
    first = {"en": "First page", "ja": "最初のページ"}
    page = {"name": "page_1", "title": {one: first.get(one, first["en"]) for one in spoken}, "questions": []}
    return {"survey": survey, "title": title, "languages": spoken, "pages": [page]}
