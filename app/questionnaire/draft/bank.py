"""The question bank: what was published, and the catalogue's actions; found by words, taken as it is."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.questionnaire.catalogue import Action
from app.questionnaire.check import TEXTS
from app.questionnaire.expressions import ExpressionError
from app.questionnaire.model import Questionnaire
from app.questionnaire.relevance import names_in

from .tree import Tree, languages, names

_CONDITIONS = ("relevant", "constraint", "choice_filter", "required")
# What is no part of what a respondent meets: questions that differ in it only stand in the bank once.
_BESIDE = {"relevant", "required", "required_message", "publish", "fixed", "action", "hint"}


@dataclass(frozen=True)
class Entry:
    """Something to take. key: what it is taken by; source: the survey's key, "" for an action of the catalogue."""

    key: str
    source: str
    question: Tree

    @property
    def searched(self) -> str:
        """All words in which it can be found: its name, its rows and their actions, in every language."""
        parts = [self.question, *self.question.get("rows", ())]
        found = [str(part.get(word, "")) for part in parts for word in ("name", "action")]
        found += [line for part in parts for line in part.get("label", {}).values()]
        return plain(" ".join([*found, self.source]))


def published(versions: Iterable[tuple[str, Questionnaire]]) -> list[Entry]:
    """Every question of versions, the newest first, given with their hashes; each wording of a survey's once."""
    found: dict[str, Entry] = {}
    for version, questionnaire in versions:
        for question in questionnaire.questions:
            data = question.model_dump(mode="json", exclude_defaults=True)
            met = {key: value for key, value in data.items() if key not in _BESIDE}
            same = json.dumps([questionnaire.survey, met], sort_keys=True)
            found.setdefault(same, Entry(f"q:{version}:{question.name}", questionnaire.survey, data))
    return list(found.values())


def of_actions(actions: Iterable[Action], choices: list[Any]) -> list[Entry]:
    """An action as a question of its own, on a scale of support."""
    return [
        Entry(
            f"a:{action.code}",
            "",
            {
                "name": action.code,
                "kind": "scale",
                "label": dict(action.title),
                "hint": dict(action.text),
                "choices": choices,
                "dont_know": True,
                "action": action.code,
            },
        )
        for action in actions
    ]


def search(entries: Iterable[Entry], wanted: str) -> list[Entry]:
    """Those in which all the words stand, in any language; all of them where nothing is wanted."""
    parts = plain(wanted).split()
    return [entry for entry in entries if all(part in entry.searched for part in parts)]


def taken(tree: Tree, question: Tree) -> tuple[Tree, list[str]]:
    """The question for a draft: in its languages, and without conditions on what the draft does not ask. Returns the
    conditions that were left out too."""
    made = _in_languages(question, languages(tree))
    known = names(tree) | {made["name"], *(row["name"] for row in made.get("rows", ()))}
    dropped: list[str] = []
    for part in (made, *made.get("rows", ())):
        for key in _CONDITIONS:
            source = part.get(key)
            if isinstance(source, str) and not _can_be_read(source, known):
                dropped.append(source)
                del part[key]
    return made, dropped


def plain(text: str) -> str:
    """A text as it is compared: full-width as plain forms, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def _can_be_read(source: str, known: set[str]) -> bool:
    try:
        return set(names_in(source)) <= known
    except ExpressionError:
        return False


def _in_languages(value: Any, spoken: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_in_languages(item, spoken) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: {code: line for code, line in inner.items() if code in spoken}
        if key in TEXTS and isinstance(inner, dict)
        else _in_languages(inner, spoken)
        for key, inner in value.items()
    }
