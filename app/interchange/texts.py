"""The texts of a document in all of its languages: what is missing is filled in, what does not fit is cut."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from app.questionnaire.model import MOST_LANGUAGES
from app.questionnaire.problems import Path

from .report import Report

TEXTS = (
    *("title", "label", "hint", "introduction", "required_message", "constraint_message"),
    *("dont_know", "refused", "low", "high"),
)
_LONGEST = 10_000
_REFERENCE = re.compile(r"\$\{[^{}]*\}")

FILLED = "The words in “%(language)s” are missing: those in “%(other)s” stand in."
NOT_SHOWN = "It names what cannot be shown there: “…” stands for it."
EMPTY = "It has no words: its name stands in."


def mend_texts(document: dict[str, Any], report: Report) -> None:
    """Every text in every language of the document, and in no other; none empty, none too long."""
    languages = list(dict.fromkeys(document.get("languages") or ["en"]))
    for language in languages[MOST_LANGUAGES:]:
        message = "There are more than %(limit)s languages: “%(language)s” is left out."
        report.tell(document, ("languages",), "dropped", message, limit=MOST_LANGUAGES, language=language)
    document["languages"] = languages[:MOST_LANGUAGES]
    document["title"] = document.get("title") or {}
    _Mender(document, report).walk((), document)


class _Mender:
    def __init__(self, document: dict[str, Any], report: Report) -> None:
        self.document = document
        self.report = report
        self.languages: list[str] = document["languages"]
        self.seen: set[int] = set()

    def walk(self, path: Path, node: Any) -> None:
        if id(node) in self.seen:  # A list that several questions share.
            return
        self.seen.add(id(node))
        if isinstance(node, list):
            for number, item in enumerate(node):
                self.walk((*path, number), item)
        elif isinstance(node, dict):
            for key in list(node):
                if key in TEXTS and isinstance(node[key], dict):
                    self.text((*path, key), node, key)
                elif isinstance(node[key], dict | list):
                    self.walk((*path, key), node[key])

    def text(self, path: Path, node: dict[str, Any], key: str) -> None:
        text: dict[str, Any] = node[key]
        for language in list(text):
            text[language] = self.words((*path, language), str(text[language] or ""))
            if not text[language]:
                del text[language]
        first = next((text[language] for language in (*self.languages, *text) if language in text), "")
        if not first and key not in ("label", "title"):
            del node[key]
            return
        if not first:
            first = str(node.get("name") or node.get("code") or node.get("survey") or "—")
            self.report.tell(self.document, path, "changed", EMPTY)
            text.update(dict.fromkeys(self.languages, first))
        self.fill(path, text, first)

    def fill(self, path: Path, text: dict[str, Any], first: str) -> None:
        known = next(language for language, words in text.items() if words == first)
        for language in self.languages:
            if language not in text:
                text[language] = first
                params = {"language": language, "other": known}
                self.report.tell(self.document, (*path, language), "changed", FILLED, **params)
        for language in [language for language in text if language not in self.languages]:
            del text[language]
            message = "“%(language)s” is not one of this survey's languages."
            self.report.tell(self.document, (*path, language), "dropped", message, language=language)

    def words(self, path: Path, words: str) -> str:
        clean = "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
        if len(clean) > _LONGEST:
            message = "It is longer than %(limit)s characters, and was cut there."
            self.report.tell(self.document, path, "changed", message, limit=_LONGEST)
        if "title" in path and _REFERENCE.search(clean):  # Titles stand over all that is asked, and show no answers.
            self.report.tell(self.document, path, "changed", NOT_SHOWN)
            clean = _REFERENCE.sub("…", clean)
        return clean[:_LONGEST].strip()
