"""Every sentence of pages and errors is translated, with the same values in it."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.conftest import ROOT

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
KEYWORDS = re.search(r"^KEYWORDS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
# Names and signs that are the same in both languages.
SAME = {", ", "n", "%(n)s s"}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|%%", text))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """All sentences, extracted anew from the sources."""
    assert KEYWORDS is not None
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    command = [str(Path(sys.executable).parent / "pybabel"), "--quiet", "extract", "-F", "babel.cfg"]
    command += [*KEYWORDS[1].split(), "-o", str(target), "."]
    subprocess.run(command, cwd=ROOT, check=True, env={"PYTHONPATH": str(ROOT)})
    with target.open("rb") as file:
        return [message for message in read_po(file) if message.id]


@pytest.fixture(scope="module")
def translated() -> dict[str, Message]:
    with (ROOT / "app/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        return {str(message.id): message for message in read_po(file, locale="ja") if message.id}


def test_every_sentence_is_translated(template: list[Message], translated: dict[str, Message]) -> None:
    assert len(template) > 400
    missing = [m.id for m in template if m.id not in translated or not translated[str(m.id)].string]
    assert missing == []
    assert [m for m in translated.values() if m.fuzzy] == []


def test_translations_carry_the_same_values(translated: dict[str, Message]) -> None:
    for source, message in translated.items():
        assert set(placeholders(source)) == set(placeholders(str(message.string))), source


def test_translations_are_japanese(translated: dict[str, Message]) -> None:
    for source, message in translated.items():
        words = re.sub(r"%\(\w+\)s|%%", "", source)
        if source not in SAME and sum(letter in string.ascii_letters for letter in words) > 3:
            assert JAPANESE.search(str(message.string)), source


def test_no_translation_is_left_over(template: list[Message], translated: dict[str, Message]) -> None:
    assert set(translated) <= {str(message.id) for message in template}
