"""The catalogue as a YAML file, read with every mistake and its line."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from app.questionnaire.catalogue import Catalogue
from app.questionnaire.catalogue_check import check_catalogue
from app.questionnaire.problems import FileError, Finding, Problem

from .yaml_tree import dotted, line_of, read_tree

SHAPE = {
    "missing": "“%(key)s” is missing.",
    "extra_forbidden": "“%(key)s” is not a key that is known here.",
    "int_type": "“%(key)s” is not a whole number.",
    "too_short": "“%(key)s” is empty.",
    "dict_type": "“%(key)s” must hold a text for each language.",
    "model_type": "“%(key)s” must hold keys and values.",
}


def read_catalogue(source: bytes | str) -> Catalogue:
    """The catalogue in a YAML file. Raises FileError with every problem at once."""
    problems: list[Problem] = []
    data, lines = read_tree(source, problems)
    if not isinstance(data, dict):
        problems.append(Problem(0, "", "The file has no sections."))
        raise FileError(problems)
    catalogue, shape = _build(data)
    findings = list(check_catalogue(data))
    told = {path for path, _, _ in findings}
    findings += [finding for finding in shape if finding[0] not in told]
    problems += [Problem(line_of(lines, path), dotted(path), text, params) for path, text, params in findings]
    if catalogue is None or problems:
        raise FileError(problems)
    return catalogue


def _build(data: dict[str, Any]) -> tuple[Catalogue | None, list[Finding]]:
    """The catalogue, or what is wrong with the shape of the document."""
    try:
        return Catalogue.model_validate(data), []
    except ValidationError as error:
        findings: list[Finding] = []
        for found in error.errors(include_url=False):
            message = SHAPE.get(found["type"], "“%(key)s” cannot be taken: %(reason)s.")
            findings.append((found["loc"], message, {"key": found["loc"][-1], "reason": found["msg"]}))
        return None, findings
