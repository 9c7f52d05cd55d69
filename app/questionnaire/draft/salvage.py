"""As much of a draft with mistakes as can be shown."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from app.questionnaire.check import TEXTS
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import Finding
from app.questionnaire.soundness import examine

from .tree import Tree, languages, pages, questions

_ROUNDS = 20
_NEEDED = {"survey", "title", "languages", "pages"}


def salvage(tree: Tree) -> tuple[Questionnaire | None, list[str]]:
    """A sound questionnaire, and the names of the questions and pages that were left out of it because something is
    wrong with them, or hangs on what was left out. Texts that are missing stand there in another language."""
    made = _filled_in(deepcopy(tree), languages(tree))
    made.setdefault("title", dict.fromkeys(languages(tree), str(tree.get("survey"))))
    left_out: list[str] = []
    for _ in range(_ROUNDS):
        found, findings = examine(made)
        if found is not None and not findings:
            return found, left_out
        left_out += _without(made, findings)
        for page in [page for page in pages(made) if not questions(page)]:
            pages(made).remove(page)
    return None, left_out


def _without(tree: Tree, findings: list[Finding]) -> list[str]:
    """Takes out what the findings are of. Returns the names of what went."""
    gone: list[str] = []
    wrong: dict[int, set[int]] = {}
    for path, *_ in findings:
        if path[:1] == ("pages",) and len(path) > 3 and path[2] == "questions":
            wrong.setdefault(int(path[1]), set()).add(int(path[3]))
        elif path[:1] == ("pages",) and len(path) > 2:
            page = pages(tree)[int(path[1])]
            if path[2] == "title":
                page["title"] = dict.fromkeys(languages(tree), page["name"])
            elif path[2] not in ("name", "questions"):
                page.pop(str(path[2]), None)
        elif path and path[0] not in _NEEDED:
            tree.pop(str(path[0]), None)
    for at, numbers in wrong.items():
        asked = questions(pages(tree)[at])
        gone += [asked[number]["name"] for number in sorted(numbers)]
        asked[:] = [question for number, question in enumerate(asked) if number not in numbers]
    return gone


def _filled_in(value: Any, spoken: list[str]) -> Any:
    if isinstance(value, list):
        return [_filled_in(item, spoken) for item in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, inner in value.items():
        lines = [line for line in inner.values() if isinstance(line, str)] if isinstance(inner, dict) else []
        if key in TEXTS and lines:
            made[key] = {one: inner.get(one) or lines[0] for one in spoken}
        else:
            made[key] = _filled_in(inner, spoken)
    return made
