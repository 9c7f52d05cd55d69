"""What a questionnaire's document can get wrong that its parts alone do not show.

Every rule reads the document as written and yields (path, message, params). What a condition may say, and by whom
results are shown, is in `check_conditions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .check_conditions import check_breakdowns, check_conditions
from .kinds.base import STANDARD_LABELS
from .kinds.integer import Integer, IntegerParameters
from .kinds.matrix import Matrix
from .kinds.scale import Scale
from .kinds.select_multiple import ANSWERED, SelectMultiple
from .kinds.select_one import Chosen
from .model import MOST_LANGUAGES, Questionnaire
from .outline import Asked, Part, parts, questions, takes_choices, word, words
from .problems import Finding as Finding
from .problems import Path as Path

TEXTS = ("title", "label", "hint", "introduction", "required_message", "dont_know", "refused")

# Columns that every data file has: no variable may take their names.
FILE_COLUMNS = frozenset(
    {"response_id", "survey", "wave", "questionnaire", "language", "started_at", "submitted_at", "synthetic"}
)


def check_questionnaire(questionnaire: Questionnaire, actions: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Every mistake in a questionnaire that its parts alone do not show. `actions`: catalogue code -> status."""
    yield from check_document(questionnaire.model_dump(mode="json", exclude_none=True), actions)


def check_document(document: dict[str, Any], actions: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """The same of a document, whose shape may have mistakes of its own: what cannot be read is passed over."""
    pages = questions(document)
    asked = [question for page in pages for question in page]
    languages = words(document, "languages")[:MOST_LANGUAGES]
    yield from _languages(languages)
    yield from _texts((), document, [language for language in dict.fromkeys(languages) if language])
    yield from _page_names(document)
    yield from _names(asked)
    yield from _lists(document, asked)
    for question in asked:
        yield from _question(question)
    yield from _scales(asked)
    yield from _actions(asked, actions)
    yield from check_conditions(document, pages)
    yield from check_breakdowns(document, asked)


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


def _page_names(document: dict[str, Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, page in parts(document, (), "pages"):
        name = word(page, "name")
        if name and name in seen:
            yield (*path, "name"), "Two pages have the name “%(name)s”.", {"name": name}
        seen.add(name)
    for path, page in parts(document, (), "pages"):
        base = re.sub(r"-[0-9]+$", "", name := word(page, "name"))
        if base != name and base in seen:
            message = "The page “%(base)s” may be divided into screens, one of which is called “%(name)s”."
            yield (*path, "name"), message, {"base": base, "name": name}


def _names(asked: list[Asked]) -> Iterator[Finding]:
    """Names of questions, rows and the data-file columns they make: case does not count in every program."""
    seen: set[str] = set()
    for question in asked:
        for path, name in question.named():
            if name.lower() in seen:
                yield path, "Two questions have the name “%(name)s” (case does not count).", {"name": name}
            elif name.lower() in FILE_COLUMNS:
                yield path, "“%(name)s” is the name of a column that every data file has.", {"name": name}
            seen.add(name.lower())
    columns = set(seen)
    for question in asked:
        for path, code in _column_codes(question):
            column = f"{question.name}_{code}"
            if column.lower() in columns | FILE_COLUMNS:
                message = "The data-file column “%(column)s” of this option is another's name (case does not count)."
                yield path, message, {"column": column}
            columns.add(column.lower())


def _column_codes(question: Asked) -> Iterator[tuple[Path, str]]:
    """Each option of a question whose options are columns, once."""
    if question.of(SelectMultiple) and question.name:
        codes = {word(choice, "code"): path for path, choice in reversed(question.choices or [])}
        for code, path in reversed(codes.items()):
            yield (question.path if path[:1] == ("choices",) else (*path, "code")), code


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


def _question(question: Asked) -> Iterator[Finding]:
    for path, choice in question.choices or ():
        if choice.get("exclusive") is True and not question.of(SelectMultiple):
            yield (*path, "exclusive"), "Only options of select_multiple can be exclusive.", {}
        if question.of(SelectMultiple) and word(choice, "code") == ANSWERED:
            message = "The code “%(code)s” is used in counting; choose another."
            yield (*path, "code"), message, {"code": ANSWERED}
    if question.of(Integer):
        yield from _bounds(question)
    if "required_message" in question.data and question.data.get("required") in (None, False):
        yield (*question.path, "required_message"), "There is a message for a question that is not required.", {}


def _bounds(question: Asked) -> Iterator[Finding]:
    given = question.data.get("parameters")
    bounds = {name: field.default for name, field in IntegerParameters.model_fields.items()}
    bounds |= given if isinstance(given, dict) else {}
    start, end = bounds["start"], bounds["end"]
    if isinstance(start, int) and isinstance(end, int) and start > end:
        message = "The start (%(start)s) is above the end (%(end)s)."
        yield (*question.path, "parameters"), message, {"start": start, "end": end}


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
