"""The package can be used alone, and what is written about it is so."""

from __future__ import annotations

import ast
import doctest
import re
import sys

from app.questionnaire import expressions
from app.questionnaire.expressions.functions import FUNCTIONS
from tests.conftest import ROOT

FOLDER = ROOT / "app/questionnaire/expressions"


def test_the_examples_hold() -> None:
    found = doctest.testmod(expressions)
    assert found.attempted >= 10
    assert found.failed == 0


def test_it_imports_itself_the_standard_library_and_re2() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or str(node.module).split(".")[0] in sys.stdlib_module_names, path
            elif isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= {*sys.stdlib_module_names, "re2"}, path
            elif isinstance(node, ast.Call):
                assert not isinstance(node.func, ast.Name) or node.func.id not in ("eval", "exec", "compile"), path


def test_every_function_is_written_down() -> None:
    text = (ROOT / "docs/questionnaires.md").read_text(encoding="utf-8")
    section = text.split("## Expressions", 1)[1].split("\n## ", 1)[0]
    written = set(re.findall(r"`([a-z-]+)\(", section))
    assert written == set(FUNCTIONS)
