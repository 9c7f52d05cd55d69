"""Questionnaires as YAML files: read with every mistake and its line, written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from app.questionnaire.check import Path, check_questionnaire
from app.questionnaire.kinds import KINDS
from app.questionnaire.model import Questionnaire
from app.questionnaire.problems import FileError, Problem

from .yaml_tree import Lines, line_of, read_tree

# What pydantic calls a mistake, in words for the person who wrote the file.
_MESSAGES = {
    "missing": "This key is missing.",
    "extra_forbidden": "This key is not known here.",
    "union_tag_invalid": "“%(tag)s” is no question kind. Known kinds: %(expected_tags)s.",
    "union_tag_not_found": "The question's kind is missing.",
    "string_type": "A text is expected here.",
    "bool_type": "true or false is expected here.",
    "bool_parsing": "true or false is expected here.",
    "int_type": "A whole number is expected here.",
    "int_parsing": "A whole number is expected here.",
    "dict_type": "Keys with values are expected here, as in “en: text”.",
    "model_type": "Keys with values are expected here.",
    "model_attributes_type": "Keys with values are expected here.",
    "tuple_type": "A list is expected here.",
    "string_pattern_mismatch": "“%(input)s” cannot be used here: it must match %(pattern)s.",
    "string_too_long": "This is longer than %(max_length)s characters.",
    "too_short": "The list needs at least %(min_length)s entries.",
    "too_long": "The list has more than %(max_length)s entries.",
    "literal_error": "“%(input)s” cannot be used here; expected: %(expected)s.",
    "greater_than_equal": "The number must be at least %(ge)s.",
    "less_than_equal": "The number must be at most %(le)s.",
}
_TEXT_ERRORS = {
    "Value error, is empty": "The text is empty.",
    "Value error, contains a control character": "The text contains a control character.",
}


def read_questionnaire(source: bytes | str, actions: Mapping[str, str] | None = None) -> Questionnaire:
    """The questionnaire in a YAML file. Raises FileError with every problem at once.

    `actions` are the catalogue's action codes with their status; given, each `action:` is looked up in it.
    """
    data, lines = read_tree(source)
    if not isinstance(data, dict):
        raise FileError([Problem(1, "", "The file holds no questionnaire: keys with values are expected.")])
    references, problems = _write_lists_in(data, lines)
    try:
        questionnaire = Questionnaire.model_validate(data)
    except ValidationError as error:
        raise FileError(_once(problems + _from_pydantic(error, data, lines, references))) from None
    for path, message, params in check_questionnaire(questionnaire, actions):
        path = _followed(path, references)
        problems.append(Problem(line_of(lines, path), dotted(path), message, params))
    if problems:
        raise FileError(_once(problems))
    return questionnaire


def write_questionnaire(questionnaire: Questionnaire) -> str:
    """A YAML file from which the same version is read."""
    document = questionnaire.model_dump(mode="json", exclude_defaults=True)
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def dotted(path: Path) -> str:
    """A path as people write it: pages[1].questions[3].label.ja, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes what our reader, or another YAML 1.1 reader, could take for a number, a boolean or nothing."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _once(problems: list[Problem]) -> list[Problem]:
    found: dict[tuple[int, str, str], Problem] = {}
    for problem in problems:
        found.setdefault((problem.line, problem.message, str(problem.params)), problem)
    return list(found.values())


def _write_lists_in(data: dict[str, Any], lines: Lines) -> tuple[dict[Path, Path], list[Problem]]:
    """Replaces the names of shared lists by the lists. Returns where each one came from, and unknown names."""
    shared = data.get("choices")
    shared = shared if isinstance(shared, dict) else {}
    references: dict[Path, Path] = {}
    problems: list[Problem] = []
    pages = data.get("pages")
    for p, page in enumerate(pages if isinstance(pages, list) else []):
        questions = page.get("questions") if isinstance(page, dict) else None
        for q, question in enumerate(questions if isinstance(questions, list) else []):
            name = question.get("choices") if isinstance(question, dict) else None
            path: Path = ("pages", p, "questions", q, "choices")
            if not isinstance(name, str):
                continue
            if name in shared:
                question["choices"] = shared[name]
                references[path] = ("choices", name)
            else:
                problems.append(
                    Problem(
                        line_of(lines, path), dotted(path), "There is no list of choices “%(name)s”.", {"name": name}
                    )
                )
    return references, problems


def _followed(path: Path, references: Mapping[Path, Path]) -> Path:
    """Where a path leads when it enters a shared list."""
    return references[path[:5]] + path[5:] if path[:5] in references else path


def _from_pydantic(error: ValidationError, data: Any, lines: Lines, references: Mapping[Path, Path]) -> list[Problem]:
    problems = []
    for found in error.errors(include_url=False):
        path = _followed(_document_path(found["loc"], data), references)
        params: dict[str, object] = {**found.get("ctx", {}), "input": str(found["input"])[:60]}
        message = _MESSAGES.get(found["type"]) or _TEXT_ERRORS.get(found["msg"])
        if message is None:
            message, params = "This cannot be used here: %(reason)s", {"reason": found["msg"]}
        if found["type"] == "tuple_type" and path[-1:] == ("choices",) and isinstance(found["input"], str):
            continue  # The unknown list was reported by its name.
        problems.append(Problem(line_of(lines, path), dotted(path), message, params))
    return problems


def _document_path(location: tuple[int | str, ...], data: Any) -> Path:
    """Pydantic's location without the names of union members, which no file has."""
    path: list[int | str] = []
    here = data
    for part in location:
        if part in KINDS and not (isinstance(here, dict) and part in here):
            continue
        if part in ("bool", "literal[False]", "dict[str,nullable[str]]") or (
            isinstance(part, str) and part.startswith(("dict[", "literal["))
        ):
            continue
        path.append(part)
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            here = None
    return tuple(path)
