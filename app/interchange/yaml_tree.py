"""YAML as plain data with the line of every part, read by the rules of YAML 1.2.

PyYAML reads YAML 1.1, where `no` is false and `12:30` is 750. Here plain words are words; only true, false, null
and numbers are more. Bounded: a megabyte, one document, no aliases (which can unfold without end).
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from app.questionnaire.problems import FileError, Problem

Path = tuple[str | int, ...]
Lines = dict[Path, int]

LARGEST = 1_048_576
_DEEPEST = 40
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_tree(source: bytes | str) -> tuple[Any, Lines]:
    """The data of a YAML text and the line (from 1) of every part by its path. Raises FileError."""
    text = _decode(source)
    _refuse_depth(text)
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise FileError([_yaml_problem(error)]) from None
    lines: Lines = {}
    problems: list[Problem] = []
    data = _Builder(lines, problems).build(node, (), 0) if node is not None else None
    if problems:
        raise FileError(problems)
    return data, lines


def line_of(lines: Lines, path: Path) -> int:
    """The line of a part, or of the nearest part around it that the file has."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _decode(source: bytes | str) -> str:
    if len(source) > LARGEST:
        raise FileError([Problem(0, "", "The file is larger than %(limit)s bytes.", {"limit": LARGEST})])
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise FileError([Problem(line, "", "The file is not UTF-8 text.")]) from None


def _refuse_depth(text: str) -> None:
    """The parser recurses in C: refuse deep nesting before it, by events, which do not recurse."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.AliasEvent):
                raise FileError(
                    [
                        Problem(
                            _line(event), "", "Aliases (*name) are not taken; name a shared list in `choices` instead."
                        )
                    ]
                )
            if depth > _DEEPEST:
                raise FileError([Problem(_line(event), "", "The file is nested too deeply.")])
    except yaml.YAMLError as error:
        raise FileError([_yaml_problem(error)]) from None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _yaml_problem(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return Problem(mark.line + 1 if mark else 0, "", "The file is not valid YAML: %(reason)s", {"reason": reason})


class _Builder:
    """Plain data from nodes, noting lines; duplicate and odd keys are problems."""

    def __init__(self, lines: Lines, problems: list[Problem]) -> None:
        self.lines = lines
        self.problems = problems

    def build(self, node: yaml.Node, path: Path, line: int) -> Any:
        self.lines[path] = line or node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i), item.start_mark.line + 1) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem(line, "", "A key must be a word."))
                continue
            key = str(key_node.value)
            if key in data:
                self.problems.append(Problem(line, "", "The key “%(key)s” stands here twice.", {"key": key}))
            data[key] = self.build(value_node, (*path, key), line)
        return data


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
