"""What our checks refuse in a document of another program's: dropped where it can go, else said in a note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from app.questionnaire.check_conditions import NEVER, NEVER_SHOWN
from app.questionnaire.problems import Finding, Path

from .naming import questions_of
from .report import Report
from .texts import NOT_SHOWN, TEXTS

HIDDEN = ("calculate", "arm", "sample")
_OF_CHOICES, _OF_ROWS = ("code", "label"), ("name", "label")
_OF_QUESTIONS = ("name", "kind", "label", "choices", "rows", "calculation", "of")
_NO_NAME = re.compile(r"\$\{(?!\s{0,100}[A-Za-z][A-Za-z0-9_]{0,99}\s{0,100}\})[^{}$]{0,100}\}?")
_REFERENCE = re.compile(r"\$\{[^{}]*\}")

FOLLOWS = "It is computed from “%(name)s”, which was not taken."
EMPTY = "Nothing stands in it."


def stand_in(question: dict[str, Any], sort: str) -> None:
    """Makes of a question that cannot be asked a note, in which its words and its `sort` in the source are kept."""
    label = question.get("label") or {}
    for key in set(question) - {"name", "hint", "relevant", "fixed"}:
        del question[key]
    question["kind"] = "note"
    question["label"] = {language: f"{words}\n[{sort}]" for language, words in label.items()}


def mend(document: dict[str, Any], findings: Sequence[Finding], report: Report) -> list[Finding]:
    """Removes from a document what the findings are about. Returns those that cannot be mended."""
    mender = _Mender(document)
    left = []
    for path, message, params in findings:
        # The whole plan before the first cut: paths hold while nothing moves.
        if message == NEVER and path[-1] == "relevant":
            report.tell(document, path, "dropped", NEVER)
            for question in mender.plan_never(path):
                report.lost(question, NEVER)
        elif message == NEVER_SHOWN and mender.plan_option(path, str(params["code"])):
            report.tell(document, mender.option, "dropped", NEVER_SHOWN, **params)
        elif outcome := mender.plan(path, params):
            report.tell(document, path, outcome, NOT_SHOWN if outcome == "changed" else message, **params)
            if mender.is_whole:
                report.tell(document, path[:4], "dropped", message, **params)
        else:
            left.append((path, message, params))
    if not left:
        mender.act(report)
    return left


def drop_empty_groups(document: dict[str, Any], report: Report) -> None:
    """Groups of pages without a page go."""
    groups = document.get("groups", [])
    above = {group["name"]: group.get("group") for group in groups}
    filled: set[str | None] = {None}
    for page in document["pages"]:
        name = page.get("group")
        while name not in filled:
            filled.add(name)
            name = above.get(name)
    for number, group in enumerate(groups):
        if group["name"] not in filled:
            report.tell(document, ("groups", number), "dropped", EMPTY)
    if groups:
        document["groups"] = [group for group in groups if group["name"] in filled]


class _Mender:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.keys: dict[tuple[int, str], tuple[dict[str, Any], str]] = {}
        self.texts: list[tuple[dict[str, Any], set[str]]] = []
        self.gone: set[int] = set()
        self.noted: dict[int, dict[str, Any]] = {}
        self.option: Path = ()
        self.is_whole = False
        """Whether the question goes, or becomes a note, for what the last finding told of a part of it."""

    def plan_never(self, path: Path) -> list[dict[str, Any]]:
        """What is never asked goes: a question or a row, or all that a page or a group holds. Returns what goes."""
        inside = {self._at(path[:2]).get("name")} if path[0] == "groups" else set()
        for group in self.document.get("groups", ()) if inside else ():
            inside |= {group["name"]} if group.get("group") in inside else set()
        found = [self._at(path[:-1])] if len(path) > 3 else []
        for place, question in questions_of(self.document) if not found else ():
            if place[:2] == path[:2] or self._at(place[:2]).get("group") in inside:
                found.append(question)
        self.gone |= {id(part) for part in found}
        return found

    def plan_option(self, path: Path, code: str) -> bool:
        """An option that is never shown goes, if enough are left."""
        choices = self._at(path[:-1]).get("choices", [])
        number = next((n for n, choice in enumerate(choices) if choice["code"] == code), -1)
        if number < 0 or sum(id(choice) not in self.gone for choice in choices) <= 2:
            return False
        self.gone.add(id(choices[number]))
        self.option = (*path[:-1], "choices", number)
        return True

    def plan(self, path: Path, params: dict[str, object]) -> Literal["dropped", "changed", ""]:
        """Decides what goes for a finding: "dropped" or "changed"; "" if nothing can."""
        self.is_whole = False
        if self._unnamed(path, params):
            return "changed"
        if path[:1] == ("pages",) and path[2:3] == ("questions",) and len(path) > 3:
            return self._question(self._at(path[:4]), path)
        if path[:1] in (("pages",), ("groups",)) and len(path) > 2 and path[2] in ("relevant", "randomize", "group"):
            return self._without(self._at(path[:2]), str(path[2]))
        if path[:1] in (("ends",), ("contradictions",), ("breakdowns",), ("continues",)) and len(path) > 1:
            self.gone.add(id(self._at(path[:2])))
            return "dropped"
        return self._without(self.document, str(path[0])) if path[:1] in (("introduction",), ("weighting",)) else ""

    def _at(self, path: Path) -> Any:
        node: Any = self.document
        for part in path:
            node = node[part]
        return node

    def _without(self, node: dict[str, Any], key: str) -> Literal["dropped"]:
        self.keys[id(node), key] = (node, key)
        return "dropped"

    def _unnamed(self, path: Path, params: dict[str, object]) -> bool:
        """A text that names what it cannot show is shown without."""
        place = next((n for n in range(len(path) - 1, -1, -1) if path[n] in TEXTS), -1)
        text = self._at(path[: place + 1]) if place >= 0 else None
        if place == len(path) - 1 or not isinstance(text, dict):
            return False
        if not any("${" in str(words) for words in text.values()):
            return False
        self.texts.append((text, {str(params["name"])} if "name" in params else set()))
        return True

    def _question(self, question: dict[str, Any], path: Path) -> Literal["dropped", ""]:
        rest = path[4:]
        for key, own, fewest in (("choices", _OF_CHOICES, 2), ("rows", _OF_ROWS, 1)):
            if rest[:1] == (key,) and len(rest) > 1:
                item = question[key][rest[1]]
                if len(rest) > 2 and rest[2] not in own:
                    return self._without(item, str(rest[2]))
                if sum(id(one) not in self.gone for one in question[key]) > fewest:
                    self.gone.add(id(item))
                    return "dropped"
        if rest[:1] == ("variants",) and len(rest) > 1:
            self.gone.add(id(question["variants"][rest[1]]))
        elif rest[:1] == ("parameters",) and len(rest) > 1:
            self._without(question["parameters"], str(rest[1]))
        elif rest and rest[0] not in _OF_QUESTIONS and rest[0] in question:
            self._without(question, str(rest[0]))
        elif question.get("kind") in HIDDEN:
            self.gone.add(id(question))
            self.is_whole = True
        elif question.get("kind") != "note":
            self.noted[id(question)] = question
            self.is_whole = True
        else:
            return ""
        return "dropped"

    def act(self, report: Report) -> None:
        for node, key in self.keys.values():
            node.pop(key, None)
        for text, names in self.texts:
            text.update({language: _without(words, names) for language, words in text.items()})
        for question in self.noted.values():
            stand_in(question, str(question.get("kind")))
        self._follow(report)
        for key in ("ends", "contradictions", "breakdowns", "continues"):
            if key in self.document:
                self.document[key] = self._remaining(self.document[key])
        for _, question in questions_of(self.document):
            for key in ("choices", "rows", "variants"):
                if isinstance(question.get(key), list):
                    question[key][:] = self._remaining(question[key])
        for page in self.document["pages"]:
            page["questions"] = self._remaining(page["questions"])
        self.document["pages"] = [page for page in self.document["pages"] if page["questions"]]
        drop_empty_groups(self.document, report)

    def _remaining(self, items: list[Any]) -> list[Any]:
        return [item for item in items if id(item) not in self.gone]

    def _follow(self, report: Report) -> None:
        """What is computed from what is gone goes too, however long the chain."""
        lost: set[str] = set()
        for _, question in questions_of(self.document):
            if id(question) in self.gone or id(question) in self.noted:
                lost.add(question["name"])
            elif question.get("kind") == "calculate":
                names = {name[2:-1].strip() for name in _REFERENCE.findall(str(question.get("calculation")))}
                if names & lost:
                    report.lost(question, FOLLOWS, name=min(names & lost))
                    self.gone.add(id(question))
                    lost.add(question["name"])


def _without(words: str, names: set[str]) -> str:
    """A text without these names, and without what begins like one that it shows but is none."""
    words = _REFERENCE.sub(lambda match: "…" if match[0][2:-1].strip() in names else match[0], words)
    return _NO_NAME.sub("…", words)
