"""Edits of a draft: each makes a new document of the one it is given. What is named and is not there: LookupError."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from app.questionnaire.check import TEXTS

from .tree import (
    Tree,
    free_name,
    names,
    names_of,
    page_named,
    pages,
    place_of,
    question_named,
    questions,
    rules,
    settings,
)

# What hangs on one survey, question or page only, and so is not copied with it.
_NOT_COPIED = {"action"}


def add_question(tree: Tree, page: str, question: Tree, after: str = "") -> Tree:
    """With a question on a page, behind another one of it, else at the end."""
    made = deepcopy(tree)
    asked = questions(_page(made, page))
    at = next((number for number, one in enumerate(asked, 1) if one["name"] == after), len(asked))
    asked.insert(at, deepcopy(question))
    return made


def put_question(tree: Tree, name: str, question: Tree, page: str) -> Tree:
    """With another question in the place of one; at the end of `page` where that is not its page. What names it by
    its old name follows."""
    made = deepcopy(tree)
    at, number = _place(made, name)
    if pages(made)[at]["name"] == page:
        questions(pages(made)[at])[number] = deepcopy(question)
    else:
        del questions(pages(made)[at])[number]
        questions(_page(made, page)).append(deepcopy(question))
    return made if question["name"] == name else renamed(made, name, question["name"])


def remove_question(tree: Tree, name: str) -> Tree:
    made = deepcopy(tree)
    at, number = _place(made, name)
    del questions(pages(made)[at])[number]
    return made


def copy_question(tree: Tree, name: str) -> tuple[Tree, str]:
    """With a copy behind a question, under names of its own. Returns the copy's name too."""
    question = question_named(tree, name)
    if question is None:
        raise LookupError(name)
    copy, taken = _without_links(question), names(tree)
    for part in (copy, *(row for row in copy.get("rows") or () if isinstance(row, dict))):
        part["name"] = free_name(taken, str(part.get("name")))
        taken.add(part["name"])
    return add_question(tree, pages(tree)[_place(tree, name)[0]]["name"], copy, name), copy["name"]


def move_question(tree: Tree, name: str, step: int) -> Tree:
    """One place up (-1) or down (1); from an end of its page to the next one."""
    made = deepcopy(tree)
    at, number = _place(made, name)
    own = questions(pages(made)[at])
    if 0 <= number + step < len(own):
        own.insert(number + step, own.pop(number))
    elif 0 <= at + step < len(pages(made)):
        other = questions(pages(made)[at + step])
        other.insert(0 if step > 0 else len(other), own.pop(number))
    return made


def place_question(tree: Tree, name: str, page: str, before: str = "") -> Tree:
    """A question before another one of a page, else at its end."""
    made = deepcopy(tree)
    at, number = _place(made, name)
    _page(made, page)
    question = questions(pages(made)[at]).pop(number)
    asked = questions(_page(made, page))
    asked.insert(next((i for i, one in enumerate(asked) if one["name"] == before), len(asked)), question)
    return made


def add_page(tree: Tree, title: dict[str, str], after: str = "") -> tuple[Tree, str]:
    """With a page behind another, else at the end. Returns its name too."""
    made = deepcopy(tree)
    name = free_name({page["name"] for page in pages(made)}, f"page_{len(pages(made)) + 1}")
    at = next((i for i, page in enumerate(pages(made), 1) if page["name"] == after), len(pages(made)))
    pages(made).insert(at, {"name": name, "title": title, "questions": []})
    return made, name


def put_page(tree: Tree, name: str, head: Tree) -> Tree:
    """With something else said of a page itself; its questions stay."""
    made = deepcopy(tree)
    page = _page(made, name)
    asked = page["questions"]
    page.clear()
    page |= {**deepcopy(head), "questions": asked}
    return made


def remove_page(tree: Tree, name: str) -> Tree:
    """Without a page and its questions."""
    made = deepcopy(tree)
    pages(made).remove(_page(made, name))
    return made


def copy_page(tree: Tree, name: str) -> tuple[Tree, str]:
    """With a copy behind a page, its questions under names of their own. Returns the copy's name too."""
    page = page_named(tree, name)
    if page is None:
        raise LookupError(name)
    made, copied = add_page(tree, deepcopy(page.get("title", {})), name)
    for question in questions(page):
        made, other = copy_question(made, question["name"])
        made = place_question(made, other, copied)
    own = _page(made, copied)
    own |= {key: deepcopy(value) for key, value in page.items() if key not in ("name", "questions")}
    return made, copied


def move_page(tree: Tree, name: str, step: int) -> Tree:
    """One place up (-1) or down (1)."""
    made = deepcopy(tree)
    number = pages(made).index(_page(made, name))
    if 0 <= number + step < len(pages(made)):
        pages(made).insert(number + step, pages(made).pop(number))
    return made


def put_settings(tree: Tree, said: Tree) -> Tree:
    """With something else said of the whole. Texts in languages that it no longer has go."""
    made = deepcopy({**said, **rules(tree), "pages": pages(tree)})
    gone = set(_languages(tree)) - set(_languages(made))
    return _without_languages(made, gone) if gone else made


def put_rules(tree: Tree, said: Tree) -> Tree:
    """With other rules in the place of all."""
    return deepcopy({**settings(tree), **said, "pages": pages(tree)})


def renamed(tree: Tree, old: str, new: str) -> Tree:
    """What names a question by its old name names it by the new one."""
    whole = re.compile(r"\$\{\s*" + re.escape(old) + r"\s*\}")

    def follow(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {word: follow(inner, word) for word, inner in value.items()}
        if isinstance(value, list):
            return [new if key in ("of", "weighting") and item == old else follow(item) for item in value]
        if isinstance(value, str):
            return new if key == "experiment" and value == old else whole.sub(lambda _: f"${{{new}}}", value)
        return value

    made: Tree = follow(tree)
    for breakdown in made.get("breakdowns") or ():
        if isinstance(breakdown, dict) and breakdown.get("name") == old:
            breakdown["name"] = new
    return made


def clashing(tree: Tree, question: Tree, replaced: str = "") -> str:
    """A name of the question that another one of the draft has already; "" where there is none. `replaced`: the name
    of the question in whose place it comes."""
    before = question_named(tree, replaced) if replaced else None
    taken = names(tree) - set(names_of(before) if before else ())
    return next((name for name in names_of(question) if name in taken), "")


def _page(tree: Tree, name: str) -> Tree:
    found = page_named(tree, name)
    if found is None:
        raise LookupError(name)
    return found


def _place(tree: Tree, name: str) -> tuple[int, int]:
    found = place_of(tree, name)
    if found is None:
        raise LookupError(name)
    return found


def _without_links(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_links(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_links(inner) for key, inner in value.items() if key not in _NOT_COPIED}


def _languages(tree: Tree) -> list[str]:
    given = tree.get("languages")
    return [str(one) for one in given] if isinstance(given, list) else []


def _without_languages(value: Any, gone: set[str]) -> Any:
    if isinstance(value, list):
        return [_without_languages(item, gone) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {code: line for code, line in inner.items() if code not in gone}
        if key in TEXTS and isinstance(inner, dict)
        else _without_languages(inner, gone)
        for key, inner in value.items()
    }
