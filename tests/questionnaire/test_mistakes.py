"""Each file in tests/fixtures/mistakes holds mistakes, and says in its first lines which and where.

A first line reads `# LINE: place: message`; the file has these problems and no others.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.interchange.yaml_file import read_questionnaire
from app.questionnaire.problems import FileError

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = sorted((FIXTURES / "mistakes").glob("*.yaml"))
ACTIONS = {"DD1a": "current", "DD1b": "current", "HS5a": "past"}


def problems_of(source: bytes | str) -> list[tuple[int, str]]:
    with pytest.raises(FileError) as caught:
        read_questionnaire(source, ACTIONS)
    return [(problem.line, str(problem)) for problem in caught.value.problems]


def expected(text: str) -> list[tuple[int, str]]:
    return [(int(line), message) for line, message in re.findall(r"^# ([0-9]+): (.*)$", text, re.MULTILINE)]


def test_without_a_mistake_the_file_is_read() -> None:
    assert read_questionnaire((FIXTURES / "sound.yaml").read_bytes(), ACTIONS).survey == "small"


def test_there_is_a_file_for_every_kind_of_mistake() -> None:
    """Distinct are mistakes of which something else is said, whatever they are called in the file."""
    said = {re.sub("“[^”]*”", "“…”", message) for file in FILES for _, message in expected(file.read_text("utf-8"))}
    assert len({message.partition(": ")[2] or message for message in said}) >= 120
    assert len(FILES) >= 190
    assert sum(len(expected(file.read_text(encoding="utf-8"))) > 1 for file in FILES) >= 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_mistake_is_told_once_with_its_line(file: Path) -> None:
    source = file.read_bytes()
    wanted = expected(source.decode())
    assert wanted
    assert sorted(problems_of(source)) == sorted(wanted)
    assert sorted(problems_of(source.replace(b"\n", b"\r\n"))) == sorted(wanted)
