"""Drafts as YAML text, the one way in which a questionnaire is written down; and other files on their way to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.questionnaire.draft.tree import Tree, free_name
from app.questionnaire.problems import FileError, Problem

from .blocks import Blocks
from .importing import foreign_reader, read_any, with_key
from .yaml_file import read_document, write_document, write_questionnaire
from .yaml_tree import dotted

_LIST, _MAPPING = "A list is expected here.", "Keys with values are expected here."


def read_draft(source: bytes | str) -> Tree:
    """The document that `write_draft` wrote, with the lists of options in their questions."""
    return _outlined(read_document(source))


def write_draft(tree: Tree) -> str:
    """The text of a draft."""
    return write_document(tree)


def draft_of_file(content: bytes, name: str, survey: str, blocks: Blocks) -> str:
    """A file of any format as the text of a draft of a survey. Mistakes in what it says stay, to be mended there.

    Raises FileError where it cannot be read at all.
    """
    if foreign_reader(content) is not None:
        return write_questionnaire(with_key(read_any(content, name, blocks=blocks).questionnaire, survey))
    tree = _outlined(read_document(content, blocks))
    return write_draft({**tree, "survey": survey})


def _outlined(document: dict[str, Any]) -> Tree:
    """The document, if it has pages with questions. Names that are missing are filled in."""
    problems = list(_out_of_shape(document))
    if problems:
        raise FileError(problems)
    taken = {
        part["name"]
        for page in document["pages"]
        for part in (page, *page["questions"])
        if isinstance(part.get("name"), str)
    }
    for page in document["pages"]:
        for part, stem in ((page, "page"), *((question, "question") for question in page["questions"])):
            if not isinstance(part.get("name"), str) or not part["name"].strip():
                part["name"] = free_name(taken, stem)
                taken.add(part["name"])
    return document


def _out_of_shape(document: dict[str, Any]) -> Iterator[Problem]:
    pages = document.get("pages")
    if not isinstance(pages, list):
        yield Problem(0, "pages", _LIST)
        return
    for number, page in enumerate(pages):
        if not isinstance(page, dict):
            yield Problem(0, dotted(("pages", number)), _MAPPING)
            continue
        asked = page.setdefault("questions", [])
        if not isinstance(asked, list):
            yield Problem(0, dotted(("pages", number, "questions")), _LIST)
            continue
        for at, question in enumerate(asked):
            if not isinstance(question, dict):
                yield Problem(0, dotted(("pages", number, "questions", at)), _MAPPING)
