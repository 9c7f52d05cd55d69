"""Finds the sentences of the pure folders for translation.

Those folders know no translations: they raise and yield English templates, which views translate. So every literal
that reads like a sentence is a message; docstrings are not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

_SENTENCE = re.compile(r"^(?:[A-Z“%]|true|selected\(\)).*\s.*([.:…”?]|%\(\w+\)s)$", re.DOTALL)


def sentences(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction interface: (line, function, message, comments)."""
    tree = ast.parse(file.read())
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str) and _SENTENCE.match(node.value):
            yield node.lineno, None, node.value, []
