"""What a questionnaire's document can get wrong that its parts alone do not show.

Every rule reads the document as written and yields (path, message, params). What a condition may say, and by whom
results are shown, is in `check_conditions`; names are in `check_names`, the words of each kind in `check_kinds`,
groups, experiments and samples in `check_design`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .check_conditions import check_breakdowns, check_conditions
from .check_design import check_design
from .check_kinds import check_kind
from .check_names import check_names
from .kinds.base import STANDARD_LABELS
from .kinds.companions import Unentered
from .kinds.matrix import Matrix
from .kinds.scale import Scale
from .kinds.select_one import Chosen
from .model import MOST_LANGUAGES, Questionnaire
from .outline import Asked, Part, parts, questions, takes_choices, word, words
from .problems import Finding as Finding
from .problems import Path as Path

TEXTS = (
    *("title", "label", "hint", "introduction", "low", "high"),
    *("required_message", "constraint_message", "dont_know", "refused"),
)


def check_questionnaire(questionnaire: Questionnaire, actions: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Every mistake in a questionnaire that its parts alone do not show. `actions`: catalogue code -> status."""
    yield from check_document(questionnaire.model_dump(mode="json", exclude_defaults=True), actions)


def check_document(document: dict[str, Any], actions: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """The same of a document, whose shape may have mistakes of its own: what cannot be read is passed over."""
    pages = questions(document)
    asked = [question for page in pages for question in page]
    languages = words(document, "languages")[:MOST_LANGUAGES]
    yield from _languages(languages)
    yield from _texts((), document, [language for language in dict.fromkeys(languages) if language])
    yield from _seen(asked)
    yield from check_names(document, asked)
    yield from _lists(document, asked)
    for question in asked:
        yield from check_kind(question)
    yield from check_design(document, pages)
    yield from _scales(asked)
    yield from _actions(asked, actions)
    yield from check_conditions(document, pages)
    yield from check_breakdowns(document, asked)


def _seen(asked: list[Asked]) -> Iterator[Finding]:
    """Something is shown to somebody."""
    if asked and all(question.of(Unentered) for question in asked):
        yield ("pages",), "Nobody is shown anything here: all of it is calculated or drawn by chance.", {}


def _languages(languages: list[str]) -> Iterator[Finding]:
    for index, language in enumerate(languages):
        if language and language in languages[:index]:
            yield ("languages", index), "The language “%(language)s” is named twice.", {"language": language}


def _texts(path: Path, value: object, languages: list[str]) -> Iterator[Finding]:
    """Every text in every language, and in no other."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in TEXTS and isinstance(inner, dict) and languages:
                yield from _translations((*path, key), inner, languages)
            elif key in ("dont_know", "refused") and inner is True:
                yield from _standard((*path, key), languages)
            else:
                yield from _texts((*path, key), inner, languages)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts((*path, index), inner, languages)


def _translations(path: Path, text: dict[str, Any], languages: list[str]) -> Iterator[Finding]:
    for language in languages:
        if language not in text:
            yield path, "The translation into “%(language)s” is missing.", {"language": language}
    for language in text:
        if language not in languages:
            message = "“%(language)s” is not one of this survey's languages."
            yield (*path, language), message, {"language": language}


def _standard(path: Path, languages: list[str]) -> Iterator[Finding]:
    """`true` stands for standard words, which not every language has."""
    for language in languages:
        if not all(language in label for label in STANDARD_LABELS.values()):
            message = "There are no standard words for this in “%(language)s”: write them for each language."
            yield path, message, {"language": language}


def _lists(document: dict[str, Any], asked: list[Asked]) -> Iterator[Finding]:
    """Codes stand once in their list, shared or a question's own; every list that is named exists."""
    shared = document.get("choices", {})
    for name in shared if isinstance(shared, dict) else ():
        yield from _codes(parts(shared, ("choices",), name))
    for question in asked:
        name = question.data.get("choices")
        if not isinstance(name, str):
            yield from _codes(parts(question.data, question.path, "choices"))
        elif isinstance(shared, dict) and name not in shared and takes_choices(question.data):
            yield (*question.path, "choices"), "There is no list of choices “%(name)s”.", {"name": name}


def _codes(choices: list[Part]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, choice in choices:
        code = word(choice, "code")
        if code and code in seen:
            yield (*path, "code"), "The code “%(code)s” is used twice in this list.", {"code": code}
        seen.add(code)


def _scales(asked: list[Asked]) -> Iterator[Finding]:
    """A list used as a scale has scores for codes; a shared one is told of once, with the first who uses it."""
    told: set[Path] = set()
    for question in asked:
        if not question.of(Scale, Matrix) or question.choices is None or question.choices_path in told:
            continue
        told.add(question.choices_path)
        codes = [code for _, choice in question.choices if (code := word(choice, "code"))]
        if not all(re.fullmatch("[0-9]{1,40}", code) for code in codes):
            message = "The codes of a scale, such as “%(name)s”, are whole numbers: they are its scores."
            yield question.choices_path, message, {"name": question.name}
        elif len({int(code) for code in codes}) < len(set(codes)):
            yield question.choices_path, "Two codes of a scale are the same number.", {}
        elif codes != sorted(codes, key=int):
            yield question.choices_path, "The codes of a scale stand in ascending order.", {}


def _actions(asked: list[Asked], actions: Mapping[str, str] | None) -> Iterator[Finding]:
    seen: set[str] = set()
    for question in asked:
        for path, data in question.rows() if question.of(Matrix) else [(question.path, question.data)]:
            action = word(data, "action")
            if not action or not question.of(Chosen):
                continue
            if action in seen:
                yield (*path, "action"), "The action “%(action)s” is asked about twice.", {"action": action}
            seen.add(action)
            if actions is not None and action not in actions:
                yield (*path, "action"), "The catalogue has no action “%(action)s”.", {"action": action}
            elif actions is not None and actions[action] == "past":
                yield (*path, "action"), "The action “%(action)s” is past, so it is not fielded.", {"action": action}
