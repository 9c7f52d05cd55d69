"""The catalogue as a YAML file, read with every mistake and its line."""

from __future__ import annotations

from app.questionnaire.catalogue import Catalogue
from app.questionnaire.catalogue_check import check_catalogue
from app.questionnaire.problems import FileError, Problem

from .shaped import shaped
from .yaml_tree import dotted, line_of, read_tree


def read_catalogue(source: bytes | str) -> Catalogue:
    """The catalogue in a YAML file. Raises FileError with every problem at once."""
    problems: list[Problem] = []
    data, lines = read_tree(source, problems)
    if not isinstance(data, dict):
        problems.append(Problem(0, "", "The file has no sections."))
        raise FileError(problems)
    catalogue, shape = shaped(Catalogue, data)
    findings = list(check_catalogue(data))
    told = {path for path, _, _ in findings}
    findings += [finding for finding in shape if finding[0] not in told]
    problems += [Problem(line_of(lines, path), dotted(path), text, params) for path, text, params in findings]
    if catalogue is None or problems:
        raise FileError(problems)
    return catalogue
