"""YAML as plain data with the line of every part, read by the rules of YAML 1.2.

PyYAML reads YAML 1.1, where `no` is false and `12:30` is 750. Here plain words are words; only true, false, null
and numbers are more. Bounded: four megabytes, one document, no aliases (which can unfold without end), no tags.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from app.questionnaire.problems import MOST_PROBLEMS, FileError, Path, Problem

Lines = dict[Path, int]

LARGEST = 4_194_304
_MOST_PARTS = 100_000
_DEEPEST = 20
_LONGEST_KEY = 100
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"[-+]?[0-9]{1,300}\.[0-9]{1,300}(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}

ALIAS = "Aliases (*name) are not taken; name a shared list in `choices`, or a file of `targets`, instead."
TAG = "Tags (%(tag)s) are not taken; put a text in quotes instead."


def read_tree(source: bytes | str, problems: list[Problem] | None = None) -> tuple[Any, Lines]:
    """The data of a YAML text and the line (from 1) of every part by its path. Raises FileError.

    Keys that cannot be kept are added to `problems`, if given, so that the reader can go on to find others.
    """
    text = _decode(source)
    found: list[Problem] = []
    lines: Lines = {}
    try:
        _refuse_excess(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise FileError([_yaml_problem(error, text)]) from None
    data = _Builder(lines, found).build(node, ()) if node is not None else None
    if found and problems is None:
        raise FileError(found)
    if problems is not None:
        problems += found
    return data, lines


def line_of(lines: Lines, path: Path) -> int:
    """The line of a part, or of the nearest part around it that the file has."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def dotted(path: Path) -> str:
    """A path as people write it: pages[1].questions[3].label.ja, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _decode(source: bytes | str) -> str:
    if len(source) > LARGEST:
        raise FileError([Problem(0, "", "The file is larger than %(limit)s bytes.", {"limit": LARGEST})])
    data = source if isinstance(source, bytes) else source.encode(errors="surrogatepass")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileError([Problem(line, "", "The file is not UTF-8 text.")]) from None


def _refuse_excess(text: str) -> None:
    """The parser recurses in C and builds everything: refuse deep and endless files before it, by events."""
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _refused(event, "The file is nested too deeply.")
        if number > _MOST_PARTS:
            raise _refused(event, "The file has more than %(limit)s parts.", limit=_MOST_PARTS)
        if isinstance(event, yaml.AliasEvent):
            raise _refused(event, ALIAS)
        if getattr(event, "tag", None) is not None:
            raise _refused(event, TAG, tag=str(getattr(event, "tag", ""))[:60])
        if isinstance(event, yaml.DocumentStartEvent) and number > 1:
            raise _refused(event, "The file holds a second document: `---` may stand at its beginning only.")


def _refused(event: yaml.Event, message: str, **params: object) -> FileError:
    line = event.start_mark.line + 1 if event.start_mark else 0
    return FileError([Problem(line, "", message, params)])


NOT_YAML = "The file is not valid YAML: %(reason)s"
_MARK = (
    "The file is not valid YAML: lines begin with spaces, not tabs; a text that begins with @ or %% stands in quotes."
)
_UNCLOSED = (
    "The file is not valid YAML: a bracket or quote is opened here and not closed, or a comma is missing inside."
)
_BARE_ANSWER = "The file is not valid YAML: a text with ${name} in it is written in quotes."
_AFTER_QUOTES = (
    "The file is not valid YAML: something follows a text in quotes. In single quotes, an apostrophe is written twice."
)
_BACKSLASH = (
    "The file is not valid YAML: in double quotes a backslash means something: write two of them, or use single quotes."
)
_SIGN = "The file is not valid YAML: a text that begins with &, * or ? is written in quotes."
_NO_KEYS = (
    "The file is not valid YAML: from its first line to its last, it is keys with a colon and what belongs to them."
)
_ASKEW = "The file is not valid YAML: this is not in line with what is above; parts of one list begin in one column."
# What the parser says, in words for people who write questionnaires.
_PLAIN = {
    "found a tab character that violates indentation": _MARK,
    "found character that cannot start any token": _MARK,
    "mapping values are not allowed in this context": (
        "The file is not valid YAML: a text in which a colon and a space stand is written in quotes."
    ),
    "could not find expected ':'": "The file is not valid YAML: a colon is missing after this key.",
    "found unexpected end of stream": _UNCLOSED,
    "did not find expected ',' or '}'": _UNCLOSED,
    "did not find expected ',' or ']'": _UNCLOSED,
    "did not find expected key": _ASKEW,
    "did not find expected '-' indicator": _ASKEW,
    "found unknown escape character": _BACKSLASH,
    "did not find expected hexdecimal number": _BACKSLASH,
    "found invalid Unicode character escape code": _BACKSLASH,
    "did not find expected alphabetic or numeric character": _SIGN,
    "mapping keys are not allowed in this context": _SIGN,
    "did not find expected <document start>": _NO_KEYS,
    "found unknown directive name": _NO_KEYS,
    "did not find expected node content": (
        "The file is not valid YAML: something is missing here, or begins with a sign that stands in quotes."
    ),
    "block sequence entries are not allowed in this context": (
        "The file is not valid YAML: a list begins on the line below its key."
    ),
    "did not find expected comment or line break": (
        "The file is not valid YAML: the text after | or > begins on the next line."
    ),
    "control characters are not allowed": (
        "The file is not valid YAML: a character that cannot be printed stands here. Please delete it."
    ),
}
_OPENED = {"did not find expected ',' or '}'", "did not find expected ',' or ']'", "could not find expected ':'"}


def _bare_answer(error: yaml.YAMLError, text: str) -> int:
    """The line at whose ${name} the parser stumbled, taking the brace for the beginning of keys; 0 if it did not."""
    mark = getattr(error, "problem_mark", None)
    if mark is None or getattr(error, "problem", "") not in _OPENED:
        return 0
    found: int = mark.line  # That after the last, where the text ends without what was opened being closed.
    before = [line[: mark.column + 1] for line in text.split("\n")[found : found + 1]]
    return found + 1 if any(line.endswith("${") for line in before) else 0


def _follows_quotes(error: yaml.YAMLError, text: str) -> bool:
    """Whether the parser stumbled right behind a text in quotes."""
    mark = getattr(error, "problem_mark", None)
    before = [line[: mark.column].rstrip() for line in text.split("\n")[mark.line : mark.line + 1]] if mark else []
    return any(line.endswith(("'", '"')) for line in before)


def _yaml_problem(error: yaml.YAMLError, text: str) -> Problem:
    if line := _bare_answer(error, text):
        return Problem(line, "", _BARE_ANSWER)
    mark = getattr(error, "problem_mark", None)
    last = len(text.rstrip().splitlines()) or 1
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    # Where something was opened and not closed, not where that was found out.
    if mark and (mark.line >= last or reason in _OPENED):
        mark = getattr(error, "context_mark", None) or mark
    line = min(mark.line + 1, last) if mark else 0
    if isinstance(error, yaml.reader.ReaderError):
        line = text.encode()[: error.position].count(b"\n") + 1
    plain = (
        _AFTER_QUOTES if reason == "did not find expected key" and _follows_quotes(error, text) else _PLAIN.get(reason)
    )
    return Problem(line, "", plain) if plain else Problem(line, "", NOT_YAML, {"reason": reason})


class _Builder:
    """Plain data from nodes, noting lines; duplicate and odd keys are problems."""

    def __init__(self, lines: Lines, problems: list[Problem]) -> None:
        self.lines = lines
        self.problems = problems

    def build(self, node: yaml.Node, path: Path, line: int = 0) -> Any:
        self.lines[path] = line or node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        return _scalar(str(node.value), quoted=bool(getattr(node, "style", None)))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "\n"
            if len(key) > _LONGEST_KEY or not key.isprintable():
                self._refuse(line, path, "A key must be a word.")
                continue
            if key in data:
                self._refuse(line, (*path, key), "The key “%(key)s” stands here twice.", key=key)
            data[key] = self.build(value_node, (*path, key), line)
        return data

    def _refuse(self, line: int, path: Path, message: str, **params: object) -> None:
        if len(self.problems) <= MOST_PROBLEMS:
            self.problems.append(Problem(line, dotted(path), message, params))


def _scalar(text: str, quoted: bool) -> Any:
    if quoted:  # Or a block: what it says is text.
        return text
    if text in _WORDS:
        return _WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text
