"""Questionnaires as YAML files: read with every mistake and its line, written back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from itertools import islice
from typing import Any

import yaml
from pydantic import ValidationError

from app.questionnaire.check import check_document
from app.questionnaire.model import Questionnaire
from app.questionnaire.outline import Part, parts, takes_choices
from app.questionnaire.problems import MOST_PROBLEMS, FileError, Path, Problem
from app.questionnaire.shape import shape_findings

from .blocks import Blocks, Places, include
from .yaml_tree import FLOAT, INTEGER, read_tree

MOST_QUESTIONS = 1_000
MOST_OPTIONS = 50_000
MOST_WORDS = 4_000_000
NO_DOCUMENT = "The file holds no questionnaire: keys with values are expected."
TOO_MANY_WORDS = (
    "The questionnaire has more than %(limit)s characters, options counted with each question that has them."
)


def read_questionnaire(
    source: bytes | str, actions: Mapping[str, str] | None = None, blocks: Blocks | None = None
) -> Questionnaire:
    """The questionnaire in a YAML file. Raises FileError with every problem at once.

    `actions` are the catalogue's action codes with their status; given, each `action:` is looked up in it.
    `blocks` are the files that it can include.
    """
    problems: list[Problem] = []
    document, lines = read_tree(source, problems)
    if not isinstance(document, dict):
        raise FileError([*problems, Problem(1, "", NO_DOCUMENT)])
    places = include(document, lines, blocks or {}, problems)
    _refuse_excess(document, places)
    findings = list(islice(check_document(document, actions), MOST_PROBLEMS + 1))
    references = _write_lists_in(document)
    questionnaire = None
    try:
        questionnaire = Questionnaire.model_validate(document)
    except ValidationError as error:
        findings += shape_findings(error)
    for path, message, params in findings:
        problems.append(places.problem(_followed(path, references), message, params))
    if questionnaire is None or problems:
        raise FileError(_once(problems))
    return questionnaire


def write_questionnaire(questionnaire: Questionnaire) -> str:
    """A YAML file from which the same version is read. What several questions offer is a list that they name."""
    return write_document(questionnaire.model_dump(mode="json", exclude_defaults=True))


def write_document(document: dict[str, Any]) -> str:
    """A document, which may have mistakes, as YAML, likewise."""
    return str(yaml.dump(_naming_lists(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))


def read_document(source: bytes | str, blocks: Blocks | None = None) -> dict[str, Any]:
    """The document of a YAML file with its blocks and lists written in, whatever mistakes are in what it says.

    Raises FileError where it is no YAML, or what it includes cannot be had.
    """
    problems: list[Problem] = []
    document, lines = read_tree(source, problems)
    if not isinstance(document, dict):
        raise FileError([*problems, Problem(1, "", NO_DOCUMENT)])
    places = include(document, lines, blocks or {}, problems)
    _refuse_excess(document, places)
    if problems:
        raise FileError(_once(problems))
    _write_lists_in(document)
    document.pop("choices", None)
    return document


def _naming_lists(document: dict[str, Any]) -> dict[str, Any]:
    """The document with each list of options that stands there twice or more under the name of the first question."""
    document = deepcopy(document)
    questions = [question for _, question in _questions(document) if isinstance(question.get("choices"), list)]
    texts = [json.dumps(question["choices"], sort_keys=True) for question in questions]
    counts, names = Counter(texts), dict[str, str]()
    lists: dict[str, Any] = {}
    for question, text in zip(questions, texts, strict=True):
        if counts[text] > 1:
            name = names.setdefault(text, question["name"])
            lists.setdefault(name, question["choices"])
            question["choices"] = name
    rest = {key: value for key, value in document.items() if key != "pages"}
    return rest | ({"choices": lists} if lists else {}) | {"pages": document.get("pages")}


class _Dumper(yaml.SafeDumper):
    """Quotes what our reader, or another YAML 1.1 reader, could take for a number, a boolean or nothing."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _tag, _pattern in (("int", INTEGER), ("float", FLOAT)):
    _whole = re.compile(rf"(?:{_pattern.pattern})\Z")
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _whole, list("-+0123456789"))


def _once(problems: list[Problem]) -> list[Problem]:
    """Each problem once: a mistake in a shared list is met by every question that names the list."""
    found: dict[tuple[int, str, str], Problem] = {}
    for problem in problems:
        found.setdefault((problem.line, problem.where, problem.message % problem.params), problem)
    return list(found.values())


def _questions(document: dict[str, Any]) -> list[Part]:
    return [question for path, page in parts(document, (), "pages") for question in parts(page, path, "questions")]


def _shared(document: dict[str, Any], question: dict[str, Any]) -> tuple[str, Any] | None:
    """The name and the list that a question's `choices` names, where there is such a list."""
    lists, name = document.get("choices"), question.get("choices")
    if not isinstance(name, str) or not isinstance(lists, dict) or not takes_choices(question):
        return None
    return (name, lists[name]) if name in lists else None


def _refuse_excess(document: dict[str, Any], places: Places) -> None:
    """Bounds the work that a small file can ask for by naming one long list many times."""
    options = words = 0
    lengths: dict[str, int] = {}
    for number, (path, question) in enumerate(_questions(document), 1):
        found = _shared(document, question)
        if found and isinstance(found[1], list):
            options += len(found[1])
            words += lengths.setdefault(found[0], 0 if found[0] in lengths else len(str(found[1])))
        for count, most, message in (
            (number, MOST_QUESTIONS, "The questionnaire has more than %(limit)s questions."),
            (options, MOST_OPTIONS, "The questions have more than %(limit)s options together."),
            (words, MOST_WORDS, TOO_MANY_WORDS),
        ):
            if count > most:
                raise FileError([places.problem(path, message, {"limit": most})])


def _write_lists_in(document: dict[str, Any]) -> dict[Path, Path]:
    """Puts the shared lists in the place of their names. Returns where each one came from."""
    references: dict[Path, Path] = {}
    for path, question in _questions(document):
        found = _shared(document, question)
        if found:
            references[(*path, "choices")] = ("choices", found[0])
            question["choices"] = found[1]
    return references


def _followed(path: Path, references: Mapping[Path, Path]) -> Path:
    """Where a path leads when it enters a shared list."""
    return references[path[:5]] + path[5:] if path[:5] in references else path
